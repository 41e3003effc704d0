"""Titles and units by the initial of their pinyin: the way to a case for those without a script."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from generator import urls
from generator.contexts import IndexLine
from generator.views import Views
from search.analyzer import Folder, fold_table
from search.pinyin import Reader, sort_key, syllables

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
        return max(1, -(-len(self.letters[letter]) // PAGE_SIZE))

    def page(self, letter: str, number: int) -> tuple[IndexLine, ...]:
        """The lines on page `number`, counted from 1."""
        return self.letters[letter][(number - 1) * PAGE_SIZE : number * PAGE_SIZE]


@dataclass(frozen=True)
class Alphabets:
    """The two indexes of a library: titles and units. labels: what the library calls them."""

    views: Views
    labels: tuple[str, str]

    @cached_property
    def titles(self) -> Alphabet:
        lines = [IndexLine(e.title, urls.case_url(e.id), 1, e.unit) for e in self.views.library.public]
        return Alphabet(self.labels[0], urls.TITLES, _by_letter(lines))

    @cached_property
    def units(self) -> Alphabet:
        lines = [
            IndexLine(unit, self.views.unit_url(unit) or urls.case_url(entries[0].id), len(entries))
            for unit, entries in self.views.by_unit.items()
        ]
        return Alphabet(self.labels[1], urls.UNITS, _by_letter(lines))

    def all(self) -> tuple[Alphabet, Alphabet]:
        return self.titles, self.units


def _by_letter(lines: Iterable[IndexLine]) -> dict[str, tuple[IndexLine, ...]]:
    """Lines by the letter they begin with, A to Z, then what begins with no letter."""
    folder, reader = Folder(fold_table({})), Reader()
    names = syllables()
    keyed: dict[str, list[tuple[tuple[str, ...], str, IndexLine]]] = defaultdict(list)
    for line in lines:
        text = folder.fold(line.text)
        sound = reader.read(text[:4])
        first = names[sound[0]][0] if sound and sound[0] >= 0 else text[:1]
        letter = first.upper() if first.isascii() and first.isalpha() else OTHER
        keyed[letter].append((sort_key(text, reader), line.url, line))
    letters = sorted(keyed, key=lambda letter: (letter == OTHER, letter))
    return {letter: tuple(line for *_, line in sorted(keyed[letter], key=lambda k: k[:2])) for letter in letters}
