"""What templates of lists, indexes and the home page see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from generator.theming.contexts import Card, Group, NoticeLink, PageLinks, SourceLine, TermLink, TileMap


@dataclass(frozen=True, slots=True)
class PassageLine:
    """What became of terms from one round on, each with the cases that count under it. kind: 更名, 合并, 拆分 …"""

    since: int
    kind: str
    was: Sequence[TermLink]
    became: Sequence[TermLink]
    about: str = ""


@dataclass(frozen=True, slots=True)
class FormerTerm:
    """A term that is used no longer: in which rounds it was, and what it became."""

    term: TermLink
    lifetime: str
    became: Sequence[TermLink]


@dataclass(frozen=True, slots=True)
class CalledTable:
    """How many projects a round called for by the terms of a dimension, beside what was announced and recorded.

    lines: (term with announced and recorded number, called number or None).
    """

    label: str
    lines: Sequence[tuple[TermLink, int | None]]
    called: int
    announced: int | None
    recorded: int


@dataclass(frozen=True, slots=True)
class RankingContext:
    """Template ranking.html: a month of a ranking, or without `month` all its months.

    lines: (place, name, address or "", cases, cases of the year so far). months: (label, address, cases, first of it).
    more: how many lines stand only in the table. undated: cases that are in no month.
    """

    label: str
    by: str
    url: str
    about: str
    month: str
    total: int
    lines: Sequence[tuple[int, str, str, int, int]]
    months: Sequence[tuple[str, str, int, str]]
    csv_url: str
    more: int = 0
    undated: int = 0


@dataclass(frozen=True, slots=True)
class RoundChange:
    """A correction in a round: the case by its title, or by its number where it was revoked."""

    date: date
    what: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A change to a published case, named as in RoundChange. revokes: whether it took the case out of the library."""

    date: date
    what: str
    why: str
    name: str
    url: str
    revokes: bool


@dataclass(frozen=True, slots=True)
class CorrectionsContext:
    """Template changes.html: corrections and revocations, the newest first, page by page."""

    label: str
    total: int
    lines: Sequence[Correction]
    pages: PageLinks
    feed_url: str
    csv_url: str


@dataclass(frozen=True, slots=True)
class RoundStage:
    """A stage of a round: its first and last day, of which one may be unknown."""

    label: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class ViewContext:
    """Template view.html: the cases of one round or term, page by page.

    `groups` are the counts by the other dimensions; `announced` holds (award term with recorded count, announced).
    `pages` is not called `page`, which is the PageContext of every template. `search_url` opens the same cases in the
    search, where they can be sorted and filtered; `sorts` are (label, address) of the same cases in other orders.
    `above`: (label, address) of what stands above `group_label`. passages: what became of the term, or what it was;
    lifetime: the rounds in which it is used. own: how many of the cases have this term itself, where others became it.
    Of a round only: `changes`, newest first; `stages`, whose days were published; `called`, what it called for;
    `regulations`; `notice`, the page of its public notice, where this build has one.
    """

    heading: str
    group_label: str
    group_url: str
    mark: str
    about: str
    total: int
    announced_total: int | None
    groups: Sequence[Group]
    awards: Group | None
    cards: Sequence[Card]
    pages: PageLinks
    notices: Sequence[SourceLine] = ()
    feed_url: str = ""
    csv_url: str = ""
    map: TileMap | None = None
    search_url: str = ""
    role: str = ""
    above: Sequence[tuple[str, str]] = ()
    sorts: Sequence[tuple[str, str]] = ()
    changes: Sequence[RoundChange] = ()
    changes_url: str = ""
    stages: Sequence[RoundStage] = ()
    regulations: SourceLine | None = None
    notice: NoticeLink | None = None
    called: Sequence[CalledTable] = ()
    passages: Sequence[PassageLine] = ()
    lifetime: str = ""
    own: int | None = None


@dataclass(frozen=True, slots=True)
class IndexContext:
    """Template index.html of a dimension: its terms, and those that are used no longer."""

    group: Group
    about: str
    total: int
    map: TileMap | None = None
    above: Sequence[tuple[str, str]] = ()
    former: Sequence[FormerTerm] = ()


@dataclass(frozen=True, slots=True)
class MethodTerm:
    """A term of a dimension of methods: with how many cases each term of the others stands, and its best cases."""

    term: TermLink
    crossed: Sequence[Group]
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class MethodPart:
    """A dimension of methods."""

    group: Group
    about: str
    terms: Sequence[MethodTerm]


@dataclass(frozen=True, slots=True)
class MethodsContext:
    """Template methods.html. `filled`: how many of the `total` cases say anything of their method."""

    label: str
    about: str
    total: int
    filled: int
    parts: Sequence[MethodPart]


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A line of an index: a title or a unit, where it leads, how many cases it stands for."""

    text: str
    url: str
    count: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class AlphabetContext:
    """Template alphabet.html: one letter of an index by pinyin. letters: (letter, address, lines)."""

    label: str
    letter: str
    letters: Sequence[tuple[str, str, int]]
    lines: Sequence[IndexLine]
    pages: PageLinks
    total: int


@dataclass(frozen=True, slots=True)
class PreviewContext:
    """Template preview.html: cases by the Chinese name of the state that they are in."""

    total: int
    states: Sequence[tuple[str, Sequence[Card]]]


@dataclass(frozen=True, slots=True)
class LinkList:
    """A list of links under one heading; the text of each link and its address."""

    label: str
    links: Sequence[IndexLine]


@dataclass(frozen=True, slots=True)
class HomeContext:
    """Template home.html."""

    total: int
    announced_total: int | None
    latest: TermLink | None
    awards: Group | None
    groups: Sequence[Group]
    map: TileMap | None
    best: Sequence[Card]
    day: Sequence[Card]
    recent: Sequence[tuple[date, Card]]
    methods: MethodsContext | None = None
    notice: NoticeLink | None = None
    revoked: int = 0


@dataclass(frozen=True, slots=True)
class SearchContext:
    """Template search.html: filters with counts, and the ways on for those without a script."""

    groups: Sequence[Group]
    index_url: str
    total: int
    no_script: Sequence[LinkList] = ()
