"""What a filled-in form makes of a record: the text that would be written, everything else in it as it was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.checking.diagnostics import has_errors
from generator.checking.raw import Raw, parse_yaml
from generator.editing.form_schema import FormGroup, form_value
from generator.importers.writing import PENDING_NOTE
from generator.record_fields import GROUP, LIST, PROSE, TEXTS, RecordField
from generator.records.formatting import Comments, NodePath, comments_of, format_record, record_text
from generator.scheme.model import Scheme


@dataclass(frozen=True, slots=True)
class Note:
    """A comment that waits for a person, and the field it stands at."""

    path: NodePath
    text: str


def pending_notes(raw: Raw) -> list[Note]:
    """The comments of an import that are still to be looked at."""
    comments = comments_of(raw)
    before = [(path, line) for path, lines in comments.before.items() for line in lines]
    found = [*(((), line) for line in comments.start), *before, *(((), line) for line in comments.end)]
    return [Note(path, line.removeprefix(PENDING_NOTE)) for path, line in found if line.startswith(PENDING_NOTE)]


def compose(
    form: Mapping[str, Any],
    before: Raw,
    groups: Sequence[FormGroup],
    scheme: Scheme,
    settled: Collection[str] = (),
) -> str:
    """Text of the record `before` with the values of `form`, in the canonical style.

    settled: texts of pending notes that are done with. A value that the form shows as it was stays as it was written.
    Raises ValueError for a value that YAML cannot hold.
    """
    value = dict(before.value)
    comments = comments_of(before)
    for lines in (comments.start, *comments.before.values(), comments.end):
        lines[:] = [
            line for line in lines if not (line.startswith(PENDING_NOTE) and line.removeprefix(PENDING_NOTE) in settled)
        ]
    comments.before = {path: lines for path, lines in comments.before.items() if lines}
    shown = form_value(before.value, groups, scheme)
    for group in groups:
        for field in group.fields:
            if field.key not in form or _same(form[field.key], shown[field.key]):
                continue
            new = _filled(field, form[field.key], value.get(field.key), comments, (field.key,))
            if new is not None or _is_kept(field.key, value, comments):
                value[field.key] = new
            else:
                value.pop(field.key, None)
    text = record_text(value, scheme, comments)
    made, found = format_record(text, before.file, scheme)
    return text if has_errors(found) else made


def _is_kept(key: str, value: Mapping[str, Any], comments: Comments) -> bool:
    """Whether an emptied key stays: a comment stands at it."""
    return key in value and ((key,) in comments.before or (key,) in comments.beside or comments.below((key,)))


def _filled(field: RecordField, new: Any, old: Any, comments: Comments, path: NodePath) -> Any:
    """The value of a field as the record holds it; None where it is empty."""
    if field.kind == GROUP:
        there = dict(old) if isinstance(old, dict) else {}
        given = new if isinstance(new, Mapping) else {}
        for part in field.parts:
            words = _text(given.get(part.key))
            if _same(words, there.get(part.key) or ""):
                continue
            there[part.key] = (f"{words}\n" if part.kind == PROSE else words) if words else None
        return there if any(there.values()) else (dict.fromkeys(there) or None)
    if field.kind == LIST:
        rows = [row for row in new if isinstance(row, Mapping)] if isinstance(new, list) else []
        return _list(field, rows, old if isinstance(old, list) else [], comments, path) or None
    if field.kind == TEXTS:
        return [text for entry in new if (text := _text(entry))] or None if isinstance(new, list) else None
    return _text(new) or None


def _list(
    field: RecordField, rows: Iterable[Mapping[str, Any]], old: list[Any], comments: Comments, path: NodePath
) -> list[Any]:
    """The items of a list; each keeps the item it came from, with its comments, wherever that now stands."""
    filled = [{part.key: _text(row.get(part.key)) for part in field.parts} for row in rows]
    filled = [row for row in filled if any(row.values())]
    shown = [{part.key: _text(item.get(part.key)) for part in field.parts} if _is_map(item) else {} for item in old]
    origin = _origins(filled, shown, field.parts[0].key)
    items = []
    for new, row in enumerate(filled):
        at = origin.get(new)
        if at is not None and row == shown[at]:
            items.append(old[at])
            continue
        item = dict(old[at]) if at is not None and _is_map(old[at]) else {}
        for key, words in row.items():
            if words:
                if not _same(words, item.get(key)):
                    item[key] = words
            else:
                item.pop(key, None)
        items.append(item)
    _move_comments(comments, path, {at: new for new, at in origin.items()})
    return items


def _origins(filled: list[dict[str, str]], shown: list[dict[str, str]], key: str) -> dict[int, int]:
    """Place of the item that each item of a form came from: the same, one of the same name, the one in its place."""
    origin: dict[int, int] = {}
    left = list(range(len(shown)))

    def take(alike: Callable[[int, int], bool]) -> None:
        for new in range(len(filled)):
            found = next((at for at in left if new not in origin and alike(new, at)), None)
            if found is not None:
                origin[new] = found
                left.remove(found)

    take(lambda new, at: filled[new] == shown[at])
    take(lambda new, at: bool(filled[new][key]) and filled[new][key] == shown[at].get(key))
    take(lambda new, at: new == at)
    if len(filled) == len(shown):
        take(lambda new, at: True)
    return origin


def _move_comments(comments: Comments, path: NodePath, moved: Mapping[int, int]) -> None:
    """Lets comments follow the items of the list at `path`; those of an item that is gone go with it."""
    depth = len(path)
    for kind in ("before", "beside"):
        kept: dict[NodePath, Any] = {}
        for place, words in getattr(comments, kind).items():
            if len(place) > depth and place[:depth] == path and isinstance(place[depth], int):
                if place[depth] not in moved:
                    continue
                place = (*path, moved[place[depth]], *place[depth + 1 :])
            kept[place] = words
        setattr(comments, kind, kept)


def _text(value: Any) -> str:
    """A text of the form as the record holds it: line breaks as they are in files, no space around it."""
    return value.replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(value, str) else ""


def _is_map(item: Any) -> bool:
    return isinstance(item, dict)


def _same(new: Any, old: Any) -> bool:
    """Whether the form shows what the record holds: empty values apart, spaces around texts apart."""
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        return all(_same(new.get(key, ""), old.get(key, "")) for key in {*new, *old})
    if isinstance(new, list) and isinstance(old, list):
        return len(new) == len(old) and all(map(_same, new, old))
    return _text(new) == _text(old)


def read_text(text: str, file: str) -> Raw | None:
    """The record in `text`; None where it cannot be shown as a form."""
    raw, found = parse_yaml(text, file)
    return None if raw is None or has_errors(found) else raw
