"""The valid cases of one scheme: immutable, in order; and where their records stand in a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from generator.checking.diagnostics import Diagnostic
from generator.records.model import Case, Entry
from generator.records.moves import MOVED_FILE, Move
from generator.records.validate import Location
from generator.scheme.model import Scheme

SCHEME_FILE = "scheme.yml"
# Who reviews what; see reviewers.py.
REVIEWERS_FILE = "reviewers.yml"
# How the museum's screen shows the library; see kiosk/settings.py.
KIOSK_FILE = "kiosk.yml"
# What stands beside the folders of the rounds.
OWN_FILES = (SCHEME_FILE, REVIEWERS_FILE, MOVED_FILE, KIOSK_FILE)
_FILE_NAME = re.compile(r"\d{4}-\d{5,7}\.yml")
_FOLDER_NAME = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Library:
    """All valid cases of a folder. `entries` is ordered by id; `load` brings the whole of one case.

    moved: old numbers of merged or renumbered cases, each with the number it stands for.
    """

    scheme: Scheme
    folder: Path
    entries: tuple[Entry, ...]
    load: Callable[[str], Case]
    moved: tuple[Move, ...] = ()

    @cached_property
    def public(self) -> tuple[Entry, ...]:
        """The cases that are listed and counted, best first."""
        return tuple(sorted((entry for entry in self.entries if entry.is_public), key=self.order))

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.entries}

    def order(self, entry: Entry) -> tuple[int, int, str]:
        """Sort key of a list of cases: best award first, then the newest round, then the id."""
        return self.award_rank(entry), -entry.year, entry.id

    def award_rank(self, entry: Entry) -> int:
        """Place of the award in the order of the scheme, from 0; those without one come after all."""
        award = self.scheme.award
        return award.rank[entry.term(award.key)] if award else 0


def shown_name(path: Path, base: Path) -> str:
    """`path` as messages show it: relative to `base` where it lies below it, with forward slashes."""
    try:
        return path.relative_to(base).as_posix()
    except ValueError:
        return path.as_posix()


def record_files(folder: Path, base: Path) -> tuple[list[Location], list[Diagnostic]]:
    """Every record file below `folder` in order, and the entries that have no place there."""
    found: list[Diagnostic] = []
    locations: list[Location] = []
    for round_entry in _entries(folder, base, found):
        path = Path(round_entry.path)
        if not _FOLDER_NAME.fullmatch(round_entry.name):
            if round_entry.name not in OWN_FILES and round_entry.name.endswith((".yml", ".yaml")):
                found.append(_misplaced(path, base, "记录要放在届次的文件夹里", "例如 2023/2023-00001.yml"))
            continue
        if round_entry.is_symlink():
            found.append(_outside(path, base))
            continue
        shown = f"{shown_name(path, base)}/"
        for entry in _entries(path, base, found):
            location = _location(entry, path, shown, round_entry.name, base, found)
            if location is not None:
                locations.append(location)
    return locations, found + list(_duplicates(locations))


def _entries(folder: Path, base: Path, found: list[Diagnostic]) -> list[os.DirEntry[str]]:
    """Visible entries of `folder` by name; none where it is not a folder."""
    try:
        with os.scandir(folder) as entries:
            return sorted((e for e in entries if not e.name.startswith(".")), key=lambda e: e.name)
    except NotADirectoryError:
        return []
    except OSError as error:
        message = f"文件夹读不到：{error.strerror}"
        found.append(Diagnostic(shown_name(folder, base), 1, 1, "file-unreadable", message, "请检查路径和权限"))
        return []


def _location(
    entry: os.DirEntry[str], folder: Path, shown: str, year: str, base: Path, found: list[Diagnostic]
) -> Location | None:
    """Where the record of `entry` stands; None, and a finding, where it is no record.

    shown: name of `folder` in messages, with a slash.
    """
    if _FILE_NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
        return Location(shown + entry.name, year, entry.name[:-4], folder)
    path = folder / entry.name
    looks_like_record = entry.name.endswith((".yml", ".yaml"))
    if entry.is_symlink():
        found.append(_outside(path, base))
    elif not looks_like_record:
        if not entry.is_dir() and not entry.name.endswith(".md"):
            found.append(
                _misplaced(path, base, f"「{entry.name}」不是记录", "记录以 .yml 结尾；图片放进以编号命名的文件夹")
            )
    elif not entry.is_file():
        message, allowed = f"「{entry.name}」不是普通文件", "记录应当是一个文本文件"
        found.append(Diagnostic(shown_name(path, base), 1, 1, "file-not-regular", message, allowed))
    else:
        found.append(
            _misplaced(path, base, f"文件名「{entry.name}」不合规则", f"应为 届次-序号.yml，例如 {year}-00001.yml")
        )
    return None


def _misplaced(path: Path, base: Path, message: str, allowed: str) -> Diagnostic:
    return Diagnostic(shown_name(path, base), 1, 1, "file-name", message, allowed)


def _outside(path: Path, base: Path) -> Diagnostic:
    message = f"「{path.name}」是符号链接"
    return Diagnostic(shown_name(path, base), 1, 1, "file-outside", message, "资料库里只放文件本身")


def _duplicates(locations: Iterable[Location]) -> Iterator[Diagnostic]:
    first: dict[str, str] = {}
    for location in locations:
        if location.id in first:
            message = f"编号「{location.id}」已用于 {first[location.id]}"
            yield Diagnostic(location.file, 1, 1, "id-duplicate", message, "编号永不重复，请换一个")
        first.setdefault(location.id, location.file)
