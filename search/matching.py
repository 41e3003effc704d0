"""What it means that a document matches, how well, and in which order: the definition, by plain reading of texts.

The shards in the browser and the Whoosh index have to give the same; tests hold them to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.analyzer import INITIAL_BASE, SYLLABLE_BASE, Folder
from search.document import Document, SearchSchema, passages, title
from search.pinyin import Reader, syllables
from search.query import Pattern, Query, Word

SINGLE_TIERS = 2
"""A single character is looked for in the tiers below this one: title, unit and people."""
EXACT = -1
"""Tier of a document whose whole title was asked for."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Folded text with its tier; sounds: numbers of syllables, -1 for none, empty if pinyin does not find it."""

    place: int
    tier: int
    text: str
    sounds: Sequence[int]


@dataclass(frozen=True, slots=True)
class Folded:
    """A document as search reads it."""

    title: str
    passages: tuple[Passage, ...]


def fold_document(document: Document, schema: SearchSchema, folder: Folder, reader: Reader) -> Folded:
    """The folded passages of a document, without empty ones."""
    kinds = schema.text_fields()
    found = []
    for place, text in passages(document, schema):
        folded = folder.fold(text)
        if folded:
            kind = kinds[place]
            found.append(Passage(place, kind.tier, folded, reader.read(folded) if kind.sounded else ()))
    return Folded(folder.fold(title(document, schema)), tuple(found))


def is_literal(pattern: Pattern) -> bool:
    """Whether a pattern is of characters only."""
    return all(unit[0] < INITIAL_BASE or unit[0] >= 0xF900 for unit in pattern)


def find(pattern: Pattern, passage: Passage) -> int:
    """Where in the passage the pattern first matches, -1 if it does not."""
    if is_literal(pattern):
        if len(pattern) == 1 and passage.tier >= SINGLE_TIERS:
            return -1
        return passage.text.find("".join(chr(unit[0]) for unit in pattern))
    names = syllables()
    for at in range(len(passage.sounds) - len(pattern) + 1):
        if all(_stands(unit, passage, at + n, names) for n, unit in enumerate(pattern)):
            return at
    return -1


def _stands(unit: tuple[int, ...], passage: Passage, at: int, names: Sequence[str]) -> bool:
    sound = passage.sounds[at]
    if unit[0] >= 0xF900 or unit[0] < INITIAL_BASE:
        return ord(passage.text[at]) == unit[0]
    if unit[0] >= SYLLABLE_BASE:
        return sound >= 0 and SYLLABLE_BASE + sound in unit
    return sound >= 0 and ord(names[sound][0]) - 97 == unit[0] - INITIAL_BASE


def word_tier(word: Word, document: Folded) -> int | None:
    """The best tier in which a word is found, None if it is not."""
    tiers = [p.tier for p in document.passages if any(find(pattern, p) >= 0 for pattern in word.patterns)]
    return min(tiers, default=None)


def tier(query: Query, document: Folded) -> int | None:
    """How well a document matches: EXACT, or the tier of its worst word; None if it does not match."""
    if any(word_tier(w, document) is not None for w in query.without):
        return None
    tiers = [word_tier(w, document) for w in query.words]
    found = [max(t for t in tiers if t is not None)] if tiers and None not in tiers else []
    if query.joined is not None:
        joined = word_tier(query.joined, document)
        found += [] if joined is None else [joined]
    if not query.words:
        return 0
    if not found:
        return None
    return EXACT if document.title == query.whole else min(found)


def ordered(
    hits: Iterable[tuple[int, Document]], sort: str, title_keys: Mapping[str, tuple[str, ...]]
) -> list[Document]:
    """Documents of (tier, document) in one of the orders "relevance", "newest", "award", "title"."""
    keys = {
        "relevance": lambda hit: (hit[0], hit[1].award, -hit[1].year, hit[1].id),
        "newest": lambda hit: (-hit[1].year, hit[1].award, hit[1].id),
        "award": lambda hit: (hit[1].award, -hit[1].year, hit[1].id),
        "title": lambda hit: (title_keys[hit[1].id], hit[1].id),
    }
    return [document for _, document in sorted(hits, key=keys.get(sort, keys["relevance"]))]


def passes(document: Document, filters: Mapping[str, Sequence[str]], schema: SearchSchema) -> bool:
    """Whether a document has one of the chosen terms of every facet and every chosen flag; unknown keys are ignored."""
    flags = {f.key for f in schema.flags}
    known = {f.key: {t.key for t in f.terms} for f in schema.facets}
    for key, chosen in filters.items():
        if key in flags and "1" in chosen and key not in document.flags:
            return False
        wanted = set(chosen) & known.get(key, set())
        if wanted and not wanted & set(document.terms.get(key, ())):
            return False
    return True


def counts(
    matching: Sequence[Document], filters: Mapping[str, Sequence[str]], schema: SearchSchema
) -> dict[str, dict[str, int]]:
    """facet or flag key -> term key -> documents that would be left with it, the other facets' filters applied.

    A flag has the one term "1".
    """
    found: dict[str, dict[str, int]] = {}
    for facet in schema.facets:
        others = {k: v for k, v in filters.items() if k != facet.key}
        row = {t.key: 0 for t in facet.terms}
        for document in matching:
            if passes(document, others, schema):
                for key in set(document.terms.get(facet.key, ())) & row.keys():
                    row[key] += 1
        found[facet.key] = row
    for flag in schema.flags:
        others = {k: v for k, v in filters.items() if k != flag.key}
        found[flag.key] = {"1": sum(flag.key in d.flags and passes(d, others, schema) for d in matching)}
    return found
