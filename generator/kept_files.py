"""Files of the cache: read where they can be, written in one step; and what a disk that fails says."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过允许的大小",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘读写出错",
}


def read_kept(path: Path, kind: type[T]) -> T | None:
    """What is kept in `path`; None where there is nothing that can be read."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None


def write_kept(path: Path, value: Any) -> None:
    """Keeps `value` in `path`."""
    write_whole(path, msgspec.msgpack.encode(value))


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file of the cache in one step, as another process may write the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(path)


def reason_of(error: OSError) -> str:
    """Why the system refused, in Chinese where it is common."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))


def database_errors() -> tuple[type[Exception], ...]:
    """What a full or failing disk raises out of a database."""
    import sqlite3

    import apsw

    return (apsw.FullError, apsw.IOError, sqlite3.OperationalError)
