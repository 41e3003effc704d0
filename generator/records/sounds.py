"""The order of titles and units by their pinyin, as one text to compare."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from generator.scheme.model import Scheme
from search.analyzer import Folder, fold_table
from search.pinyin import Reader, sort_key

# Parts of a key; it comes before every character.
_BETWEEN = "\0"


def sound_of(scheme: Scheme) -> Callable[[str], str]:
    """Function from a text to its key: keys in the order of texts as strings are the texts in order of pinyin."""
    return _sound_of(tuple(scheme.readings.items()))


@lru_cache(maxsize=4)
def _sound_of(readings: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    folder = Folder(fold_table({}))
    reader = Reader({folder.fold(phrase): reading for phrase, reading in readings})
    return lambda text: _BETWEEN.join(sort_key(folder.fold(text), reader))


def initial(sound: str) -> str:
    """The letter that a key begins with, A to Z; empty where it begins with none."""
    return _letter(sound[:1])


@lru_cache
def _letter(first: str) -> str:
    letter = first.upper()
    return letter if letter.isascii() and letter.isalpha() else ""
