"""The award database: SQLite with strict tables, foreign keys, counts as views and an index of substrings.

The file is a function of the cases: rows go into a working database, which an edit changes in place, and `VACUUM INTO`
lays its content out anew, without a trace of how it came there. The file records the version of SQLite, so SQLite
comes from a pinned wheel (apsw).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import apsw
import msgspec

from generator import urls
from generator.exports.database_schema import APPLICATION_ID, VERSION, statements
from generator.exports.full_text import Document, make_segment, put_segments
from generator.exports.pieces import PieceCache, chunk_key, chunks, place_of
from generator.exports.published import Facts, Published, extra_value, section_text
from generator.keys import key_of
from generator.records.model import Entry
from generator.scheme.model import Scheme

ROWS_CHUNK = 500
SEARCH_CHUNK = 2000
# Raise it when what stands in the rows of a case changes.
ROWS_FORM = 2

PARTS = ("case_terms", "people", "sections", "case_fields", "media", "patents", "sources", "changes")

Row = tuple[Any, ...]


def database_version() -> str:
    """The version of SQLite that writes the file, part of what its bytes depend on."""
    return apsw.sqlite_lib_version()


def case_number(case_id: str) -> int:
    """A whole number for an id: its place among all ids that can be, by year and digits."""
    year, width, number = place_of(case_id)
    before: int = (10**width - 10**5) // 9  # how many numbers have fewer digits, but at least five
    return int(year) * 10**8 + before + number


def write_database(published: Published, path: Path, about: Mapping[str, str], cache: Path | None) -> None:
    """Writes the database of `published` to `path`.

    about: facts for the table of that name. cache: folder of the working database and of pieces; None keeps nothing.
    """
    with TemporaryDirectory() as nowhere, Working(published, about, cache or Path(nowhere)) as working:
        working.update()
        working.write(path)


class Working:
    """The working database. Its state (key of each group of cases) stands beside it and is gone while it is written."""

    def __init__(self, published: Published, about: Mapping[str, str], cache: Path) -> None:
        self.published = published
        self.scheme = published.library.scheme
        self.about = about
        self.cache = cache
        self.key = key_of(self.scheme.model_dump_json(), database_version(), str(VERSION), str(ROWS_FORM))
        self.groups: dict[str, bytes] = {}
        self.connection = self._open()

    @property
    def _state(self) -> Path:
        return self.cache / "database.state"

    def _open(self) -> apsw.Connection:
        """The working database as it was left, or an empty one."""
        self.cache.mkdir(parents=True, exist_ok=True)
        path = self.cache / "database.sqlite"
        try:
            key, groups = msgspec.msgpack.decode(self._state.read_bytes(), type=tuple[bytes, dict[str, bytes]])
            if key == self.key:
                self._state.unlink()
                self.groups = groups
                return _connected(str(path))
        except (OSError, msgspec.DecodeError, apsw.Error):
            self.groups = {}
        self._state.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        return self._created(str(path))

    def _created(self, path: str) -> apsw.Connection:
        connection = _connected(path)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; BEGIN")
        for statement in statements(self.scheme):
            connection.execute(statement)
        for table, rows in scheme_rows(self.scheme):
            _insert(connection, table, rows)
        connection.execute("COMMIT")
        return connection

    def __enter__(self) -> Working:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.connection.close()
        if kind is None:
            self._state.write_bytes(msgspec.msgpack.encode((self.key, self.groups)))

    def update(self) -> None:
        """Brings rows and index up to what is published."""
        connection, entries = self.connection, self.published.entries
        connection.execute("BEGIN")
        connection.execute("DELETE FROM about; DELETE FROM units; DELETE FROM moved")
        _insert(connection, "about", sorted(self.about.items()))
        _insert(connection, "units", ((name,) for name in sorted({entry.unit for entry in entries if entry.unit})))
        moved = sorted(self.published.library.moved, key=lambda move: move.id)
        rows = ((move.id, move.to, move.date and move.date.isoformat(), move.why) for move in moved)
        _insert(connection, "moved", rows)
        before, self.groups = self.groups, {}
        for members in chunks(entries, ROWS_CHUNK):
            name, key = _group_name(members), chunk_key(members)
            self.groups[name] = key
            if before.get(name) != key:
                if name in before:
                    self._forget(name)
                self._add(members)
        for name in before.keys() - self.groups.keys():
            self._forget(name)
        self._index(entries)
        connection.execute("COMMIT")

    def _forget(self, name: str) -> None:
        """Removes the rows of a group."""
        start = int(name)
        members = f"SELECT id FROM cases WHERE number BETWEEN {start} AND {start + ROWS_CHUNK - 1}"  # noqa: S608
        for table in PARTS:
            self.connection.execute(f"DELETE FROM {table} WHERE case_id IN ({members})")  # noqa: S608
        self.connection.execute(f"DELETE FROM cases WHERE id IN ({members})")  # noqa: S608

    def _add(self, members: Sequence[Entry]) -> None:
        rows: dict[str, list[Row]] = {table: [] for table in ("cases", *PARTS)}
        for entry, facts in self.published.facts(members, body=True):
            add_case(rows, entry, facts, self.scheme)
        for table, found in rows.items():
            _insert(self.connection, table, found)

    def _index(self, entries: Sequence[Entry]) -> None:
        public = [entry for entry in entries if entry.is_public]
        with PieceCache(self.cache / "database-search.sqlite") as pieces:
            segments = []
            for members in chunks(public, SEARCH_CHUNK):
                key = chunk_key(members, database_version(), str(ROWS_FORM))
                segments.append(pieces.get(key, lambda found=members: make_segment(map(document, found))))  # type: ignore[misc]
        put_segments(self.connection, segments)

    def write(self, path: Path) -> None:
        """Writes the content to a new file at `path`."""
        path.unlink(missing_ok=True)
        self.connection.execute("VACUUM INTO ?", (str(path),))


def _connected(path: str) -> apsw.Connection:
    connection = apsw.Connection(path)
    connection.execute(
        "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = OFF;"
        "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32768;"
        "PRAGMA temp_store = MEMORY"
    )
    return connection


def _group_name(members: Sequence[Entry]) -> str:
    """The number at which the group of `members` starts; it ends ROWS_CHUNK numbers later."""
    first = members[0].id
    return str(case_number(first) - place_of(first)[2] % ROWS_CHUNK)


def _insert(connection: apsw.Connection, table: str, rows: Iterable[Row]) -> None:
    for row in (rows := iter(rows)):
        marks = ", ".join("?" * len(row))
        statement = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - names of our own tables
        connection.execute(statement, row)
        connection.executemany(statement, rows)


def document(entry: Entry) -> Document:
    """What the index of substrings holds of a case."""
    return case_number(entry.id), entry.title, entry.unit, "、".join(entry.people), entry.summary


def add_case(rows: dict[str, list[Row]], entry: Entry, facts: Facts, scheme: Scheme) -> None:
    """Adds the rows of a case to the lists of each table."""
    case_id = entry.id
    changed = entry.changed.isoformat() if entry.changed else None
    people = sorted(facts.people, key=lambda person: person.role != "lead")
    shown = "、".join(person.name for person in people) or None
    row = (case_id, case_number(case_id), entry.title, entry.year, facts.unit, shown, facts.summary)
    rows["cases"].append((*row, entry.status, changed, int(entry.sample), urls.case_url(case_id)))
    for key, name in sorted(entry.terms.items()):
        rows["case_terms"].append((case_id, key, scheme.by_key[key].by_name[name].slug))
    rows["people"] += [(case_id, n, p.name, p.role, p.post) for n, p in enumerate(people, 1)]
    for key in sorted(section.key for section in scheme.sections):
        text = section_text(facts, key)
        if text:
            rows["sections"].append((case_id, key, text))
    for extra in sorted(scheme.stored, key=lambda extra: extra.key):
        value = extra_value(facts, extra.key)
        if value is not None:
            rows["case_fields"].append((case_id, extra.key, _stored(value)))
    rows["media"] += [(case_id, n, m.file, m.alt, m.caption) for n, m in enumerate(facts.media, 1)]
    rows["patents"] += [
        (case_id, n, p.number, p.kind, p.title, p.status, p.date) for n, p in enumerate(facts.patents, 1)
    ]
    rows["sources"] += [(case_id, n, s.title, s.address, s.date) for n, s in enumerate(facts.sources, 1)]
    rows["changes"] += [(case_id, n, c.date, c.what, c.why) for n, c in enumerate(facts.changes, 1)]


def _concordance_rows(scheme: Scheme) -> Iterator[tuple[str, list[Row]]]:
    """Rows of the tables of what became of the terms; none where nothing did. A passage has a row for each pair."""
    changed = [dimension for dimension in scheme.dimensions if dimension.concordance]
    if not changed:
        return
    pairs: list[Row] = []
    for dimension in changed:
        slugs: dict[str | None, str | None] = {term.name: term.slug for term in dimension.terms}
        for place, passage in enumerate(dimension.concordance, 1):
            head = (dimension.key, place, passage.since)
            both = [(was, became) for was in passage.was or (None,) for became in passage.became or (None,)]
            pairs += [(*head, slugs.get(was), slugs.get(became), passage.about) for was, became in both]
    yield "concordance", pairs
    said = [(d.key, above.slug, t.slug) for d in scheme.dimensions for t in d.terms for above in d.above(t.name)]
    yield "said_members", sorted(said)
    now = [(d.key, t.slug, d.by_name[d.history.now(t.name)].slug) for d in scheme.dimensions for t in d.terms]
    yield "terms_now", sorted(now)


def scheme_rows(scheme: Scheme) -> Iterator[tuple[str, list[Row]]]:
    """Rows of the tables that hold the scheme."""
    rounds = sorted(scheme.rounds, key=lambda entry: entry.year)
    yield (
        "rounds",
        [(r.year, r.label, ",".join(map(str, r.results)), r.total, urls.year_url(r.year)) for r in rounds],
    )
    yield (
        "notices",
        [
            (r.year, n, notice.title, notice.address, notice.date and notice.date.isoformat(), notice.number)
            for r in rounds
            for n, notice in enumerate(r.notices, 1)
        ],
    )
    yield (
        "round_dates",
        [
            (r.year, s.key, s.start and s.start.isoformat(), s.end and s.end.isoformat())
            for r in rounds
            for s in r.dates.stages()
        ],
    )
    yield "dimensions", [(d.key, n, d.label, d.path, d.role) for n, d in enumerate(scheme.dimensions, 1)]
    slugs = {(d.key, term.name): term.slug for d in scheme.dimensions for term in d.terms}
    yield (
        "terms",
        [
            (
                d.key,
                t.slug,
                n,
                t.name,
                slugs.get((d.key, t.parent or "")),
                t.about,
                urls.term_url(d, t) if d.pages else None,
            )
            for d in scheme.dimensions
            for n, t in enumerate(d.terms, 1)
        ],
    )
    members = [(d.key, above.slug, t.slug) for d in scheme.dimensions for t in d.terms for above in d.lineage(t.name)]
    yield "term_members", sorted(members)
    yield from _concordance_rows(scheme)
    for table in ("announced", "called"):
        yield (
            table,
            [
                (r.year, key, slugs[key, name], count)
                for r in rounds
                for key, counts in getattr(r, table).items()
                for name, count in counts.items()
            ],
        )
    yield (
        "sent_in",
        [
            (r.year, stage, key, slugs[key, name], count)
            for r in rounds
            for stage, numbers in (("entries", r.entries), ("nominations", r.nominations))
            for key, counts in numbers.items()
            for name, count in counts.items()
        ],
    )
    yield "section_names", [(s.key, n, s.label) for n, s in enumerate(scheme.sections, 1)]
    yield "fields", [(f.key, n, f.label, f.type) for n, f in enumerate(scheme.stored, 1)]


def _stored(value: Any) -> Any:
    """`value` of a further field as the database has it: 1 and 0 for a flag, JSON for a list and for groups."""
    if value is True or value is False:
        return int(value)
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value
