"""The Whoosh index of a terminal: the reference that the answers of the browser are tested against."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from whoosh import analysis, fields, index, reading

from search.analyzer import INITIAL_BASE, SYLLABLE_BASE
from search.answers import Answer, answer, tools
from search.document import TIERS, Document, SearchSchema, content_hash, schema_hash
from search.matching import EXACT, SINGLE_TIERS, Folded, fold_document
from search.pinyin import syllables
from search.query import Pattern, Query, Word, parse

FORMAT = 1
_TIERS = sorted(set(TIERS.values()))
_NOTES = "caselib.json"


class Tokens(analysis.Tokenizer):  # type: ignore[misc]
    """Tokens as they were made: lines of a place, a space, and a gram."""

    def __call__(self, value: str, **_: Any) -> Iterator[analysis.Token]:
        token = analysis.Token(positions=True)
        for line in value.split("\n") if value else ():
            place, token.text = line.split(" ", 1)
            token.pos = int(place)
            yield token


class Notes(msgspec.Struct):
    """What stands beside the index. hashes: id -> hash of the document; generation: of the index they belong to."""

    format: int
    schema: SearchSchema
    schema_hash: str
    generation: int
    hashes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Update:
    """How many documents were written, and how many removed; the rest was left alone."""

    written: int
    removed: int


def update(documents: Sequence[Document], schema: SearchSchema, folder: Path) -> Update:
    """What was done to make the index in `folder` hold exactly these documents; it is made where there is none.

    An index of another schema, or one that was left half way, is made anew. Some 70 documents a second.
    """
    notes = _notes(folder)
    wanted = {d.id: content_hash(d) for d in documents}
    if notes is None or notes.schema_hash != schema_hash(schema):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        opened = index.create_in(str(folder), _whoosh_schema())
        known: dict[str, str] = {}
    else:
        opened, known = index.open_dir(str(folder)), notes.hashes
    changed = [d for d in documents if known.get(d.id) != wanted[d.id]]
    gone = sorted(known.keys() - wanted.keys())
    if changed or gone or notes is None:
        folding, reader = tools(schema)
        writer = opened.writer(limitmb=256)
        for key in gone:
            writer.delete_by_term("id", key)
        for document in changed:
            folded = fold_document(document, schema, folding, reader)
            row = {f"t{t}": "\n".join(f"{at} {gram}" for at, gram in _grams(folded, t)) for t in _TIERS}
            put = writer.update_document if known else writer.add_document
            put(id=document.id, document=msgspec.json.encode(document), title=folded.title, **row)
        writer.commit()
        made = Notes(FORMAT, schema, schema_hash(schema), opened.latest_generation(), wanted)
        (folder / _NOTES).write_bytes(msgspec.json.encode(made))
    return Update(len(changed), len(gone))


def query(
    folder: Path,
    text: str,
    filters: Mapping[str, Sequence[str]] | None = None,
    sort: str = "relevance",
    limit: int = 10,
    offset: int = 0,
) -> Answer:
    """The answer from the index in `folder`; FileNotFoundError if there is none that is whole."""
    notes = _notes(folder)
    if notes is None:
        raise FileNotFoundError(folder)
    folding, sounds = tools(notes.schema)
    asked = parse(text, folding)
    with index.open_dir(str(folder)).reader() as reader:
        tiers = {} if asked.empty else _match(asked, reader)
        found = []
        for number, tier in tiers.items():
            row = reader.stored_fields(number)
            document = msgspec.json.decode(row["document"], type=Document)
            exact = bool(asked.words) and row["title"] == asked.whole
            found.append((EXACT if exact else tier, document, row["title"]))
    return answer(found, notes.schema, sounds, filters or {}, sort, limit, offset, asked.cut, asked.empty)


def _notes(folder: Path) -> Notes | None:
    """The notes of a whole index of this format, None otherwise."""
    try:
        notes = msgspec.json.decode((folder / _NOTES).read_bytes(), type=Notes)
        whole = index.open_dir(str(folder)).latest_generation() == notes.generation
    except (OSError, msgspec.MsgspecError, index.EmptyIndexError):
        return None
    return notes if whole and notes.format == FORMAT else None


def _whoosh_schema() -> fields.Schema:
    tiers = {f"t{t}": fields.TEXT(analyzer=Tokens(), phrase=True) for t in _TIERS}
    return fields.Schema(id=fields.ID(unique=True, stored=True), document=fields.STORED, title=fields.STORED, **tiers)


def _grams(folded: Folded, tier: int) -> Iterator[tuple[int, str]]:
    """(place, gram) of one tier: pairs of characters; where sounds are known single characters, syllables, initials."""
    names, base = syllables(), 0
    for passage in folded.passages:
        if passage.tier == tier:
            text = passage.text
            for at in range(len(text)):
                if at + 1 < len(text):
                    yield base + at, text[at : at + 2]
                if tier < SINGLE_TIERS or passage.sounds:
                    yield base + at, text[at]
                if passage.sounds and passage.sounds[at] >= 0:
                    sound = passage.sounds[at]
                    yield base + at, chr(SYLLABLE_BASE + sound)
                    yield base + at, chr(INITIAL_BASE + ord(names[sound][0]) - 97)
        base += len(passage.text) + 1


def _match(asked: Query, reader: reading.IndexReader) -> dict[int, int]:
    """Number of a document in the index -> tier."""
    if not asked.words:
        return dict.fromkeys(reader.all_doc_ids(), 0)
    words = [_word(w, reader) for w in asked.words]
    found = {n: max(w[n] for w in words) for n in set.intersection(*(set(w) for w in words))}
    for n, tier in (_word(asked.joined, reader) if asked.joined else {}).items():
        found[n] = min(tier, found.get(n, tier))
    for word in asked.without:
        for n in _word(word, reader):
            found.pop(n, None)
    return found


def _word(word: Word, reader: reading.IndexReader) -> dict[int, int]:
    """Best tier of each document that has a word."""
    found: dict[int, int] = {}
    for tier in reversed(_TIERS):
        for pattern in word.patterns:
            found |= dict.fromkeys(_pattern(pattern, tier, reader), tier)
    return found


def _pattern(pattern: Pattern, tier: int, reader: reading.IndexReader) -> Iterable[int]:
    """Documents that have a pattern in a tier."""
    text = [unit[0] < INITIAL_BASE or unit[0] >= 0xF900 for unit in pattern]
    if len(pattern) == 1 and text[0] and tier >= SINGLE_TIERS:
        return ()
    atoms: list[tuple[int, list[str]]] = []
    for at, unit in enumerate(pattern):
        if text[at] and at + 1 < len(pattern) and text[at + 1]:
            atoms.append((at, [chr(unit[0]) + chr(pattern[at + 1][0])]))
        elif not (text[at] and at and text[at - 1]):
            atoms.append((at, [chr(point) for point in unit]))
    candidates: set[int] | None = None
    for _, grams in atoms:
        here = set().union(*(_documents(reader, tier, gram) for gram in grams))
        candidates = here if candidates is None else candidates & here
        if not candidates:
            return ()
    assert candidates is not None
    if len(atoms) == 1:
        return candidates
    starts: dict[int, set[int]] | None = None
    for at, grams in atoms:
        places: dict[int, set[int]] = {}
        for gram in grams:
            for n, there in _places(reader, tier, gram, candidates):
                places.setdefault(n, set()).update(p - at for p in there)
        starts = places if starts is None else {n: s & places.get(n, set()) for n, s in starts.items()}
        starts = {n: s for n, s in starts.items() if s}
    return starts or ()


def _documents(reader: reading.IndexReader, tier: int, gram: str) -> set[int]:
    try:
        return set(reader.postings(f"t{tier}", gram).all_ids())
    except reading.TermNotFound:
        return set()


def _places(reader: reading.IndexReader, tier: int, gram: str, wanted: set[int]) -> Iterator[tuple[int, list[int]]]:
    """(document, places) of a gram for the wanted documents."""
    try:
        matcher = reader.postings(f"t{tier}", gram)
    except reading.TermNotFound:
        return
    while matcher.is_active():
        if matcher.id() in wanted:
            yield matcher.id(), matcher.value_as("positions")
        matcher.next()
