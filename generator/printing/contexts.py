"""What the templates of printed documents see: one dataclass for each. docs/printing.md tells staff the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Blocks of a text, as `blocks.blocks_of` makes them.
Blocks = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of the list. width: share of the table. centred: of short values; longer ones begin at the left.

    names: of people, whose names are not broken.
    """

    label: str
    width: int
    centred: bool
    names: bool


@dataclass(frozen=True, slots=True)
class ListGroup:
    """The cases of one award. label is empty where the scheme has no awards."""

    label: str
    count: int
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class ListContext:
    """Template list.typ, and the Word file. note: what is wrong with the list as a whole, or empty.

    words: of the scheme.
    """

    mark: str
    title: str
    intro: Sequence[str]
    note: str
    columns: Sequence[ListColumn]
    groups: Sequence[ListGroup]
    closing: Sequence[str]
    signed: str
    date: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate of one project. qr: name of the picture of the code that leads to `address`."""

    id: str
    number: str
    people: Sequence[str]
    unit: str
    text: Sequence[str]
    award: str
    closing: Sequence[str]
    qr: str
    address: str


@dataclass(frozen=True, slots=True)
class CertificatesContext:
    """Template certificate.typ: a page for each certificate. note: marks samples, else empty. words: the scheme's."""

    title: str
    name: str
    signed: str
    date: str
    note: str
    certificates: Sequence[Certificate]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in its small copy. width, height: in pixels."""

    file: str
    caption: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Section:
    label: str
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was published."""

    title: str
    date: str
    address: str


@dataclass(frozen=True, slots=True)
class CasePart:
    """A case of the yearbook. facts, people: (label, value) and (name, post). missing: labels of absent sections."""

    id: str
    title: str
    award: str
    facts: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    summary: str
    pictures: Sequence[Picture]
    sections: Sequence[Section]
    missing: Sequence[str]
    patents: Sequence[str]
    sources: Sequence[Origin]
    changes: Sequence[str]
    address: str
    qr: str


@dataclass(frozen=True, slots=True)
class Part:
    """The cases of one award, as a part of the yearbook."""

    label: str
    cases: Sequence[CasePart]


@dataclass(frozen=True, slots=True)
class CountTable:
    """How many cases each term has; those without any are left out."""

    label: str
    rows: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit and the ids of its cases."""

    name: str
    cases: Sequence[str]


@dataclass(frozen=True, slots=True)
class YearbookContext:
    """Template yearbook.typ. units: by the initial of their pinyin. note: see ListContext. words: of the scheme."""

    title: str
    year: int
    round: str
    programme: str
    organiser: str
    name: str
    signed: str
    date: str
    note: str
    total: int
    preface: Blocks
    counts: Sequence[CountTable]
    parts: Sequence[Part]
    units: Sequence[tuple[str, Sequence[UnitLine]]]
    notices: Sequence[Origin]
    words: Mapping[str, str]
