"""What the templates of a public notice and of moved addresses see; as `contexts` has it for the library itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from generator.theming.contexts import PageLinks, SourceLine


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A project in public notice. facts: (label, value) of each dimension that was given."""

    number: int
    id: str
    title: str
    unit: str
    people: str
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class NoticeContext:
    """Template notice.html: the projects of a round in public notice, page by page; no part of the library."""

    year: str
    label: str
    url: str
    start: date | None
    end: date | None
    objection: str
    total: int
    columns: Sequence[str]
    rows: Sequence[NoticeRow]
    pages: PageLinks
    notices: Sequence[SourceLine]
    regulations: SourceLine | None = None


@dataclass(frozen=True, slots=True)
class MovedContext:
    """Template moved.html: the old number, and the record that it stands for now; title: empty where it was revoked."""

    id: str
    to: str
    url: str
    title: str
    date: date | None
    why: str
