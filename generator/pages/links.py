"""Links to terms and rounds with their counts, as lists, charts and maps show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from generator import urls
from generator.phrases import Phrases
from generator.records.library import Library
from generator.records.model import CORE_LABELS, Entry, Source
from generator.scheme.batches import BATCH
from generator.scheme.model import METHOD, Dimension, Notice, Scheme, Term
from generator.theming.contexts import Group, NoticeLink, PageLinks, SourceLine, TermLink, Tile, TileMap
from generator.views import Views, count_as_said, count_with_parents, count_years

SHADES = 4


@dataclass(frozen=True)
class Links:
    """Links to terms and rounds of one library with their counts, and what its labels are in one language."""

    library: Library
    views: Views
    phrases: Phrases
    _links: dict[tuple[str, str], TermLink] = field(default_factory=dict)

    @property
    def scheme(self) -> Scheme:
        return self.library.scheme

    def term_link(self, dimension: Dimension, term: Term, count: int = 0, announced: int | None = None) -> TermLink:
        url = urls.term_link(dimension, term)
        about = term.about or (self._day_of_batch(term.date) if term.date else "")
        return TermLink(term.name, url, count, term.mark or "", term.slug, about, announced)

    def _day_of_batch(self, day: date) -> str:
        return self.phrases("{year}年{month}月{day}日公布", year=day.year, month=day.month, day=day.day)

    def plain_link(self, dimension: Dimension, name: str) -> TermLink:
        """Link to a term without numbers, the same object each time."""
        found = self._links.get((dimension.key, name))
        if found is None:
            found = self._links[dimension.key, name] = self.term_link(dimension, dimension.by_name[name])
        return found

    def year_link(self, year: int, count: int = 0) -> TermLink:
        entry = self.scheme.by_year.get(year)
        total = entry.total if entry else None
        about = (entry.label or "") if entry else ""
        return TermLink(str(year), urls.year_url(year), count, "", str(year), about, total)

    def group(
        self,
        dimension: Dimension,
        cases: Sequence[Entry],
        announced: Mapping[str, int] | None = None,
        year: int | None = None,
    ) -> Group:
        """Counts of `cases` by the terms of `dimension`: those of the round `year`, or those of today."""
        counts = counted(cases, dimension, year)
        terms = [
            self.term_link(dimension, term, counts.get(term.name, 0), (announced or {}).get(term.name))
            for term in shown_terms(dimension, counts, year)
        ]
        url = urls.index_url(dimension.path)
        return Group(dimension.key, self.label(dimension), url, terms, counts.get(None, 0), dimension.role or "")

    def years(self, counts: Mapping[int, int]) -> Group:
        rounds = sorted(self.scheme.by_year, reverse=True)
        terms = [self.year_link(year, counts.get(year, 0)) for year in rounds]
        return Group("year", self.core_label("year"), urls.index_url(urls.YEARS), terms)

    def groups_of(self, cases: Sequence[Entry], without: str = "", year: int | None = None) -> list[Group]:
        """Counts of `cases` by round and by each dimension, except `without` and methods of which no case tells.

        year: the round whose terms are shown; those of today by default.
        """
        groups = [] if without == "year" else [self.years(count_years(cases))]
        for dimension in self.scheme.paged:
            if dimension.key != without and (dimension.role != METHOD or any(c.term(dimension.key) for c in cases)):
                groups.append(self.group(dimension, cases, year=year))
        return groups

    def tile_map(self, cases: Sequence[Entry], year: int | None = None) -> TileMap | None:
        """The schematic map of the scheme's places with the counts of `cases`; None where the scheme has no tiles."""
        dimension = self.scheme.role("place")
        if dimension is None:
            return None
        counts = counted(cases, dimension, year)
        terms = shown_terms(dimension, counts, year)
        # A place that is no more has left its tile to another.
        placed = [term for term in terms if term.tile and (year is not None or term.name not in dimension.history.ends)]
        if not placed:
            return None
        most = max([counts.get(term.name, 0) for term in placed] + [1])
        tiles = []
        for term in placed:
            assert term.tile is not None
            count = counts.get(term.name, 0)
            shade = -(-count * SHADES // most)
            tiles.append(Tile(self.term_link(dimension, term, count), *term.tile, shade))
        columns = max(tile.column for tile in tiles) + 1
        rows = max(tile.row for tile in tiles) + 1
        tiles.sort(key=lambda tile: (tile.row, tile.column))
        others = [self.term_link(dimension, t, counts.get(t.name, 0)) for t in terms if t not in placed]
        return TileMap(self.label(dimension), columns, rows, tiles, others)

    def core_label(self, name: str) -> str:
        """What the field `name` of every record is called."""
        return self._core_labels[name]

    @cached_property
    def _core_labels(self) -> dict[str, str]:
        return {name: self.phrases(label) for name, label in CORE_LABELS.items()}

    def label(self, dimension: Dimension) -> str:
        """What `dimension` is called."""
        return dimension.named(self.phrases.language)

    def notice_link(self, year: int) -> NoticeLink | None:
        """The page of the round that is in public notice, None where `year` is no round."""
        entry = self.scheme.by_year.get(year)
        if entry is None:
            return None
        period = entry.dates.notice
        return NoticeLink(str(entry.year), urls.notice_url(entry.year), period.end if period else None)

    def above(self, dimension: Dimension | None) -> list[tuple[str, str]]:
        """What stands above the index of `dimension`."""
        methods = dimension is not None and dimension.role == METHOD
        return [(self.scheme.methods.label, urls.index_url(urls.METHODS))] if methods else []


def counted(cases: Sequence[Entry], dimension: Dimension, year: int | None) -> Mapping[str | None, int]:
    """Counts of `cases` by the terms of `dimension`: as they were said, where a round is given; else as of today."""
    return count_with_parents(cases, dimension) if year is None else count_as_said(cases, dimension)


def shown_terms(dimension: Dimension, counts: Mapping[str | None, int], year: int | None) -> list[Term]:
    """The terms of the round `year`; for None those of today, and those with a case that became several or none."""
    if year is not None:
        terms = [term for term in dimension.terms if dimension.covers(term.name, year)]
    else:
        terms = [t for t in dimension.lasting if t.name not in dimension.history.ends or counts.get(t.name)]
    if dimension.role == BATCH:
        terms.sort(key=lambda term: (term.date or date.max, term.round or 0), reverse=True)  # stable: the newest first
    return terms


def page_links(number: int, last: int, url: Callable[[int], str]) -> PageLinks:
    """Pagination of page `number` of `last`; url: address of a page by its number."""
    pages = [(n, url(n)) for n in range(1, last + 1)]
    return PageLinks(number, pages, url(number - 1) if number > 1 else "", url(number + 1) if number < last else "")


def source_line(entry: Notice | Source) -> SourceLine:
    number = entry.number or "" if isinstance(entry, Notice) else ""
    return SourceLine(entry.title, entry.address or "", entry.date, number)
