"""Whether a round may be released: every announced project is there, level by level."""

from __future__ import annotations

from collections.abc import Iterator

from generator.library import Library
from generator.model import PUBLISHED
from generator.views import View, Views, count_with_parents


def missing_from_round(library: Library, views: Views, year: int) -> list[str]:
    """Why the round `year` cannot be released yet, in Chinese; nothing where it can.

    The library has been read without an error. Every total that was announced has to be the one that is recorded.
    """
    view = next((view for view in views.years if view.round and view.round.year == year), None)
    if view is None:
        known = "、".join(str(known) for known in sorted(library.scheme.by_year))
        return [f"方案中没有 {year} 这一届；可用：{known}"]
    return list(_differences(library, view))


def _differences(library: Library, view: View) -> Iterator[str]:
    """Totals that differ; what was announced and revoked later was announced all the same."""
    assert view.round is not None
    entries = [e for e in library.entries if e.year == view.round.year and e.status in PUBLISHED]
    if not entries:
        yield f"{view.label} 届还没有公布的案例"
    elif not view.round.announced:
        yield f"方案里没有 {view.label} 届的公布数（announced），无法核对是否齐全"
    for key, announced in view.round.announced.items():
        dimension = library.scheme.by_key[key]
        counted = count_with_parents(entries, dimension)
        for term in dimension.terms:
            recorded = counted.get(term.name, 0)
            if term.name in announced and announced[term.name] != recorded:
                yield f"{dimension.label}「{term.name}」公布 {announced[term.name]} 项，入库（含撤销）{recorded} 项"
