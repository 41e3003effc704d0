"""Reads a folder of records into a Library: in parallel, from the cache where nothing changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from generator.checking.diagnostics import Diagnostic, has_errors
from generator.checking.raw import read_record
from generator.keys import code_key, key_of
from generator.records.cache import CaseReader, CheckedRecord, RecordCache
from generator.records.library import SCHEME_FILE, Library, record_files, shown_name
from generator.records.model import Case, Entry, entry_of, record_model
from generator.records.moves import MOVED_FILE, read_moves, wrong_moves
from generator.records.sounds import sound_of
from generator.records.validate import Location, validate_case
from generator.released.corrections import check_released, check_vanished
from generator.released.errors import ReleaseError
from generator.released.ledger import FOLDER as RELEASES
from generator.released.ledger import LastRelease, last_release
from generator.scheme.model import Scheme
from generator.scheme.reading import read_scheme
from generator.stamps import stamp_of
from generator.store import digest_of_file
from generator.urls import list_addresses
from generator.workers import run
from search.tables import keep_in

CHUNK = 200
Progress = Callable[[int, int], None]

_entries = msgspec.msgpack.Decoder(Entry)
_diagnostics = msgspec.msgpack.Decoder(list[Diagnostic])


@dataclass(frozen=True)
class CheckedFolder:
    """What a folder holds: the outcome of every record, and findings about places and the scheme.

    scheme: None where it has errors; then no record was checked. last: the last release, None where there was none.
    """

    scheme: Scheme | None
    rows: list[CheckedRecord]
    found: list[Diagnostic]
    cache: Path
    last: LastRelease | None = None

    def entry(self, row: CheckedRecord) -> Entry | None:
        """The light form of a case, None where the record has an error."""
        return _entries.decode(row.entry) if row.entry else None

    def entries(self) -> tuple[Entry, ...]:
        """The light form of every case without an error, in order of id."""
        found = (self.entry(row) for row in self.rows)
        return tuple(sorted((entry for entry in found if entry is not None), key=lambda entry: entry.id))

    def findings(self, row: CheckedRecord) -> list[Diagnostic]:
        return _diagnostics.decode(row.diagnostics) if len(row.diagnostics) > 1 else []


def check_folder(
    folder: Path,
    base: Path | None = None,
    *,
    cache: Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> CheckedFolder:
    """Every record in `folder`, checked; from the cache where nothing changed.

    base: folder that file names in messages are relative to, the one above `folder` by default.
    cache: folder of the cache, a temporary one by default. progress: called with records done and records to do.
    """
    base = base or folder.parent
    scheme_path = folder / SCHEME_FILE
    scheme, found = read_scheme(scheme_path, shown_name(scheme_path, base))
    locations, problems = record_files(folder, base)
    found += problems
    cache = cache or Path(tempfile.mkdtemp(prefix="caselib-"))
    if scheme is None:
        return CheckedFolder(None, [], found, cache)
    keep_in(cache / "search")
    last: LastRelease | None = None
    try:
        last = last_release(folder, cache)
    except ReleaseError as error:
        where = shown_name(folder / RELEASES, base)
        found.append(Diagnostic(where, 1, 1, "release-ledger", str(error), "登记表随记录一起提交，不能改动"))
    rules = Rules(scheme, last)
    records = RecordCache(cache / "records.sqlite", _key(rules, folder))
    try:
        rows = _checked(records, locations, rules, jobs, progress)
    finally:
        records.close()
    return CheckedFolder(scheme, rows, found, records.path, last)


def read_library(
    folder: Path,
    base: Path | None = None,
    *,
    cache: Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> tuple[Library | None, list[Diagnostic]]:
    """The library in `folder` and every finding, in order of place; no library where there is an error.

    The arguments are those of `check_folder`.
    """
    base = base or folder.parent
    checked = check_folder(folder, base, cache=cache, jobs=jobs, progress=progress)
    found = [*checked.found, *(finding for row in checked.rows for finding in checked.findings(row))]
    scheme, rows, last = checked.scheme, checked.rows, checked.last
    if scheme is None:
        return None, sorted(found)
    entries = checked.entries()
    states = {row.id: "" for row in rows} | {entry.id: entry.status for entry in entries}
    moved, raw, problems = read_moves(folder / MOVED_FILE, shown_name(folder / MOVED_FILE, base))
    found += [*problems, *(wrong_moves(moved, raw, states) if raw else ())]
    if last is not None:
        ids = (*states, *(move.id for move in moved))
        found += check_vanished(last, ids, list_addresses(scheme), shown_name(folder, base))
    if has_errors(found):
        return None, sorted(found)
    files = {row.id: row.file for row in rows}
    load = CaseLoader(checked.cache, files, scheme).load
    return Library(scheme, folder, entries, load, moved), sorted(found)


@dataclass(frozen=True)
class Rules:
    """What a record is checked against: the scheme, and the last release where there was one."""

    scheme: Scheme
    last: LastRelease | None = None


@dataclass(frozen=True)
class CaseLoader:
    """Loads whole cases; opens the cache anew in every process that uses it."""

    path: Path
    files: dict[str, str]
    scheme: Scheme

    @cached_property
    def _readers(self) -> dict[int, CaseReader]:
        return {}

    def load(self, case_id: str) -> Case:
        """The case with this id. KeyError where the library has none."""
        reader = self._readers.get(os.getpid())
        if reader is None:
            reader = self._readers[os.getpid()] = CaseReader(self.path, self.files)
        return record_model(self.scheme).model_validate_json(reader.content(case_id), strict=False)


def _key(rules: Rules, folder: Path) -> bytes:
    ledger = rules.last.key if rules.last else b""
    return key_of(code_key(), rules.scheme.model_dump_json(), str(folder.resolve()), ledger)


def _checked(
    cache: RecordCache, locations: Sequence[Location], rules: Rules, jobs: int, progress: Progress | None
) -> list[CheckedRecord]:
    """The outcome of every record, read anew only where the cache has none."""
    known = {row.file: row for row in cache.rows()}
    rows: list[CheckedRecord] = []
    todo: list[Location] = []
    for location in locations:
        row = known.pop(location.file, None)
        if row is not None and row.stamp == stamp_of(location.path) and _media_as_before(row, location):
            rows.append(row)
        else:
            todo.append(location)
    chunks = [todo[start : start + CHUNK] for start in range(0, len(todo), CHUNK)]
    done = 0
    for fresh in run(_check_chunk, chunks, jobs, rules):
        cache.write(fresh)
        for row in fresh:
            row.content = b""
        rows += fresh
        done += len(fresh)
        if progress is not None:
            progress(done, len(todo))
    if known:
        cache.write((), known)
    return rows


def _media_as_before(row: CheckedRecord, location: Location) -> bool:
    return not row.media or row.media == _media_stamp(location.folder / location.id)


def _media_stamp(folder: Path) -> bytes:
    """Names and stamps of the files in the folder of a record; empty where it has none."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return b"\x00"
    return msgspec.msgpack.encode([(name, stamp_of(folder / name)) for name in names])


def _check_chunk(locations: Sequence[Location], rules: Rules) -> list[CheckedRecord]:
    sound = sound_of(rules.scheme)
    return [_check_one(location, rules, sound) for location in locations]


def _check_one(location: Location, rules: Rules, sound: Callable[[str], str]) -> CheckedRecord:
    scheme = rules.scheme
    path = Path(location.path)
    stamp = stamp_of(path)
    raw, found = read_record(path, location.file)
    case: Case | None = None
    media = b""
    if raw is not None:
        if raw.value.get("media"):
            media = _media_stamp(location.folder / location.id)
        case, problems = validate_case(raw, scheme, location)
        found += problems
    content = case.model_dump_json(exclude_defaults=True).encode() if case is not None else b""
    if case is not None and raw is not None and rules.last is not None:
        found += check_released(content, raw, scheme, rules.last.ledger, location.folder)
    diagnostics = msgspec.msgpack.encode(found)
    if case is None or has_errors(found):
        return CheckedRecord(location.file, stamp, media, location.id, b"", diagnostics)
    digest = hashlib.blake2b(content, digest_size=16)
    for item in case.media:
        digest.update(digest_of_file(location.folder / item.file))
    entry = msgspec.msgpack.encode(entry_of(case, scheme, digest.digest(), sound))
    return CheckedRecord(location.file, stamp, media, location.id, entry, diagnostics, content)
