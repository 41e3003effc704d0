"""What a published record owes its readers: it stays at its address, and says what was changed and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from generator.checking.diagnostics import Diagnostic
from generator.checking.raw import Raw
from generator.records.model import PUBLISHED
from generator.released.ledger import FOLDER, SUFFIX, LastRelease, Ledger, LedgerRow, public_record
from generator.scheme.model import Scheme


def check_released(content: bytes, raw: Raw, scheme: Scheme, ledger: Ledger, folder: Path) -> Iterator[Diagnostic]:
    """What is wrong with a record seen from the last release; nothing where that had no such record.

    content: the checked record as JSON without its defaults. folder: what the files of its media are relative to.
    """
    record = msgspec.json.decode(content)
    row = ledger.row(record["id"])
    if row is None:
        return
    status = record.get("status", PUBLISHED[0])

    def found(key: str, code: str, message: str, allowed: str) -> Diagnostic:
        line, column = raw.at((key,), key=True)
        return Diagnostic(raw.file, line, column, code, message, allowed)

    if status not in PUBLISHED:
        message = f"{ledger.name} 已公布的记录退回到公布之前（{status}）"
        yield found("status", "released-withdrawn", message, "公布过的网址永远有效；撤销请写 status: revoked")
        return
    changes: list[dict[str, str]] = record.get("changes", [])
    gone = [change for change in row.changes if change not in changes]
    for change in gone:
        message = f"{ledger.name} 已公布的更正「{change['date']} {change['what']}」不见了或改动了"
        yield found("changes", "released-change-gone", message, "公布过的更正照原样保留，再改请另加一条")
    new = [change for change in changes if change not in row.changes]
    for change in new:
        if not change.get("why"):
            message = f"更正「{change['date']} {change['what']}」没有写原因（why）"
            yield found("changes", "released-change-why", message, "公布之后的每条更正都要写明日期、改了什么、原因")
    public = public_record(record, status, scheme, folder)
    changed = _changed(row, public, status)
    if changed and not new and not gone:
        labels = ledger.head.labels
        parts = "、".join(f"「{labels.get('.'.join(path), path[-1])}」" for path in changed)
        line, column = raw.at(changed[0] if changed[0][0] in raw.value else ("changes",), key=True)
        message = f"{ledger.name} 公布之后改了{parts}，没有写更正"
        allowed = "请在 changes 里加一条：- {date: 日期, what: 改了什么, why: 原因}"
        yield Diagnostic(raw.file, line, column, "released-change-missing", message, allowed)


def _changed(row: LedgerRow, public: Mapping[str, Any], status: str) -> list[tuple[str, ...]]:
    """Paths of the fields that differ from `row`; the state alone where that changed, since it takes others along."""
    if status != row.status:
        return [("status",)]
    found: list[tuple[str, ...]] = []
    for key in {**row.record, **public}:
        old, new = row.record.get(key), public.get(key)
        if key == "body":
            old, new = old or {}, new or {}
            found += [(key, part) for part in {**old, **new} if old.get(part) != new.get(part)]
        elif old != new:
            found.append((key,))
    return found


def check_vanished(last: LastRelease, ids: Iterable[str], addresses: Iterable[str], shown: str) -> list[Diagnostic]:
    """The records and lists of the last release that are no longer there.

    ids, addresses: of the records and of the lists that there are now; ids that lead to another record count too.
    shown: the folder of the library, as messages name it.
    """
    file = f"{shown}/{FOLDER}/{last.name}{SUFFIX}"
    found = []
    there = set(ids)
    for number, case_id in enumerate(last.ids, 2):
        if case_id not in there:
            message = f"{last.name} 公布的记录 {case_id} 不见了"
            allowed = (
                f"编号和网址永远有效；请找回 {case_id[:4]}/{case_id}.yml，撤销写 status: revoked，合并写进 moved.yml"
            )
            found.append(Diagnostic(file, number, 1, "released-missing", message, allowed))
    lists = set(addresses)
    for address in last.addresses:
        if address not in lists:
            message = f"{last.name} 公布的网页 {address} 不见了"
            allowed = "网址永远有效；请在方案里保留这个 path 和 slug（名称可以改）"
            found.append(Diagnostic(file, 1, 1, "released-address", message, allowed))
    return found
