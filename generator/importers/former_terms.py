"""Brings the terms of a draft to those of its round: forms keep an old name for years."""

from __future__ import annotations

from generator.importers.draft import Draft


def fit_to_round(draft: Draft, year: int) -> None:
    """Puts the term of the round `year` in place of one of another round; where there are several, asks a person."""
    for dimension in draft.scheme.dimensions:
        name = draft.value.get(dimension.key)
        if not isinstance(name, str) or name not in dimension.by_name or dimension.covers(name, year):
            continue
        place = draft.places.get(dimension.key, "")
        message, allowed, right = dimension.misuse(name, year)
        draft.findings = [finding for finding in draft.findings if finding.label != draft.label(dimension.key)]
        if right:
            draft.take(dimension.key, right, place, note=f"原文「{name}」，{year} 年用「{right}」")
        else:
            del draft.value[dimension.key]
            draft.doubt(dimension.key, f"{message}；{allowed}", place)
