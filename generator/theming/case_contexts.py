"""What the template of a case sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from generator.theming.contexts import Card, MediaItem, SourceLine, TermLink


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the fact list; an empty `value` was not published. now: what that is called today."""

    label: str
    value: str = ""
    url: str = ""
    mark: str = ""
    now: TermLink | None = None


@dataclass(frozen=True, slots=True)
class PersonLine:
    name: str
    post: str
    lead: bool


@dataclass(frozen=True, slots=True)
class SectionPart:
    """A part of the introduction: `html` is safe."""

    key: str
    label: str
    html: Markup


@dataclass(frozen=True, slots=True)
class PatentLine:
    number: str
    kind: str
    title: str
    status: str
    date: date | None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    date: date
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The case in the forms of GB/T 7714-2015 and BibTeX."""

    gbt7714: str
    bibtex: str


@dataclass(frozen=True, slots=True)
class CaseContext:
    """Template case.html. `qr` is the public address as inline SVG, empty where the site has none."""

    card: Card
    facts: Sequence[Fact]
    people: Sequence[PersonLine]
    sections: Sequence[SectionPart]
    media: Sequence[MediaItem]
    patents: Sequence[PatentLine]
    sources: Sequence[SourceLine]
    changes: Sequence[ChangeLine]
    missing: Sequence[str]
    previous: Card | None
    next: Card | None
    related: Sequence[Card]
    citation: Citation
    revoked: bool
    json_url: str
    edit_address: str = ""
    report_address: str = ""
    qr: Markup = field(default_factory=Markup)
