"""Queries that have an answer: runs of texts, words apart, pinyin, mixtures, negatives, quotes."""

from __future__ import annotations

import random
from collections.abc import Sequence

from search.document import Document, SearchSchema, passages
from search.pinyin import Reader, syllables


def run_of(rng: random.Random, text: str, least: int = 2, most: int = 12) -> str:
    """A run of characters of a text, "" if it has too few that mean something."""
    size = min(rng.randrange(least, most + 1), len(text))
    at = rng.randrange(len(text) - size + 1)
    return text[at : at + size]


def runs(rng: random.Random, documents: Sequence[Document], schema: SearchSchema) -> tuple[Document, int, str]:
    """A document, the field, and a run of it without operators of queries."""
    while True:
        document = rng.choice(documents)
        place, text = rng.choice(passages(document, schema))
        run = run_of(rng, text)
        if sum(c.isalnum() for c in run) > 1 and '"' not in run and "-" not in run and "“" not in run:
            return document, place, run


def pinyin_of(rng: random.Random, reader: Reader, text: str) -> str:
    """Some characters of a folded text as syllables, initials, or part of each."""
    names = syllables()
    size = rng.randrange(1, 5)
    at = rng.randrange(max(1, len(text) - size + 1))
    piece = text[at : at + size]
    sounds = [names[n] if n >= 0 else c for n, c in zip(reader.read(text)[at : at + size], piece, strict=True)]
    way = rng.randrange(5)
    if way == 0:
        return "".join(s[0] for s in sounds)
    if way == 1:
        return " ".join(sounds)
    if way == 2:
        cut = rng.randrange(len(piece))
        return piece[:cut] + "".join(sounds[cut:])
    if way == 3:
        cut = rng.randrange(1, len(piece) + 1)
        return "".join(sounds[:cut]) + piece[cut:]
    joined = "".join(sounds)
    return joined[: rng.randrange(2, len(joined) + 1)] if len(joined) > 2 else joined


def mixed(rng: random.Random, documents: Sequence[Document], schema: SearchSchema, reader: Reader) -> str:
    """Any kind of query."""
    way = rng.randrange(8)
    _, _, run = runs(rng, documents, schema)
    other = runs(rng, documents, schema)[2]
    document = rng.choice(documents)
    title = document.texts["title"][0]
    if way == 0:
        return run
    if way == 1:
        return run[:2] + " " + run[2:4] if len(run) > 3 else run
    if way == 2:
        return f"{run[:2]} -{other[:2]}"
    if way == 3:
        return f'"{run}" {other[:2]}'
    if way == 4:
        return rng.choice(title)
    if way == 5:
        return " ".join(run)
    if way == 6:
        return title
    return pinyin_of(
        rng, reader, rng.choice([title, document.texts["unit"][0], document.texts["people"][0]]).casefold()
    )
