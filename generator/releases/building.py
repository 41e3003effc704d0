"""Builds a release from what is committed: checked, complete, packed, signed; or the same release once more."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from generator import __version__
from generator.checking.diagnostics import has_errors, summary
from generator.kept_files import database_errors, reason_of
from generator.keys import code_key
from generator.reading import read_library
from generator.records.library import Library
from generator.released.errors import ReleaseError
from generator.released.ledger import Ledger, last_ledger, ledger_names, ledger_path, read_ledger
from generator.released.names import ReleaseName
from generator.releases.difference import Difference, compare
from generator.releases.keys import SigningKey, refuse_expired
from generator.releases.notes import release_notes
from generator.releases.packing import pack_release, sign_release
from generator.releases.readiness import reasons_against
from generator.releases.registering import register
from generator.releases.source import export, find_source, has_tag, refuse_dirty, tree_digest
from generator.scheme.words import Words
from generator.shell import Shell, ShellError, ShellState
from generator.views import Views

RELEASES = "releases"
MOST_REASONS = 12

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """A release that was built. digest: SHA-256 of its manifest. ledger: file to commit. words: of its scheme."""

    name: ReleaseName
    folder: Path
    ledger: Path
    digest: str
    difference: Difference
    words: Words


class Releases:
    """The releases of the library that a mkdocs.yml describes."""

    def __init__(self, config: Path) -> None:
        self.config = config.resolve()
        if not self.config.is_file():
            raise ReleaseError(f"没有配置文件 {config}；请在资料库的文件夹里运行，或用 --config 指明")
        self.source = find_source(self.config.parent)
        self.folder = self.config.parent / RELEASES
        self.shell = Shell(self.config)

    @property
    def library(self) -> Path:
        """Folder of the records in the working tree."""
        return Path(self._settings.library)

    @cached_property
    def _settings(self) -> ShellState:
        try:
            return self.shell.prepare()
        except ShellError as error:
            raise ReleaseError(_last_line(error)) from None

    def _refuse_dirty(self) -> None:
        settings = self._settings
        inputs = [Path(folder) for folder in (settings.library, settings.docs, *settings.theme)]
        live = Path(settings.output)
        outputs = [self.folder, self.shell.cache, live, live.parent / f".{live.name}"]
        refuse_dirty(self.source, inputs, outputs)

    def release(
        self,
        year: int,
        day: date,
        key: SigningKey,
        today: date,
        number: int | None = None,
        progress: Progress | None = None,
    ) -> Built:
        """Builds and signs the next release of the round `year`, dated `day`, and writes its ledger.

        today: by the clock; only tells whether the key still counts. Raises ReleaseError where it may not be released;
        nothing is left then.
        """
        refuse_expired(key, day, "发布日期")
        refuse_expired(key, today, "今天")
        with self._locked():
            self._refuse_dirty()
            library = self.library
            name = self._next_name(year, number)
            before = last_ledger(library)
            if before is not None and day.isoformat() < before.head.date:
                raise ReleaseError(f"发布日期 {day} 早于上一版 {before.name} 的 {before.head.date}")
            path = ledger_path(library, name)
            with self._work() as work:
                ledger, digest, words = self._build(work, name, day.isoformat(), before, progress)
                sign_release(work / "release", key)
                self._put(work / "release", self.folder / str(name), ledger.content, path)
        return Built(name, self.folder / str(name), path, digest, compare(before, ledger), words)

    def rebuild(self, name: ReleaseName, target: Path, progress: Progress | None = None) -> Built:
        """Builds the release `name` once more to the new folder `target`, unsigned, from the tag that is checked out.

        Raises ReleaseError where what is checked out is not what was released.
        """
        if os.path.lexists(target):
            raise ReleaseError(f"{target} 已经有了；请换一个文件夹")
        with self._locked():
            self._refuse_dirty()
            path = ledger_path(self.library, name)
            known = read_ledger(self.library, name)
            before = last_ledger(self.library, name)
            if tree_digest(self.source, path) != known.head.source:
                raise ReleaseError(f"检出的内容不是 {name} 发布时的内容；请先检出它的标签：git checkout {name}")
            with self._work() as work:
                ledger, digest, words = self._build(work, name, known.head.date, before, progress)
                if ledger.content != known.content:
                    raise ReleaseError(f"重新生成的登记表与 {known.name} 的不同；请用发布时的那一版程序")
                shutil.move(work / "release", target)
        return Built(name, target, path, digest, compare(before, ledger), words)

    def _put(self, made: Path, folder: Path, ledger: bytes, path: Path) -> None:
        """Puts the release and its ledger in place: nothing that can fail for want of space comes between the two."""
        path.parent.mkdir(exist_ok=True)
        part = path.with_name(f".{path.name}")
        try:
            part.write_bytes(ledger)
            made.rename(folder)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _next_name(self, year: int, number: int | None) -> ReleaseName:
        """The name of a new release. Raises ReleaseError where it was used, or is not the next one."""
        used = ledger_names(self.library)
        if used and used[-1].year > year:
            raise ReleaseError(f"上一版是 {used[-1]}；以后的更正也用 caselib release {used[-1].year}")
        following = max((name.number for name in used if name.year == year), default=0) + 1
        name = ReleaseName(year, number or following)
        if name in used:
            raise ReleaseError(f"编号 {name} 已经用过；下一个是 {ReleaseName(year, following)}")
        if name.number != following:
            raise ReleaseError(f"编号要连续：下一个是 {ReleaseName(year, following)}，不是 {name}")
        if has_tag(self.source, name):
            raise ReleaseError(f"编号 {name} 已经用过：git 里有标签 {name}；请先取得它的登记表（git pull）")
        if os.path.lexists(self.folder / str(name)):
            raise ReleaseError(f"{RELEASES}/{name} 已经有了，却没有登记表；是中断留下的，请移走后再试")
        return name

    def _build(
        self, work: Path, name: ReleaseName, day: str, before: Ledger | None, progress: Progress | None
    ) -> tuple[Ledger, str, Words]:
        """Makes the release in `work`/release; its ledger, the SHA-256 of its manifest, the words of its scheme."""
        base = export(self.source, work / "tree")
        shell = Shell(base / self.config.name, version=str(name))
        own = ledger_path(self.library, name)
        try:
            folder = Path(shell.prepare().library)
            # The ledger that a rebuild finds was not there when the release was built.
            ledger_path(folder, name).unlink(missing_ok=True)
            library, views = self._checked(shell, folder, name.year)
            ledger = register(library, views, name, day, tree_digest(self.source, own))
            shell.build(progress)
        except ShellError as error:
            raise ReleaseError(_last_line(error)) from None
        folder = work / "release"
        folder.mkdir()
        notes = release_notes(before, ledger, library.scheme.words)
        previous = str(before.name) if before else None
        program = {"caselib": __version__, "code": code_key().hex()}
        content = pack_release(folder, shell.output.resolve(), ledger, notes, previous, program, progress)
        return ledger, hashlib.sha256(content).hexdigest(), library.scheme.words

    def _checked(self, shell: Shell, folder: Path, year: int) -> tuple[Library, Views]:
        """The library of `shell`. Raises ReleaseError where it has an error or the round is not complete."""
        jobs = shell.prepare().jobs
        library, found = read_library(folder, shell.base, cache=shell.cache, jobs=jobs)
        if library is None or has_errors(found):
            raise ReleaseError(f"资料库有错误，先用 caselib check 查看：{summary(found).splitlines()[0]}")
        reasons = reasons_against(library, shell.base, year)
        if reasons:
            raise ReleaseError(f"{year} {library.scheme.words.round}还不能发布：{'；'.join(reasons[:MOST_REASONS])}")
        return library, Views(library)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Holds the releases; raises ReleaseError where another command has them."""
        try:
            self.folder.mkdir(exist_ok=True)
            lock = (self.folder / ".lock").open("w")
        except OSError as error:
            raise ReleaseError(f"不能写入 {self.folder}：{reason_of(error)}") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ReleaseError("另一个发布命令正在运行，请等它结束再试") from None
            try:
                yield
            except OSError as error:
                raise ReleaseError(f"没有发布：{reason_of(error)}（{error.filename or self.folder}）") from None
            except database_errors() as error:
                raise ReleaseError(f"没有发布：数据库写不下，磁盘已满或出错（{self.folder}：{error}）") from None

    @contextmanager
    def _work(self) -> Iterator[Path]:
        """An empty folder on the disk of the releases, removed at the end; what a killed command left goes too."""
        for leftover in self.folder.glob(".work-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=".work-", dir=self.folder))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _last_line(error: ShellError) -> str:
    """What stopped the build, in one line."""
    return str(error).strip().splitlines()[-1]
