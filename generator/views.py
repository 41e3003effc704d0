"""Cases by round and by term: counts, order, pages. The one place that counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from generator import urls
from generator.paging import page_count, page_of
from generator.records.library import Library
from generator.records.model import Entry
from generator.scheme.model import Dimension, Round, Term

PAGE_SIZE = 60


@dataclass(frozen=True)
class View:
    """The public cases of one round, term or unit, best first. Exactly one of the three is set."""

    cases: tuple[Entry, ...]
    round: Round | None = None
    dimension: Dimension | None = None
    term: Term | None = None
    unit: str = ""

    @property
    def label(self) -> str:
        if self.round:
            return str(self.round.year)
        return self.term.name if self.term else self.unit

    def url(self, page: int = 1) -> str:
        if self.round:
            return urls.year_url(self.round.year, page)
        if self.unit:
            return urls.unit_url(self.unit, page)
        assert self.dimension is not None and self.term is not None
        return urls.term_url(self.dimension, self.term, page)

    @property
    def page_count(self) -> int:
        return max(1, page_count(self.cases, PAGE_SIZE))

    def page(self, number: int) -> Sequence[Entry]:
        """The cases on page `number`, counted from 1."""
        return page_of(self.cases, number, PAGE_SIZE)


def count_by(cases: Sequence[Entry], key: str) -> dict[str | None, int]:
    """How many of `cases` have each term of the dimension `key`; None counts those without one."""
    return Counter([case.terms.get(key) for case in cases])  # from a list: in a third of the time


def count_with_parents(cases: Sequence[Entry], dimension: Dimension) -> dict[str | None, int]:
    """How many of `cases` count under each term: those of all below it too, and of those that became it."""
    return _added_up(count_by(cases, dimension.key), dimension.lineage)


def count_as_said(cases: Sequence[Entry], dimension: Dimension) -> dict[str | None, int]:
    """How many of `cases` have each term or one below it, whatever the terms became since."""
    return _added_up(count_by(cases, dimension.key), dimension.above)


def _added_up(
    counted: Mapping[str | None, int], reached: Callable[[str | None], Sequence[Term]]
) -> dict[str | None, int]:
    counts = dict(counted)
    for name, number in counted.items():
        for other in islice(reached(name), 1, None):
            counts[other.name] = counts.get(other.name, 0) + number
    return counts


def count_years(cases: Sequence[Entry]) -> dict[int, int]:
    """How many of `cases` belong to each round."""
    return Counter([case.year for case in cases])


@dataclass(frozen=True)
class Views:
    """All views of a library."""

    library: Library

    @cached_property
    def years(self) -> tuple[View, ...]:
        """A view for each round, the newest first."""
        grouped: dict[int, list[Entry]] = defaultdict(list)
        for case in self.library.public:
            grouped[case.year].append(case)
        rounds = sorted(self.library.scheme.rounds, key=lambda entry: -entry.year)
        return tuple(View(tuple(grouped[entry.year]), round=entry) for entry in rounds)

    @cached_property
    def terms(self) -> dict[tuple[str, str], View]:
        """A view for each term by key of its dimension and its name; a parent holds the cases of its children.

        So does a term those of the terms that became it.
        """
        grouped: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        dimensions = self.library.scheme.dimensions
        for dimension in dimensions:
            key = dimension.key
            # The lists that a case with a term belongs to.
            lists = {n: [grouped[key, above.name] for above in dimension.lineage(n)] for n in dimension.names}
            for case in self.library.public:
                for cases in lists.get(case.terms.get(key, ""), ()):
                    cases.append(case)
        return {
            (dimension.key, term.name): View(tuple(grouped[dimension.key, term.name]), None, dimension, term)
            for dimension in dimensions
            for term in dimension.terms
        }

    def term(self, dimension: Dimension, term: Term) -> View:
        return self.terms[dimension.key, term.name]

    @cached_property
    def by_unit(self) -> dict[str, list[Entry]]:
        """The public cases of each unit, best first."""
        grouped: dict[str, list[Entry]] = defaultdict(list)
        for case in self.library.public:
            if case.unit:
                grouped[case.unit].append(case)
        return dict(sorted(grouped.items()))

    @cached_property
    def units(self) -> dict[str, View]:
        """A view for each unit with more than one case."""
        return {unit: View(tuple(cases), unit=unit) for unit, cases in self.by_unit.items() if len(cases) > 1}

    def unit_url(self, unit: str) -> str:
        """Address of the page of `unit`, empty where it has none."""
        return self._unit_urls.get(unit, "")

    @cached_property
    def _unit_urls(self) -> dict[str, str]:
        return {unit: urls.unit_url(unit) for unit in self.units}

    def all(self) -> Iterator[View]:
        """Every view that has a page."""
        yield from self.years
        yield from (view for view in self.terms.values() if view.dimension and view.dimension.pages)
        yield from self.units.values()

    @cached_property
    def _sorts(self) -> tuple[dict[str, int], list[tuple[int, dict[str, str]]]]:
        """A number for the round and terms of a case, by its id, and round and terms by that number."""
        numbers: dict[tuple[object, ...], int] = {}
        sorts: dict[str, int] = {}
        named: list[tuple[int, dict[str, str]]] = []
        for case in self.library.public:
            number = sorts[case.id] = numbers.setdefault((case.year, *case.terms.items()), len(named))
            if number == len(named):
                named.append((case.year, case.terms))
        return sorts, named

    def counted(self, cases: Sequence[Entry]) -> list[tuple[int, dict[str, str], int]]:
        """Round, terms and how many of `cases` have them, in the order of `cases`: all that a count can tell."""
        sorts, named = self._sorts
        numbers = Counter([sorts[case.id] for case in cases])
        return [(*named[number], count) for number, count in numbers.items()]

    @cached_property
    def counts(self) -> dict[str, dict[str | None, int]]:
        """Public cases by dimension key and term name (None: not published)."""
        return {d.key: count_by(self.library.public, d.key) for d in self.library.scheme.dimensions}
