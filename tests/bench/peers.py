"""The peers: how each is installed, given the library, and run."""

import shutil
import subprocess
import sys
import venv
from functools import cached_property
from importlib.metadata import Distribution
from pathlib import Path

from . import content, measure
from .measure import Row, fresh

PACKAGES = ("hugo", "pagefind-bin-extended", "mkdocs-material>=9,<10")
HERE = Path(__file__).parent


class Peers:
    """The peers, installed by name from the package registry into an environment of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "peers"

    @cached_property
    def python(self) -> Path:
        """The interpreter of the peers' environment, made at the first call."""
        python = self.home / "bin" / "python"
        if not (self.home / "installed").exists():
            shutil.rmtree(self.home, ignore_errors=True)
            venv.create(self.home, with_pip=True)
            install = [python, "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check", *PACKAGES]
            subprocess.run(install, check=True)
            (self.home / "installed").touch()
        return python

    @cached_property
    def packages(self) -> Path:
        """Where the peers' packages lie."""
        parts = "lib", f"python{sys.version_info.major}.{sys.version_info.minor}", "site-packages"
        return self.python.parents[1].joinpath(*parts)

    def versions(self) -> dict[str, str]:
        """Version of each peer."""
        names = [package.partition(">")[0] for package in PACKAGES]
        found = {
            d.metadata["Name"].replace("_", "-"): d.version for d in Distribution.discover(path=[str(self.packages)])
        }
        return {name: found[name] for name in names}

    def hugo(self, count: int) -> list[Row]:
        """Hugo alone, then Pagefind's index of what it wrote: two rows from one build."""
        site = fresh(self.folder, "hugo", count)
        content.write_hugo(site, count)
        shutil.copytree(HERE / "hugo", site, dirs_exist_ok=True)
        # The programs themselves, without the Python that starts them.
        binary = self.packages / "hugo" / "binaries" / "hugo"
        alone = measure.run([binary, "--destination", "public", "--noBuildLock", "--quiet"], site)
        rows = [Row(count, "Hugo, no search", {"clean": alone}, *measure.size_of(site / "public"))]
        indexer = self.packages / "pagefind_bin_extended" / "pagefind_extended"
        index = measure.run([indexer, "--site", "public", "--quiet"], site)
        rows.append(Row(count, "Hugo + Pagefind", {"clean": alone + index}, *measure.size_of(site / "public")))
        return rows

    def material(self, count: int) -> list[Row]:
        """Stock mkdocs-material with its own search."""
        site = fresh(self.folder, "material", count)
        content.write_material(site, count)
        cost = measure.run([self.python, "-m", "mkdocs", "build", "--quiet"], site)
        return [Row(count, "mkdocs-material", {"clean": cost}, *measure.size_of(site / "site"))]
