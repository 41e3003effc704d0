"""What templates see: one dataclass for each template, ready to show. Counts, order and addresses arrive made.

Addresses are relative to the root of the site; templates put `root` before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from generator.covers import figure


@dataclass(frozen=True, slots=True)
class TermLink:
    """A term of a dimension with its page and its number of cases."""

    name: str
    url: str
    count: int = 0
    mark: str = ""
    slug: str = ""
    about: str = ""
    announced: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """All terms of a dimension (or all rounds) with counts; `unpublished` cases have no term."""

    key: str
    label: str
    url: str
    terms: Sequence[TermLink]
    unpublished: int = 0
    role: str = ""

    @property
    def most(self) -> int:
        """Largest count, at least 1: the scale of a chart."""
        return max([1, self.unpublished, *(term.count for term in self.terms)])


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
class Tile:
    """A place on the schematic map: column and row from 0, `shade` from 0 (no case) to 4."""

    term: TermLink
    column: int
    row: int
    shade: int


@dataclass(frozen=True, slots=True)
class TileMap:
    """A schematic grid of places."""

    label: str
    columns: int
    rows: int
    tiles: Sequence[Tile]
    others: Sequence[TermLink] = ()


@dataclass(frozen=True, slots=True)
class PictureSize:
    """One file of a picture."""

    url: str
    width: int
    height: int
    type: str


@dataclass(frozen=True, slots=True)
class MediaItem:
    """A picture in its sizes (smallest first in each type), or a video."""

    alt: str
    caption: str
    is_video: bool
    url: str
    width: int = 0
    height: int = 0
    sizes: Sequence[PictureSize] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A case in a list. `award` and `terms` (dimension label, term) hold what was published."""

    id: str
    title: str
    url: str
    year: TermLink
    award: TermLink | None
    terms: Sequence[tuple[str, TermLink]]
    unit: str = ""
    people: str = ""
    summary: str = ""
    picture: MediaItem | None = None
    figure_mark: str = ""
    sample: bool = False

    @property
    def figure(self) -> Markup:
        """The drawing of a case without a picture, as inline SVG; made only where it is shown."""
        return Markup(figure(self.id, self.figure_mark))


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
class SourceLine:
    """A source or notice. number: of the document (文号), where it has one."""

    title: str
    address: str
    date: date | None
    number: str = ""


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
class PageLinks:
    """Pagination: the number of this page, and (number, address) of each; addresses of the neighbours."""

    number: int
    pages: Sequence[tuple[int, str]]
    previous: str = ""
    next: str = ""


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
class NoticeLink:
    """The page of a public notice: of which round, its address, its last day where that is known."""

    year: str
    url: str
    until: date | None


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


@dataclass(frozen=True, slots=True)
class LibraryCard:
    """A library of a portal; addresses lead from the portal's root. rounds: newest first. ways: its dimensions."""

    name: str
    url: str
    organiser: str
    programme: str
    about: str
    total: int
    rounds: Sequence[TermLink]
    ways: Sequence[TermLink]
    search_url: str
    sample: bool = False


@dataclass(frozen=True, slots=True)
class PortalContext:
    """Template portal/home.html. organisers: of all libraries."""

    libraries: Sequence[LibraryCard]
    total: int
    announced_total: int | None
    organisers: str


@dataclass(frozen=True, slots=True)
class PortalSearchContext:
    """Template portal/search.html. libraries: (key, manifest of its index, its root, card). marks: references of the
    symbols that results show."""

    libraries: Sequence[tuple[str, str, str, LibraryCard]]
    marks: str
    total: int


@dataclass(frozen=True, slots=True)
class SiteContext:
    """What every page knows: names, main navigation, footer facts. `url` is the public address, perhaps empty.

    libraries: of a portal's own pages. portal: of a site that is part of one, the way back.

    groups: without the dimensions of methods, which `methods` leads to. words: the name where it may break.
    colours: whether there is a style sheet of the organiser's. logo: its path among the assets, or empty.
    """

    name: str
    programme: str
    organiser: str
    intro: str
    sample: bool
    groups: Sequence[Group]
    words: Sequence[str] = ()
    methods: TermLink | None = None
    url: str = ""
    version: str = ""
    prose: Sequence[tuple[str, str]] = ()
    footer: Sequence[tuple[str, str, str]] = ()
    rankings: Sequence[TermLink] = ()
    libraries: Sequence[TermLink] = ()
    portal: TermLink | None = None
    editions: Sequence[tuple[str, str, str]] = ()
    colours: bool = False
    logo: str = ""


@dataclass(frozen=True, slots=True)
class PageContext:
    """What the frame shows of one page. `section` is the path of the main navigation entry it belongs to."""

    url: str
    title: str
    description: str = ""
    section: str = ""
    template: str = ""
    head: Markup = field(default_factory=Markup)
