"""The archive of a site: a tar of plain files in order of path, compressed with Zstandard; the same bytes every time.

Beside it stands a list of its files: SHA-256, size and path, a line each, so that what was unpacked can be checked.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

import zstandard

from generator.released.errors import ReleaseError
from generator.releases.manifest import ManifestFile, describe, refuse_path

LEVEL = 9
_CHUNK = 1 << 20

Progress = Callable[[str, int, int], None]


def pack(site: Path, archive: Path, listing: Path, moment: int, progress: Progress | None = None) -> None:
    """Writes the archive of the folder `site` and the list of its files. moment: time of every file, Unix seconds."""
    files = describe(site)
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    with (
        archive.open("wb") as target,
        compressor.stream_writer(target, closefd=False) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for number, file in enumerate(files, 1):
            member = tarfile.TarInfo(file.path)
            member.size, member.mtime, member.mode = file.size, moment, 0o644
            with (site / file.path).open("rb") as content:
                tar.addfile(member, content)
            if progress is not None:
                progress("归档", number, len(files))
    listing.write_text("".join(f"{f.sha256}  {f.size}  {f.path}\n" for f in files), "utf-8", newline="\n")


def decode_listing(text: str, name: str) -> dict[str, ManifestFile]:
    """The files that the list `text` names, by path. Raises ReleaseError where it is no such list. name: its file."""
    files: dict[str, ManifestFile] = {}
    for line in text.split("\n")[:-1]:
        parts = line.split("  ", 2)
        if len(parts) != 3 or not parts[1].isdigit():
            raise ReleaseError(f"{name} 的写法不对")
        refuse_path(parts[2], name)
        files[parts[2]] = ManifestFile(parts[2], int(parts[1]), parts[0])
    return files


def check_archive(archive: Path, expected: dict[str, ManifestFile], progress: Progress | None = None) -> None:
    """Reads the whole archive. Raises ReleaseError where it holds anything but exactly the files `expected`."""
    for _, _ in _members(archive, expected, progress):
        pass


def unpack(archive: Path, expected: dict[str, ManifestFile], folder: Path, progress: Progress | None = None) -> None:
    """Writes the files of the archive below `folder`, which is empty. Raises ReleaseError as `check_archive`; what
    stands in the folder then is no site. Raises OSError where the disk is full."""
    made: set[str] = set()
    for path, parts in _members(archive, expected, progress):
        target = os.path.join(folder, path)
        parent = os.path.dirname(target)
        if parent not in made:
            os.makedirs(parent, exist_ok=True)
            made.add(parent)
        with open(target, "xb") as stream:
            for part in parts:
                stream.write(part)


def _members(
    archive: Path, expected: dict[str, ManifestFile], progress: Progress | None
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Path and content of each file of the archive, checked as it is read."""
    left = dict(expected)
    try:
        with archive.open("rb") as source:
            plain = zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=False)
            # The stream only has to be read onwards.
            with tarfile.open(fileobj=cast(IO[bytes], plain), mode="r|", bufsize=_CHUNK) as tar:
                for member in tar:
                    refuse_path(member.name, archive.name)
                    if not member.isreg():
                        raise ReleaseError(f"归档里的「{member.name}」是链接或特殊文件；只能有普通文件")
                    file = left.pop(member.name, None)
                    if file is None:
                        raise ReleaseError(f"归档里多出「{member.name}」，清单里没有或出现了两次")
                    content = tar.extractfile(member)
                    assert content is not None
                    reading = _checked(content, file, member.size)
                    yield member.name, reading
                    for _ in reading:  # what the caller did not take
                        pass
                    if progress is not None:
                        progress("核对网站", len(expected) - len(left), len(expected))
    except (tarfile.TarError, zstandard.ZstdError, EOFError) as error:
        raise ReleaseError(f"归档 {archive.name} 打不开：{error}") from None
    if left:
        raise ReleaseError(f"归档里缺少「{min(left)}」等 {len(left)} 个文件")


def _checked(content: IO[bytes], file: ManifestFile, size: int) -> Iterator[bytes]:
    if size != file.size:
        raise ReleaseError(f"归档里的「{file.path}」有 {size} 字节，清单里是 {file.size} 字节")
    digest = hashlib.sha256()
    while part := content.read(_CHUNK):
        digest.update(part)
        yield part
    if digest.hexdigest() != file.sha256:
        raise ReleaseError(f"归档里的「{file.path}」与清单不符（SHA-256 不同）")
