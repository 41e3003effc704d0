"""Identity of files: whether one may have changed is told without reading it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec


def facts_of(status: os.stat_result) -> tuple[int, int, int, int]:
    """What changes with every change of a file: the file itself, size, times (ns)."""
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def stamp_of(path: str | Path) -> bytes:
    """Identity of a file: another stamp means that it may have changed. Empty where there is none."""
    try:
        return msgspec.msgpack.encode(facts_of(os.stat(path, follow_symlinks=False)))
    except OSError:
        return b""


def stamp_of_tree(folder: Path) -> bytes:
    """Identity of everything below `folder`, names included. Empty where it cannot be read."""
    found: list[tuple[str, tuple[int, int, int, int]]] = []
    folders = [os.fspath(folder)]
    try:
        while folders:
            current = folders.pop()
            with os.scandir(current) as entries:
                for entry in entries:
                    found.append((entry.path, facts_of(entry.stat(follow_symlinks=False))))
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
    except OSError:
        return b""
    found.sort()
    return hashlib.blake2b(msgspec.msgpack.encode(found), digest_size=16).digest()
