"""The ledger (登记表) of a release: which records it published, in what wording, under which address.

One file for each release in `releases/` of the library, committed with the records: the first line is the head, then
a line for each published record in order of id. It is what corrections, lasting addresses, comparisons and release
notes are checked against. Short values stand as they are, so that a comparison can show them; long texts and pictures
stand as digests. Terms stand by their slugs, which never change, so that a term can be renamed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import msgspec

from generator.kept_files import read_kept, reason_of, write_kept
from generator.records.model import REVOKED_KEYS
from generator.released.errors import ReleaseError
from generator.released.names import ReleaseName, parse_name
from generator.scheme.model import Scheme
from generator.stamps import stamp_of
from generator.store import digest_of, digest_of_file

FOLDER = "releases"
SUFFIX = ".jsonl"
FORM = 1
MOVED = "moved"
# Parts of a record that stand elsewhere in its row.
_APART = frozenset(("id", "status", "changes"))


class DimensionNames(msgspec.Struct, frozen=True):
    """What a dimension and its terms were called. terms: name by slug, in the order of the scheme."""

    label: str
    terms: dict[str, str]
    role: str = ""


class RoundCounts(msgspec.Struct, frozen=True):
    """Public cases of a round. announced: by the notices, None where not known. awards: by slug of the award."""

    total: int
    announced: int | None
    awards: dict[str, int]


class LedgerHead(msgspec.Struct, frozen=True):
    """What a release says of itself.

    source: digest of the tree it was made of, see `source.tree_digest`. labels: of fields and sections, by key.
    addresses: of the lists that it had besides its records. moved: how many ids lead to another record.
    """

    release: str
    date: str
    name: str
    organiser: str
    programme: str
    source: str
    total: int
    revoked: int
    moved: int
    rounds: dict[str, RoundCounts]
    dimensions: dict[str, DimensionNames]
    labels: dict[str, str]
    addresses: list[str]
    form: int = FORM


class LedgerRow(msgspec.Struct, frozen=True):
    """A published record. record: its public content without id, state and corrections. digest: of all of it.

    An id that leads to another record has the state MOVED; its record names that one.
    """

    id: str
    status: str
    address: str
    digest: str
    record: dict[str, Any]
    changes: list[dict[str, str]] = []


def public_record(content: Mapping[str, Any], status: str, scheme: Scheme, folder: Path) -> dict[str, Any]:
    """What of a record is public, as the ledger holds it.

    content: the record as JSON without its defaults. folder: what the files of its media are relative to.
    """
    record = {key: value for key, value in content.items() if key not in _APART}
    if status == "revoked":
        kept = {*REVOKED_KEYS, *scheme.by_key}
        record = {key: value for key, value in record.items() if key in kept}
    for key, dimension in scheme.by_key.items():
        if key in record:
            record[key] = dimension.by_name[record[key]].slug
    if "body" in record:
        record["body"] = {key: digest_of(text.encode()).hex() for key, text in record["body"].items() if text}
    if "media" in record:
        record["media"] = [{**item, "digest": digest_of_file(folder / item["file"]).hex()} for item in record["media"]]
    return record


def row_digest(status: str, record: Mapping[str, Any], changes: list[dict[str, str]]) -> str:
    """SHA-256 of the public content of a record."""
    return hashlib.sha256(msgspec.json.encode([status, record, changes], order="sorted")).hexdigest()


@dataclass(frozen=True)
class Ledger:
    """The ledger of one release. content: of its file."""

    name: ReleaseName
    content: bytes

    @cached_property
    def head(self) -> LedgerHead:
        return msgspec.json.decode(self.content.partition(b"\n")[0], type=LedgerHead)

    @cached_property
    def rows(self) -> dict[str, LedgerRow]:
        """The published records by id. Raises ReleaseError where the file is damaged."""
        try:
            rows = list(map(_decode_row, self.content.splitlines()[1:]))
            whole = len(rows) == self.head.total + self.head.revoked + self.head.moved
            whole = whole and self.head.release == str(self.name)
        except msgspec.DecodeError:
            whole = False
        ids = [row.id for row in rows] if whole else []
        if not whole or ids != sorted(set(ids)) or not self.content.endswith(b"\n"):
            raise ReleaseError(f"登记表 {FOLDER}/{self.name}{SUFFIX} 已损坏；请用 git 取回原来的文件")
        return {row.id: row for row in rows}

    def row(self, case_id: str) -> LedgerRow | None:
        """The published record with this id, found without reading the others; None where there is none.

        The rows are sorted by id, and each begins with it.
        """
        content, wanted = self.content, b'{"id":"%s"' % case_id.encode()
        low, high = content.find(b"\n") + 1, len(content)
        while low < high:
            start = content.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = content.find(b"\n", start) + 1
            here = content[start : start + len(wanted)]
            if here == wanted:
                return _decode_row(content[start:end])
            low, high = (end, high) if here < wanted else (low, start)
        return None


_decode_row = msgspec.json.Decoder(LedgerRow).decode


def encode_ledger(head: LedgerHead, rows: Iterable[LedgerRow]) -> bytes:
    """The file of a ledger; the same bytes for the same content."""
    encode = msgspec.json.Encoder().encode
    lines = [encode(head)]
    # The id comes first, as `Ledger.row` expects; what lies inside a record is sorted.
    lines += [encode(msgspec.structs.replace(row, record=_sorted(row.record))) for row in rows]
    return b"\n".join([*lines, b""])


def _sorted(record: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(record, order="sorted"))
    return result


def ledger_path(library: Path, name: ReleaseName) -> Path:
    """Where the ledger of the release `name` stands in the folder of the library."""
    return library / FOLDER / f"{name}{SUFFIX}"


def ledger_names(library: Path) -> list[ReleaseName]:
    """The releases that have a ledger, the first one first."""
    try:
        files = os.listdir(library / FOLDER)
    except OSError:
        return []
    found = []
    for file in files:
        if file.endswith(SUFFIX):
            try:
                found.append(parse_name(file.removesuffix(SUFFIX)))
            except ReleaseError:
                continue
    return sorted(found)


def read_ledger(library: Path, name: ReleaseName) -> Ledger:
    """The ledger of the release `name`. Raises ReleaseError where there is none."""
    path = ledger_path(library, name)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        known = "、".join(map(str, ledger_names(library))) or "还没有发布"
        raise ReleaseError(f"没有 {name} 的登记表；已登记：{known}") from None
    except OSError as error:
        raise ReleaseError(f"登记表 {FOLDER}/{name}{SUFFIX} 读不到：{reason_of(error)}") from None
    return Ledger(name, content)


def last_ledger(library: Path, before: ReleaseName | None = None) -> Ledger | None:
    """The ledger of the last release, or of the last one before `before`; None where there is none."""
    names = [name for name in ledger_names(library) if before is None or name < before]
    return read_ledger(library, names[-1]) if names else None


class LastRelease(msgspec.Struct, frozen=True):
    """What every check needs of the last release. stamp, key: of the file of its ledger. ids: of its records, in order.

    folder: of the library.
    """

    folder: str
    name: ReleaseName
    stamp: bytes
    key: bytes
    ids: list[str]
    addresses: list[str]

    @property
    def ledger(self) -> Ledger:
        return _read_once(Path(self.folder), self.name, self.stamp)


@lru_cache(maxsize=1)
def _read_once(library: Path, name: ReleaseName, _stamp: bytes) -> Ledger:
    return read_ledger(library, name)


def last_release(library: Path, cache: Path) -> LastRelease | None:
    """What to check against, from the cache where the ledger is as it was; None before the first release.

    Raises ReleaseError where the ledger is damaged.
    """
    names = ledger_names(library)
    if not names:
        return None
    name, folder = names[-1], str(library.resolve())
    stamp = stamp_of(ledger_path(library, name))
    kept = cache / "last-release.msgpack"
    known = read_kept(kept, LastRelease)
    if known is not None and (known.folder, known.name, known.stamp) == (folder, name, stamp):
        return known
    ledger = read_ledger(library, name)
    last = LastRelease(folder, name, stamp, digest_of(ledger.content), list(ledger.rows), ledger.head.addresses)
    write_kept(kept, last)
    return last
