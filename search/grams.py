"""Every place of every gram, in the order in which shards are written; and which shard a gram belongs to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.analyzer import SYLLABLE_BASE
from search.layout import Layout

U32 = npt.NDArray[np.uint32]
PLACES_A_SHARD = 3000
UNKNOWN = np.uint32(0xFFFFFFFF)
"""Place of an entry of a gram whose places are not stored."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Places of grams, sorted by shard, gram, tier, document, place."""

    shard: U32
    first: U32
    second: U32
    tier: npt.NDArray[np.uint8]
    document: U32
    place: U32

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Entries:
        """Some rows, in that order."""
        return Entries(
            self.shard[rows],
            self.first[rows],
            self.second[rows],
            self.tier[rows],
            self.document[rows],
            self.place[rows],
        )


@dataclass(frozen=True, slots=True)
class Titles:
    """Exact titles, sorted by shard, hash, document."""

    shard: U32
    hash: U32
    document: U32


def gram_hash(first: U32, second: U32) -> U32:
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


def bits_for(length: int) -> int:
    """Bits that name a shard."""
    return max(0, round(math.log2(max(1, length) / PLACES_A_SHARD)))


def shard_of(first: U32, second: U32, bits: int) -> U32:
    """Shard of each gram; syllables by their first one only, so that all that follow it stand together."""
    syllable = (first >= SYLLABLE_BASE) & (first < SYLLABLE_BASE + 0x1000)
    h = gram_hash(first, np.where(syllable, np.uint32(0), second))
    return np.asarray(h >> np.uint32(32 - bits), np.uint32) if bits else np.zeros(len(h), np.uint32)


def title_rows(folded: Sequence[str], bits: int) -> tuple[U32, U32]:
    """(shard of the first gram, hash) of each title; UNKNOWN as shard of those of nothing."""
    first = np.array([ord(t[0]) if t else 0 for t in folded], np.uint32)
    second = np.array([ord(t[1]) if len(t) > 1 else 0 for t in folded], np.uint32)
    shard = np.where(first == 0, UNKNOWN, shard_of(first, second, bits))
    return shard, np.array([text_hash(t) for t in folded], np.uint32)


def sort_titles(shard: U32, hashes: U32, rows: npt.NDArray[np.int64]) -> Titles:
    """Some rows of what `title_rows` gives."""
    shard, hashes, numbers = shard[rows], hashes[rows], rows.astype(np.uint32)
    order = np.lexsort((numbers, hashes, shard))
    return Titles(shard[order], hashes[order], numbers[order])


def part_of(layout: Layout, bits: int, shift: int) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
    """The part (shard >> shift) of the pair that begins at each position, and of each other gram; NO_PART for none."""
    codes, alphabet, step = layout.codes, layout.alphabet, 1 << 18
    kind = np.uint8 if bits - shift < 8 else np.uint16
    pairs = np.full(len(codes), np.iinfo(kind).max, kind)
    down = np.uint32(shift)
    for at in range(0, len(codes) - 1, step):
        a, b = codes[at : at + step], codes[at + 1 : at + 1 + step]
        a = a[: len(b)]
        n = shard_of(alphabet[a], alphabet[b], bits) >> down
        pairs[at : at + len(b)] = np.where((a != 0) & (b != 0), n.astype(kind), np.iinfo(kind).max)
    others = np.empty(len(layout.extra_at), kind)
    for at in range(0, len(others), step):
        cut = slice(at, at + step)
        others[cut] = shard_of(alphabet[layout.extra_first[cut]], alphabet[layout.extra_second[cut]], bits) >> down
    return pairs, others  # type: ignore[return-value]


def sorted_entries(layout: Layout, pairs: npt.NDArray[np.int64], others: npt.NDArray[np.int64], bits: int) -> Entries:
    """Entries of some grams. pairs: positions, ascending; others: places in extra_*, ascending."""
    alphabet = layout.alphabet
    a = np.concatenate([layout.codes[pairs], layout.extra_first[others]])
    b = np.concatenate([layout.codes[pairs + 1], layout.extra_second[others]])
    at = np.concatenate([pairs, layout.extra_at[others].astype(np.int64)])
    passage = np.searchsorted(layout.passage_start, at.astype(np.uint32), "right") - 1
    tier = layout.passage_tier[passage]
    shard = shard_of(alphabet[a], alphabet[b], bits)
    low = int(shard.min()) if len(shard) else 0
    code, row = np.uint64(len(alphabet).bit_length()), np.uint64(max(1, len(at).bit_length()))
    key = (shard - np.uint32(low)).astype(np.uint64)
    for part, width in ((a, code), (b, code), (tier, np.uint64(3)), (np.arange(len(at), dtype=np.uint32), row)):
        key <<= width
        key |= part
    key.sort()
    order = (key & ((np.uint64(1) << row) - np.uint64(1))).astype(np.int64)
    passage, at = passage[order], at[order]
    return Entries(
        shard[order],
        alphabet[a[order]],
        alphabet[b[order]],
        tier[order],
        layout.passage_document[passage],
        at.astype(np.uint32) - layout.passage_start[passage] + layout.passage_place[passage],
    )


def all_entries(layout: Layout, bits: int) -> Entries:
    """Entries of every gram of a small layout."""
    pairs = np.flatnonzero((layout.codes[:-1] != 0) & (layout.codes[1:] != 0))
    return sorted_entries(layout, pairs, np.arange(len(layout.extra_at)), bits)
