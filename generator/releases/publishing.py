"""Puts a release live in a folder: unpacked and checked beside it, swapped in one step, and taken back as fast."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import msgspec

from generator.kept_files import reason_of
from generator.released.errors import ReleaseError
from generator.releases.archive import unpack
from generator.releases.keys import latest_day
from generator.releases.verifying import Verified
from generator.store import BusyError, Store, StoreError, undivided

MARK = ".release"
UNCHANGED = "线上的没有变"

Progress = Callable[[str, int, int], None]


class Mark(msgspec.Struct, frozen=True):
    """Which release a build of the store holds. digest: SHA-256 of its manifest."""

    release: str
    date: str
    digest: str


@dataclass(frozen=True)
class Live:
    """What is live now, and whether it was so before. release: empty where it was no release."""

    release: str
    changed: bool = True


def refuse_early(verified: Verified, now: datetime) -> None:
    """Raises ReleaseError where the day of the release has not come; a clock may be an hour off."""
    day = verified.manifest.date
    if date.fromisoformat(day) > latest_day(now):
        raise ReleaseError(f"{verified.manifest.release} 的发布日期 {day} 还没有到（请也核对本机的时钟）；{UNCHANGED}")


def refuse_reused(release: str, digest: str, marks: list[Mark]) -> None:
    """Raises ReleaseError where another release of that name was published here."""
    if any(mark.release == release and mark.digest != digest for mark in marks):
        raise ReleaseError(f"编号 {release} 在这里已用于另一份内容；{UNCHANGED}")


def publish(verified: Verified, to: Path, keep: int, now: datetime, progress: Progress | None = None) -> Live:
    """Makes the release live at `to`, a link that is moved in one step; `keep` earlier ones stay.

    Raises ReleaseError where it cannot; what was live then stays.
    """
    refuse_early(verified, now)
    store = Store(to, keep)
    mark = Mark(verified.manifest.release, verified.manifest.date, verified.digest)
    with _held(store):
        current = store.current()
        marks = {number: found for number in store.builds() if (found := _mark(store, number))}
        refuse_reused(mark.release, mark.digest, list(marks.values()))
        if current is not None and marks.get(current) == mark:
            return Live(mark.release, changed=False)
        _refuse_plain(to)
        fresh = store.clear_fresh()
        try:
            _refuse_full(fresh, sum(file.size for file in verified.site.values()))
            unpack(verified.archive, verified.site, fresh, progress)
            files = {path: bytes.fromhex(file.sha256) for path, file in verified.site.items()}
            number = max([0, *store.builds()]) + 1
            _mark_path(store, number).write_bytes(msgspec.json.encode(mark))
            store.publish(undivided(files), set(files))
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        _forget_marks(store)
    return Live(mark.release)


def rollback(to: Path) -> Live:
    """Makes what was live before at `to` live again. Raises ReleaseError where nothing is kept."""
    store = Store(to)
    if not store.home.is_dir():
        raise ReleaseError(f"{to} 不是 caselib publish 发布的，没有可以退回的上一版")
    with _held(store):
        mark = _mark(store, store.rollback())
    return Live(mark.release if mark else "")


@contextmanager
def _held(store: Store) -> Iterator[None]:
    """Holds the folder for one command; what goes wrong is said in one line."""
    try:
        with store.locked():
            yield
    except BusyError:
        raise ReleaseError(f"另一个人正在向 {store.live} 发布，请等他结束再试；{UNCHANGED}") from None
    except StoreError as error:
        raise ReleaseError(str(error)) from None
    except OSError as error:
        where = error.filename or store.live
        raise ReleaseError(f"没有发布：{reason_of(error)}（{where}）；{UNCHANGED}") from None


def _refuse_plain(live: Path) -> None:
    """Raises ReleaseError where a folder with files stands in the place of the link; an empty one is removed."""
    if live.is_dir() and not live.is_symlink():
        try:
            os.rmdir(live)
        except OSError:
            raise ReleaseError(f"{live} 是普通文件夹，里面有文件；请先把它改名，再发布到这个位置") from None


def _refuse_full(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ReleaseError(f"磁盘空间不够：网站要 {needed >> 20} MB，只有 {free >> 20} MB；{UNCHANGED}")


def _mark_path(store: Store, number: int) -> Path:
    return store.home / f"{number}{MARK}"


def _mark(store: Store, number: int) -> Mark | None:
    """The release that a build holds, None where it is no release."""
    try:
        return msgspec.json.decode(_mark_path(store, number).read_bytes(), type=Mark)
    except (OSError, msgspec.DecodeError):
        return None


def _forget_marks(store: Store) -> None:
    """Removes the marks of builds that are gone."""
    kept = {f"{number}{MARK}" for number in store.builds()}
    for path in store.home.glob(f"*{MARK}"):
        if path.name not in kept:
            path.unlink()


class Place(Protocol):
    """Where a site is live."""

    def publish(self, verified: Verified, keep: int, now: datetime, progress: Progress | None = None) -> Live:
        """Makes the release live; `keep` earlier ones stay. Raises ReleaseError; what was live then stays."""

    def rollback(self) -> Live:
        """Makes what was live before live again. Raises ReleaseError where nothing is kept."""


@dataclass(frozen=True)
class LocalPlace:
    """A link in a folder of this machine."""

    live: Path

    def publish(self, verified: Verified, keep: int, now: datetime, progress: Progress | None = None) -> Live:
        return publish(verified, self.live, keep, now, progress)

    def rollback(self) -> Live:
        return rollback(self.live)
