"""Every exported file as a job: its path, the key of its inputs, and how it is made.

The site builder runs jobs in any process and leaves out those whose key is known. `whole` marks the files that hold
the whole library: they take seconds at 31,100 cases, the others milliseconds.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import msgspec

from generator import __version__, urls
from generator.build_state import JobGroup, group_of
from generator.exports import json_schema, tables
from generator.exports.api import ViewDocuments, document_file, moved_document, schema_url, scheme_document
from generator.exports.award_database import database_version, write_database
from generator.exports.case_rows import CaseRows
from generator.exports.datapackage import Licence, data_package, datasette_metadata
from generator.exports.feeds import Feeds
from generator.exports.json_lines import JsonLines
from generator.exports.published import Published
from generator.exports.resources import layout_name, resources_of
from generator.exports.workbook import write_cases, write_layout
from generator.keys import key_of
from generator.rankings import Rankings
from generator.records.library import Library
from generator.records.model import Entry
from generator.scheme.model import Dimension
from generator.store import digest_of, digest_of_file
from generator.views import View, Views
from generator.workers import run

DATABASE = "cases.sqlite"
# Compressed files that are made as files of their own.
GIVEN = frozenset(urls.data_url(name) for name in ("cases.csv.gz", "cases.jsonl.gz"))
CHUNK = 500


@dataclass(frozen=True)
class ExportOptions:
    """What the configuration says of the exports.

    site: public address with a slash at the end, or empty. cache: folder of what is kept between builds, or None.
    """

    site: str = ""
    version: str = ""
    licence: Licence = field(default_factory=Licence)
    cache: Path | None = None


class ExportJob(msgspec.Struct, frozen=True, gc=False):
    """A file to make. path: in the site. key: of everything its content depends on. whole: see above."""

    path: str
    key: bytes
    kind: str
    argument: Any = None
    whole: bool = False


@dataclass(frozen=True)
class Exports:
    """All exports of one library. Cheap to make and to inherit by worker processes."""

    library: Library
    views: Views
    options: ExportOptions = field(default_factory=ExportOptions)

    @cached_property
    def published(self) -> Published:
        return Published(self.library)

    @cached_property
    def rankings(self) -> Rankings:
        return Rankings(self.views)

    @cached_property
    def feeds(self) -> Feeds:
        return Feeds(self.published, self.options.site, self.options.version)

    @cached_property
    def _documents(self) -> ViewDocuments:
        return ViewDocuments(self.views)

    @cached_property
    def _tables(self) -> tables.ViewTables:
        return tables.ViewTables(self.library.scheme)

    @property
    def _rows(self) -> CaseRows:
        return CaseRows(self.published, self.library.public, self._cache)

    # what there is to make

    def jobs(self) -> Iterator[ExportJob]:
        """Every exported file; the slow ones first, so that workers share them well."""
        for group in (self.whole_group(), *self.groups()):
            yield from group.jobs()

    @cached_property
    def _common(self) -> bytes:
        """Key of what every file depends on."""
        options = self.options
        told = (options.site, options.version, repr(options.licence))
        return key_of(__version__, self.library.scheme.model_dump_json(), *told)

    def whole_group(self) -> JobGroup[ExportJob]:
        """The files that hold the whole library."""
        return JobGroup("data whole", b"", self._whole_jobs)

    def groups(self) -> Iterator[JobGroup[ExportJob]]:
        """Every other exported file."""
        common = self._common
        yield JobGroup("data", b"", self._single_jobs)
        revoked = key_of(*(entry.digest for entry in self.published.revoked))
        for view in self.views.all():
            key = key_of(common, b"".join([entry.digest for entry in view.cases]))
            yield JobGroup(f"data {view.url()}", key + revoked, partial(self._view_jobs, view, key, revoked))
        form = key_of(__version__)
        groups: dict[int, list[Entry]] = {}
        for entry in self.published.entries:
            groups.setdefault(group_of(entry.id), []).append(entry)
        for number, entries in groups.items():
            key = key_of(form, b"".join([entry.digest + entry.id.encode() for entry in entries]))
            yield JobGroup(f"documents {number}", key, partial(self._document_jobs, entries, form))

    @cached_property
    def _everything(self) -> bytes:
        return key_of(self._common, *(entry.digest for entry in self.published.entries))

    def _whole_jobs(self) -> Iterator[ExportJob]:
        scheme, common, everything = self.library.scheme, self._common, self._everything
        yield self._data(
            DATABASE, key_of(everything, database_version(), repr(self.library.moved)), "database", whole=True
        )
        yield self._data("cases.xlsx", everything, "workbook", whole=True)
        yield self._data("cases.csv", everything, "cases", whole=True)
        yield self._data("cases.csv.gz", everything, "cases-gzip", whole=True)
        yield self._data("cases.jsonl", everything, "json-lines", whole=True)
        yield self._data("cases.jsonl.gz", everything, "json-lines-gzip", whole=True)
        for view in self.views.years:
            cases = key_of(common, *(entry.digest for entry in view.cases))
            for layout in scheme.layouts:
                yield self._data(layout_name(layout, view), cases, "layout", (layout, view), whole=True)

    def _single_jobs(self) -> Iterator[ExportJob]:
        """The files that stand alone."""
        scheme, common, everything = self.library.scheme, self._common, self._everything
        for name in ("terms", "rounds", "changes", "revoked"):
            yield self._data(f"{name}.csv", everything, name)
        yield self._data("datapackage.json", common, "datapackage")
        yield self._data("metadata.json", common, "datasette")
        for ranking in scheme.rankings:
            for month in ("", *(month.month for month in self.rankings.months[ranking.key])):
                path = urls.csv_url(urls.ranking_url(ranking.key, month))
                yield ExportJob(path, everything, "ranking", (ranking, month))
        counted = key_of(common, *(entry.digest for entry in self.library.public))
        dimensions: list[Dimension | None] = [None, *scheme.paged]
        for dimension in dimensions:
            path = urls.index_url(dimension.path if dimension else urls.YEARS)
            yield ExportJob(urls.api_url(path), counted, "index", dimension)
        yield ExportJob(urls.api_url(urls.index_url(urls.UNITS)), counted, "units")
        start = urls.api_url(urls.HOME)
        for path, kind in ((start, "start"), (f"{urls.API}revoked.json", "revoked-documents")):
            yield ExportJob(path, everything, kind)
        yield ExportJob(urls.feed_url(urls.HOME), everything, "feed-home")
        yield ExportJob(urls.CHANGES_FEED, everything, "feed-changes")
        yield ExportJob(f"{urls.API}scheme.json", common, "scheme")
        for name in ("record", "scheme", "case", "view", "index"):
            yield ExportJob(schema_url(name), common, "schema", name)
        for move in self.library.moved:
            path = urls.api_url(urls.case_url(move.id))
            yield ExportJob(path, key_of(common, move.model_dump_json()), "moved", move)

    def _data(self, name: str, key: bytes, kind: str, argument: Any = None, *, whole: bool = False) -> ExportJob:
        return ExportJob(urls.data_url(name), key, kind, argument, whole)

    def _view_jobs(self, view: View, key: bytes, revoked: bytes) -> Iterator[ExportJob]:
        page = view.url()
        yield ExportJob(urls.csv_url(page), key, "view-table", view)
        yield ExportJob(urls.api_url(page), key, "view-document", view)
        yield ExportJob(urls.feed_url(page), key + revoked, "feed", view)

    def _document_jobs(self, entries: Iterable[Entry], form: bytes) -> Iterator[ExportJob]:
        for entry in entries:
            yield ExportJob(urls.api_url(urls.case_url(entry.id)), form + entry.digest, "document", entry)

    # making

    def write(self, job: ExportJob, folder: Path) -> bytes:
        """Makes the file of `job` below `folder`; returns its digest, as `store.digest_of` has it.

        The folder of the file is there. A file that stands at its place is replaced, never changed: it may be linked.
        """
        path = folder / job.path
        if job.kind in _WHOLE:
            path.unlink(missing_ok=True)
            return self._write_whole(job, path)
        return write_file(os.fspath(path), self._content(job))

    def _write_whole(self, job: ExportJob, path: Path) -> bytes:
        """Writes a file too large to be held in memory."""
        if job.kind == "database":
            about = {key: value for key, value in self._about().items() if isinstance(value, str) and value}
            write_database(self.published, path, about, self._cache)
            return digest_of_file(path)
        if job.kind in ("workbook", "layout"):
            with path.open("wb") as stream:
                if job.kind == "layout":
                    layout, view = job.argument
                    write_layout(self.published, view, layout, stream)
                else:
                    write_cases(self._rows, stream)
            return digest_of_file(path)
        digest = hashlib.blake2b(digest_size=16)
        lines = JsonLines(self.published, self.library.public, self._cache)
        rows = self._rows
        makers = {
            "cases": rows.csv,
            "cases-gzip": rows.csv_gzipped,
            "json-lines": lines.plain,
            "json-lines-gzip": lines.gzipped,
        }
        parts = makers[job.kind]()
        with path.open("wb") as stream:
            for part in parts:
                stream.write(part)
                digest.update(part)
        return digest.digest()

    def write_documents(self, jobs: Sequence[ExportJob], folder: Path) -> Iterator[tuple[str, bytes]]:
        """Makes many jobs of kind "document" at once. Path and digest of each; the folder is there."""
        by_id = {job.argument.id: job.path for job in jobs}
        for entry, document in self.published.documents([job.argument for job in jobs]):
            path = by_id[entry.id]
            yield path, write_file(f"{folder}/{path}", document + b"\n")

    @property
    def _cache(self) -> Path | None:
        return self.options.cache / "exports" if self.options.cache else None

    def _content(self, job: ExportJob) -> bytes:
        argument, published, documents, feeds = job.argument, self.published, self._documents, self.feeds
        makers: dict[str, Callable[[], bytes]] = {
            "terms": lambda: tables.table_csv(tables.terms_table(self.views)),
            "rounds": lambda: tables.table_csv(tables.rounds_table(self.views)),
            "changes": lambda: tables.table_csv(tables.changes_table(published)),
            "revoked": lambda: tables.table_csv(tables.revoked_table(published)),
            "ranking": lambda: tables.table_csv(tables.ranking_table(self.rankings, *argument)),
            "datapackage": lambda: document_file(self._data_package()),
            "datasette": lambda: document_file(self._datasette()),
            "view-table": lambda: self._tables.file(argument.cases),
            "view-document": lambda: documents.view(argument),
            "index": lambda: document_file(documents.index(argument)),
            "units": lambda: document_file(documents.units()),
            "start": lambda: document_file(documents.start(published, self._about())),
            "revoked-documents": lambda: documents.revoked(published),
            "scheme": lambda: document_file(scheme_document(self.library.scheme)),
            "schema": lambda: json_schema.schema_file(self._schema(argument)),
            "moved": lambda: document_file(moved_document(argument)),
            "feed": lambda: feeds.view(argument),
            "feed-home": feeds.home,
            "feed-changes": feeds.changes,
            "document": partial(self._document, argument),
        }
        return makers[job.kind]()

    def _document(self, entry: Entry) -> bytes:
        return next(document for _, document in self.published.documents([entry])) + b"\n"

    def _schema(self, name: str) -> json_schema.Schema:
        scheme = self.library.scheme
        makers: dict[str, Callable[[], json_schema.Schema]] = {
            "record": lambda: json_schema.record_schema(scheme),
            "scheme": json_schema.scheme_schema,
            "case": lambda: json_schema.case_schema(scheme),
            "view": lambda: json_schema.view_schema(scheme),
            "index": lambda: json_schema.index_schema(scheme),
        }
        return makers[name]()

    def _about(self) -> dict[str, Any]:
        scheme, options, licence = self.library.scheme, self.options, self.options.licence
        return {
            "name": scheme.name,
            "programme": scheme.programme,
            "organiser": scheme.organiser,
            "site": options.site,
            "version": options.version,
            "licence": licence.title or licence.name,
            "licence_address": licence.address,
            "sample": scheme.sample,
        }

    def _data_package(self) -> dict[str, Any]:
        return data_package(
            self.library.scheme, resources_of(self.views, self.published, DATABASE), self.options.licence, self.feeds
        )

    def _datasette(self) -> dict[str, Any]:
        return datasette_metadata(self.library.scheme, self.options.licence, self.feeds, DATABASE.partition(".")[0])


# Files with all cases, made in parts.
_WHOLE = ("database", "workbook", "layout", "cases", "cases-gzip", "json-lines", "json-lines-gzip")


def write_file(path: str, content: bytes) -> bytes:
    """Writes a small file anew, which takes half the time of `open` for a thousand of them; returns its digest."""
    with suppress(FileNotFoundError):
        os.unlink(path)
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(target, left) :]
    finally:
        os.close(target)
    return digest_of(content)


def write_exports(
    library: Library, views: Views, folder: Path, options: ExportOptions | None = None, jobs: int = 1
) -> Iterator[tuple[str, bytes]]:
    """Writes every export of `library` below `folder`; yields path and digest of each file."""
    exports = Exports(library, views, options or ExportOptions())
    todo = list(exports.jobs())
    for parent in {(folder / job.path).parent for job in todo}:
        parent.mkdir(parents=True, exist_ok=True)
    for made in run(_write_group, list(job_groups(todo)), jobs, (exports, folder)):
        yield from ((path, digest) for path, _, digest in made)


def job_groups(jobs: Iterable[ExportJob]) -> Iterator[list[ExportJob]]:
    """`jobs` in groups that are worth a process each, the longest first.

    What shares its work goes together: CSV and XLSX of all cases, the files of the views. Documents go in chunks.
    """
    groups: dict[str, list[ExportJob]] = {"database": [], "rows": []}
    for job in jobs:
        groups.setdefault(_GROUPS.get(job.kind, "views"), []).append(job)
    documents = groups.pop("document", [])
    yield from filter(None, groups.values())
    yield from (documents[start : start + CHUNK] for start in range(0, len(documents), CHUNK))


_GROUPS = {
    "database": "database",
    "workbook": "rows",
    "cases": "rows",
    "cases-gzip": "rows",
    "json-lines": "json-lines",
    "json-lines-gzip": "json-lines",
    "layout": "layout",
    "document": "document",
}


def write_group(exports: Exports, group: Sequence[ExportJob], folder: Path) -> list[tuple[str, bytes, bytes]]:
    """Makes a group of `job_groups`; path, key and digest of each file. The folders are there."""
    if group[0].kind == "document":
        keys = {job.path: job.key for job in group}
        return [(path, keys[path], digest) for path, digest in exports.write_documents(group, folder)]
    return [(job.path, job.key, exports.write(job, folder)) for job in group]


def _write_group(group: Sequence[ExportJob], shared: tuple[Exports, Path]) -> list[tuple[str, bytes, bytes]]:
    exports, folder = shared
    return write_group(exports, group, folder)
