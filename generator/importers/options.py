"""What an import is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.importers.writing import Mode
from generator.scheme.model import Scheme


@dataclass(frozen=True)
class Options:
    """How files are imported. given: values for every record by key. source: of an announced list."""

    folder: Path
    base: Path
    scheme: Scheme
    year: int
    kind: str = "auto"
    status: str = "nominated"
    mode: Mode = Mode.KEEP
    dry_run: bool = False
    create: bool = False
    pictures: bool = True
    given: tuple[tuple[str, str], ...] = ()
    source: tuple[tuple[str, str], ...] = ()
    accepted: tuple[tuple[int, str], ...] = ()
