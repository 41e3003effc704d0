"""Keys of what something is made from: another key, another result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import search


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
