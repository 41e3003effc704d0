"""The pages that lead to all others: home, indexes of terms and rounds, methods, alphabets, rankings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from generator import urls
from generator.pages.alphabet import Alphabet
from generator.pages.cards import Cards
from generator.pages.links import Links, page_links
from generator.pages.term_history import former_terms
from generator.rankings import Month, Rankings
from generator.records.model import Entry
from generator.scheme.model import Dimension
from generator.scheme.rankings import Ranking
from generator.site_options import SiteOptions
from generator.theming.contexts import Group, TermLink
from generator.theming.list_contexts import (
    AlphabetContext,
    HomeContext,
    IndexContext,
    MethodPart,
    MethodsContext,
    MethodTerm,
    RankingContext,
)
from generator.views import count_with_parents, count_years

BEST_ON_HOME = 6
CASES_OF_METHOD = 3


@dataclass(frozen=True)
class IndexPages:
    """Contexts of the home page and the indexes."""

    cards: Cards
    options: SiteOptions

    @property
    def links(self) -> Links:
        return self.cards.links

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
        return self.links.phrases("{year}年{month}月", year=month.month[:4], month=int(month.month[5:]))

    def alphabet(self, index: Alphabet, letter: str, number: int) -> AlphabetContext:
        """Template alphabet.html, page `number` of one letter."""
        lines = index.page(letter, number)
        last = index.page_count(letter)
        links = page_links(number, last, lambda n: index.url(letter, n))
        letters = [(name, index.url(name), size) for name, size in index.sizes.items()]
        return AlphabetContext(index.label, letter, letters, lines, links, sum(count for *_, count in letters))

    def index(self, dimension: Dimension | None) -> IndexContext:
        """Template dimension.html: all terms of `dimension`, or all rounds for None."""
        public = self.links.library.public
        if dimension is None:
            return IndexContext(self.links.years(count_years(public)), "", len(public))
        tiles = self.links.tile_map(public) if dimension.role == "place" else None
        group = self.links.group(dimension, public)
        former = former_terms(dimension, self.links.views, self.links.phrases)
        return IndexContext(group, dimension.about or "", len(public), tiles, self.links.above(dimension), former)

    def methods(self) -> MethodsContext:
        """Template methods.html: what was difficult, and how it was met elsewhere."""
        scheme, public = self.links.scheme, self.links.library.public
        keys = [dimension.key for dimension in scheme.method_dimensions]
        filled = [case for case in public if not case.terms.keys().isdisjoint(keys)]
        parts = []
        for dimension in scheme.method_dimensions:
            group = self.links.group(dimension, public)
            terms = [self._method_term(dimension, term) for term in group.terms]
            parts.append(MethodPart(group, dimension.about or "", terms))
        return MethodsContext(scheme.methods.label, scheme.methods.about or "", len(public), len(filled), parts)

    def _method_term(self, dimension: Dimension, term: TermLink) -> MethodTerm:
        cases = self.links.views.terms[dimension.key, term.name].cases
        crossed = []
        for other in self.links.scheme.method_dimensions:
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
                crossed.append(Group(other.key, self.links.label(other), urls.index_url(other.path), links))
        return MethodTerm(term, crossed, [self.cards.card(case) for case in cases[:CASES_OF_METHOD]])

    def home(self) -> HomeContext:
        """Template home.html."""
        scheme, public = self.links.scheme, self.links.library.public
        groups = self.links.groups_of(public)
        latest = self.links.views.years[0] if self.links.views.years else None
        announced: dict[str, int] = {}
        for entry in scheme.rounds:
            for said, count in entry.announced.get(scheme.award.key if scheme.award else "", {}).items():
                name = scheme.award.history.now(said) if scheme.award else said
                announced[name] = announced.get(name, 0) + count
        totals = [entry.total for entry in scheme.rounds if entry.total is not None]
        awards = self.links.group(scheme.award, public, announced) if scheme.award else None
        changed = [(case.changed, case) for case in public if case.changed]
        changed.sort(key=lambda entry: (entry[0], entry[1].id), reverse=True)
        return HomeContext(
            total=len(public),
            announced_total=sum(totals) if totals else None,
            latest=self.links.year_link(latest.round.year, len(latest.cases)) if latest and latest.round else None,
            awards=awards,
            groups=groups,
            map=self.links.tile_map(public),
            best=[self.cards.card(case) for case in public[:BEST_ON_HOME]],
            day=[self.cards.card(case) for case in _spread(public, 31)],
            recent=[(day, self.cards.card(case)) for day, case in changed[:BEST_ON_HOME]],
            methods=self.methods() if scheme.method_dimensions else None,
            notice=self.links.notice_link(self.options.notice),
            revoked=sum(entry.status == "revoked" for entry in self.links.library.entries),
        )


def _spread(cases: Sequence[Entry], most: int) -> list[Entry]:
    """At most `most` of `cases`, at equal steps."""
    step = max(1, len(cases) // most)
    return list(cases[::step][:most])
