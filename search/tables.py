"""Tables that are slow to make and depend on installed packages only, kept in a cache folder where there is one."""

from __future__ import annotations

import hashlib
import multiprocessing
import sys
import unicodedata
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")

_folder: Path | None = None


def keep_in(folder: Path | None) -> None:
    """From now on tables are kept in this folder, which may be deleted at any time."""
    global _folder
    _folder = folder


def kept(name: str, package: str, make: Callable[[], T], kind: type[T]) -> T:
    """What `make` gives, from the cache if the same version of `package` made it."""
    if _folder is None:
        return make()
    about = (name, metadata.version(package), unicodedata.unidata_version, sys.version_info[:2], _code())
    key = hashlib.blake2b(repr(about).encode(), digest_size=8).hexdigest()
    path = _folder / f"{name}-{key}.msgpack"
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        made = _apart(make)
        write_whole(path, msgspec.msgpack.encode(made))
        return made


def _apart(make: Callable[[], T]) -> T:
    """What `make` gives, from a process of its own where that can be: the packages need memory only once."""
    if "fork" not in multiprocessing.get_all_start_methods() or multiprocessing.current_process().daemon:
        return make()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(make)


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file of a cache in one step; a cache that cannot be written is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        pass


def _code() -> bytes:
    here = Path(__file__).parent
    return b"".join((here / name).read_bytes() for name in ("pinyin.py", "analyzer.py"))
