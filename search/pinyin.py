"""Pinyin of Chinese text without tones: one syllable a character, polyphones read by the phrase they stand in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from search.tables import kept


def plain(reading: str) -> str:
    """A syllable without its tone; ü is v ("lǜ" -> "lv"), "" for what is no syllable of letters."""
    letters = unicodedata.normalize("NFD", reading.lower()).replace("u\u0308", "v")
    text = "".join(c for c in letters if unicodedata.category(c) != "Mn")
    return text if text.isascii() and text.isalpha() and any(c in "aeiouv" for c in text) else ""


@lru_cache(maxsize=1)
def characters() -> dict[str, str]:
    """Character -> its first reading in the dictionary of pypinyin."""
    return kept("characters", "pypinyin", _characters, dict[str, str])


def _characters() -> dict[str, str]:
    from pypinyin.pinyin_dict import pinyin_dict

    found = {chr(c): plain(readings.split(",")[0]) for c, readings in pinyin_dict.items()}
    return {c: s for c, s in found.items() if s}


@lru_cache(maxsize=1)
def syllables() -> tuple[str, ...]:
    """Every syllable there is, sorted; an index names it by its place here."""
    return tuple(kept("syllables", "pypinyin", _syllables, list[str]))


def _syllables() -> list[str]:
    from pypinyin.pinyin_dict import pinyin_dict

    every = {plain(r) for readings in pinyin_dict.values() for r in readings.split(",")}
    return sorted(every - {""})


@lru_cache(maxsize=1)
def dictionary_phrases() -> dict[str, tuple[str, ...]]:
    """Phrases of the dictionary that are not read as their characters are read alone."""
    return kept("phrases", "pypinyin", _dictionary_phrases, dict[str, tuple[str, ...]])


def _dictionary_phrases() -> dict[str, tuple[str, ...]]:
    from pypinyin.phrases_dict import phrases_dict

    alone, found = characters(), {}
    for phrase, readings in phrases_dict.items():
        sounds = tuple(plain(r[0]) for r in readings)
        known = len(sounds) == len(phrase) and all(sounds)
        if known and any(alone.get(c) != s for c, s in zip(phrase, sounds, strict=True)):
            found[phrase] = sounds
    return found


class Reader:
    """Reads folded text.

    readings: phrases in folded form with the pinyin of their characters separated by spaces; they go first.
    ValueError where a phrase and its reading differ in length or a syllable does not exist.
    """

    def __init__(self, readings: Mapping[str, str] | None = None) -> None:
        self.number = {s: n for n, s in enumerate(syllables())}
        self._alone = {c: self.number[s] for c, s in characters().items()}
        self._phrases: dict[str, list[tuple[str, list[int]]]] = {}
        named = {p: tuple(s.replace("ü", "v").split()) for p, s in (readings or {}).items()}
        for phrase, sounds in named.items():
            if len(phrase) != len(sounds) or any(s not in self.number for s in sounds):
                raise ValueError(f"reading of {phrase!r}: {' '.join(sounds)!r}")
        for phrase, sounds in {**dictionary_phrases(), **named}.items():
            item = (phrase, [self.number[s] for s in sounds])
            self._phrases.setdefault(phrase[:2], []).append(item)
        for group in self._phrases.values():
            group.sort(key=lambda item: (item[0] not in named, -len(item[0]), item[0]))

    def read(self, text: str) -> list[int]:
        """For each character of a folded text the number of its syllable in syllables(), -1 for none."""
        alone, phrases = self._alone, self._phrases
        found = [alone.get(c, -1) for c in text]
        at, last = 0, len(text) - 1
        while at < last:
            group = phrases.get(text[at : at + 2])
            step = 1
            if group:
                for phrase, sounds in group:
                    if text.startswith(phrase, at):
                        found[at : at + len(phrase)] = sounds
                        step = len(phrase)
                        break
            at += step
        return found


def sort_key(text: str, reader: Reader) -> tuple[str, ...]:
    """Order of titles: by pinyin, then by the characters."""
    names = syllables()
    return (*(names[n] if n >= 0 else c for c, n in zip(text, reader.read(text), strict=True)), "\uffff" + text)
