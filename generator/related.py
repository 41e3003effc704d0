"""Similar cases by the rarest pairs of characters of title and summary; the same for the same cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.model import Entry

MOST = 4
# A pair of characters says something about a case while few others have it.
COMMON = 40
PAIRS_OF_A_CASE = 10
TITLE_WEIGHT = 3
# Scores are whole numbers, so that their sum does not depend on the order of adding.
UNIT = 10_000
# Rows of (case, other case) held at a time.
ROWS = 1_000_000

Ints = NDArray[np.int64]


def related(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Ids of up to MOST similar cases of each case, the most similar first; other units before the same one."""
    found: dict[str, list[str]] = {entry.id: [] for entry in entries}
    if len(entries) < 2:
        return found
    case, pair, weight = _pairs(entries)
    count = np.bincount(pair)
    rare = (count[pair] > 1) & (count[pair] <= COMMON)
    case, pair, weight = case[rare], pair[rare], weight[rare]
    if not len(case):
        return found
    # The rows of one pair stand together: first[p] is where those of pair p start.
    order = np.lexsort((case, pair))
    case, pair, weight = case[order], pair[order], weight[order]
    first = np.searchsorted(pair, np.arange(len(count)))
    chosen = _rarest(case, count[pair], pair)
    units = np.unique([entry.unit for entry in entries], return_inverse=True)[1].astype(np.int64)
    ids = [entry.id for entry in entries]
    by_id = np.argsort(np.argsort(np.array(ids))).astype(np.int64)
    for start, stop in _blocks(case[chosen], count[pair[chosen]]):
        rows = chosen[start:stop]
        sizes = count[pair[rows]]
        owner = np.repeat(case[rows], sizes)
        inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        other_row = np.repeat(first[pair[rows]], sizes) + inside
        gain = np.repeat(weight[rows] * UNIT // sizes, sizes) * weight[other_row]
        for one, others in _best(owner, case[other_row], gain, units, by_id, len(entries)):
            found[ids[one]] = [ids[other] for other in others]
    return found


def _pairs(entries: Sequence[Entry]) -> tuple[Ints, Ints, Ints]:
    """Case, pair and weight of each different pair of a case; pairs are numbered from 0."""
    parts = [part for entry in entries for part in (entry.title, entry.summary)]
    text = "\0".join(parts) + "\0"
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    part = np.repeat(np.arange(len(parts)), [len(p) + 1 for p in parts])
    distinct, place = np.unique(codes, return_inverse=True)
    word = np.array([chr(code).isalnum() for code in distinct.tolist()])[place]
    lower = np.array([ord(chr(code).lower()[0]) for code in distinct.tolist()], np.int64)[place]
    at = np.flatnonzero(word[:-1] & word[1:])
    names, pair = np.unique(lower[at] << 21 | lower[at + 1], return_inverse=True)
    case = part[at] // 2
    weight = np.where(part[at] % 2 == 0, TITLE_WEIGHT, 1)
    order = np.lexsort((-weight, pair, case))
    key = case[order] * len(names) + pair[order]
    new = np.ones(len(key), bool)
    new[1:] = key[1:] != key[:-1]
    kept = order[new]
    return case[kept], pair[kept].astype(np.int64), weight[kept]


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


def _best(owner: Ints, other: Ints, gain: Ints, units: Ints, by_id: Ints, cases: int) -> list[tuple[int, list[int]]]:
    """(case, its most similar others, best first) for each case of `owner`."""
    key = owner * cases + other
    order = np.argsort(key, kind="stable")
    key, gain = key[order], gain[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    scores: Any = np.add.reduceat(gain, starts)
    one, others = key[starts] // cases, key[starts] % cases
    apart = one != others
    one, others, scores = one[apart], others[apart], scores[apart]
    order = np.lexsort((by_id[others], -scores, units[one] == units[others], one))
    one, others = one[order], others[order]
    kept = np.arange(len(one)) - np.searchsorted(one, one) < MOST
    one, others = one[kept], others[kept]
    owners, firsts = np.unique(one, return_index=True)
    return list(zip(owners.tolist(), (part.tolist() for part in np.split(others, firsts[1:])), strict=True))
