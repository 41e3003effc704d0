"""What search knows: documents, and the schema that says which fields and facets they have. Plain data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property

import msgspec

TIERS = {"title": 0, "unit": 1, "people": 1, "summary": 2, "term": 2, "body": 3}
"""Rank of a match by the role of its field: 0 title, 1 unit and people, 2 summary and terms, 3 body."""

SOUNDED = ("title", "unit", "people")


@dataclass(frozen=True, slots=True)
class Field:
    """One kind of text of a document.

    role: a key of TIERS; exactly one field of a schema has the role "title".
    sound: whether pinyin finds it; None means yes for title, unit and people.
    """

    key: str
    label: str
    role: str
    sound: bool | None = None

    @property
    def tier(self) -> int:
        return TIERS[self.role]

    @property
    def sounded(self) -> bool:
        return self.role in SOUNDED if self.sound is None else self.sound


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a facet.

    key: what documents and addresses carry. aliases: other words that find its documents.
    mark: reference of a symbol shown beside the label, "" for none (for example "#mark-1").
    note: shown after the label of the filter, never searched.
    """

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    mark: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A dimension to filter by; `terms` in the order in which they are shown.

    text: whether labels and aliases of its terms are searched as text of the documents that have them.
    sound: whether pinyin finds those labels as well.
    """

    key: str
    label: str
    terms: tuple[Term, ...]
    text: bool = True
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes-or-no filter, for example "with picture"."""

    key: str
    label: str


@dataclass(frozen=True)
class SearchSchema:
    """What the documents of one index have in common.

    fields: in the order in which a passage is looked for; the first with role "title" is the title.
    award: key of the facet whose term is shown as the award of a result, "" for none.
    facts: keys of the facets that are shown as facts of a result.
    equivalents: characters that read as another one, for example {"它": "他"}.
    readings: phrases with the pinyin of their characters, for example {"重钢": "chong gang"}; they go before
    the readings of the dictionary.
    """

    fields: tuple[Field, ...]
    facets: tuple[Facet, ...] = ()
    flags: tuple[Flag, ...] = ()
    award: str = ""
    facts: tuple[str, ...] = ()
    equivalents: Mapping[str, str] = field(default_factory=lambda: {"它": "他"})
    readings: Mapping[str, str] = field(default_factory=dict)

    def text_fields(self) -> tuple[Field, ...]:
        """The fields, then one for each facet whose terms are searched as text; keys of facets start with "@"."""
        return self._text_fields

    @cached_property
    def _text_fields(self) -> tuple[Field, ...]:
        terms = (Field("@" + f.key, f.label, "term", f.sound) for f in self.facets if f.text)
        return (*self.fields, *terms)

    @cached_property
    def _terms(self) -> dict[str, dict[str, tuple[int, Term]]]:
        return {f.key: {t.key: (n, t) for n, t in enumerate(f.terms)} for f in self.facets}

    def terms_of(self, facet: str, document: Document) -> list[tuple[int, Term]]:
        """(place, term) of the known terms of a document in a facet, in its order."""
        known = self._terms[facet]
        return [known[key] for key in document.terms.get(facet, ()) if key in known]

    def title_index(self) -> int:
        """Place of the title among the fields; ValueError if there is not exactly one."""
        (place,) = [n for n, f in enumerate(self.fields) if f.role == "title"]
        return place


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to find.

    texts: field key -> passages; a match never spans two passages. terms: facet key -> term keys.
    award: rank, 0 is best. year: for ordering. url: relative to the root of the site.
    """

    id: str
    url: str
    texts: Mapping[str, Sequence[str]]
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    award: int = 99
    year: int = 0


def passages(document: Document, schema: SearchSchema) -> list[tuple[int, str]]:
    """(place of the field in text_fields(), text) of every passage, in that order; labels before aliases."""
    found = []
    for place, kind in enumerate(schema.text_fields()):
        if kind.key[0] == "@":
            for _, term in schema.terms_of(kind.key[1:], document):
                found += [(place, text) for text in (term.label, *term.aliases)]
        else:
            found += [(place, text) for text in document.texts.get(kind.key, ()) if text]
    return found


def title(document: Document, schema: SearchSchema) -> str:
    """The first passage of the title field, "" if there is none."""
    return next(iter(document.texts.get(schema.fields[schema.title_index()].key, ())), "")


def content_hash(document: Document) -> str:
    """The same for equal documents, whatever the order of their mappings."""
    data = (
        document.id,
        document.url,
        sorted((k, list(v)) for k, v in document.texts.items()),
        sorted((k, list(v)) for k, v in document.terms.items()),
        sorted(document.flags),
        document.award,
        document.year,
    )
    return hashlib.blake2b(msgspec.json.encode(data), digest_size=12).hexdigest()


def schema_hash(schema: SearchSchema) -> str:
    """The same for equal schemas."""
    data = [getattr(schema, f.name) for f in fields(schema)]
    return hashlib.blake2b(msgspec.json.encode(data, order="sorted"), digest_size=12).hexdigest()
