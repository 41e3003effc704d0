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

import numpy as np
import numpy.typing as npt

from search.analyzer import INITIAL_BASE
from search.grams import UNKNOWN, Entries, Titles

RARE = 16
"""Characters in no more documents than this (counted tier by tier) have no places stored: the texts are read.
Grams of pinyin always have: a text does not say how it sounds."""

U32 = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]


def varints(values: npt.NDArray[np.unsignedinteger]) -> tuple[Bytes, Ints]:
    """(bytes, where each value begins and, at the end, their number); 7 bits a byte, lowest first."""
    most = int(values.max()) if len(values) else 0
    if most < 128:
        return values.astype(np.uint8), np.arange(len(values) + 1)
    start = np.arange(len(values) + 1)
    size = np.ones(len(values), np.uint8)
    for bits in range(7, most.bit_length(), 7):
        size += values >= (1 << bits)
    np.cumsum(size, out=start[1:])
    out = np.zeros(int(start[-1]), np.uint8)
    first = start[:-1]
    out[first] = values.astype(np.uint8) & 127 | (size > 1).astype(np.uint8) << 7
    rows = np.flatnonzero(size > 1)
    for byte in range(1, 5):
        if not len(rows):
            break
        part = (values[rows] >> np.array(7 * byte, values.dtype)).astype(np.uint8) & 127
        more = size[rows] > byte + 1
        out[first[rows] + byte] = part | more.astype(np.uint8) << 7
        rows = rows[more]
    return out, start


def read_varints(data: bytes) -> tuple[U32, Ints]:
    """(values, index behind each) of all varints that end in `data`."""
    raw = np.frombuffer(data, np.uint8)
    end = np.flatnonzero(raw < 128) + 1
    start = np.concatenate([np.zeros(1, np.int64), end[:-1]]) if len(end) else end
    value = (raw[start] & 127).astype(np.uint32)
    rows, byte = np.flatnonzero(end - start > 1), 1
    while len(rows) and byte < 5:
        value[rows] |= (raw[start[rows] + byte] & np.uint8(127)).astype(np.uint32) << np.uint32(7 * byte)
        byte += 1
        rows = rows[(end - start)[rows] > byte]
    return value, end


def is_stored(first: U32, postings: Ints) -> npt.NDArray[np.bool_]:
    """Whether the places of grams with these first code points and numbers of postings are stored."""
    return (postings > RARE) | ((first >= INITIAL_BASE) & (first < 0xF900))


def encode(entries: Entries, titles: Titles, shards: U32) -> Iterator[tuple[int, bytes, bytes]]:
    """(number, lists, places) of each shard in `shards`, ascending, which hold all of the entries and titles."""
    total = len(entries.first)
    opens_gram = np.ones(total, bool)
    opens_gram[1:] = (entries.first[1:] != entries.first[:-1]) | (entries.second[1:] != entries.second[:-1])
    opens_gram[1:] |= entries.shard[1:] != entries.shard[:-1]
    opens_list = opens_gram.copy()
    opens_list[1:] |= entries.tier[1:] != entries.tier[:-1]
    opens_posting = opens_list.copy()
    opens_posting[1:] |= entries.document[1:] != entries.document[:-1]
    postings = np.flatnonzero(opens_posting)
    lists = np.flatnonzero(opens_list[postings])  # first posting of each list
    grams = np.flatnonzero(opens_gram[postings][lists])  # first list of each gram
    length = np.diff(np.append(lists, len(postings)))
    gram_at = postings[lists[grams]]  # first entry of each gram
    gram_bound = _bounds(entries.shard[gram_at], shards)
    list_bound = np.append(grams, len(lists))[gram_bound]
    posting_bound = np.append(lists, len(postings))[list_bound]

    first = entries.first[gram_at]
    step = first.copy()
    step[1:] -= first[:-1]
    fresh = np.unique(gram_bound[gram_bound < len(first)])
    step[fresh] = first[fresh]
    mask = (np.uint8(1) << entries.tier[postings[lists]]).astype(np.uint8)
    masks = np.bitwise_or.reduceat(mask, grams) if len(grams) else mask
    document = entries.document[postings]
    gap = document.copy()
    gap[1:] -= document[:-1] + np.uint32(1)
    gap[lists] = document[lists]

    step_bytes, step_at = varints(step)
    second_bytes, second_at = varints(entries.second[gram_at])
    length_bytes, length_at = varints(length.astype(np.uint32))
    gap_bytes, gap_at = varints(gap)

    per_gram = np.add.reduceat(length, grams) if len(grams) else length
    stored = np.repeat(is_stored(first, per_gram), per_gram)  # for each posting
    times = np.diff(np.append(postings, total))
    stored_times = times[stored]
    place = entries.place[np.repeat(stored, times)]
    times_bytes, times_at = varints((stored_times - 1).astype(np.uint32))
    high_bytes, high_at = varints(place >> np.uint32(8))
    low = place.astype(np.uint8)
    stored_before = np.concatenate([[0], np.cumsum(stored)])
    place_before = np.concatenate([[0], np.cumsum(stored_times)])
    title_bound = _bounds(titles.shard, shards)

    for n, number in enumerate(shards.tolist()):
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


def decode(number: int, lists: bytes, places: bytes) -> Entries:
    """The entries of one shard; UNKNOWN as place of what has none stored, once for a posting."""
    value, _ = read_varints(zlib.decompress(lists))
    grams, count = int(value[0]), int(value[1])
    parts = np.split(value[3:], np.cumsum([grams, grams, grams, count]))
    first = np.cumsum(parts[0], dtype=np.uint32)
    length = parts[3].astype(np.int64)
    tiers = np.arange(8)
    gram, tier = np.nonzero((parts[2][:, None] >> tiers.astype(np.uint32)) & np.uint32(1))
    per_gram = np.bincount(gram, length, grams).astype(np.int64)
    postings = int(length.sum())
    opens = np.cumsum(length) - length
    document = np.cumsum(parts[4][:postings].astype(np.int64) + 1)
    document -= np.repeat(document[opens] - parts[4][opens], length)
    gram_of, tier_of = np.repeat(gram, length), np.repeat(tier, length)
    stored = is_stored(first, per_gram)[gram_of]

    data = zlib.decompress(places)
    value, end = read_varints(data)
    some, all_places = int(value[0]), int(value[1])
    times = np.ones(postings, np.int64)
    times[stored] += value[2 : 2 + some]
    high = value[2 + some : 2 + some + all_places]
    low = np.frombuffer(data, np.uint8, all_places, int(end[1 + some + all_places]))
    entry = np.repeat(np.arange(postings), times)
    place = np.full(len(entry), UNKNOWN)
    place[stored[entry]] = high << np.uint32(8) | low
    rows = gram_of[entry]
    return Entries(
        np.full(len(entry), number, np.uint32),
        first[rows],
        parts[1][rows],
        tier_of[entry].astype(np.uint8),
        document[entry].astype(np.uint32),
        place,
    )


def _bounds(shard: U32, shards: U32) -> Ints:
    """For each of the shards, all of which there are, the first row, and at the end the number of rows."""
    return np.append(np.searchsorted(shard, shards), len(shard))


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
