"""The build of the package: what lies beside the packages in this repository goes into the wheel as package data."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

# Read by generator/packaged.py at the same paths, below generator/packaged/ or in this repository.
BESIDE = (
    *("theme", "examples", "deploy", ".github/workflows", ".github/pull_request_template.md"),
    *(".gitlab-ci.yml", ".gitlab", ".gitee", ".workflow"),
)


class BuildWithWhatIsBeside(build_py):
    """Copies `BESIDE` into the built package; an editable install finds it in the repository."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        packaged = Path(self.build_lib) / "generator/packaged"
        shutil.rmtree(packaged, ignore_errors=True)  # of an earlier build
        for name in BESIDE:
            source, target = Path(name), packaged / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)


setup(cmdclass={"build_py": BuildWithWhatIsBeside})
