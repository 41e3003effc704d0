"""Brings an index up to date by rewriting the shards whose grams changed; the bytes are those of a whole new one."""

from __future__ import annotations

import os
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search.columns import facts_of
from search.document import Document, SearchSchema
from search.files import HOME, ROW, Output, digest, row
from search.grams import UNKNOWN, Entries, all_entries, bits_for, sort_titles, title_rows
from search.layout import Analysis, Layout
from search.manifest import IndexReport, finish, manifest_of, single_files
from search.postings import decode, encode, is_stored
from search.sources import Sources
from search.state import State, write_state
from search.texts import LOOKED_AT, TextPacker, looked_at, mark_of, word_list, words_size

MOST_DOCUMENTS = 300
MOST_SHARDS = 0.4
"""Beyond these numbers of changed documents, or this share of the shards, all is written anew."""
_BATCH = 64
"""Shards that are held at once: their entries, as arrays, take a few MB each."""

Ints = npt.NDArray[np.int64]


class UnfitError(Exception):
    """The index cannot be brought up to date in this way."""


def update_index(
    state: State,
    sources: Sources,
    schema: SearchSchema,
    folder: Path,
    live: Path,
    cache: Path,
    key: str,
) -> IndexReport | None:
    """What of the index in `live`, which `state` describes, was written anew; None where all should be.

    sources: in the order of their ids.
    """
    output = Output(folder)
    before = state.manifest
    try:
        written = _Update(state, sources, schema, output, live).run()
    except (UnfitError, OSError, ValueError, zlib.error, IndexError):
        return None
    if state.manifest != before:
        write_state(cache, key, state, before)
    return finish(state, output, written)


class _Update:
    """One update. old, new: the changed documents by their number, as they were and as they are."""

    def __init__(self, state: State, sources: Sources, schema: SearchSchema, output: Output, live: Path) -> None:
        self.state, self.sources, self.schema, self.output, self.live = state, sources, schema, output, live
        self.written: set[str] = set()
        was, now = list(zip(state.columns.ids, state.digests, strict=True)), sources.digests
        same = _common(state.columns.ids, [i for i, _ in now])
        self.count = len(now)
        changed = [n for n in range(same) if was[n][1] != now[n][1]]
        self.removed = [*changed, *range(same, len(was))]
        self.added = [*changed, *range(same, self.count)]
        self.changed = bool(self.removed or self.added)
        if max(len(self.removed), len(self.added)) > MOST_DOCUMENTS:
            raise UnfitError

    def run(self) -> set[str]:
        """Paths of the files written; the state is then that of the new index."""
        self.output.folder.mkdir(parents=True, exist_ok=True)
        if not self.changed:
            return set()
        state = self.state
        self.packer = TextPacker(self.schema, state.words)
        old = {n: self._text(n) for n in self.removed}
        new = {n: self.sources.load(self.sources.digests[n][0]) for n in self.added}
        self._check_words(old, new)
        self.analysis = Analysis.of(self.schema)
        was, now = self._lay_out(old), self._lay_out(new)
        state.length += len(now.codes) - len(was.codes)
        if bits_for(state.length) != state.bits:
            raise UnfitError
        self.output.prepare()
        titles = self._titles(old, new)
        self._shards(_entries(was, old, state.bits), _entries(now, new, state.bits), titles)
        texts = state.rows["t"]
        state.rows["t"] = rows = np.zeros(self.count, ROW)
        rows[: min(self.count, len(texts))] = texts[: self.count]
        for n, document in new.items():
            self._put("t", n, self.packer.pack(document))
        counts = Counter(state.characters)
        counts.update(now.characters)
        counts.subtract(was.characters)
        state.characters = {c: n for c, n in counts.items() if n}
        state.digests = [d for _, d in self.sources.digests]
        kept, state.single = state.single, {}
        for name, data in single_files(state, self.analysis):
            state.single[name] = row(name, data)
            if state.single[name] != kept.get(name):
                self.output.put(name, data)
                self.written.add(HOME + name)
        state.manifest = manifest_of(state, self.analysis)
        return self.written

    def _text(self, number: int) -> Document:
        return self.packer.unpack(self._read("t", number))

    def _read(self, kind: str, number: int) -> bytes:
        """A file of the live index, which must be as the state has it."""
        with open(os.path.join(self.live, HOME, kind, f"{number}.bin"), "rb") as file:
            data = file.read()
        if int.from_bytes(digest(data), "little") != self.state.rows[kind]["digest"][number]:
            raise UnfitError
        return data

    def _put(self, kind: str, number: int, data: bytes) -> None:
        """Writes a file of a kind if it is another than before."""
        name, rows = f"{kind}/{number}.bin", self.state.rows[kind]
        value = np.array(row(name, data), ROW)
        if value != rows[number]:
            rows[number] = value
            self.output.put(name, data)
            self.written.add(HOME + name)

    def _check_words(self, old: dict[int, Document], new: dict[int, Document]) -> None:
        """Whether the dictionary that texts are packed with stays the same."""
        state, ids = self.state, [i for i, _ in self.sources.digests]
        before = set(state.looked_at)
        least = max(map(mark_of, state.looked_at), default=b"")
        some = len(state.looked_at) < LOOKED_AT
        moved = any(d.id in before or some or mark_of(d.id) < least for d in (*old.values(), *new.values()))
        if moved or words_size(len(ids)) != words_size(len(state.columns.ids)):
            state.looked_at = looked_at(ids)
            if word_list(map(self.sources.load, state.looked_at), self.schema, len(ids)) != state.words:
                raise UnfitError

    def _lay_out(self, documents: dict[int, Document]) -> Layout:
        return self.analysis.lay_out([documents[n] for n in sorted(documents)])

    def _titles(self, old: dict[int, Document], new: dict[int, Document]) -> npt.NDArray[np.uint32]:
        """Brings columns and titles up to date; the shards of titles that changed."""
        state = self.state
        before = {n: state.columns.titles[n] for n in old}
        facts = {n: facts_of(d, self.analysis) for n, d in new.items()}
        state.columns.replace(min(self.count, len(state.columns.ids)), facts, self.analysis)
        other = [n for n in {**old, **new} if n not in before or n not in facts or before[n] != facts[n].title]
        was = state.shard
        shard, hashes = np.zeros(self.count, np.uint32), np.zeros(self.count, np.uint32)
        same = min(self.count, len(was))
        shard[:same], hashes[:same] = was[:same], state.hash[:same]
        rows = sorted(new)
        shard[rows], hashes[rows] = title_rows([facts[n].title for n in rows], state.bits)
        state.shard, state.hash = shard, hashes
        touched = np.array([s[n] for n in other for s in (was, shard) if n < len(s)], np.uint32)
        return np.asarray(touched[touched != UNKNOWN])

    def _shards(self, was: Entries, now: Entries, titles: npt.NDArray[np.uint32]) -> None:
        """Rewrites the shards in which the entries of changed documents differ."""
        state = self.state
        touched = np.unique(np.concatenate([_differing(was, now), titles]))
        if len(touched) > max(64, MOST_SHARDS * (1 << state.bits)):
            raise UnfitError
        documents = np.array(sorted({*self.removed, *self.added}), np.uint32)
        for at in range(0, len(touched), _BATCH):
            shards = touched[at : at + _BATCH]
            parts = [decode(n, self._read("g", n), self._read("p", n)) for n in shards.tolist()]
            entries = _concatenate(parts)
            entries = entries.take(~np.isin(entries.document, documents))
            entries = _merged(entries, now.take(np.isin(now.shard, shards)))
            entries = self._with_places(entries)
            chosen = np.flatnonzero(np.isin(state.shard, shards))
            for number, lists, places in encode(entries, sort_titles(state.shard, state.hash, chosen), shards):
                self._put("g", number, lists)
                self._put("p", number, places)

    def _with_places(self, entries: Entries) -> Entries:
        """The entries, with places where grams have become frequent enough to have them stored."""
        if not (entries.place == UNKNOWN).any():
            return entries
        opens = np.ones(len(entries.first), bool)
        opens[1:] = (entries.first[1:] != entries.first[:-1]) | (entries.second[1:] != entries.second[:-1])
        opens[1:] |= entries.shard[1:] != entries.shard[:-1]
        gram = np.cumsum(opens) - 1
        posting = opens.copy()
        posting[1:] |= (entries.tier[1:] != entries.tier[:-1]) | (entries.document[1:] != entries.document[:-1])
        stored = is_stored(entries.first[opens], np.bincount(gram, posting).astype(np.int64))[gram]
        lacking = stored & (entries.place == UNKNOWN)
        if not lacking.any():
            return entries
        grams, documents = np.unique(gram[lacking]), np.unique(entries.document[lacking])
        some = {int(n): self.sources.load(self.sources.digests[n][0]) for n in documents.tolist()}
        more = _entries(self._lay_out(some), some, self.state.bits)
        heads = np.flatnonzero(opens)[grams]
        wanted = {(int(entries.first[n]), int(entries.second[n])) for n in heads}
        pairs = zip(more.first.tolist(), more.second.tolist(), strict=True)
        more = more.take(np.array([pair in wanted for pair in pairs], bool))
        out = np.isin(gram, grams) & np.isin(entries.document, documents)
        return _merged(entries.take(~out), more)


def _common(some: list[str], others: list[str]) -> int:
    """How many of the first items are the same."""
    least = min(len(some), len(others))
    if some[:least] == others[:least]:
        return least
    return next(n for n in range(least) if some[n] != others[n])


def _entries(layout: Layout, documents: dict[int, Document], bits: int) -> Entries:
    """All entries of some documents under their numbers."""
    entries = all_entries(layout, bits)
    numbers = np.array(sorted(documents), np.uint32)
    return Entries(
        entries.shard,
        entries.first,
        entries.second,
        entries.tier,
        numbers[entries.document] if len(numbers) else entries.document,
        entries.place,
    )


def _rows(entries: Entries) -> Iterator[tuple[int, ...]]:
    e = entries
    return zip(*(c.tolist() for c in (e.shard, e.first, e.second, e.tier, e.document, e.place)), strict=True)


def _differing(was: Entries, now: Entries) -> npt.NDArray[np.uint32]:
    """Shards of entries that only one of the two has."""
    return np.array([r[0] for r in set(_rows(was)) ^ set(_rows(now))], np.uint32)


def _concatenate(parts: list[Entries]) -> Entries:
    columns = ("shard", "first", "second", "tier", "document", "place")
    return Entries(*(np.concatenate([getattr(p, c) for p in parts]) for c in columns))


def _merged(entries: Entries, more: Entries) -> Entries:
    """Both in one order. They have no gram of a document in common."""
    if not len(more.first):
        return entries
    shards = np.unique(np.concatenate([entries.shard, more.shard]))

    def keys(e: Entries) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
        gram = np.searchsorted(shards, e.shard).astype(np.uint64)
        for part, width in ((e.first, 21), (e.second, 21), (e.tier, 3)):
            gram = gram << np.uint64(width) | part
        return gram, e.document.astype(np.uint64) << np.uint64(32) | e.place

    gram, place = keys(entries)
    more_gram, more_place = keys(more)
    low, high = np.searchsorted(gram, more_gram, "left"), np.searchsorted(gram, more_gram, "right")
    at = [
        a + int(np.searchsorted(place[a:b], p)) for a, b, p in zip(low.tolist(), high.tolist(), more_place, strict=True)
    ]
    columns = ("shard", "first", "second", "tier", "document", "place")
    return Entries(*(np.insert(getattr(entries, c), at, getattr(more, c)) for c in columns))
