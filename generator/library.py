"""The valid cases of one scheme: immutable, in order, and the reading of a whole folder of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from generator.diagnostics import Diagnostic, has_errors
from generator.model import Case
from generator.records import read_record
from generator.scheme import Scheme, read_scheme
from generator.validate import Location, validate_case

SCHEME_FILE = "scheme.yml"
_FILE_NAME = re.compile(r"\d{4}-\d{5,7}\.yml")
_FOLDER_NAME = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Library:
    """All valid cases of a folder. `cases` is ordered by id."""

    scheme: Scheme
    folder: Path
    cases: tuple[Case, ...]

    @cached_property
    def public(self) -> tuple[Case, ...]:
        """The cases that are listed and counted, best first."""
        return tuple(sorted((case for case in self.cases if case.is_public), key=self.order))

    @cached_property
    def by_id(self) -> dict[str, Case]:
        return {case.id: case for case in self.cases}

    def order(self, case: Case) -> tuple[int, int, str]:
        """Sort key of a list of cases: best award first, then the newest round, then the id."""
        award = self.scheme.award
        rank = award.rank[case.value(award.key)] if award else 0
        return rank, -case.year, case.id


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
            if round_entry.name != SCHEME_FILE and round_entry.name.endswith((".yml", ".yaml")):
                found.append(_misplaced(path, base, "记录要放在届次的文件夹里", "例如 2023/2023-00001.yml"))
            continue
        if round_entry.is_symlink():
            found.append(_outside(path, base))
            continue
        for entry in _entries(path, base, found):
            location = _location(entry, path, round_entry.name, base, found)
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
    entry: os.DirEntry[str], folder: Path, year: str, base: Path, found: list[Diagnostic]
) -> Location | None:
    """Where the record of `entry` stands; None, and a finding, where it is no record."""
    path = folder / entry.name
    looks_like_record = entry.name.endswith((".yml", ".yaml"))
    if entry.is_symlink():
        found.append(_outside(path, base))
    elif not looks_like_record:
        if not entry.is_dir() and not entry.name.endswith(".md"):
            found.append(_misplaced(path, base, f"「{entry.name}」不是记录", "记录以 .yml 结尾；图片放进以编号命名的文件夹"))
    elif not entry.is_file():
        message, allowed = f"「{entry.name}」不是普通文件", "记录应当是一个文本文件"
        found.append(Diagnostic(shown_name(path, base), 1, 1, "file-not-regular", message, allowed))
    elif not _FILE_NAME.fullmatch(entry.name):
        found.append(_misplaced(path, base, f"文件名「{entry.name}」不合规则", f"应为 届次-序号.yml，例如 {year}-00001.yml"))
    else:
        return Location(shown_name(path, base), year, entry.name[:-4], folder)
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


def read_case(location: Location, scheme: Scheme) -> tuple[Case | None, list[Diagnostic]]:
    """The case at `location` and all findings about it."""
    raw, found = read_record(location.folder / f"{location.id}.yml", location.file)
    if raw is None:
        return None, found
    case, problems = validate_case(raw, scheme, location)
    found += problems
    return (None if has_errors(found) else case), found


def read_library(folder: Path, base: Path | None = None) -> tuple[Library | None, list[Diagnostic]]:
    """The library in `folder` and every finding, in order of place; no library where there is an error.

    base: folder that file names in messages are relative to; the one above `folder` by default.
    """
    base = base or folder.parent
    scheme, found = read_scheme(folder / SCHEME_FILE, shown_name(folder / SCHEME_FILE, base))
    locations, problems = record_files(folder, base)
    found += problems
    if scheme is None:
        return None, sorted(found)
    cases: list[Case] = []
    for location in locations:
        case, problems = read_case(location, scheme)
        found += problems
        if case is not None:
            cases.append(case)
    if has_errors(found):
        return None, sorted(found)
    return Library(scheme, folder, tuple(sorted(cases, key=lambda case: case.id))), sorted(found)
