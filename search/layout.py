"""All texts of an index as arrays: where every folded character stands, for the shards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.analyzer import INITIAL_BASE, SYLLABLE_BASE, Folder
from search.document import Document, SearchSchema, passages
from search.matching import SINGLE_TIERS
from search.pinyin import Reader, syllables

ALIGN = 32
"""Each field of a document starts at a multiple of this, so that an edit seldom moves what stands behind it."""
_CHUNK = 1000
_GAP = "\x01"

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint16 | np.uint32]


@dataclass(frozen=True, slots=True)
class Layout:
    """codes: a character each, by its place in `alphabet`, all passages in order, 0 after each passage.

    alphabet: code points ascending, alphabet[0] is 0; grams of pinyin included. passage_*: for each passage its
    first position in codes, its place in the document (fields aligned), its document, tier, and whether single
    characters and sounds of it are found.
    extra_*: grams beside the pairs of characters (single characters, syllables, initials): two codes, position.
    """

    codes: Codes
    alphabet: npt.NDArray[np.uint32]
    passage_start: Ints
    passage_place: Ints
    passage_document: Ints
    passage_tier: Ints
    extra_first: npt.NDArray[np.uint32]
    extra_second: npt.NDArray[np.uint32]
    extra_at: Ints


def lay_out(documents: Sequence[Document], schema: SearchSchema, folder: Folder, reader: Reader) -> Layout:
    """The arrays for documents in their order."""
    kinds = schema.text_fields()
    tiers = np.array([k.tier for k in kinds])
    sounded = np.array([k.sounded for k in kinds])
    table = _Table(folder)
    parts: list[Codes] = []
    ends: list[Ints] = []
    places: list[int] = []
    owners: list[int] = []
    base = 0
    for first in range(0, len(documents), _CHUNK):
        texts = []
        for number, document in enumerate(documents[first : first + _CHUNK], first):
            for field, text in passages(document, schema):
                texts.append(text)
                places.append(field)
                owners.append(number)
        some, end = table.fold(texts)
        parts.append(some)
        ends.append(end + base)
        base += len(some)
    codes: Codes = np.concatenate(parts) if parts else np.zeros(0, np.uint16)
    del parts
    stop = np.concatenate(ends) if ends else np.zeros(0, np.int64)
    place, owner = np.array(places, np.int64), np.array(owners, np.int64)
    start = np.concatenate([np.zeros(1, np.int64), stop[:-1] + 1]) if len(stop) else stop
    alphabet, remap = table.alphabet()
    codes = remap[codes]
    head = (tiers[place] < SINGLE_TIERS) | sounded[place] if len(place) else np.zeros(0, bool)
    spoken = sounded[place] if len(place) else head
    first_code, second_code, at = _extras(codes, alphabet, start, stop, head, spoken, reader)
    return Layout(
        codes, alphabet, start, _places(place, owner, stop - start), owner,
        tiers[place] if len(place) else place, first_code, second_code, at,
    )


def _places(place: Ints, owner: Ints, size: Ints) -> Ints:
    """Where each passage begins within its document: passages of a field with a gap of one, fields aligned."""
    if not len(place):
        return place
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
    return np.asarray(field_start[field] + within, np.int64)


class _Table:
    """Folding by table lookup; codes are given out as characters appear, and put in order at the end."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._to = np.full(0x110000, -1, np.int32)   # -1 not seen, -2 dropped, -3 becomes several characters
        self._to[1] = 0
        self._points = [0]
        self._code: dict[str, int] = {}

    def fold(self, texts: Sequence[str]) -> tuple[Codes, Ints]:
        """Codes of the folded texts with 0 after each, and where those zeros stand."""
        whole = _GAP.join([t.replace(_GAP, "") if _GAP in t else t for t in texts]) + _GAP if texts else ""
        raw = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
        folded = self._to[raw]
        if (folded == -1).any():
            self._learn("".join(map(chr, np.unique(raw[folded == -1]).tolist())))
            folded = self._to[raw]
        if (folded == -3).any():
            several = {int(c): self._folder.fold(chr(c)) for c in np.unique(raw[folded == -3])}
            return self.fold([t.translate(several) for t in texts])
        codes: Codes = folded[folded >= 0].astype(np.uint16 if len(self._points) < 0x10000 else np.uint32)
        return codes, np.flatnonzero(codes == 0).astype(np.int64)

    def _learn(self, characters: str) -> None:
        for c in characters:
            folded = self._folder.fold(c)
            if len(folded) == 1:
                self._to[ord(c)] = self._give(folded)
            else:
                self._to[ord(c)] = -3 if folded else -2

    def _give(self, character: str) -> int:
        if character not in self._code:
            self._code[character] = len(self._points)
            self._points.append(ord(character))
        return self._code[character]

    def alphabet(self) -> tuple[npt.NDArray[np.uint32], Codes]:
        """Code points in order, with those of pinyin, and the code in that order for every code given out."""
        sounds = [INITIAL_BASE + n for n in range(26)] + [SYLLABLE_BASE + n for n in range(len(syllables()))]
        points = np.unique(np.array(self._points + sounds, np.uint32))
        remap = np.searchsorted(points, np.array(self._points, np.uint32))
        return points, remap.astype(np.uint16 if len(points) < 0x10000 else np.uint32)


def _extras(
    codes: Codes, alphabet: npt.NDArray[np.uint32], start: Ints, end: Ints,
    head: npt.NDArray[np.bool_], sounded: npt.NDArray[np.bool_], reader: Reader,
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], Ints]:
    """Single characters, syllables with the next one (0: none), and pairs of initials."""
    names = syllables()
    syllable_code = np.searchsorted(alphabet, SYLLABLE_BASE + np.arange(len(names)))
    initial_code = np.searchsorted(alphabet, INITIAL_BASE + np.array([ord(s[0]) - 97 for s in names]))
    singles = _spans(start[head], end[head])
    first = [codes[singles].astype(np.uint32)]
    second = [np.zeros(len(singles), np.uint32)]
    at = [singles]
    spoken = _spans(start[sounded], end[sounded] + 1)     # each passage with the gap behind it
    text = "".join(map(chr, np.where(codes[spoken] == 0, 10, alphabet[codes[spoken]]).tolist()))
    sound = np.array([n for line in text.split("\n")[:-1] for n in (*reader.read(line), -1)], np.int64)
    if len(sound):
        after = np.concatenate([sound[1:], [-1]])
        here = sound >= 0
        both = here & (after >= 0)
        follower = np.where(after >= 0, syllable_code[after], 0)
        first += [syllable_code[sound[here]].astype(np.uint32), initial_code[sound[both]].astype(np.uint32)]
        second += [follower[here].astype(np.uint32), initial_code[after[both]].astype(np.uint32)]
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
