"""Whether a round may be released."""

from __future__ import annotations

from pathlib import Path

from generator.records.library import Library
from generator.rounds.report import report_round


def reasons_against(library: Library, base: Path, year: int) -> list[str]:
    """Why the round `year` cannot be released yet, in Chinese; nothing where it can.

    The library has been read without an error. base: the folder that file names in messages are relative to.
    """
    if year not in library.scheme.by_year:
        return [library.scheme.unknown_round(year)]
    return report_round(library, base, year).reasons
