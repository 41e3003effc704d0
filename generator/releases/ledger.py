"""The ledger (登记表) of a release: which records it published, in what wording, under which address.

One file for each release in `releases/` of the library, committed with the records: the first line is the head, then
a line for each published record in order of id. It is what corrections, lasting addresses, comparisons and release
notes are checked against. Short values stand as they are, so that a comparison can show them; long texts and pictures
stand as digests. Terms stand by their slugs, which never change, so that a term can be renamed.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from generator.model import PUBLISHED, REVOKED_KEYS
from generator.releases.names import ReleaseError, ReleaseName, parse_name
from generator.scheme import Scheme
from generator.store import digest_of, digest_of_file

FOLDER = "releases"
SUFFIX = ".jsonl"
FORM = 1
_ID = re.compile(rb'^\{"id":"(\d{4}-\d{5,7})"', re.MULTILINE)
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
    addresses: of the lists that it had besides its records.
    """

    release: str
    date: str
    name: str
    organiser: str
    programme: str
    source: str
    total: int
    revoked: int
    rounds: dict[str, RoundCounts]
    dimensions: dict[str, DimensionNames]
    labels: dict[str, str]
    addresses: list[str]
    form: int = FORM


class LedgerRow(msgspec.Struct, frozen=True):
    """A published record. record: its public content without id, state and corrections. digest: of all of it."""

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
    def key(self) -> bytes:
        """Digest of the content."""
        return digest_of(self.content)

    @cached_property
    def ids(self) -> list[str]:
        """Ids of the published records, in order; found without reading the rows."""
        return [found.decode() for found in _ID.findall(self.content)]

    @cached_property
    def head(self) -> LedgerHead:
        return msgspec.json.decode(self.content.partition(b"\n")[0], type=LedgerHead)

    @cached_property
    def rows(self) -> dict[str, LedgerRow]:
        """The published records by id."""
        decode = msgspec.json.Decoder(LedgerRow).decode
        rows = map(decode, self.content.splitlines()[1:])
        return {row.id: row for row in rows}


def encode_ledger(head: LedgerHead, rows: Iterator[LedgerRow]) -> bytes:
    """The file of a ledger; the same bytes for the same content."""
    encode = msgspec.json.Encoder().encode
    lines = [encode(head)]
    # The id comes first, as the pattern of `ids` expects; what lies inside a record is sorted.
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
    """The ledger of the release `name`. Raises ReleaseError where there is none or where it is damaged."""
    path = ledger_path(library, name)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        known = "、".join(map(str, ledger_names(library))) or "还没有发布"
        raise ReleaseError(f"没有 {name} 的登记表；已登记：{known}") from None
    except OSError as error:
        raise ReleaseError(f"登记表 {FOLDER}/{name}{SUFFIX} 读不到：{error.strerror}") from None
    ledger = Ledger(name, content)
    try:
        whole = ledger.head.release == str(name) and content.endswith(b"\n")
        whole = whole and len(ledger.ids) == content.count(b"\n") - 1 == ledger.head.total + ledger.head.revoked
    except msgspec.DecodeError:
        whole = False
    if not whole:
        raise ReleaseError(f"登记表 {FOLDER}/{name}{SUFFIX} 已损坏；请用 git 取回原来的文件")
    return ledger


def last_ledger(library: Path, before: ReleaseName | None = None) -> Ledger | None:
    """The ledger of the last release, or of the last one before `before`; None where there is none."""
    names = [name for name in ledger_names(library) if before is None or name < before]
    return read_ledger(library, names[-1]) if names else None


def is_published(status: str) -> bool:
    """Whether a record in this state stands in a ledger."""
    return status in PUBLISHED
