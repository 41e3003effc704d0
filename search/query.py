"""What a reader typed, as words and the patterns that each of them may match. client/query.js does the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.analyzer import INITIAL_BASE, SYLLABLE_BASE, Folder
from search.pinyin import syllables

MAX_TEXT = 1000
"""Characters of a query that are read; the rest is left out, and the answer says so."""
MAX_WORDS = 16
MAX_PARSES = 6
"""Ways to cut one run of letters into syllables."""
MAX_PATTERNS = 24

_SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_TOKEN = re.compile(f"[^{_SPACE}]+")
_IS_SPACE = re.compile(f"[{_SPACE}]")
_QUOTES = {'"': '"', "＂": "＂", "“": "”"}
_LETTERS = re.compile("[a-z]{2,}")
_NO_INITIAL = set("iuv")

Unit = tuple[int, ...]
"""What may stand at one place: code points of grams (a character, an initial, or one of some syllables)."""
Pattern = tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and its patterns; the first is the word itself, character by character."""

    text: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """words must all match; none of `without` may. joined: all words as one, where one of them is a single
    character, so that a phrase copied with its spaces is found; None otherwise. whole: the words joined, for the
    exact title. cut: the text was longer than is read. empty: there was text, and nothing of it can be searched."""

    words: tuple[Word, ...]
    without: tuple[Word, ...]
    joined: Word | None
    whole: str
    cut: bool
    empty: bool


def parse(text: str, folder: Folder) -> Query:
    """The query in a text; never an error."""
    cut = len(text) > MAX_TEXT
    kept = text[:MAX_TEXT]
    plus: list[str] = []
    minus: list[str] = []
    quoted = False
    for raw, negative, in_quotes in tokens(kept):
        word = folder.fold(raw)
        if word:
            (minus if negative else plus).append(word)
            quoted = quoted or in_quotes
    if not plus:
        plus, minus = minus, []
    whole = "".join(plus)
    joins = len(plus) > 1 and not minus and not quoted and any(len(w) == 1 for w in plus)
    plus, minus = list(dict.fromkeys(plus)), list(dict.fromkeys(minus))
    if len(plus) + len(minus) > MAX_WORDS:
        cut = True
        plus = plus[:MAX_WORDS]
        minus = minus[: MAX_WORDS - len(plus)]
    return Query(
        words=tuple(as_word(w) for w in plus),
        without=tuple(as_word(w) for w in minus),
        joined=as_word(whole) if joins else None,
        whole=whole,
        cut=cut,
        empty=not plus and bool(_TOKEN.search(kept)),
    )


def tokens(text: str) -> list[tuple[str, bool, bool]]:
    """(raw word, whether it excludes, whether it stood in quotes), in order.

    A quote opens at the start of a word only and closes at the end of one only; elsewhere it is punctuation.
    "-" excludes at the start of a word, but not before a digit (-10℃) or alone.
    """
    found, at, size = [], 0, len(text)
    while at < size:
        if _IS_SPACE.match(text[at]):
            at += 1
            continue
        negative = text[at] in "-－" and at + 1 < size and not re.match(f"[{_SPACE}0-9０-９]", text[at + 1])
        at += negative
        close = _closing(text, at + 1, _QUOTES[text[at]]) if text[at] in _QUOTES else -1
        if close >= 0:
            found.append((text[at + 1 : close], negative, True))
            at = close + 1
        else:
            end = _TOKEN.match(text, at).end()  # type: ignore[union-attr]
            found.append((text[at:end], negative, False))
            at = end
    return found


def _closing(text: str, start: int, mark: str) -> int:
    """Index of the quote that closes, -1 if none does."""
    at = text.find(mark, start)
    while at >= 0 and at + 1 < len(text) and not _IS_SPACE.match(text[at + 1]):
        at = text.find(mark, at + 1)
    return at


def as_word(text: str) -> Word:
    """A folded word with its patterns: itself, then with runs of letters read as pinyin or as initials."""
    literal: Pattern = tuple((ord(c),) for c in text)
    ways: list[Pattern] = [()]
    at = 0
    for run in _LETTERS.finditer(text):
        before = literal[at : run.start()]
        choices = [literal[run.start() : run.end()], *readings(run.group())]
        ways = [way + before + choice for way in ways for choice in choices][:MAX_PATTERNS]
        at = run.end()
    return Word(text, tuple(dict.fromkeys([literal, *(way + literal[at:] for way in ways)])))


@lru_cache(maxsize=256)
def readings(run: str) -> tuple[Pattern, ...]:
    """Ways to read letters as the sounds of consecutive characters: whole syllables, the last one may be cut short
    if it is not the only one; then the initials of characters."""
    names = syllables()
    found: list[Pattern] = []

    def cut(at: int, units: Pattern) -> None:
        if len(found) >= MAX_PARSES:
            return
        rest = run[at:]
        if units:
            last = _numbers(names, rest, prefix=True)
            if last:
                found.append((*units, last))
        elif _numbers(names, rest, prefix=False):
            found.append((_numbers(names, rest, prefix=False),))
        for size in range(min(6, len(rest) - 1), 0, -1):
            same = _numbers(names, rest[:size], prefix=False)
            if same:
                cut(at + size, (*units, same))

    if len(run) <= 64:
        cut(0, ())
        if not _NO_INITIAL & set(run) and len(run) <= 16:
            found.append(tuple((INITIAL_BASE + ord(c) - 97,) for c in run))
    return tuple(found)


@lru_cache(maxsize=4096)
def _numbers(names: Sequence[str], text: str, *, prefix: bool) -> Unit:
    """Grams of the syllables that are written so; ü may be typed v or u."""
    return tuple(
        SYLLABLE_BASE + n
        for n, name in enumerate(names)
        for forms in ((name, name.replace("v", "u")),)
        if any(f.startswith(text) if prefix else f == text for f in forms)
    )
