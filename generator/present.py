"""Turns cases and views into the contexts that templates show. Pure: the same library gives the same contexts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from markupsafe import Markup

from generator import urls
from generator.alphabet import Alphabet
from generator.cite import cite
from generator.contexts import (
    AlphabetContext,
    CalledTable,
    Card,
    CaseContext,
    ChangeLine,
    Fact,
    Group,
    HomeContext,
    IndexContext,
    MediaItem,
    MethodPart,
    MethodsContext,
    MethodTerm,
    NoticeLink,
    PageLinks,
    PassageLine,
    PatentLine,
    PersonLine,
    RankingContext,
    RoundChange,
    RoundStage,
    SectionPart,
    SiteContext,
    SourceLine,
    TermLink,
    Tile,
    TileMap,
    ViewContext,
)
from generator.library import Library
from generator.markup import render_markup
from generator.model import CORE_LABELS, PUBLISHED, Case, Entry, Source, wanted
from generator.phrases import Phrases
from generator.qr import qr_code
from generator.rankings import Month, Rankings
from generator.scheme import METHOD, Dimension, Notice, Scheme, Term
from generator.scheme_batches import BATCH
from generator.scheme_fields import FACTS, field_text
from generator.scheme_rankings import Ranking
from generator.site_options import SiteOptions
from generator.term_history import former_terms, own_cases, passage_lines
from generator.views import View, Views, count_as_said, count_with_parents, count_years

BEST_ON_HOME = 6
# A unit with fewer cases has a list and no charts: there are thousands of such pages.
CHARTED = 8
CARD_PEOPLE = 3
SHADES = 4
CHANGES_OF_ROUND = 20
CASES_OF_METHOD = 3
# Orders of the search that pages of lists offer beside their own.
SORTS = ("award", "newest", "title")


@dataclass(frozen=True, slots=True)
class ViewCounts:
    """Counts of a view by the other dimensions, the awards apart, and its map."""

    groups: Sequence[Group]
    awards: Group | None
    map: TileMap | None


def site_context(scheme: Scheme, options: SiteOptions, phrases: Phrases) -> SiteContext:
    """What every page knows; without counts, so that a new case does not change every page."""
    years = [TermLink(str(year), urls.year_url(year), slug=str(year)) for year in sorted(scheme.by_year, reverse=True)]
    groups = [Group("year", phrases(CORE_LABELS["year"]), urls.index_url(urls.YEARS), years)]
    for dimension in scheme.paged:
        if dimension.role == METHOD:
            continue
        terms = [
            TermLink(term.name, urls.term_url(dimension, term), 0, term.mark or "", term.slug)
            for term in dimension.lasting
            if term.name not in dimension.history.ends
        ]
        groups.append(
            Group(
                *(dimension.key, dimension.named(phrases.language), urls.index_url(dimension.path)),
                *(terms, 0, dimension.role or ""),
            )
        )
    methods = None
    if scheme.method_dimensions:
        methods = TermLink(scheme.methods.label, urls.index_url(urls.METHODS), about=scheme.methods.about or "")
    return SiteContext(
        name=scheme.name,
        programme=scheme.programme,
        organiser=scheme.organiser,
        intro=scheme.intro or "",
        sample=scheme.sample,
        groups=groups,
        words=scheme.words_of_name,
        methods=methods,
        url=options.url,
        version=options.version,
        prose=options.prose,
        footer=[*((line.label, line.text, line.address or "") for line in scheme.brand.footer), *options.footer],
        portal=TermLink(*options.portal) if options.portal[0] else None,
        rankings=[TermLink(ranking.label, urls.ranking_url(ranking.key)) for ranking in scheme.rankings],
        colours=scheme.brand.has_colours,
        logo=scheme.brand.logo_name,
        editions=options.editions,
    )


@dataclass(frozen=True)
class Presenter:
    """Makes the context of every page of one library."""

    library: Library
    views: Views
    phrases: Phrases
    options: SiteOptions = field(default_factory=SiteOptions)
    media: Mapping[str, Sequence[MediaItem]] = field(default_factory=dict)
    _view_counts: dict[str, ViewCounts] = field(default_factory=dict)
    _cards: dict[str, Card] = field(default_factory=dict)
    _links: dict[tuple[str, str], TermLink] = field(default_factory=dict)

    # links and groups

    def term_link(self, dimension: Dimension, term: Term, count: int = 0, announced: int | None = None) -> TermLink:
        url = urls.term_link(dimension, term)
        about = term.about or (self._day_of_batch(term.date) if term.date else "")
        return TermLink(term.name, url, count, term.mark or "", term.slug, about, announced)

    def _day_of_batch(self, day: date) -> str:
        return self.phrases("{year}年{month}月{day}日公布", year=day.year, month=day.month, day=day.day)

    def _plain_link(self, dimension: Dimension, name: str) -> TermLink:
        """Link to a term without numbers, the same object each time."""
        found = self._links.get((dimension.key, name))
        if found is None:
            found = self._links[dimension.key, name] = self.term_link(dimension, dimension.by_name[name])
        return found

    def year_link(self, year: int, count: int = 0) -> TermLink:
        entry = self.library.scheme.by_year.get(year)
        total = entry.total if entry else None
        about = (entry.label or "") if entry else ""
        return TermLink(str(year), urls.year_url(year), count, "", str(year), about, total)

    def _group(
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

    def _years(self, counts: Mapping[int, int]) -> Group:
        rounds = sorted(self.library.scheme.by_year, reverse=True)
        terms = [self.year_link(year, counts.get(year, 0)) for year in rounds]
        return Group("year", self.core_label("year"), urls.index_url(urls.YEARS), terms)

    def groups_of(self, cases: Sequence[Entry], without: str = "", year: int | None = None) -> list[Group]:
        """Counts of `cases` by round and by each dimension, except `without` and methods of which no case tells.

        year: the round whose terms are shown; those of today by default.
        """
        groups = [] if without == "year" else [self._years(count_years(cases))]
        for dimension in self.library.scheme.paged:
            if dimension.key != without and (dimension.role != METHOD or any(c.term(dimension.key) for c in cases)):
                groups.append(self._group(dimension, cases, year=year))
        return groups

    def tile_map(self, cases: Sequence[Entry], year: int | None = None) -> TileMap | None:
        """The schematic map of the scheme's places with the counts of `cases`; None where the scheme has no tiles."""
        dimension = self.library.scheme.role("place")
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

    # cards

    def card(self, case: Entry) -> Card:
        """The case as it stands in a list."""
        found = self._cards.get(case.id)
        if found is None:
            found = self._cards[case.id] = self._make_card(case)
        return found

    def _make_card(self, case: Entry) -> Card:
        scheme = self.library.scheme
        award: TermLink | None = None
        terms: list[tuple[str, TermLink]] = []
        mark = ""
        for dimension in scheme.dimensions:
            name = case.term(dimension.key)
            if name is None:
                continue
            link = self._plain_link(dimension, name)
            if dimension.role == "award":
                award = link
            elif dimension.role != METHOD:
                terms.append((self.label(dimension), link))
                mark = (link.mark or link.slug) if not dimension.role else mark
        for extra in scheme.stored:
            if extra.key in case.extras:
                terms.append(("", TermLink(f"{extra.label}：{case.extras[extra.key]}", "")))
        pictures = [item for item in self.media.get(case.id, ()) if not item.is_video]
        return Card(
            id=case.id,
            title=case.title,
            url=urls.case_url(case.id),
            year=self.year_link(case.year),
            award=award,
            terms=terms,
            unit=case.unit,
            people=people_line(case, self.phrases),
            summary=case.summary,
            picture=pictures[0] if pictures else None,
            figure_mark=mark,
            sample=case.sample,
        )

    # pages

    def case(
        self, case: Case, previous: Entry | None, following: Entry | None, related: Sequence[Entry]
    ) -> CaseContext:
        """Template case.html. previous, following: neighbours in the round."""
        scheme = self.library.scheme
        card = self.card(self.library.by_id[case.id])
        sections = [
            SectionPart(section.key, section.label, Markup(render_markup(text)))
            for section in scheme.sections
            if (text := case.section(section.key))
        ]
        return CaseContext(
            card=card,
            facts=self._facts(case),
            people=[PersonLine(person.name, person.post or "", person.role == "lead") for person in case.people],
            sections=sections,
            media=self.media.get(case.id, ()),
            patents=[
                PatentLine(p.number or "", p.kind or "", p.title or "", p.status or "", p.date) for p in case.patents
            ],
            sources=[source_line(source) for source in case.sources],
            changes=[ChangeLine(c.date, c.what, c.why or "") for c in sorted(case.changes, key=lambda c: c.date)],
            missing=self._missing(case),
            previous=self.card(previous) if previous else None,
            next=self.card(following) if following else None,
            related=[self.card(other) for other in related],
            citation=cite(case, scheme, self.options.url),
            revoked=case.status == "revoked",
            json_url=urls.api_url(urls.case_url(case.id)),
            edit_address=_filled(self.options.edit_address, case),
            report_address=_filled(self.options.report_address, case),
            qr=qr_code(f"{self.options.url}{urls.case_url(case.id)}") if self.options.url else Markup(),
        )

    def _facts(self, case: Case) -> list[Fact]:
        scheme = self.library.scheme
        facts = [Fact(self.core_label("year"), str(case.year), urls.year_url(case.year))]
        for dimension in scheme.dimensions:
            name = case.value(dimension.key)
            if name is None:
                # A method is told by those who know it; the notice of an award never has it.
                if dimension.role != METHOD:
                    facts.append(Fact(self.label(dimension)))
            else:
                link = self._plain_link(dimension, name)
                now = dimension.history.now(name)
                later = self._plain_link(dimension, now) if now != name else None
                facts.append(Fact(self.label(dimension), name, link.url, link.mark, later))
        facts.append(Fact(self.core_label("unit"), case.unit or "", self.views.unit_url(case.unit or "")))
        for extra in scheme.stored:
            value = case.value(extra.key)
            if value is not None and FACTS in extra.shown:
                facts.append(Fact(extra.label, self._shown(value)))
        facts.append(Fact(self.core_label("id"), case.id))
        return facts

    def _shown(self, value: object) -> str:
        if isinstance(value, bool):
            return self.phrases("是") if value else self.phrases("否")
        return field_text(value)

    def _missing(self, case: Case) -> list[str]:
        """Labels of what the record of a complete case would hold and this one does not."""
        return [self._wanted_label(name, label) for name, label in wanted(type(case)) if not case.value(name)]

    def _wanted_label(self, name: str, label: str) -> str:
        dimension = self.library.scheme.by_key.get(name)
        return self.label(dimension) if dimension else self.core_label(name) if name in CORE_LABELS else label

    def _sort_labels(self) -> list[str]:
        """What the orders of SORTS are called."""
        return [self.phrases("按奖项"), self.phrases("按最新"), self.phrases("按名称")]

    def core_label(self, name: str) -> str:
        """What the field `name` of every record is called."""
        return self._core_labels[name]

    @cached_property
    def _core_labels(self) -> dict[str, str]:
        return {name: self.phrases(label) for name, label in CORE_LABELS.items()}

    def label(self, dimension: Dimension) -> str:
        """What `dimension` is called."""
        return dimension.named(self.phrases.language)

    def alphabet(self, index: Alphabet, letter: str, number: int) -> AlphabetContext:
        """Template alphabet.html, page `number` of one letter."""
        lines = index.page(letter, number)
        last = index.page_count(letter)
        links = page_links(number, last, lambda n: index.url(letter, n))
        letters = [(name, index.url(name), size) for name, size in index.sizes.items()]
        return AlphabetContext(index.label, letter, letters, lines, links, sum(count for *_, count in letters))

    def view_counts(self, view: View) -> ViewCounts:
        """Counts of the cases of `view` by the other dimensions; the same for each of its pages."""
        found = self._view_counts.get(view.url())
        if found is None:
            found = self._view_counts[view.url()] = self._count_view(view)
        return found

    def _count_view(self, view: View) -> ViewCounts:
        scheme = self.library.scheme
        own = view.dimension.key if view.dimension else "year" if view.round else ""
        if view.unit and len(view.cases) < CHARTED:
            return ViewCounts([], None, None)
        year = view.round.year if view.round else None
        groups = self.groups_of(view.cases, own, year)
        awards = next((group for group in groups if group.role == "award"), None)
        if view.round and scheme.award and awards:
            awards = self._group(scheme.award, view.cases, view.round.announced.get(scheme.award.key), year)
        place = scheme.role("place")
        mapped = self.tile_map(view.cases, year) if place and own != place.key and view.cases else None
        return ViewCounts([group for group in groups if group.role != "award"], awards, mapped)

    def changed_in(self, view: View) -> list[Entry]:
        """The cases of a round with the newest changes since publication, the revoked ones too; newest first."""
        if view.round is None:
            return []
        year = view.round.year
        changed = [e for e in self.library.entries if e.year == year and e.changed and e.status in PUBLISHED]
        changed.sort(key=lambda entry: (entry.changed, entry.id), reverse=True)
        return changed[:CHANGES_OF_ROUND]

    def _round_changes(self, view: View) -> list[RoundChange]:
        found = []
        for entry in self.changed_in(view):
            name = entry.title if entry.is_public else self.phrases("编号 {id}", id=entry.id)
            for change in self.library.load(entry.id).changes:
                found.append(RoundChange(change.date, change.what, name, urls.case_url(entry.id)))
        found.sort(key=lambda change: change.date, reverse=True)
        return found[:CHANGES_OF_ROUND]

    def _above(self, dimension: Dimension | None) -> list[tuple[str, str]]:
        """What stands above the index of `dimension`."""
        methods = dimension is not None and dimension.role == METHOD
        return [(self.library.scheme.methods.label, urls.index_url(urls.METHODS))] if methods else []

    def view(self, view: View, number: int) -> ViewContext:
        """Template view.html, page `number` of `view`."""
        counts = self.view_counts(view)
        links = page_links(number, view.page_count, view.url)
        query = {view.dimension.key: view.term.slug} if view.dimension and view.term else {"year": view.label}
        label, path = self.core_label("year"), urls.YEARS
        if view.unit:
            query = {"q": f'"{view.unit}"'}
            label, path = self.core_label("unit"), urls.UNITS
        elif view.dimension:
            label, path = self.label(view.dimension), view.dimension.path
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
            cards=[self.card(case) for case in view.page(number)],
            pages=links,
            notices=[source_line(notice) for notice in view.round.notices] if view.round else [],
            feed_url=urls.feed_url(view.url()),
            csv_url=urls.csv_url(view.url()),
            map=counts.map,
            search_url=f"{urls.SEARCH}?{urlencode(query)}" if view.dimension is None or view.dimension.filter else "",
            role=(view.dimension.role or "") if view.dimension else "",
            above=self._above(view.dimension),
            sorts=[
                (label, f"{urls.SEARCH}?{urlencode(query | {'sort': key})}")
                for key, label in zip(SORTS, self._sort_labels(), strict=True)
            ],
            changes=self._round_changes(view) if number == 1 else [],
            changes_url=urls.CHANGES_FEED if view.round else "",
            stages=[RoundStage(self.phrases(s.label), s.start, s.end) for s in view.round.dates.stages()]
            if view.round
            else [],
            regulations=source_line(view.round.regulations) if view.round and view.round.regulations else None,
            notice=self.notice if view.round and view.round.year == self.options.notice else None,
            called=self._called(view),
            passages=self.passages(view),
            lifetime=view.dimension.history.lifetime(view.label, self.phrases) if view.dimension else "",
            own=own_cases(view.dimension, view.label, self.views) if view.dimension and self.passages(view) else None,
        )

    def _called(self, view: View) -> list[CalledTable]:
        """What the round of a view called for, by each dimension that numbers were told of."""
        if view.round is None:
            return []
        tables = []
        for key, called in view.round.called.items():
            dimension, announced = self.library.scheme.by_key[key], view.round.announced.get(key, {})
            counts = count_as_said(view.cases, dimension)
            names = [name for name in dimension.names if name in called or name in announced or counts.get(name)]
            links = [self.term_link(dimension, dimension.by_name[n], counts.get(n, 0), announced.get(n)) for n in names]
            lines = [(link, called.get(link.name)) for link in links]
            whole = sum(announced.values()) if announced else None
            recorded = len(view.cases) - counts.get(None, 0)
            tables.append(CalledTable(self.label(dimension), lines, sum(called.values()), whole, recorded))
        return tables

    def ranking(self, rankings: Rankings, ranking: Ranking, month: Month | None) -> RankingContext:
        """Template ranking.html: a month of `ranking`, or the list of its months for None."""
        months = rankings.months[ranking.key]
        shown = month.standings[: ranking.most] if month else ()
        return RankingContext(
            label=ranking.label,
            by=rankings.by_label(ranking),
            url=urls.ranking_url(ranking.key),
            about=ranking.about or "",
            month=self.month_label(month) if month else "",
            total=month.total if month else sum(entry.total for entry in months),
            lines=[(s.place, s.name, s.url, s.count, s.year) for s in shown],
            months=[
                (
                    self.month_label(entry),
                    urls.ranking_url(ranking.key, entry.month),
                    entry.total,
                    entry.standings[0].name,
                )
                for entry in months
            ],
            csv_url=urls.csv_url(urls.ranking_url(ranking.key, month.month if month else "")),
            more=len(month.standings) - len(shown) if month else 0,
            undated=0 if month else rankings.undated(ranking),
        )

    def month_label(self, month: Month) -> str:
        return self.phrases("{year}年{month}月", year=month.month[:4], month=int(month.month[5:]))

    def _about(self, view: View) -> str:
        if view.dimension and view.term:
            return self._plain_link(view.dimension, view.term.name).about
        return (view.round.label or "") if view.round else ""

    def passages(self, view: View) -> list[PassageLine]:
        """What became of the term of a view; nothing for other views."""
        if view.dimension is None or not view.dimension.concordance:
            return []
        return passage_lines(view.dimension, view.label, self.views, self.phrases)

    def index(self, dimension: Dimension | None) -> IndexContext:
        """Template dimension.html: all terms of `dimension`, or all rounds for None."""
        public = self.library.public
        if dimension is None:
            return IndexContext(self._years(count_years(public)), "", len(public))
        tiles = self.tile_map(public) if dimension.role == "place" else None
        group = self._group(dimension, public)
        former = former_terms(dimension, self.views, self.phrases)
        return IndexContext(group, dimension.about or "", len(public), tiles, self._above(dimension), former)

    @property
    def notice(self) -> NoticeLink | None:
        """The public notice that this build shows."""
        entry = self.library.scheme.by_year.get(self.options.notice)
        if entry is None:
            return None
        period = entry.dates.notice
        return NoticeLink(str(entry.year), urls.notice_url(entry.year), period.end if period else None)

    def methods(self) -> MethodsContext:
        """Template methods.html: what was difficult, and how it was met elsewhere."""
        scheme, public = self.library.scheme, self.library.public
        keys = [dimension.key for dimension in scheme.method_dimensions]
        filled = [case for case in public if not case.terms.keys().isdisjoint(keys)]
        parts = []
        for dimension in scheme.method_dimensions:
            group = self._group(dimension, public)
            terms = [self._method_term(dimension, term) for term in group.terms]
            parts.append(MethodPart(group, dimension.about or "", terms))
        return MethodsContext(scheme.methods.label, scheme.methods.about or "", len(public), len(filled), parts)

    def _method_term(self, dimension: Dimension, term: TermLink) -> MethodTerm:
        cases = self.views.terms[dimension.key, term.name].cases
        crossed = []
        for other in self.library.scheme.method_dimensions:
            if other is dimension:
                continue
            counts = count_with_parents(cases, other)
            links = []
            for value in other.lasting:
                query = urlencode({dimension.key: term.slug, other.key: value.slug})
                if counts.get(value.name):
                    links.append(TermLink(value.name, f"{urls.SEARCH}?{query}", counts[value.name]))
            links.sort(key=lambda link: -link.count)
            if links:
                crossed.append(Group(other.key, self.label(other), urls.index_url(other.path), links))
        return MethodTerm(term, crossed, [self.card(case) for case in cases[:CASES_OF_METHOD]])

    def home(self) -> HomeContext:
        """Template home.html."""
        scheme, public = self.library.scheme, self.library.public
        groups = self.groups_of(public)
        latest = self.views.years[0] if self.views.years else None
        announced: dict[str, int] = {}
        for entry in scheme.rounds:
            for said, count in entry.announced.get(scheme.award.key if scheme.award else "", {}).items():
                name = scheme.award.history.now(said) if scheme.award else said
                announced[name] = announced.get(name, 0) + count
        totals = [entry.total for entry in scheme.rounds if entry.total is not None]
        awards = self._group(scheme.award, public, announced) if scheme.award else None
        changed = [(case.changed, case) for case in public if case.changed]
        changed.sort(key=lambda entry: (entry[0], entry[1].id), reverse=True)
        return HomeContext(
            total=len(public),
            announced_total=sum(totals) if totals else None,
            latest=self.year_link(latest.round.year, len(latest.cases)) if latest and latest.round else None,
            awards=awards,
            groups=groups,
            map=self.tile_map(public),
            best=[self.card(case) for case in public[:BEST_ON_HOME]],
            day=[self.card(case) for case in _spread(public, 31)],
            recent=[(day, self.card(case)) for day, case in changed[:BEST_ON_HOME]],
            methods=self.methods() if scheme.method_dimensions else None,
            notice=self.notice,
            revoked=sum(entry.status == "revoked" for entry in self.library.entries),
        )


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


def _spread(cases: Sequence[Entry], most: int) -> list[Entry]:
    """At most `most` of `cases`, at equal steps."""
    step = max(1, len(cases) // most)
    return list(cases[::step][:most])


def people_line(case: Entry, phrases: Phrases) -> str:
    """The people of a case in one line, the first few by name."""
    people = "、".join(case.people[:CARD_PEOPLE])
    more = len(case.people) > CARD_PEOPLE
    return phrases("{names} 等 {n} 人", names=people, n=len(case.people)) if more else people


def source_line(entry: Notice | Source) -> SourceLine:
    number = entry.number or "" if isinstance(entry, Notice) else ""
    return SourceLine(entry.title, entry.address or "", entry.date, number)


def _filled(address: str, case: Case) -> str:
    """The address with {id} and {year} of the case in place."""
    return address.replace("{id}", case.id).replace("{year}", str(case.year)) if address else ""
