"""What a set of changes means to a reader: each field before and after, each picture, record by record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from generator.changed import Changed
from generator.checking.formats import markdown
from generator.checking.raw import parse_yaml
from generator.records.formatting import key_order
from generator.records.model import PERSON_ROLES, STATUSES, UNPUBLISHED, labels, record_model
from generator.records.privacy import find_private
from generator.scheme.model import Scheme
from generator.scheme.words import Words

# Platforms cut a comment at 65,536 characters.
MOST_CHARACTERS = 60_000
MOST_SHOWN = 300
NOT_SHOWN = "（含不能公开的内容，不显示）"
_WORDS = STATUSES | {"true": "是", "false": "否"}
_KINDS = {"new": "新增", "changed": "修改", "removed": "删除", "unreadable": "读不了"}
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；]?\n?")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, as text; empty where there is none. parts: sentences removed and added instead."""

    label: str
    before: str
    after: str
    parts: tuple[tuple[str, ...], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class PictureChange:
    """A picture that was added, replaced, removed or whose words changed. file: relative to the repository."""

    how: str
    file: str
    alt: str
    gone: bool = False


@dataclass(slots=True)
class RecordChange:
    """The changes of one record. kind: new, changed, removed or unreadable; notes: what an editor should look at."""

    id: str
    title: str
    kind: str
    fields: list[FieldChange] = field(default_factory=list)
    pictures: list[PictureChange] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def record_changes(changed: Changed, scheme: Scheme) -> list[RecordChange]:
    """What became of each record, in order of id; those in which only the style or comments differ are left out."""
    found = []
    for case_id, path in changed.record_paths.items():
        current = changed.top / path
        after = current.read_bytes() if current.is_file() else None
        change = _compare(case_id, path, changed.before(path), after, changed, scheme)
        if change is not None:
            found.append(change)
    return found


def _compare(
    case_id: str, path: str, before: bytes | None, after: bytes | None, changed: Changed, scheme: Scheme
) -> RecordChange | None:
    old, new = _value(before), _value(after)
    if before is None and after is None:
        return None
    title = _safe(str((new or old or {}).get("title") or ""), scheme)
    if (after is not None and new is None) or (before is not None and old is None and after is None):
        return RecordChange(case_id, title, "unreadable", notes=["文件有语法错误，看检查的结果"])
    kind = "new" if before is None else "removed" if after is None else "changed"
    change = RecordChange(case_id, title, kind)
    if kind == "removed":
        if (old or {}).get("status") not in UNPUBLISHED:
            change.notes.append("公布过的记录不能删除，它的网址永远有效；要撤下请改为 status: revoked")
        return change
    assert new is not None
    old = old or {}
    change.fields = list(_fields(old, new, scheme))
    change.pictures = list(_pictures(old, new, path, changed, scheme))
    if kind == "changed" and not change.fields and not change.pictures:
        return None
    corrected = any(entry.before and entry.label != _label("changes", scheme) for entry in change.fields)
    listed = [value.get("changes") for value in (old, new)]
    public = old.get("status") not in UNPUBLISHED and kind == "changed"
    if public and corrected and listed[0] == listed[1]:
        change.notes.append("改动了已经公布的内容；是更正的，请在 changes 里写明日期和改了什么")
    return change


def _value(content: bytes | None) -> dict[str, Any] | None:
    if content is None:
        return None
    raw, _ = parse_yaml(content.decode("utf-8", "replace").removeprefix("\ufeff"), "")
    return raw.value if raw is not None else None


def _label(key: str, scheme: Scheme) -> str:
    return labels(record_model(scheme)).get(key, key)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any], scheme: Scheme) -> Iterator[FieldChange]:
    keys = [key for key in key_order(scheme) if key not in ("body", "media")]
    keys += [key for key in (*old, *new) if key not in (*keys, "body", "media")]
    for key in dict.fromkeys(keys):
        before, after = (_shown(value.get(key), scheme.words) for value in (old, new))
        if before != after:
            yield FieldChange(_label(key, scheme), _safe(before, scheme), _safe(after, scheme))
    bodies: list[dict[str, Any]] = []
    for value in (old, new):
        body = value.get("body")
        bodies.append(body if isinstance(body, dict) else {})
    sections = {section.key: section.label for section in scheme.sections}
    for key in dict.fromkeys([*sections, *bodies[0], *bodies[1]]):
        before, after = (_shown(body.get(key), scheme.words) for body in bodies)
        if before != after:
            parts = _sentences(_safe(before, scheme), _safe(after, scheme))
            yield FieldChange(sections.get(key, key), before and "…", after and "…", parts)


def _sentences(before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sentences that went and those that came."""
    old, new = ([part for part in _SENTENCE.findall(text) if part.strip()] for text in (before, after))
    gone: list[str] = []
    come: list[str] = []
    for how, first, last, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how != "equal":
            gone += ["".join(old[first:last])] if first < last else []
            come += ["".join(new[start:stop])] if start < stop else []
    return tuple(gone), tuple(come)


def _shown(value: Any, words: Words) -> str:
    """A value as a reader sees it."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "，".join(filter(None, (_shown(part, words) for part in value.values())))
    if isinstance(value, list):
        return "；".join(filter(None, (_shown(part, words) for part in value)))
    text = str(value).strip()
    return words.said(PERSON_ROLES[text]) if text in PERSON_ROLES else _WORDS.get(text, text)


def _safe(text: str, scheme: Scheme) -> str:
    """`text`, unless it holds private data: what a change takes out must not be told by the one who reports it."""
    return NOT_SHOWN if any(True for _ in find_private(text, scheme.private_labels)) else text


def _media(value: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    entries = value.get("media")
    listed = entries if isinstance(entries, list) else []
    return {str(entry.get("file")): entry for entry in listed if isinstance(entry, dict)}


def _pictures(
    old: Mapping[str, Any], new: Mapping[str, Any], path: str, changed: Changed, scheme: Scheme
) -> Iterator[PictureChange]:
    home = path.rpartition("/")[0]
    before, after = _media(old), _media(new)
    for file, entry in after.items():
        alt = _safe(_shown(entry.get("alt"), scheme.words), scheme)
        if file not in before:
            yield PictureChange("新增", f"{home}/{file}", alt)
        elif f"{home}/{file}" in changed.paths:
            yield PictureChange("换了内容", f"{home}/{file}", alt)
        elif entry != before[file]:
            yield PictureChange("改了说明", f"{home}/{file}", alt)
    for file, entry in before.items():
        if file not in after:
            yield PictureChange(
                "移去", f"{home}/{file}", _safe(_shown(entry.get("alt"), scheme.words), scheme), gone=True
            )


def changes_text(changes: Sequence[RecordChange], pictures_at: str = "") -> str:
    """The changes as Markdown, fit for a comment. pictures_at: address of the repository's files as they now stand."""
    if not changes:
        return "### 对读者的改动：没有\n\n记录的内容没有变化。\n"
    counts = [f"{name} {n} 条" for kind, name in _KINDS.items() if (n := sum(c.kind == kind for c in changes))]
    parts = [f"### 对读者的改动：{'，'.join(counts)}\n"]
    left = MOST_CHARACTERS
    for number, change in enumerate(changes):
        text = "\n".join(_record_lines(change, pictures_at)) + "\n"
        left -= len(text)
        if left < 0:
            parts.append(f"……还有 {len(changes) - number} 条没有列出，请看改动的文件。\n")
            break
        parts.append(text)
    return "\n".join(parts)


def _record_lines(change: RecordChange, pictures_at: str) -> Iterator[str]:
    yield f"#### {_KINDS[change.kind]}：{change.id} {markdown(change.title)}"
    yield ""
    short = [entry for entry in change.fields if entry.parts is None]
    if short and change.kind == "new":
        yield from ("| 字段 | 内容 |", "|---|---|")
        yield from (f"| {markdown(entry.label)} | {_cell(entry.after)} |" for entry in short)
        yield ""
    elif short:
        yield from ("| 字段 | 原来 | 现在 |", "|---|---|---|")
        yield from (f"| {markdown(entry.label)} | {_cell(entry.before)} | {_cell(entry.after)} |" for entry in short)
        yield ""
    for entry in change.fields:
        if entry.parts is not None:
            yield f"**{markdown(entry.label)}**"
            yield ""
            yield from (f"- 删去：{_cell(text)}" for text in entry.parts[0])
            yield from (f"- 增加：{_cell(text)}" for text in entry.parts[1])
            yield ""
    for picture in change.pictures:
        yield f"- 图片{picture.how}：`{picture.file}`，{markdown(picture.alt) or '没有替代文字'}"
        if pictures_at and not picture.gone and not picture.file.endswith((".mp4", ".webm")):
            yield f"  ![{markdown(picture.alt)}]({pictures_at.rstrip('/')}/{picture.file})"
    yield from (f"\n> ⚠️ {note}" for note in change.notes)


def _cell(text: str) -> str:
    words = " ".join(text.split())
    cut = f"{words[:MOST_SHOWN]}…（共 {len(words)} 字）" if len(words) > MOST_SHOWN else words
    return markdown(cut) or "（空）"
