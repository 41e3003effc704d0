"""All texts of an index as arrays: where every folded character stands, for the shards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.analyzer import INITIAL_BASE, SYLLABLE_BASE, Folder, fold_table
from search.document import Document, SearchSchema, passages
from search.matching import SINGLE_TIERS
from search.pinyin import Reader, syllables

ALIGN = 32
"""Each field of a document starts at a multiple of this, so that an edit seldom moves what stands behind it."""
GAP = "\x01"

Ints = npt.NDArray[np.int64]
U32 = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint16 | np.uint32]


@dataclass(frozen=True, slots=True)
class Layout:
    """codes: a character each, by its place in `alphabet`, all passages in order, 0 after each passage.

    alphabet: code points ascending, alphabet[0] is 0; grams of pinyin included. passage_*: for each passage its
    first position in codes, its place in the document (fields aligned), its document, and tier.
    extra_*: grams beside the pairs of characters (single characters, syllables, initials): two codes, position.
    characters: character of the texts that the folding table may apply to -> number of documents that have it.
    """

    documents: int
    codes: Codes
    alphabet: U32
    passage_start: U32
    passage_place: U32
    passage_document: U32
    passage_tier: npt.NDArray[np.uint8]
    extra_first: Codes
    extra_second: Codes
    extra_at: U32
    characters: dict[str, int]


class Analysis:
    """Lays out documents of one schema; remembers the characters it has seen."""

    def __init__(self, schema: SearchSchema, folder: Folder, reader: Reader) -> None:
        self.schema = schema
        self.folder = folder
        self.reader = reader
        self._table = _Table(folder)
        kinds = schema.text_fields()
        self._tiers = np.array([k.tier for k in kinds], np.uint8)
        self._sounded = np.array([k.sounded for k in kinds], bool)

    @classmethod
    def of(cls, schema: SearchSchema) -> Analysis:
        """What lays out documents of `schema`, with a memory of its own."""
        folder = Folder(fold_table(schema.equivalents))
        return cls(schema, folder, Reader({folder.fold(p): s for p, s in schema.readings.items()}))

    def lay_out(self, documents: Sequence[Document]) -> Layout:
        """The arrays for documents in their order."""
        texts: list[str] = []
        places: list[int] = []
        owners: list[int] = []
        for number, document in enumerate(documents):
            for field, text in passages(document, self.schema):
                texts.append(text.replace(GAP, "") if GAP in text else text)
                places.append(field)
                owners.append(number)
        place, owner = np.array(places, np.int64), np.array(owners, np.int64)
        codes, stop, characters = self._table.fold(texts, owner)
        start = np.concatenate([np.zeros(1, np.int64), stop[:-1] + 1]) if len(stop) else stop
        alphabet, remap = self._table.alphabet()
        codes = remap[codes]
        spoken = self._sounded[place]
        head = (self._tiers[place] < SINGLE_TIERS) | spoken
        first, second, at = _extras(codes, alphabet, start, stop, head, spoken, self.reader)
        return Layout(
            len(documents),
            codes,
            alphabet,
            start.astype(np.uint32),
            _places(place, owner, stop - start),
            owner.astype(np.uint32),
            self._tiers[place],
            first,
            second,
            at.astype(np.uint32),
            characters,
        )


def join(layouts: list[Layout]) -> Layout:
    """One layout of all documents of several, in their order; the list is empty afterwards, to save memory."""
    alphabet = np.unique(np.concatenate([np.zeros(1, np.uint32), *(x.alphabet for x in layouts)]))
    kind = np.uint16 if len(alphabet) < 0x10000 else np.uint32
    codes: Codes = np.empty(sum(len(x.codes) for x in layouts), kind)
    extras = sum(len(x.extra_at) for x in layouts)
    first: Codes = np.empty(extras, kind)
    second: Codes = np.empty(extras, kind)
    at = np.empty(extras, np.uint32)
    rows: list[tuple[U32, U32, U32, npt.NDArray[np.uint8]]] = []
    characters: Counter[str] = Counter()
    base = extra = documents = 0
    layouts.reverse()
    while layouts:
        one = layouts.pop()
        remap = np.searchsorted(alphabet, one.alphabet).astype(kind)
        codes[base : base + len(one.codes)] = remap[one.codes]
        end = extra + len(one.extra_at)
        first[extra:end], second[extra:end] = remap[one.extra_first], remap[one.extra_second]
        at[extra:end] = one.extra_at + np.uint32(base)
        rows.append(
            (
                one.passage_start + np.uint32(base),
                one.passage_place,
                one.passage_document + np.uint32(documents),
                one.passage_tier,
            )
        )
        characters.update(one.characters)
        base, extra, documents = base + len(one.codes), end, documents + one.documents
    none = np.zeros(0, np.uint32)
    head = (none, none, none, none.astype(np.uint8))
    start, place, owner, tier = (np.concatenate(c) for c in zip(head, *rows, strict=True))
    return Layout(documents, codes, alphabet, start, place, owner, tier, first, second, at, dict(characters))


def _places(place: Ints, owner: Ints, size: Ints) -> U32:
    """Where each passage begins within its document: passages of a field with a gap of one, fields aligned."""
    if not len(place):
        return np.zeros(0, np.uint32)
    new_document = np.concatenate([[True], owner[1:] != owner[:-1]])
    new_field = new_document | np.concatenate([[True], place[1:] != place[:-1]])
    field = np.cumsum(new_field) - 1
    before = np.cumsum(size + 1) - (size + 1)
    within = before - before[new_field][field]
    total = np.bincount(field, weights=size + 1).astype(np.int64)
    total = -(-total // ALIGN) * ALIGN
    field_before = np.cumsum(total) - total
    opens = new_document[new_field]
    field_start = field_before - field_before[opens][np.cumsum(opens) - 1]
    return np.asarray(field_start[field] + within, np.uint32)


class _Table:
    """Folding by table lookup; codes are given out as characters appear, and put in order at the end."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._to = np.full(0x110000, -1, np.int32)  # -1 not seen, -2 dropped, -3 becomes several characters
        self._to[1] = 0
        self._tabled = np.zeros(0x110000, bool)  # what the folding table may apply to
        self._points = [0]
        self._code: dict[str, int] = {}

    def fold(self, texts: Sequence[str], owner: Ints) -> tuple[Codes, Ints, dict[str, int]]:
        """Codes of the folded texts with 0 after each, where those zeros stand, and characters as in Layout.

        owner: the document of each text.
        """
        raw = _points(texts)
        folded = self._to[raw]
        if (folded == -1).any():
            self._learn("".join(map(chr, np.unique(raw[folded == -1]).tolist())))
            folded = self._to[raw]
        characters = self._count(raw, owner)
        if (folded == -3).any():
            several = {int(c): self._folder.fold(chr(c)) for c in np.unique(raw[folded == -3])}
            codes, stop, _ = self.fold([t.translate(several) for t in texts], owner)
            return codes, stop, characters
        codes = folded[folded >= 0].astype(np.uint16 if len(self._points) < 0x10000 else np.uint32)
        return codes, np.flatnonzero(codes == 0).astype(np.int64), characters

    def _count(self, raw: U32, owner: Ints) -> dict[str, int]:
        at = np.flatnonzero(self._tabled[raw])
        if not len(at):
            return {}
        document = owner[np.searchsorted(np.flatnonzero(raw == ord(GAP)), at)]
        pairs = np.unique(raw[at].astype(np.int64) << 32 | document)
        points, counts = np.unique(pairs >> 32, return_counts=True)
        return {chr(p): n for p, n in zip(points.tolist(), counts.tolist(), strict=True)}

    def _learn(self, characters: str) -> None:
        for c in characters:
            folded = self._folder.fold(c)
            self._tabled[ord(c)] = bool(self._folder.used(c))
            if len(folded) == 1:
                self._to[ord(c)] = self._give(folded)
            else:
                self._to[ord(c)] = -3 if folded else -2

    def _give(self, character: str) -> int:
        if character not in self._code:
            self._code[character] = len(self._points)
            self._points.append(ord(character))
        return self._code[character]

    def alphabet(self) -> tuple[U32, Codes]:
        """Code points in order, with those of pinyin, and the code in that order for every code given out."""
        sounds = [INITIAL_BASE + n for n in range(26)] + [SYLLABLE_BASE + n for n in range(len(syllables()))]
        points = np.unique(np.array(self._points + sounds, np.uint32))
        remap = np.searchsorted(points, np.array(self._points, np.uint32))
        return points, remap.astype(np.uint16 if len(points) < 0x10000 else np.uint32)


def _points(texts: Sequence[str]) -> U32:
    whole = GAP.join(texts) + GAP if texts else ""
    return np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)


def _extras(
    codes: Codes,
    alphabet: U32,
    start: Ints,
    end: Ints,
    head: npt.NDArray[np.bool_],
    sounded: npt.NDArray[np.bool_],
    reader: Reader,
) -> tuple[Codes, Codes, Ints]:
    """Single characters, syllables with the next one (0: none), and pairs of initials."""
    names = syllables()
    syllable_code = np.searchsorted(alphabet, SYLLABLE_BASE + np.arange(len(names)))
    initial_code = np.searchsorted(alphabet, INITIAL_BASE + np.array([ord(s[0]) - 97 for s in names]))
    singles = _spans(start[head], end[head])
    first = [codes[singles]]
    second = [np.zeros(len(singles), codes.dtype)]
    at = [singles]
    spoken = _spans(start[sounded], end[sounded] + 1)  # each passage with the gap behind it
    text = "".join(map(chr, np.where(codes[spoken] == 0, 10, alphabet[codes[spoken]]).tolist()))
    sound = np.array([n for line in text.split("\n")[:-1] for n in (*reader.read(line), -1)], np.int64)
    if len(sound):
        after = np.concatenate([sound[1:], [-1]])
        here = sound >= 0
        both = here & (after >= 0)
        follower = np.where(after >= 0, syllable_code[after], 0)
        first += [syllable_code[sound[here]].astype(codes.dtype), initial_code[sound[both]].astype(codes.dtype)]
        second += [follower[here].astype(codes.dtype), initial_code[after[both]].astype(codes.dtype)]
        at += [spoken[here], spoken[both]]
    return np.concatenate(first), np.concatenate(second), np.concatenate(at)


def _spans(start: Ints, end: Ints) -> Ints:
    """All positions of the ranges start..end-1, one after another."""
    size = end - start
    total = int(size.sum())
    if not total:
        return np.zeros(0, np.int64)
    before = np.cumsum(size) - size
    return np.asarray(np.arange(total, dtype=np.int64) - np.repeat(before - start, size), np.int64)
