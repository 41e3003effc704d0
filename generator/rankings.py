"""Who has how many cases in each month: one table a month for each ranking of the scheme, counted from the records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from generator import urls
from generator.records.model import Entry
from generator.scheme.model import Scheme
from generator.scheme.rankings import UNIT, Ranking
from generator.views import Views


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a month. place: equal counts share one. year: cases from January to this month. url: may be empty."""

    place: int
    name: str
    url: str
    count: int
    year: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month (2022-05) of a ranking: everyone with a case in it, the most first; how many cases there are."""

    month: str
    standings: tuple[Standing, ...]
    total: int


@dataclass(frozen=True)
class Rankings:
    """The rankings of a library."""

    views: Views

    @property
    def scheme(self) -> Scheme:
        return self.views.library.scheme

    @cached_property
    def months(self) -> dict[str, tuple[Month, ...]]:
        """The months of each ranking by its key, the newest first."""
        return {ranking.key: tuple(self._months(ranking)) for ranking in self.scheme.rankings}

    def undated(self, ranking: Ranking) -> int:
        """Cases that are in no month: without the day, or without what the ranking goes by."""
        return sum(1 for entry in self.views.library.public if not _counts(entry, ranking))

    def _months(self, ranking: Ranking) -> Iterator[Month]:
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        sounds: dict[str, str] = {}
        for entry in self.views.library.public:
            if not _counts(entry, ranking):
                continue
            name = entry.unit if ranking.by == UNIT else entry.terms[ranking.by]
            counted[entry.months[ranking.date]][name] += 1
            sounds[name] = entry.unit_sound
        order = self._order(ranking, sounds)
        so_far: Counter[str] = Counter()
        found: list[Month] = []
        for month in sorted(counted):
            counts = counted[month]
            if found and found[-1].month[:4] != month[:4]:
                so_far = Counter()
            so_far += counts
            names = sorted(counts, key=lambda name: (-counts[name], order[name], name))
            standings: list[Standing] = []
            for place, name in enumerate(names, 1):
                same = standings and standings[-1].count == counts[name]
                shown = standings[-1].place if same else place
                standings.append(Standing(shown, name, self._url(ranking, name), counts[name], so_far[name]))
            found.append(Month(month, tuple(standings), counts.total()))
        return reversed(found)

    def _order(self, ranking: Ranking, sounds: dict[str, str]) -> dict[str, tuple[int, str]]:
        """How equals are ordered: units by pinyin, terms as in the scheme."""
        if ranking.by == UNIT:
            return {name: (0, sound) for name, sound in sounds.items()}
        return {term.name: (place, "") for place, term in enumerate(self.scheme.by_key[ranking.by].terms)}

    def _url(self, ranking: Ranking, name: str) -> str:
        if ranking.by == UNIT:
            return self.views.unit_url(name)
        dimension = self.scheme.by_key[ranking.by]
        return urls.term_url(dimension, dimension.by_name[name])

    def by_label(self, ranking: Ranking) -> str:
        """What is ranked."""
        return self.scheme.words.unit if ranking.by == UNIT else self.scheme.by_key[ranking.by].label


def _counts(entry: Entry, ranking: Ranking) -> bool:
    named = entry.unit if ranking.by == UNIT else entry.terms.get(ranking.by)
    return bool(named) and ranking.date in entry.months
