"""Shards of grams as bytes: two files each, which documents hold a gram, and where in them it stands.

Lists, zlib of: varints [grams, lists, exact titles]; for each gram the step of its first code point; its second
(0: none); a byte, one bit for each tier that has a list; for each list its length; for each list its documents as
gaps; then hash (4 bytes) and document of the titles that begin with a gram of this shard.
Places, zlib of: [postings, positions]; for each posting of a gram that is stored its number of positions less one;
their high parts (position >> 8) as varints; their low bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.analyzer import INITIAL_BASE

RARE = 16
"""Characters in no more documents than this (counted tier by tier) have no places stored: the texts are read.
Grams of pinyin always have: a text does not say how it sounds."""

U32 = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]


def gram_hash(first: npt.NDArray[np.uint32], second: npt.NDArray[np.uint32]) -> U32:
    """32 bits of two code points, well mixed; the shard is named by the uppermost bits."""
    h = first * np.uint32(0x9E3779B1) + second * np.uint32(0x85EBCA77)
    h ^= h >> np.uint32(15)
    h *= np.uint32(0x2C1B3C6D)
    h ^= h >> np.uint32(12)
    h *= np.uint32(0x297A2D39)
    h ^= h >> np.uint32(15)
    return h


def text_hash(text: str) -> int:
    """32 bits of a text: FNV-1a over its code points."""
    h = 0x811C9DC5
    for c in text:
        h = ((h ^ ord(c)) * 0x01000193) & 0xFFFFFFFF
    return h


@dataclass(frozen=True, slots=True)
class Entries:
    """Every place of every gram of one or more shards, sorted by shard, gram, tier, document, place."""

    shard: U32
    first: U32
    second: U32
    tier: npt.NDArray[np.uint8]
    document: U32
    place: U32


@dataclass(frozen=True, slots=True)
class Titles:
    """Exact titles, sorted by shard, hash, document."""

    shard: U32
    hash: U32
    document: U32


def varints(values: npt.NDArray[np.unsignedinteger]) -> tuple[Bytes, npt.NDArray[np.int64]]:
    """(bytes, where each value begins and, at the end, their number); 7 bits a byte, lowest first."""
    size = np.ones(len(values), np.int64)
    for bits in (7, 14, 21, 28):
        size += values >= (1 << bits)
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(size)])
    out = np.zeros(int(start[-1]), np.uint8)
    for byte in range(5):
        rows = np.flatnonzero(size > byte) if byte else slice(None)
        part = (values[rows] >> np.array(7 * byte, values.dtype)) & np.array(127, values.dtype)
        more = (size[rows] > byte + 1).astype(np.uint8) << 7
        out[start[:-1][rows] + byte] = part.astype(np.uint8) | more
        if byte and not len(rows):  # type: ignore[arg-type]
            break
    return out, start


def encode(entries: Entries, titles: Titles, shards: range) -> Iterator[tuple[int, bytes, bytes]]:
    """(number, lists, places) of each shard in `shards`."""
    total = len(entries.first)
    opens_gram = np.ones(total, bool)
    opens_gram[1:] = (np.diff(entries.first) != 0) | (np.diff(entries.second) != 0)
    opens_list = opens_gram.copy()
    opens_list[1:] |= np.diff(entries.tier) != 0
    opens_posting = opens_list.copy()
    opens_posting[1:] |= np.diff(entries.document) != 0
    postings = np.flatnonzero(opens_posting)
    lists = np.flatnonzero(opens_list[postings])          # first posting of each list
    grams = np.flatnonzero(opens_gram[postings][lists])    # first list of each gram
    length = np.diff(np.append(lists, len(postings)))
    gram_at = postings[lists[grams]]                       # first entry of each gram
    shard_of_gram = entries.shard[gram_at]
    gram_bound = np.searchsorted(shard_of_gram, np.arange(shards.start, shards.stop + 1))
    list_bound = np.append(grams, len(lists))[gram_bound]
    posting_bound = np.append(lists, len(postings))[list_bound]

    first = entries.first[gram_at]
    step = first.copy()
    step[1:] -= first[:-1]
    fresh = np.unique(gram_bound[:-1][gram_bound[:-1] < len(first)])
    step[fresh] = first[fresh]
    mask = (np.uint8(1) << entries.tier[postings[lists]]).astype(np.uint8)
    masks = np.bitwise_or.reduceat(mask, grams) if len(grams) else mask
    document = entries.document[postings].astype(np.int64)
    gap = document.copy()
    gap[1:] -= document[:-1] + 1
    gap[lists] = document[lists]

    step_bytes, step_at = varints(step)
    second_bytes, second_at = varints(entries.second[gram_at])
    length_bytes, length_at = varints(length.astype(np.uint32))
    gap_bytes, gap_at = varints(gap.astype(np.uint32))

    per_gram = np.add.reduceat(length, grams) if len(grams) else length
    stored_gram = (per_gram > RARE) | ((first >= INITIAL_BASE) & (first < 0xF900))
    stored = np.repeat(stored_gram, per_gram)              # for each posting
    times = np.diff(np.append(postings, total))
    stored_times = times[stored]
    place = entries.place[np.repeat(stored, times)]
    times_bytes, times_at = varints((stored_times - 1).astype(np.uint32))
    high_bytes, high_at = varints((place >> np.uint32(8)).astype(np.uint32))
    low = (place & np.uint32(255)).astype(np.uint8)
    stored_before = np.concatenate([[0], np.cumsum(stored)])
    place_before = np.concatenate([[0], np.cumsum(stored_times)])
    title_bound = np.searchsorted(titles.shard, np.arange(shards.start, shards.stop + 1))

    for n, number in enumerate(shards):
        g0, g1 = gram_bound[n], gram_bound[n + 1]
        l0, l1 = list_bound[n], list_bound[n + 1]
        p0, p1 = posting_bound[n], posting_bound[n + 1]
        t0, t1 = title_bound[n], title_bound[n + 1]
        head = varints(np.array([g1 - g0, l1 - l0, t1 - t0], np.uint32))[0].tobytes()
        names = head + _cut(step_bytes, step_at, g0, g1) + _cut(second_bytes, second_at, g0, g1)
        names += masks[g0:g1].tobytes() + _cut(length_bytes, length_at, l0, l1)
        exact = titles.hash[t0:t1].astype("<u4").tobytes() + varints(titles.document[t0:t1])[0].tobytes()
        s0, s1 = stored_before[p0], stored_before[p1]
        q0, q1 = place_before[s0], place_before[s1]
        head = varints(np.array([s1 - s0, q1 - q0], np.uint32))[0].tobytes()
        yield (
            number,
            _pack((names, _cut(gap_bytes, gap_at, p0, p1) + exact), zlib.Z_DEFAULT_STRATEGY),
            _pack(
                (head + _cut(times_bytes, times_at, s0, s1), _cut(high_bytes, high_at, q0, q1), low[q0:q1].tobytes()),
                zlib.Z_DEFAULT_STRATEGY if q1 - q0 < 64 else zlib.Z_HUFFMAN_ONLY,
            ),
        )


def _cut(data: Bytes, at: npt.NDArray[np.int64], start: int, end: int) -> bytes:
    return data[at[start] : at[end]].tobytes()


def _pack(sections: tuple[bytes, ...], strategy: int) -> bytes:
    """zlib of the sections, each coded for itself where it is long enough to pay."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 15, 9, strategy)
    out = []
    for n, section in enumerate(sections):
        out.append(packer.compress(section))
        if n < len(sections) - 1 and len(section) > 200:
            out.append(packer.flush(zlib.Z_PARTIAL_FLUSH))
    out.append(packer.flush())
    return b"".join(out)
