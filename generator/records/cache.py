"""What was read and checked of each record, kept by content: memory of a pure function, safe to delete.

One SQLite file. A row counts only while the file it came from, and the media it names, are as they were.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    file TEXT PRIMARY KEY, stamp BLOB NOT NULL, media BLOB NOT NULL,
    id TEXT NOT NULL, entry BLOB, diagnostics BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS body (file TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""


@dataclass(slots=True)
class CheckedRecord:
    """The outcome of one record. `entry` and `content` (JSON of the case) are empty where it has an error.

    stamp: identity of the file as it was read. media: identity of each media file, in the order of the record.
    """

    file: str
    stamp: bytes
    media: bytes
    id: str
    entry: bytes
    diagnostics: bytes
    content: bytes = b""


class RecordCache:
    """Rows by shown file name. `key` names everything else the outcome depends on; another key empties the cache."""

    def __init__(self, path: Path, key: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.connection = _open(path)
        with self.connection:
            self.connection.executescript(SCHEMA)
            found = self.connection.execute("SELECT value FROM meta WHERE key = 'key'").fetchone()
            if found is None or found[0] != key:
                for table in ("record", "body", "meta"):
                    self.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables
                self.connection.execute("INSERT INTO meta VALUES ('key', ?)", (key,))

    def rows(self) -> Iterator[CheckedRecord]:
        """Every row, without the content."""
        for row in self.connection.execute("SELECT file, stamp, media, id, entry, diagnostics FROM record"):
            yield CheckedRecord(*row)

    def write(self, rows: Iterable[CheckedRecord], gone: Iterable[str] = ()) -> None:
        """Adds or replaces `rows` and forgets the files `gone`."""
        with self.connection:
            for row in rows:
                values = (row.file, row.stamp, row.media, row.id, row.entry, row.diagnostics)
                self.connection.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)", values)
                self.connection.execute("INSERT OR REPLACE INTO body VALUES (?, ?)", (row.file, row.content))
            for file in gone:
                self.connection.execute("DELETE FROM record WHERE file = ?", (file,))
                self.connection.execute("DELETE FROM body WHERE file = ?", (file,))

    def close(self) -> None:
        self.connection.close()


def _open(path: Path) -> sqlite3.Connection:
    """Connection to the cache; a damaged file is replaced by an empty one."""
    connection = sqlite3.connect(path, timeout=60)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.DatabaseError:
        connection.close()
        for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            leftover.unlink(missing_ok=True)
        connection = sqlite3.connect(path, timeout=60)
    return connection


class CaseReader:
    """Reads the content of single cases from a cache that another connection may be writing; one per process."""

    def __init__(self, path: Path, files: dict[str, str]) -> None:
        self.files = files
        self.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)

    def content(self, case_id: str) -> bytes:
        """JSON of the case with this id."""
        row = self.connection.execute("SELECT content FROM body WHERE file = ?", (self.files[case_id],)).fetchone()
        return bytes(row[0])
