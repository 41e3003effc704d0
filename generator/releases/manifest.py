"""The manifest (清单) of a release: path, size and SHA-256 of every file, signed as it stands."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import msgspec

from generator.kept_files import reason_of
from generator.released.errors import ReleaseError

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
FORM = 1
_MOST = 64_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ManifestFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the release. size: in bytes."""

    path: str
    size: int
    sha256: str


class ReleaseManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the signature stands for. date: a day. program, source: what the release was made with and of."""

    release: str
    date: str
    name: str
    organiser: str
    previous: str | None
    source: str
    program: dict[str, str]
    files: list[ManifestFile]
    form: int = FORM


def encode_manifest(manifest: ReleaseManifest) -> bytes:
    """The file of `manifest`; the same bytes every time."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def decode_manifest(content: bytes) -> ReleaseManifest:
    """The manifest in `content`. Raises ReleaseError where it is none, or names a place outside of the release."""
    try:
        manifest = msgspec.json.decode(content, type=ReleaseManifest)
    except msgspec.DecodeError as error:
        raise ReleaseError(f"清单 {MANIFEST} 不是发布清单：{error}") from None
    if manifest.form != FORM:
        raise ReleaseError(f"清单 {MANIFEST} 是第 {manifest.form} 种格式，这一版程序只认第 {FORM} 种")
    try:
        date.fromisoformat(manifest.date)
    except ValueError:
        raise ReleaseError(f"清单 {MANIFEST} 的发布日期不是日期") from None
    seen: set[str] = set()
    for file in manifest.files:
        refuse_path(file.path, MANIFEST)
        if file.path in seen or file.path in (MANIFEST, SIGNATURE):
            raise ReleaseError(f"清单 {MANIFEST} 把「{file.path}」列了两次")
        if not _SHA256.fullmatch(file.sha256) or file.size < 0:
            raise ReleaseError(f"清单 {MANIFEST} 里「{file.path}」的校验值不对")
        seen.add(file.path)
    return manifest


def refuse_path(path: str, where: str) -> None:
    """Raises ReleaseError where `path` is not a plain relative path below a folder."""
    if any(mark in path for mark in "\\\0\n") or any(part in ("", ".", "..") for part in path.split("/")):
        shown = "".join(mark if mark.isprintable() else "?" for mark in path[:100])
        raise ReleaseError(f"{where} 里的路径「{shown}」不在文件夹之内")


def walk(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file below `folder` with its path. Raises ReleaseError for what is neither a plain file nor a folder."""
    pending = [""]
    while pending:
        prefix = pending.pop()
        try:
            with os.scandir(folder / prefix) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            raise ReleaseError(f"{folder / prefix} 读不到：{reason_of(error)}") from None
        for entry in found:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                pending.append(f"{path}/")
            elif not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                raise ReleaseError(f"「{path}」是链接或特殊文件；发布里只有普通文件")
            else:
                yield path, entry


def describe(folder: Path) -> list[ManifestFile]:
    """Every file below `folder`, by path; the manifest and its signature left out."""
    files = [
        ManifestFile(path, entry.stat(follow_symlinks=False).st_size, sha256_of_file(folder / path))
        for path, entry in walk(folder)
        if path not in (MANIFEST, SIGNATURE)
    ]
    return sorted(files, key=lambda file: file.path)


def sha256_of_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_bounded(path: Path, what: str) -> bytes:
    """Content of a small file of a release. Raises ReleaseError where it is missing, a link or large."""
    try:
        status = path.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            raise ReleaseError(f"{what} {path.name} 是链接或特殊文件；发布里只有普通文件")
        if status.st_size > _MOST:
            raise ReleaseError(f"{what} {path.name} 过大")
        return path.read_bytes()
    except FileNotFoundError:
        raise ReleaseError(f"缺少{what} {path.name}") from None
    except OSError as error:
        raise ReleaseError(f"{what} {path.name} 读不到：{reason_of(error)}") from None


def differing_files(folder: Path, other: Path) -> list[str]:
    """Paths of the files that are not the same in both folders, the signature left out."""
    if not other.is_dir():
        raise ReleaseError(f"没有文件夹 {other}")
    here, there = ({path for path, _ in walk(side) if path != SIGNATURE} for side in (folder, other))
    same = {path for path in here & there if sha256_of_file(folder / path) == sha256_of_file(other / path)}
    return sorted((here | there) - same)


def compare_files(expected: Mapping[str, ManifestFile], folder: Path) -> None:
    """Raises ReleaseError at the first file below `folder` that is missing, added or another than `expected`."""
    found = {path: entry for path, entry in walk(folder) if path not in (MANIFEST, SIGNATURE)}
    for path in sorted(expected.keys() - found.keys()):
        raise ReleaseError(f"缺少文件「{path}」")
    for path in sorted(found.keys() - expected.keys()):
        raise ReleaseError(f"多出文件「{path}」，清单里没有")
    for path, file in expected.items():
        size = found[path].stat(follow_symlinks=False).st_size
        if size != file.size:
            raise ReleaseError(f"文件「{path}」有 {size} 字节，清单里是 {file.size} 字节")
        try:
            same = sha256_of_file(folder / path) == file.sha256
        except OSError as error:
            raise ReleaseError(f"文件「{path}」读不到：{reason_of(error)}") from None
        if not same:
            raise ReleaseError(f"文件「{path}」的内容与清单不符（SHA-256 不同）")
