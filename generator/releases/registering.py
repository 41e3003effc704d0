"""The ledger of a library as it is now: what a release would publish, or has published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from generator import urls
from generator.exports.published import content_reader
from generator.reading import read_library
from generator.records.library import Library
from generator.records.model import PUBLISHED, labels, record_model
from generator.released.errors import ReleaseError
from generator.released.ledger import (
    MOVED,
    DimensionNames,
    Ledger,
    LedgerHead,
    LedgerRow,
    RoundCounts,
    encode_ledger,
    public_record,
    row_digest,
)
from generator.released.names import ReleaseName
from generator.scheme.model import Scheme
from generator.views import View, Views, count_by


def register(library: Library, views: Views, name: ReleaseName, day: str, source: str) -> Ledger:
    """The ledger of the release `name` of `library`. day: its date. source: digest of the tree it is made of."""
    rows = sorted([*_rows(library), *_moved_rows(library)], key=lambda row: row.id)
    return Ledger(name, encode_ledger(_head(library, views, name, day, source), rows))


def _head(library: Library, views: Views, name: ReleaseName, day: str, source: str) -> LedgerHead:
    scheme = library.scheme
    return LedgerHead(
        release=str(name),
        date=day,
        name=scheme.name,
        organiser=scheme.organiser,
        programme=scheme.programme,
        source=source,
        total=len(library.public),
        revoked=sum(entry.status == "revoked" for entry in library.entries),
        moved=len(library.moved),
        rounds={view.label: _counts(view, scheme) for view in sorted(views.years, key=lambda view: view.label)},
        dimensions={
            dimension.key: DimensionNames(
                dimension.label, {term.slug: term.name for term in dimension.terms}, dimension.role or ""
            )
            for dimension in scheme.dimensions
        },
        labels=labels(record_model(scheme)) | {f"body.{section.key}": section.label for section in scheme.sections},
        addresses=urls.list_addresses(scheme),
    )


def _counts(view: View, scheme: Scheme) -> RoundCounts:
    assert view.round is not None
    awards: dict[str, int] = {}
    if scheme.award is not None:
        counted = count_by(view.cases, scheme.award.key)
        for term in scheme.award.terms:
            awards[term.slug] = counted.get(term.name, 0)
    return RoundCounts(len(view.cases), view.round.total, awards)


def _rows(library: Library) -> Iterator[LedgerRow]:
    read = content_reader(library)
    for entry in library.entries:
        if entry.status not in PUBLISHED:
            continue
        content = msgspec.json.decode(read(entry.id))
        changes = content.get("changes", [])
        record = public_record(content, entry.status, library.scheme, library.folder / str(entry.year))
        digest = row_digest(entry.status, record, changes)
        yield LedgerRow(entry.id, entry.status, urls.case_url(entry.id), digest, record, changes)


def _moved_rows(library: Library) -> Iterator[LedgerRow]:
    for move in library.moved:
        record = {"to": move.to}
        yield LedgerRow(move.id, MOVED, urls.case_url(move.id), row_digest(MOVED, record, []), record)


def register_present(folder: Path, base: Path, cache: Path, jobs: int) -> Ledger:
    """The ledger of the library in `folder` as it is now, called 0.0. Raises ReleaseError where it has errors."""
    library, _ = read_library(folder, base, cache=cache, jobs=jobs)
    if library is None:
        raise ReleaseError("资料库有错误，先用 caselib check 查看")
    return register(library, Views(library), ReleaseName(0, 0), "", "")
