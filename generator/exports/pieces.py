"""Pieces of large files, kept by the key of their inputs, so that an edit makes one anew. Safe to delete."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import apsw

from generator.keys import key_of
from generator.records.model import Entry


def place_of(case_id: str) -> tuple[str, int, int]:
    """Round, number of digits and number of an id: the order of cases in chunks."""
    year, _, digits = case_id.partition("-")
    return year, len(digits), int(digits)


def chunks(entries: Iterable[Entry], size: int) -> Iterator[tuple[Entry, ...]]:
    """`entries` by place, in groups of up to `size` neighbouring numbers; a new case changes only its own group."""

    def group(entry: Entry) -> tuple[str, int, int]:
        year, width, number = place_of(entry.id)
        return year, width, number // size

    for _, members in groupby(sorted(entries, key=lambda entry: place_of(entry.id)), group):
        yield tuple(members)


def chunk_key(entries: Sequence[Entry], *parts: bytes | str) -> bytes:
    """Key of what is made of `entries` and `parts`."""
    return key_of(*parts, *(entry.digest for entry in entries))


class PieceCache:
    """Pieces of one file. What was not asked for since it was opened is forgotten at its end."""

    def __init__(self, path: Path | None) -> None:
        """path: the file of the cache; None keeps nothing."""
        self.path = path
        self.used: list[bytes] = []
        self.connection = self._open() if path is not None else None

    def _open(self) -> apsw.Connection:
        assert self.path is not None
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _connect(self.path)
        except apsw.Error:
            self.path.unlink(missing_ok=True)
            return _connect(self.path)

    def get(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """The piece with this key, made by `make` where it is not known."""
        if self.connection is None:
            return make()
        self.used.append(key)
        for (data,) in self.connection.execute("SELECT data FROM piece WHERE key = ?", (key,)):
            return bytes(data)
        data = make()
        self.connection.execute("INSERT OR REPLACE INTO piece VALUES (?, ?)", (key, data))
        return data

    def __enter__(self) -> PieceCache:
        if self.connection is not None:
            self.connection.execute("BEGIN")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.connection is None:
            return
        if kind is None:
            self.connection.execute("CREATE TEMP TABLE used (key BLOB PRIMARY KEY) WITHOUT ROWID")
            self.connection.executemany("INSERT OR IGNORE INTO used VALUES (?)", ((key,) for key in self.used))
            self.connection.execute("DELETE FROM piece WHERE key NOT IN (SELECT key FROM used)")
            self.connection.execute("COMMIT")
        else:
            self.connection.execute("ROLLBACK")
        self.connection.close()


def _connect(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(60_000)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE TABLE IF NOT EXISTS piece (key BLOB PRIMARY KEY, data BLOB NOT NULL)")
    return connection
