"""What differs between two releases: in words for a notice, and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generator.released.ledger import MOVED, Ledger, LedgerHead, LedgerRow
from generator.scheme.words import Words

# Longer values are named, not shown.
SHOWN = 60


@dataclass(frozen=True)
class Changed:
    """A field of a record. Empty texts: the field had no value, or one too long to be shown."""

    label: str
    before: str = ""
    after: str = ""

    def words(self) -> str:
        if self.before and self.after:
            return f"{self.label}由「{self.before}」改为「{self.after}」"
        if self.after:
            return f"{self.label}改为「{self.after}」"
        return f"{self.label}删去「{self.before}」" if self.before else f"{self.label}有改动"


@dataclass(frozen=True)
class RecordLine:
    """A record as a notice names it. reasons: its corrections that are new. to: the record that its id leads to now."""

    id: str
    title: str
    unit: str
    address: str
    award: str
    changed: Sequence[Changed] = ()
    reasons: Sequence[dict[str, str]] = ()
    to: str = ""

    def words(self) -> str:
        if self.to:
            return f"{self.id} 现在是 {self.to}《{self.title}》"
        facts = "，".join(filter(None, (self.unit, self.award)))
        return f"{self.id}《{self.title}》{f'（{facts}）' if facts else ''}"


@dataclass(frozen=True)
class Difference:
    """What a release has that the one before it had not; before is None for the first release of a library.

    removed: records that vanished; the check refuses that, so a sound library has none.
    """

    before: LedgerHead | None
    after: LedgerHead
    added: Sequence[RecordLine] = ()
    moved: Sequence[RecordLine] = ()
    corrected: Sequence[RecordLine] = ()
    revoked: Sequence[RecordLine] = ()
    restored: Sequence[RecordLine] = ()
    removed: Sequence[RecordLine] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.corrected or self.revoked or self.restored or self.moved or self.removed)


def compare(before: Ledger | None, after: Ledger) -> Difference:
    """What changed from `before` to `after`, each kind in order of id."""
    old = before.rows if before else {}
    names = after.head
    lists: dict[str, list[RecordLine]] = {
        kind: [] for kind in ("added", "corrected", "revoked", "restored", "moved", "removed")
    }
    # A record that got another number is the same project: it is no addition.
    renumbered = {
        row.record["to"]: old[row.id]
        for row in after.rows.values()
        if row.status == MOVED and row.id in old and old[row.id].status != MOVED
    }
    for case_id, row in after.rows.items():
        known = old.get(case_id) or renumbered.get(case_id)
        if known is not None and known.digest == row.digest:
            continue
        reasons = [change for change in row.changes if known is None or change not in known.changes]
        changed: list[Changed] = []
        if row.status == MOVED:
            title = after.rows[row.record["to"]].record["title"]
            lists["moved"].append(RecordLine(row.id, title, "", row.address, "", to=row.record["to"]))
            continue
        if row.status == "revoked":
            kind = "corrected" if known is not None and known.status == "revoked" else "revoked"
        elif known is None:
            kind, reasons = "added", []
        else:
            kind = "restored" if known.status == "revoked" else "corrected"
        if kind == "corrected" and known is not None and before is not None:
            changed = list(_changed(known, row, before.head, names))
            if known.id != row.id and not changed and not reasons:
                continue
        lists[kind].append(_line(row, names, changed, reasons))
    if before is not None:
        lists["removed"] = [_line(row, before.head) for case_id, row in old.items() if case_id not in after.rows]
    return Difference(before.head if before else None, after.head, **lists)


def _line(
    row: LedgerRow, names: LedgerHead, changed: Sequence[Changed] = (), reasons: Sequence[dict[str, str]] = ()
) -> RecordLine:
    award = next((_term(row, key, names) for key, d in names.dimensions.items() if d.role == "award"), "")
    title, unit = row.record.get("title", ""), row.record.get("unit", "")
    return RecordLine(row.id, title, unit, row.address, award, changed, reasons)


def _term(row: LedgerRow, key: str, names: LedgerHead) -> str:
    """Name of the term of the dimension `key`, empty where the record has none."""
    slug = row.record.get(key)
    return names.dimensions[key].terms.get(slug, slug) if slug else ""


def _changed(old: LedgerRow, new: LedgerRow, old_names: LedgerHead, names: LedgerHead) -> Iterator[Changed]:
    for key in {**old.record, **new.record}:
        before, after = old.record.get(key), new.record.get(key)
        if before == after:
            continue
        label = names.labels.get(key, key)
        if key in names.dimensions:
            known = _term(old, key, old_names) if key in old_names.dimensions else ""
            yield Changed(label, known, _term(new, key, names))
        elif key == "body":
            for part in {**(before or {}), **(after or {})}:
                if (before or {}).get(part) != (after or {}).get(part):
                    yield Changed(f"「{names.labels.get(f'body.{part}', part)}」")
        else:
            yield Changed(label, *_shown_pair(key, before, after))


def _shown_pair(key: str, before: Any, after: Any) -> tuple[str, str]:
    """Both values as text; neither of them where one is too long, or where both look alike."""
    pair = _shown(key, before), _shown(key, after)
    return ("", "") if max(map(len, pair)) > SHOWN or pair[0] == pair[1] else pair


def _shown(key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        if key == "people":
            return "、".join(person["name"] for person in value)
        return f"{len(value)} 项" if value else ""
    return str(value)


def words(difference: Difference, called: Words, most: int = 0) -> list[str]:
    """The difference in lines for a notice. most: a longer list of additions is only counted; 0 lists all.

    called: the words of the scheme.
    """
    before, after = difference.before, difference.after
    since = f"与 {before.release}（{before.date}）相比" if before else "首次发布"
    now = f"{after.release}（{after.date}）" if after.date else "现在的资料库"
    lines = [f"{now}：{since}，{_tally(difference, called)}。", "", *counts(difference, called)]
    if difference.is_empty:
        return lines
    for title, found in (
        ("新增", difference.added),
        ("更正", difference.corrected),
        ("撤销", difference.revoked),
        ("恢复", difference.restored),
        ("合并或改号", difference.moved),
        ("不见", difference.removed),
    ):
        if not found:
            continue
        lines += ["", f"{title} {len(found)} {called.measure}："]
        if title == "新增" and most and len(found) > most:
            lines.append(f"  {found[0].id} 至 {found[-1].id}，见{called.case}数据库。")
            continue
        for line in found:
            lines.append(f"  {line.words()}")
            lines += [f"    {part.words()}" for part in line.changed]
            lines += [f"    {_reason(change)}" for change in line.reasons]
    return lines


def _tally(difference: Difference, called: Words) -> str:
    measure = called.measure
    if difference.before is None:
        return f"共 {difference.after.total} {measure}"
    parts = [
        f"新增 {len(difference.added)} {measure}",
        f"更正 {len(difference.corrected)} {measure}",
        f"撤销 {len(difference.revoked)} {measure}",
    ]
    if difference.restored:
        parts.append(f"恢复 {len(difference.restored)} {measure}")
    if difference.moved:
        parts.append(f"合并或改号 {len(difference.moved)} {measure}")
    if difference.removed:
        parts.append(f"不见 {len(difference.removed)} {measure}")
    return "没有改动" if difference.is_empty else "，".join(parts)


def _reason(change: dict[str, str]) -> str:
    why = f"（{change['why']}）" if change.get("why") else ""
    return f"{change['date']} {change['what']}{why}"


def counts(difference: Difference, called: Words) -> list[str]:
    """Counts of the library, of each round and its awards, against the release before."""
    before, after = difference.before, difference.after
    measure = called.measure
    whole = _count(before.total if before else None, after.total, measure)
    lines = [f"全库公布的{called.case} {whole}，撤销 {after.revoked} {measure}。"]
    awards = next((d for d in after.dimensions.values() if d.role == "award"), None)
    for year, found in after.rounds.items():
        known = before.rounds.get(year) if before else None
        if not found.total and not (known and known.total):
            continue
        levels = [
            f"{name} {_count(known.awards.get(slug, 0) if known else None, found.awards.get(slug, 0), measure)}"
            for slug, name in (awards.terms.items() if awards else ())
        ]
        announced = f"（公布名单 {found.announced} {measure}）" if found.announced is not None else ""
        rest = f"：{'，'.join(levels)}" if levels else ""
        total = _count(known.total if known else None, found.total, measure)
        lines.append(f"{year} {called.round} {total}{announced}{rest}。")
    return lines


def _count(before: int | None, after: int, measure: str) -> str:
    if before is None or before == after:
        return f"{after} {measure}"
    return f"{after} {measure}（{'增' if after > before else '减'} {abs(after - before)}）"


def as_data(difference: Difference) -> dict[str, Any]:
    """The difference for programs; keys stay, new ones may come."""

    def rows(lines: Sequence[RecordLine]) -> list[dict[str, Any]]:
        return [
            {
                "id": line.id,
                "title": line.title,
                "page": line.address,
                **({"to": line.to} if line.to else {}),
                "changed": [{"label": c.label, "before": c.before, "after": c.after} for c in line.changed],
                "changes": list(line.reasons),
            }
            for line in lines
        ]

    before = difference.before
    return {
        "before": before.release if before else None,
        "after": difference.after.release if difference.after.date else None,
        "date": difference.after.date or None,
        "total": {"before": before.total if before else 0, "after": difference.after.total},
        "added": rows(difference.added),
        "corrected": rows(difference.corrected),
        "revoked": rows(difference.revoked),
        "restored": rows(difference.restored),
        "moved": rows(difference.moved),
        "removed": rows(difference.removed),
    }
