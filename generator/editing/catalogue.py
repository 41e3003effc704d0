"""The list of records to choose from: read through the cache of checked records, searched in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.build_state import CACHE
from generator.checking.diagnostics import Diagnostic
from generator.importers.known_records import KnownRecord, known_record, scan_records
from generator.reading import check_folder
from generator.records.library import record_files
from generator.records.model import Case, Entry, entry_of
from generator.scheme.model import Scheme

SHOWN = 50
# Where so many records must be checked anew, the list first shows what a quick look finds.
MANY = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """A record in the list. entry: None where the record has an error. errors, warnings: findings of the check."""

    id: str
    year: str
    title: str
    unit: str
    status: str
    errors: int
    warnings: int
    text: str
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Lines that were asked for: how many there are in all, and the first of them, the newest record first."""

    total: int
    lines: Sequence[Line]


class Catalogue:
    """Every record of `folder`; read in the background, so that the editor opens at once.

    ready: set once every record was checked. done, todo: how far that is.
    """

    def __init__(self, folder: Path, base: Path, cache: Path | None = None) -> None:
        self.folder = folder
        self.base = base
        self.cache = cache or base / CACHE
        self.lines: dict[str, Line] = {}
        self.done = self.todo = 0
        self.ready = threading.Event()
        self.busy = threading.Lock()

    def refresh(self) -> None:
        """Reads what changed; returns at once where another thread is reading."""
        if not self.busy.acquire(blocking=False):
            return
        try:
            # One process: a fork beside the threads of the server could take a held lock with it.
            checked = check_folder(self.folder, self.base, cache=self.cache, jobs=1, progress=self._progress)
            places = {location.id: location for location in record_files(self.folder, self.base)[0]}
            lines = {}
            for row in checked.rows:
                entry = checked.entry(row)
                if entry is not None:
                    lines[row.id] = _line(entry, checked.findings(row))
                elif row.id in places:
                    errors = sum(finding.is_error for finding in checked.findings(row))
                    lines[row.id] = _quick_line(known_record(places[row.id]), row.id, errors)
            self.lines = dict(sorted(lines.items()))
        finally:
            self.ready.set()
            self.busy.release()

    def _progress(self, done: int, todo: int) -> None:
        self.done, self.todo = done, todo
        if todo > MANY and not self.lines:
            self.lines = {record.id: _quick_line(record, record.id) for record in scan_records(self.folder, self.base)}

    def put(self, case: Case, scheme: Scheme, found: Sequence[Diagnostic]) -> None:
        """Notes a record that was just saved."""
        # Nothing here is put in order of pinyin.
        line = _line(entry_of(case, scheme, b"", str), found)
        self.lines = dict(sorted({**self.lines, line.id: line}.items()))

    def find(self, query: str, year: str = "", only: str = "", most: int = SHOWN) -> Found:
        """Records that hold every word of `query` and belong to round `year`.

        only: "errors", "incomplete" or a state, to see no others.
        """
        words = fold(query).split()
        found = [
            line
            for line in reversed(self.lines.values())
            if all(word in line.text for word in words) and (not year or line.year == year) and _is_wanted(line, only)
        ]
        return Found(len(found), found[:most])

    def entries(self) -> list[Entry]:
        """The light form of every valid record, in order of id."""
        return [line.entry for line in self.lines.values() if line.entry is not None]


def _line(entry: Entry, found: Sequence[Diagnostic]) -> Line:
    names = " ".join([*entry.people, *entry.terms.values()])
    errors = sum(finding.is_error for finding in found)
    text = fold(f"{entry.id} {entry.title} {entry.unit} {names}")
    return Line(
        *(entry.id, str(entry.year), entry.title, entry.unit, entry.status, errors, len(found) - errors, text, entry)
    )


def _quick_line(record: KnownRecord | None, case_id: str, errors: int = 0) -> Line:
    """The line of a record that was not checked or has errors."""
    title, unit = (record.title, record.unit) if record is not None else ("", "")
    return Line(case_id, case_id[:4], title, unit, "", errors, 0, fold(f"{case_id} {title} {unit}"))


def _is_wanted(line: Line, only: str) -> bool:
    if only == "errors":
        return line.errors > 0
    if only == "incomplete":
        return line.warnings > 0
    return not only or line.status == only


def fold(text: str) -> str:
    """`text` as the list is searched: width and case make no difference."""
    return "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text).casefold()
