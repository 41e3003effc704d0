"""What templates see, ready to show; here what several of them have in common. Counts, order and addresses arrive made.

Addresses are relative to the root of the site; templates put `root` before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from generator.theming.covers import figure


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
class SourceLine:
    """A source or notice. number: of the document (文号), where it has one."""

    title: str
    address: str
    date: date | None
    number: str = ""


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Pagination: the number of this page, and (number, address) of each; addresses of the neighbours."""

    number: int
    pages: Sequence[tuple[int, str]]
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class NoticeLink:
    """The page of a public notice: of which round, its address, its last day where that is known."""

    year: str
    url: str
    until: date | None


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
