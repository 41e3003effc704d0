"""The normal form of text, defined once; client/analyzer.js does the same, and analyzer-cases.json holds both to it.

A character becomes its compatibility decomposition (NFKD) without marks, in lower case, traditional characters as
simplified ones, equivalent ones as one; punctuation, symbols and white space become nothing. Character by character,
so that a run of a text folds to a run of the folded text and every folded character knows where it came from.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from search.tables import kept

INITIAL_BASE = 0xE000
"""Code points from here stand for the first letter of a syllable (private use: never in folded text)."""
SYLLABLE_BASE = 0xE100
"""Code points from here stand for whole syllables, in the order of pinyin.SYLLABLES."""

_RANGES = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0))


@lru_cache(maxsize=1)
def simplified() -> dict[str, str]:
    """Traditional character -> simplified one, for single characters, as opencc has them; about 4,700."""
    return kept("simplified", "opencc", _simplified, dict[str, str])


def _simplified() -> dict[str, str]:
    import opencc  # slow to load, and only builds need it

    chars = [chr(c) for first, end in _RANGES for c in range(first, end)]
    plain = opencc.OpenCC("t2s").convert("\n".join(chars)).split("\n")
    table = {a: b for a, b in zip(chars, plain, strict=True) if a != b and len(b) == 1}
    return {a: b for a, b in table.items() if b not in table}


def fold_table(equivalents: Mapping[str, str]) -> dict[str, str]:
    """Character -> character that stands for it: traditional ones, then equivalents; no value is a key."""
    table = dict(simplified())
    for one, other in equivalents.items():
        table[one] = table.get(other, other)
    return {a: table.get(b, b) for a, b in table.items() if table.get(b, b) != a}


def dropped(character: str) -> bool:
    """Whether a decomposed character means nothing: marks, punctuation, symbols, separators, controls.

    Unassigned ones (new emoji) too, but for the planes that only ever hold ideographs.
    """
    kind = unicodedata.category(character)
    return kind[0] in "MPSZ" or (kind[0] == "C" and not (kind == "Cn" and 0x20000 <= ord(character) < 0x40000))


def fold_character(character: str, table: Mapping[str, str]) -> str:
    """What one character becomes: nothing, one character, or a few (㎡ is m2)."""
    out = []
    for part in unicodedata.normalize("NFKD", character):
        if not dropped(part):
            for low in part.lower():
                if not dropped(low):
                    out.append(table.get(low, low))
    return "".join(out)


class Folder:
    """Folds text with one table; remembers the characters it has seen."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self.table = table
        self._known: dict[int, str] = {}

    def learn(self, characters: Iterable[str]) -> None:
        """Prepare characters, so that str.translate knows them."""
        for c in characters:
            if ord(c) not in self._known:
                self._known[ord(c)] = fold_character(c, self.table)

    def fold(self, text: str) -> str:
        """The normal form of a text."""
        self.learn(set(text))
        return text.translate(self._known)

    def fold_mapped(self, text: str) -> tuple[str, list[int]]:
        """The normal form, and for each of its characters the index of the one in `text` that it comes from."""
        self.learn(set(text))
        out, where = [], []
        for index, c in enumerate(text):
            piece = self._known[ord(c)]
            out.append(piece)
            where += [index] * len(piece)
        return "".join(out), where

    def used(self, characters: Iterable[str]) -> dict[str, str]:
        """The part of the table that applies to some characters."""
        seen = {part for c in characters for part in unicodedata.normalize("NFKD", c)}
        return {a: self.table[a] for a in sorted(seen) if a in self.table}
