"""The published folder: the old site or the new one, whole, at every moment.

`site` is a link to a numbered folder in `.site/`. A build fills a folder that nobody looks at and then moves the
link, which the system does in one step. Unchanged files are shared between builds as hard links, so a build
writes only what changed; a folder counts as complete only once its manifest stands beside it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from generator.stamps import stamp_of


class Part(msgspec.Struct, array_like=True, frozen=True):
    """The files of one group, as encoded: groups that stay are compared and carried over whole. size: how many."""

    size: int
    content: bytes

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Part:
        """The part with these digests by path; equal files give equal parts."""
        return cls(len(files), msgspec.msgpack.encode(dict(sorted(files.items()))))

    @property
    def files(self) -> dict[str, bytes]:
        """Digest of each file by its path."""
        return _files.decode(self.content)


_files = msgspec.msgpack.Decoder(dict[str, bytes])

# The files of a build by the name of their group; a path stands in one group only.
Manifest = dict[str, Part]


def undivided(files: Mapping[str, bytes]) -> Manifest:
    """The manifest of a build with these digests by path, all in one group."""
    return {"": Part.of(files)}


def size_of(manifest: Manifest) -> int:
    """How many files a build has."""
    return sum([part.size for part in manifest.values()])


def files_of(parts: Iterable[Part]) -> dict[str, bytes]:
    """Digest of each file of `parts` by its path."""
    return {path: digest for part in parts for path, digest in part.files.items()}


class StoreError(Exception):
    """The site cannot be written; the message says why, in Chinese. What is published is untouched."""


class BusyError(StoreError):
    """Another build is writing the same site."""


def digest_of(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def digest_of_file(path: Path) -> bytes:
    """What `digest_of` gives of the content, without holding all of it."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).digest()


class Store:
    """Numbered builds of one site. live: the link that people serve. keep: how many earlier builds stay."""

    def __init__(self, live: Path, keep: int = 1) -> None:
        self.live = live
        self.home = live.parent / f".{live.name}"
        self.keep = keep

    @property
    def fresh(self) -> Path:
        """Folder into which a build writes what is new."""
        return self.home / "fresh"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the site for one build; raises BusyError where another has it."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            lock = (self.home / "lock").open("w")
        except OSError as error:
            raise StoreError(f"不能写入 {self.live.parent}：{error.strerror}") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(f"另一个构建正在写 {self.live.name}，请等它结束再试") from None
            yield

    def builds(self) -> list[int]:
        """Numbers of the complete builds, the oldest first."""
        if not self.home.is_dir():
            return []
        names = (entry.name for entry in self.home.iterdir() if entry.suffix == ".manifest")
        return sorted(int(name.removesuffix(".manifest")) for name in names if name.split(".")[0].isdigit())

    def current(self) -> int | None:
        """Number of the build that is live."""
        try:
            name = Path(os.readlink(self.live)).name
        except OSError:
            return None
        return int(name) if name.isdigit() and int(name) in self.builds() else None

    def manifest(self, number: int | None) -> Manifest:
        """The files of a build; empty where there is no such build."""
        if number is None:
            return {}
        try:
            return msgspec.msgpack.decode(self._manifest_path(number).read_bytes(), type=Manifest)
        except (OSError, msgspec.DecodeError):
            return {}

    def identity(self) -> bytes:
        """What changes whenever another build is live or the manifest of the live one is written; empty for none."""
        number = self.current()
        return stamp_of(self._manifest_path(number)) + str(number).encode() if number is not None else b""

    def clear_fresh(self) -> Path:
        """The empty folder for a build; what an interrupted build left is removed."""
        for leftover in (self.fresh, self.home / "work"):
            shutil.rmtree(leftover, ignore_errors=True)
        complete = set(self.builds())
        for entry in self.home.iterdir():
            if entry.name.isdigit() and int(entry.name) not in complete:
                shutil.rmtree(entry, ignore_errors=True)
        self.fresh.mkdir(parents=True)
        return self.fresh

    def publish(self, manifest: Manifest, written: set[str]) -> int:
        """Makes the build that `manifest` describes live and returns its number. written: as for `add`."""
        number = self.add(manifest, written)
        self.show(number)
        self.prune(number)
        return number

    def add(self, manifest: Manifest, written: set[str]) -> int:
        """Number of a complete new build, which `manifest` describes and nobody sees before `show`.

        written: the paths that stand in `fresh`; every other file of the manifest stands in the live build with
        the same digest.
        """
        live = self.current()
        builds = self.builds()
        number = max([0, *builds]) + 1
        work = self.home / "work"
        if len(written) == size_of(manifest):
            self.fresh.rename(work)
        else:
            spare = next((b for b in builds if b != live), None) if len(builds) > self.keep else None
            base = self.manifest(spare)
            if spare is None or not base:
                work.mkdir()
            else:
                self._manifest_path(spare).unlink()
                (self.home / str(spare)).rename(work)
            self._patch(work, base, manifest, written, self.home / str(live))
            shutil.rmtree(self.fresh)
        work.rename(self.home / str(number))
        self._write_manifest(number, manifest)
        return number

    def _patch(self, work: Path, base: Manifest, manifest: Manifest, written: set[str], live: Path) -> None:
        """Turns the folder `work`, which holds `base`, into one that holds `manifest`."""
        names = [name for name in base.keys() | manifest.keys() if base.get(name) != manifest.get(name)]
        before = files_of(base[name] for name in names if name in base)
        after = files_of(manifest[name] for name in names if name in manifest)
        gone = before.keys() - after.keys()
        for path in gone:
            (work / path).unlink(missing_ok=True)
        made: set[str] = set()
        for path, digest in after.items():
            if before.get(path) == digest:
                continue
            target = os.path.join(work, path)
            folder = os.path.dirname(target)
            if folder not in made:
                os.makedirs(folder, exist_ok=True)
                made.add(folder)
            if path in written:
                os.replace(os.path.join(self.fresh, path), target)
            else:
                if path in before:
                    os.unlink(target)
                os.link(os.path.join(live, path), target)
        for folder in {os.path.dirname(path) for path in gone}:
            _remove_empty(work, folder)

    def rollback(self) -> int:
        """Makes the newest complete build before the live one live again and returns its number."""
        live = self.current()
        earlier = [number for number in self.builds() if live is None or number < live]
        if not earlier:
            raise StoreError("没有可以退回的上一版")
        self.show(earlier[-1])
        return earlier[-1]

    def prune(self, live: int) -> None:
        """Removes the builds beyond `keep` earlier ones."""
        others = [number for number in self.builds() if number != live]
        for number in others[: max(0, len(others) - self.keep)]:
            self.remove(number)

    def remove(self, number: int) -> None:
        """Removes a build that is not live."""
        self._manifest_path(number).unlink()
        shutil.rmtree(self.folder(number), ignore_errors=True)

    def folder(self, number: int) -> Path:
        """Where the files of a build stand."""
        return self.home / str(number)

    def _manifest_path(self, number: int) -> Path:
        return self.home / f"{number}.manifest"

    def _write_manifest(self, number: int, manifest: Manifest) -> None:
        path = self._manifest_path(number)
        part = path.with_suffix(".part")
        part.write_bytes(msgspec.msgpack.encode(manifest))
        part.replace(path)

    def show(self, number: int) -> None:
        """Makes a complete build live: moves the link in one step; a plain folder in its place is put aside."""
        if self.live.is_dir() and not self.live.is_symlink():
            self.live.rename(self.home / f"before-{number}")
        part = self.home / "link"
        part.unlink(missing_ok=True)
        part.symlink_to(Path(self.home.name) / str(number))
        part.replace(self.live)


def _remove_empty(root: Path, folder: str) -> None:
    """Removes the folder below `root` and those above it as far as they are empty; `root` stays."""
    with suppress(OSError):
        while folder:
            os.rmdir(root / folder)
            folder = os.path.dirname(folder)
