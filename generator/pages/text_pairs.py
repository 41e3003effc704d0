"""Pairs of neighbouring characters of titles and summaries: who has which, as one sorted array.

A row is a number of 63 bits: the pair (two characters of 21 bits), the case (its place among all cases by id, 20
bits) and whether only the summary has it. Sorted, the cases of a pair stand together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from generator.records.model import Entry

CASE_BITS = 20
_PLACE = CASE_BITS + 1

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def pairs_of(entries: Sequence[Entry], places: Ints) -> Ints:
    """Rows of `entries`, sorted, each pair of a case once. places: of each entry among all cases."""
    parts = [part for entry in entries for part in (entry.title, entry.summary)]
    if not parts:
        return np.zeros(0, np.int64)
    codes = np.frombuffer(("\0".join(parts) + "\0").encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    part = np.repeat(np.arange(len(parts)), [len(p) + 1 for p in parts])
    distinct, place = np.unique(codes, return_inverse=True)
    word = np.array([chr(code).isalnum() for code in distinct.tolist()])[place]
    lower = np.array([ord(chr(code).lower()[0]) for code in distinct.tolist()], np.int64)[place]
    at = np.flatnonzero(word[:-1] & word[1:])
    rows = (lower[at] << 21 | lower[at + 1]) << _PLACE | places[part[at] // 2] << 1 | part[at] % 2
    return without_twins(np.sort(rows))


def without_twins(rows: Ints) -> Ints:
    """Sorted `rows` without those that only the summary has, where the title has the pair too, and without repeats."""
    first = np.ones(len(rows), bool)
    first[1:] = rows[1:] >> 1 != rows[:-1] >> 1
    return rows[first]


def pair(rows: Ints) -> Ints:
    """The pair of each row, as a number that is the same in every library."""
    return rows >> _PLACE


def case(rows: Ints) -> Ints:
    """The place of the case of each row."""
    return rows >> 1 & (1 << CASE_BITS) - 1


def in_title(rows: Ints) -> Mask:
    """Whether the title has the pair."""
    title: Mask = rows & 1 == 0
    return title


def moved(rows: Ints, places: Ints) -> Ints:
    """`rows` with the case at each old place p now at places[p]; rows of cases now at -1 are gone."""
    now = places[case(rows)]
    kept = now >= 0
    rows, now = rows[kept], now[kept]
    return (rows & ~(((1 << CASE_BITS) - 1) << 1)) | now << 1


def merged(one: Ints, other: Ints) -> Ints:
    """Both, sorted."""
    return np.sort(np.concatenate((one, other)), kind="stable")


def holders(rows: Ints, pairs: Ints, most: int) -> Ints:
    """Places of the cases that have one of `pairs`, of those that at most `most` cases have."""
    all_pairs = pair(rows)
    start, stop = np.searchsorted(all_pairs, pairs), np.searchsorted(all_pairs, pairs, "right")
    few = stop - start <= most
    start, size = start[few], (stop - start)[few]
    inside = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    return np.unique(case(rows[np.repeat(start, size) + inside]))
