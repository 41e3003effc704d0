"""Similar cases by the rarest pairs of characters of title and summary; the same for the same cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from generator.kept_files import read_kept, write_kept
from generator.pages import text_pairs
from generator.pages.text_pairs import Ints
from generator.records.model import Entry

MOST = 4
# A pair of characters says something about a case while few others have it.
COMMON = 40
PAIRS_OF_A_CASE = 10
TITLE_WEIGHT = 3
# Scores are whole numbers, so that their sum does not depend on the order of adding.
UNIT = 10_000
# Rows of (case, other case) held at a time.
ROWS = 1_000_000
# Raise it when an answer may differ from the one that was kept.
FORM = 1


class Kept(msgspec.Struct, array_like=True):
    """What is remembered of the last answer: ids in order, what was compared, the answers, the pairs."""

    form: int = FORM
    ids: list[str] = []
    texts: list[str] = []
    found: list[list[str]] = []
    rows: bytes = b""


def related(entries: Sequence[Entry], memory: Path | None = None) -> dict[str, list[str]]:
    """Ids of up to MOST similar cases of each case, the most similar first; other units before the same one.

    memory: file that remembers the last answer, so that only what a change touches is looked at again.
    """
    entries = sorted(entries, key=lambda entry: entry.id)
    before = read_kept(memory, Kept) if memory is not None else None
    if before is None or before.form != FORM:
        before = Kept()
    texts = [f"{entry.title}\0{entry.summary}\0{entry.unit}" for entry in entries]
    old_place = {case_id: place for place, case_id in enumerate(before.ids)}
    old = [old_place.get(entry.id, -1) for entry in entries]
    fresh = np.array([o < 0 or before.texts[o] != text for o, text in zip(old, texts, strict=True)], bool)
    places = np.full(len(before.ids), -1)
    for place in np.flatnonzero(~fresh).tolist():
        places[old[place]] = place
    found = {entry.id: before.found[o] if o >= 0 else [] for entry, o in zip(entries, old, strict=True)}
    gone = places < 0
    if not fresh.any() and not gone.any():
        return found
    kept_rows = np.frombuffer(before.rows, np.int64)
    new_rows = text_pairs.pairs_of([entries[place] for place in np.flatnonzero(fresh)], np.flatnonzero(fresh))
    rows = text_pairs.merged(text_pairs.moved(kept_rows, places), new_rows)
    again = fresh.copy()
    if not fresh.all():
        dropped = kept_rows[gone[text_pairs.case(kept_rows)]]
        touched = np.unique(text_pairs.pair(np.concatenate((dropped, new_rows))))
        # A pair that more cases have was too common before as well: it says nothing of any of them.
        again[text_pairs.holders(rows, touched, COMMON + int(fresh.sum()))] = True
    for place in np.flatnonzero(again).tolist():
        found[entries[place].id] = []
    for place, others in _similar(rows, entries, again):
        found[entries[place].id] = [entries[other].id for other in others]
    if memory is not None:
        ids = [entry.id for entry in entries]
        write_kept(memory, Kept(FORM, ids, texts, [found[case_id] for case_id in ids], rows.tobytes()))
    return found


def _similar(rows: Ints, entries: Sequence[Entry], wanted: text_pairs.Mask) -> Iterator[tuple[int, list[int]]]:
    """Places of a case and of its most similar others, best first, for the cases that are `wanted` and have some."""
    case, names = text_pairs.case(rows), text_pairs.pair(rows)
    new = np.ones(len(rows), bool)
    new[1:] = names[1:] != names[:-1]
    pair, first = np.cumsum(new) - 1, np.flatnonzero(new)
    count = np.bincount(pair, minlength=1)
    own = np.flatnonzero(wanted[case] & (count[pair] > 1) & (count[pair] <= COMMON))
    chosen = own[_rarest(case[own], count[pair[own]], pair[own])]
    weight = np.where(text_pairs.in_title(rows), TITLE_WEIGHT, 1)
    units = np.unique([entry.unit for entry in entries], return_inverse=True)[1].astype(np.int64)
    for start, stop in _blocks(case[chosen], count[pair[chosen]]):
        part = chosen[start:stop]
        sizes = count[pair[part]]
        owner = np.repeat(case[part], sizes)
        inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        other = np.repeat(first[pair[part]], sizes) + inside
        gain = np.repeat(weight[part] * UNIT // sizes, sizes) * weight[other]
        yield from _best(owner, case[other], gain, units, len(entries))


def _rarest(case: Ints, count: Ints, pair: Ints) -> Ints:
    """Rows of the rarest pairs of each case, at most PAIRS_OF_A_CASE, in the order of the cases."""
    order = np.lexsort((pair, count, case))
    start = np.searchsorted(case[order], case[order])
    return order[np.arange(len(order)) - start < PAIRS_OF_A_CASE]


def _blocks(case: Ints, sizes: Ints) -> list[tuple[int, int]]:
    """Stretches of rows that expand to about ROWS rows and end where a case ends."""
    blocks, start, total = [], 0, np.cumsum(sizes)
    while start < len(case):
        before = total[start - 1] if start else 0
        stop = int(np.searchsorted(total, before + ROWS, "right"))
        stop = max(stop, start + 1)
        if stop < len(case):
            last = int(np.searchsorted(case, case[stop - 1]))
            stop = last if last > start else int(np.searchsorted(case, case[stop - 1], "right"))
        blocks.append((start, stop))
        start = stop
    return blocks


def _best(owner: Ints, other: Ints, gain: Ints, units: Ints, cases: int) -> list[tuple[int, list[int]]]:
    """(case, its most similar others, best first) for each case of `owner`; places are in the order of ids."""
    key = owner * cases + other
    order = np.argsort(key, kind="stable")
    key, gain = key[order], gain[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    scores: Any = np.add.reduceat(gain, starts)
    one, others = key[starts] // cases, key[starts] % cases
    apart = one != others
    one, others, scores = one[apart], others[apart], scores[apart]
    order = np.lexsort((others, -scores, units[one] == units[others], one))
    one, others = one[order], others[order]
    kept = np.arange(len(one)) - np.searchsorted(one, one) < MOST
    one, others = one[kept], others[kept]
    owners, firsts = np.unique(one, return_index=True)
    return list(zip(owners.tolist(), (part.tolist() for part in np.split(others, firsts[1:])), strict=True))
