"""Titles and units by the initial of their pinyin: the way to a case for those without a script."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from generator import urls
from generator.contexts import IndexLine
from generator.paging import page_count, page_of
from generator.sounds import initial
from generator.views import Views

PAGE_SIZE = 240
OTHER = "#"


@dataclass(frozen=True)
class Alphabet:
    """One index: its lines by letter, in the order of their pinyin. path: its folder in the site."""

    label: str
    path: str
    letters: dict[str, tuple[IndexLine, ...]]

    def url(self, letter: str, page: int = 1) -> str:
        slug = "other" if letter == OTHER else letter.lower()
        return urls.letter_url(self.path, slug, page)

    def page_count(self, letter: str) -> int:
        return max(1, page_count(self.letters[letter], PAGE_SIZE))

    def page(self, letter: str, number: int) -> Sequence[IndexLine]:
        """The lines on page `number`, counted from 1."""
        return page_of(self.letters[letter], number, PAGE_SIZE)


@dataclass(frozen=True)
class Alphabets:
    """The two indexes of a library: titles and units. labels: what the library calls them."""

    views: Views
    labels: tuple[str, str]

    @cached_property
    def titles(self) -> Alphabet:
        lines = [(e.title_sound, IndexLine(e.title, urls.case_url(e.id), 1, e.unit)) for e in self.views.library.public]
        return Alphabet(self.labels[0], urls.TITLES, _by_letter(lines))

    @cached_property
    def units(self) -> Alphabet:
        lines = [
            (
                entries[0].unit_sound,
                IndexLine(unit, self.views.unit_url(unit) or urls.case_url(entries[0].id), len(entries)),
            )
            for unit, entries in self.views.by_unit.items()
        ]
        return Alphabet(self.labels[1], urls.UNITS, _by_letter(lines))

    def all(self) -> tuple[Alphabet, Alphabet]:
        return self.titles, self.units


def _by_letter(lines: Iterable[tuple[str, IndexLine]]) -> dict[str, tuple[IndexLine, ...]]:
    """Lines, given with their order by pinyin, by the letter they begin with: A to Z, then what begins with none."""
    keyed: dict[str, list[tuple[str, str, IndexLine]]] = defaultdict(list)
    for sound, line in lines:
        keyed[initial(sound) or OTHER].append((sound, line.url, line))
    letters = sorted(keyed, key=lambda letter: (letter == OTHER, letter))
    return {letter: tuple(line for *_, line in sorted(keyed[letter], key=lambda k: k[:2])) for letter in letters}
