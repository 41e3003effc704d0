"""Which inputs made each file of the site: what is made again is what has other inputs than last time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec

import search
from generator.frames import PageForm
from generator.store import Manifest

# Folder of the cache beside mkdocs.yml; it can be deleted at any time.
CACHE = ".cache"


@dataclass(frozen=True)
class BuildReport:
    """What a build did: files in the site, files made anew, number of the build."""

    files: int
    made: int
    number: int


class BuildState(msgspec.Struct):
    """Key of the inputs and digest of the content of each file, by its path in the site.

    pages: how each page was put together.
    groups: key of the inputs of files that are made together, by the folder that holds them.
    """

    files: dict[str, tuple[bytes, bytes]] = {}
    pages: dict[str, PageForm] = {}
    groups: dict[str, bytes] = {}

    def known(self, path: str, key: bytes, published: Manifest) -> bytes | None:
        """Digest of the file where it was made from the same inputs and still stands in `published`."""
        entry = self.files.get(path)
        if entry is not None and entry[0] == key and published.get(path) == entry[1]:
            return entry[1]
        return None

    def known_group(self, folder: str, key: bytes, published: Manifest) -> dict[str, bytes] | None:
        """Digests of the files below `folder` where they were made from the same inputs and all still stand."""
        if self.groups.get(folder) != key:
            return None
        files = {path: digest for path, (_, digest) in self.files.items() if path.startswith(folder)}
        return files if all(published.get(path) == digest for path, digest in files.items()) else None


def key_of(*parts: bytes | str) -> bytes:
    """A key for the inputs `parts`, in their order."""
    data = [part.encode() if isinstance(part, str) else part for part in parts]
    sizes = ",".join([str(len(part)) for part in data]).encode()
    return hashlib.blake2b(b"".join([sizes, b":", *data]), digest_size=16).digest()


def digest_of_files(paths: Iterable[tuple[str, Path]]) -> bytes:
    """A key for the names and contents of files, whatever their order."""
    return key_of(*(part for name, path in sorted(paths) for part in (name, path.read_bytes())))


@lru_cache(maxsize=1)
def code_key() -> bytes:
    """A key for the program itself: another version of it may make other files from the same inputs."""
    folders = (Path(__file__).parent, Path(search.__file__).parent)
    files = [(f"{folder.name}/{path.relative_to(folder)}", path) for folder in folders for path in folder.rglob("*.py")]
    return digest_of_files(files)
