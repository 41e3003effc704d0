"""Titles and units by the initial of their pinyin: the way to a case for those without a script."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from generator import urls
from generator.paging import page_count, page_of
from generator.records.sounds import initial
from generator.theming.list_contexts import IndexLine
from generator.views import Views

PAGE_SIZE = 240
OTHER = "#"


# What orders a line, its address, what it shows: text, number of cases, note.
Row = tuple[str, str, str, int, str]


@dataclass(frozen=True)
class Alphabet:
    """One index. path: its folder in the site. rows: its lines by letter, in any order; A to Z, then OTHER."""

    label: str
    path: str
    rows: dict[str, list[Row]]

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many lines each letter has."""
        return {letter: len(rows) for letter, rows in self.rows.items()}

    @cached_property
    def _sorted(self) -> dict[str, tuple[IndexLine, ...]]:
        return {}

    def lines(self, letter: str) -> tuple[IndexLine, ...]:
        """The lines of a letter in the order of their pinyin."""
        lines = self._sorted.get(letter)
        if lines is None:
            found = (IndexLine(text, url, count, note) for _, url, text, count, note in sorted(self.rows[letter]))
            lines = self._sorted[letter] = tuple(found)
        return lines

    def url(self, letter: str, page: int = 1) -> str:
        slug = "other" if letter == OTHER else letter.lower()
        return urls.letter_url(self.path, slug, page)

    def page_count(self, letter: str) -> int:
        return max(1, page_count(self.rows[letter], PAGE_SIZE))

    def page(self, letter: str, number: int) -> Sequence[IndexLine]:
        """The lines on page `number`, counted from 1."""
        return page_of(self.lines(letter), number, PAGE_SIZE)


@dataclass(frozen=True)
class Alphabets:
    """The two indexes of a library: titles and units. labels: what the library calls them."""

    views: Views
    labels: tuple[str, str]

    @cached_property
    def titles(self) -> Alphabet:
        rows = [(e.title_sound, urls.case_url(e.id), e.title, 1, e.unit) for e in self.views.library.public]
        return Alphabet(self.labels[0], urls.TITLES, _by_letter(rows))

    @cached_property
    def units(self) -> Alphabet:
        rows = [
            (entries[0].unit_sound, self.views.unit_url(unit) or urls.case_url(entries[0].id), unit, len(entries), "")
            for unit, entries in self.views.by_unit.items()
        ]
        return Alphabet(self.labels[1], urls.UNITS, _by_letter(rows))

    def all(self) -> tuple[Alphabet, Alphabet]:
        return self.titles, self.units


def _by_letter(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by the letter that they begin with: A to Z, then what begins with none."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[initial(row[0]) or OTHER].append(row)
    return {letter: found[letter] for letter in sorted(found, key=lambda letter: (letter == OTHER, letter))}
