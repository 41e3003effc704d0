"""The pages of a view: the cases of a round, a term or a unit, with their counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from generator import urls
from generator.pages.cards import Cards
from generator.pages.links import Links, page_links, source_line
from generator.pages.term_history import own_cases, passage_lines
from generator.records.model import PUBLISHED, Entry
from generator.site_options import SiteOptions
from generator.theming.contexts import Group, TileMap
from generator.theming.list_contexts import CalledTable, PassageLine, RoundChange, RoundStage, ViewContext
from generator.views import View, count_as_said

# A unit with fewer cases has a list and no charts: there are thousands of such pages.
CHARTED = 8
CHANGES_OF_ROUND = 20
# Orders of the search that pages of lists offer beside their own.
SORTS = ("award", "newest", "title")


@dataclass(frozen=True, slots=True)
class ViewCounts:
    """Counts of a view by the other dimensions, the awards apart, and its map."""

    groups: Sequence[Group]
    awards: Group | None
    map: TileMap | None


@dataclass(frozen=True)
class ViewPages:
    """Contexts of the pages of views."""

    cards: Cards
    options: SiteOptions
    _view_counts: dict[str, ViewCounts] = field(default_factory=dict)

    @property
    def links(self) -> Links:
        return self.cards.links

    def view_counts(self, view: View) -> ViewCounts:
        """Counts of the cases of `view` by the other dimensions; the same for each of its pages."""
        found = self._view_counts.get(view.url())
        if found is None:
            found = self._view_counts[view.url()] = self._count_view(view)
        return found

    def _count_view(self, view: View) -> ViewCounts:
        scheme = self.links.scheme
        own = view.dimension.key if view.dimension else "year" if view.round else ""
        if view.unit and len(view.cases) < CHARTED:
            return ViewCounts([], None, None)
        year = view.round.year if view.round else None
        groups = self.links.groups_of(view.cases, own, year)
        awards = next((group for group in groups if group.role == "award"), None)
        if view.round and scheme.award and awards:
            awards = self.links.group(scheme.award, view.cases, view.round.announced.get(scheme.award.key), year)
        place = scheme.role("place")
        mapped = self.links.tile_map(view.cases, year) if place and own != place.key and view.cases else None
        return ViewCounts([group for group in groups if group.role != "award"], awards, mapped)

    def context(self, view: View, number: int) -> ViewContext:
        """Template view.html, page `number` of `view`."""
        counts = self.view_counts(view)
        links = page_links(number, view.page_count, view.url)
        query = {view.dimension.key: view.term.slug} if view.dimension and view.term else {"year": view.label}
        label, path = self.links.core_label("year"), urls.YEARS
        if view.unit:
            query = {"q": f'"{view.unit}"'}
            label, path = self.links.core_label("unit"), urls.UNITS
        elif view.dimension:
            label, path = self.links.label(view.dimension), view.dimension.path
        return ViewContext(
            heading=view.label,
            group_label=label,
            group_url=urls.index_url(path),
            mark=(view.term.mark or "") if view.term else "",
            about=self._about(view),
            total=len(view.cases),
            announced_total=view.round.total if view.round else None,
            groups=counts.groups,
            awards=counts.awards,
            cards=[self.cards.card(case) for case in view.page(number)],
            pages=links,
            notices=[source_line(notice) for notice in view.round.notices] if view.round else [],
            feed_url=urls.feed_url(view.url()),
            csv_url=urls.csv_url(view.url()),
            map=counts.map,
            search_url=f"{urls.SEARCH}?{urlencode(query)}" if view.dimension is None or view.dimension.filter else "",
            role=(view.dimension.role or "") if view.dimension else "",
            above=self.links.above(view.dimension),
            sorts=[
                (label, f"{urls.SEARCH}?{urlencode(query | {'sort': key})}")
                for key, label in zip(SORTS, self._sort_labels(), strict=True)
            ],
            changes=self._round_changes(view) if number == 1 else [],
            changes_url=urls.CHANGES_FEED if view.round else "",
            stages=[RoundStage(self.links.phrases(s.label), s.start, s.end) for s in view.round.dates.stages()]
            if view.round
            else [],
            regulations=source_line(view.round.regulations) if view.round and view.round.regulations else None,
            notice=self.links.notice_link(self.options.notice)
            if view.round and view.round.year == self.options.notice
            else None,
            called=self._called(view),
            passages=self.passages(view),
            lifetime=view.dimension.history.lifetime(view.label, self.links.phrases) if view.dimension else "",
            own=own_cases(view.dimension, view.label, self.links.views)
            if view.dimension and self.passages(view)
            else None,
        )

    def _called(self, view: View) -> list[CalledTable]:
        """What the round of a view called for, by each dimension that numbers were told of."""
        if view.round is None:
            return []
        tables = []
        for key, called in view.round.called.items():
            dimension, announced = self.links.scheme.by_key[key], view.round.announced.get(key, {})
            counts = count_as_said(view.cases, dimension)
            names = [name for name in dimension.names if name in called or name in announced or counts.get(name)]
            links = [
                self.links.term_link(dimension, dimension.by_name[n], counts.get(n, 0), announced.get(n)) for n in names
            ]
            lines = [(link, called.get(link.name)) for link in links]
            whole = sum(announced.values()) if announced else None
            recorded = len(view.cases) - counts.get(None, 0)
            tables.append(CalledTable(self.links.label(dimension), lines, sum(called.values()), whole, recorded))
        return tables

    def changed_in(self, view: View) -> list[Entry]:
        """The cases of a round with the newest changes since publication, the revoked ones too; newest first."""
        if view.round is None:
            return []
        year = view.round.year
        changed = [e for e in self.links.library.entries if e.year == year and e.changed and e.status in PUBLISHED]
        changed.sort(key=lambda entry: (entry.changed, entry.id), reverse=True)
        return changed[:CHANGES_OF_ROUND]

    def _round_changes(self, view: View) -> list[RoundChange]:
        found = []
        for entry in self.changed_in(view):
            name = entry.title if entry.is_public else self.links.phrases("编号 {id}", id=entry.id)
            for change in self.links.library.load(entry.id).changes:
                found.append(RoundChange(change.date, change.what, name, urls.case_url(entry.id)))
        found.sort(key=lambda change: change.date, reverse=True)
        return found[:CHANGES_OF_ROUND]

    def _about(self, view: View) -> str:
        if view.dimension and view.term:
            return self.links.plain_link(view.dimension, view.term.name).about
        return (view.round.label or "") if view.round else ""

    def passages(self, view: View) -> list[PassageLine]:
        """What became of the term of a view; nothing for other views."""
        if view.dimension is None or not view.dimension.concordance:
            return []
        return passage_lines(view.dimension, view.label, self.links.views, self.links.phrases)

    def _sort_labels(self) -> list[str]:
        """What the orders of SORTS are called."""
        return [self.links.phrases("按奖项"), self.links.phrases("按最新"), self.links.phrases("按名称")]
