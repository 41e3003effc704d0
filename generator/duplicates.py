"""Finds projects that stand in the library twice, within a round or across years, and pictures under two names."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from generator.importers.known_records import KnownRecord
from generator.importers.matching import plain_key, unit_likeness
from generator.scheme.words import Words

# How alike titles (0 to 100) must be to be looked at, and what two projects need to be called one.
NEAR_TITLE = 85
NEAR_TEXT = 80
_ROWS = 500


@dataclass(frozen=True, slots=True)
class Twins:
    """Two records of what may be one project, the older first, and how alike they are (0 to 100)."""

    first: KnownRecord
    second: KnownRecord
    title: float
    unit: float
    text: float

    @property
    def is_exact(self) -> bool:
        return self.title == 100 and self.unit >= 95

    def line(self, words: Words) -> str:
        """One line with both places, for a person, in the words of the scheme."""
        what = words.said("同一{item}" if self.is_exact else "可能是同一{item}")
        text = f"，简介 {self.text:.0f}%" if self.text else ""
        names = [f"「{record.title}」（{record.unit or '单位未写'}）" for record in (self.second, self.first)]
        return (
            f"{self.second.file}:{self.second.line}:1: 警告：与 {self.first.file}:{self.first.line} {what}："
            f"{names[0]}～{names[1]}；名称 {self.title:.0f}%，单位 {self.unit:.0f}%{text} [duplicate]"
        )


@dataclass(frozen=True, slots=True)
class SamePicture:
    """One picture under two names, relative to the library."""

    first: str
    second: str

    def line(self) -> str:
        return f"{self.second}:1:1: 警告：与 {self.first} 是同一张图片 [duplicate-picture]"


def find_twins(records: Sequence[KnownRecord]) -> Iterator[Twins]:
    """Every pair that is alike enough, in order of the second record."""
    ordered = sorted(records, key=lambda record: record.id)
    keys = [plain_key(record.title) for record in ordered]
    for second, first, likeness in _near_titles(keys):
        twins = _compare(ordered[first], ordered[second], likeness)
        if twins is not None:
            yield twins


def _near_titles(keys: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Numbers of two titles that are at least NEAR_TITLE alike: the later, the earlier, how alike.

    Titles are compared in blocks by length: a likeness bounds how far two lengths can be apart.
    """
    order = sorted(range(len(keys)), key=lambda number: len(keys[number]))
    lengths = [len(keys[number]) for number in order]
    shortest = NEAR_TITLE / (200 - NEAR_TITLE)
    found: list[tuple[int, int, float]] = []
    start = 0
    for block in range(0, len(order), _ROWS):
        rows = order[block : block + _ROWS]
        while start < block and lengths[start] < lengths[block] * shortest:
            start += 1
        columns = order[start : block + len(rows)]
        scores = process.cdist(
            [keys[n] for n in rows],
            [keys[n] for n in columns],
            scorer=fuzz.ratio,
            score_cutoff=NEAR_TITLE,
            dtype=np.uint8,
        )
        for row, column in zip(*np.nonzero(scores), strict=True):
            one, other = rows[row], columns[column]
            if block + row > start + column and keys[one]:
                found.append((max(one, other), min(one, other), float(scores[row, column])))
    yield from sorted(found)


def _compare(first: KnownRecord, second: KnownRecord, likeness: float) -> Twins | None:
    """Two records with like titles; None where units and texts say that they are two projects."""
    unit = unit_likeness(first.unit, second.unit)
    text = fuzz.ratio(plain_key(first.summary), plain_key(second.summary)) if first.summary and second.summary else 0.0
    exact = plain_key(first.title) == plain_key(second.title)
    if (exact and (unit >= 50 or text >= NEAR_TEXT)) or unit >= 80 or text >= NEAR_TEXT:
        return Twins(first, second, 100.0 if exact else min(likeness, 99.0), unit, text)
    return None


def find_same_pictures(folder: Path) -> Iterator[SamePicture]:
    """Files in the folders of records that hold the same bytes; only files of one size are read."""
    sizes: dict[int, list[Path]] = defaultdict(list)
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place) / name
            if (
                not name.startswith(".")
                and path.suffix.lower() not in (".yml", ".yaml", ".md")
                and not path.is_symlink()
            ):
                sizes[path.stat().st_size].append(path)
    for paths in sizes.values():
        if len(paths) < 2:
            continue
        seen: dict[bytes, Path] = {}
        for path in sorted(paths):
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").digest()
            if digest in seen:
                first, second = (p.relative_to(folder.parent).as_posix() for p in (seen[digest], path))
                yield SamePicture(first, second)
            seen.setdefault(digest, path)
