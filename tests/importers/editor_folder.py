"""A library as an editor has it: a scheme and no record yet."""

from __future__ import annotations

import shutil
from pathlib import Path

from generator.importers.run import Options
from generator.scheme.reading import read_scheme

ROOT = Path(__file__).parents[2]
SCHEMES = {"chongqing": ROOT / "cases/scheme.yml", "jiangxi": ROOT / "examples/jiangxi/scheme.yml"}


class EditorFolder:
    """A library without records, as an editor has it, and the options to import into it."""

    def __init__(self, base: Path, scheme: str) -> None:
        self.base = base
        self.cases = base / "cases"
        self.cases.mkdir()
        shutil.copyfile(SCHEMES[scheme], self.cases / "scheme.yml")
        read, found = read_scheme(self.cases / "scheme.yml", "scheme.yml")
        assert read is not None, found
        self.scheme = read

    def options(self, **changes) -> Options:
        return Options(self.cases, self.base, self.scheme, changes.pop("year", 2023), **changes)

    def records(self) -> dict[str, str]:
        return {path.stem: path.read_text() for path in sorted(self.cases.glob("20*/*.yml"))}
