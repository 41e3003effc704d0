"""Whether a round may be released: every announced project is there, level by level."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.library import Library
from generator.model import PUBLISHED
from generator.scheme import Round
from generator.views import count_with_parents


def reasons_against(library: Library, base: Path, year: int) -> list[str]:
    """Why the round `year` cannot be released yet, in Chinese; nothing where it can.

    The library has been read without an error. base: the folder that file names in messages are relative to.
    """
    entry = library.scheme.by_year.get(year)
    if entry is None:
        known = "、".join(str(known) for known in sorted(library.scheme.by_year))
        return [f"方案中没有 {year} 这一届；可用：{known}"]
    return list(_differences(library, entry))


def _differences(library: Library, entry: Round) -> Iterator[str]:
    """Totals that differ; what was announced and revoked later was announced all the same."""
    entries = [e for e in library.entries if e.year == entry.year and e.status in PUBLISHED]
    if not entries:
        yield f"{entry.year} 届还没有公布的案例"
    elif not entry.announced:
        yield f"方案里没有 {entry.year} 届的公布数（announced），无法核对是否齐全"
    for key, announced in entry.announced.items():
        dimension = library.scheme.by_key[key]
        counted = count_with_parents(entries, dimension)
        for term in dimension.terms:
            recorded = counted.get(term.name, 0)
            if term.name in announced and announced[term.name] != recorded:
                yield f"{dimension.label}「{term.name}」公布 {announced[term.name]} 项，入库（含撤销）{recorded} 项"
