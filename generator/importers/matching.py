"""How alike two projects are by title and unit, whatever the brackets, quotes, spaces and width."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

_SIGNS = re.compile(r"[\W_]+")

# Titles at least this much alike (0 to 100) are shown to a person.
NEAR = 80


@lru_cache(maxsize=100_000)
def plain_key(text: str) -> str:
    """Letters, digits and Chinese characters of `text` in half width and lower case."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).casefold()


class TitleIndex:
    """Finds the titles that are nearly a given one, among many, by the rarest pairs of characters in them."""

    def __init__(self, titles: Sequence[str]) -> None:
        self.keys = [plain_key(title) for title in titles]
        self.postings: dict[str, list[int]] = defaultdict(list)
        self.exact: dict[str, list[int]] = defaultdict(list)
        for number, key in enumerate(self.keys):
            self.exact[key].append(number)
            for gram in set(_grams(key)):
                self.postings[gram].append(number)

    def near(self, title: str, least: float = NEAR) -> Iterator[tuple[int, float]]:
        """Number and likeness of each title at least `least` alike, the title itself among them if it is there."""
        key = plain_key(title)
        if not key:
            return
        grams = sorted(set(_grams(key)), key=lambda gram: len(self.postings.get(gram, ())))
        # Likeness s leaves at most (1 - s) of the characters changed, each of which spoils two pairs.
        spoiled = int(2 * len(key) * (1 - least / 100)) + 1
        seen: set[int] = set()
        for gram in grams[: spoiled + 1]:
            seen.update(self.postings.get(gram, ()))
        for number in sorted(seen):
            likeness = fuzz.ratio(key, self.keys[number], score_cutoff=least)
            if likeness >= least:
                yield number, likeness


def _grams(key: str) -> Iterable[str]:
    return (key[n : n + 2] for n in range(len(key) - 1)) if len(key) > 1 else (key,)


def same_unit(one: str, other: str) -> bool:
    """Whether two names of units are the same, one of them perhaps shortened or not given."""
    first, second = plain_key(one), plain_key(other)
    return not first or not second or first == second


def unit_likeness(one: str, other: str) -> float:
    """0 to 100; a short local form within the full name counts as alike."""
    first, second = plain_key(one), plain_key(other)
    if not first or not second:
        return 50.0
    if first != second and len(min(first, second, key=len)) >= 4 and (first in second or second in first):
        return 95.0
    return float(fuzz.ratio(first, second))
