"""The form of a record: JSON Schemas, a group each, for the form library in the browser.

Every value of the form is a text, as it is in a record, so that what a person did not touch comes back as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generator.record_fields import CHOICE, DAY, FLAG, GROUP, LINE, LIST, PROSE, TEXTS, RecordField, record_fields
from generator.records.model import PERSON_ROLES
from generator.scheme.model import METHOD, Scheme

# Decided when a record is made, never in its form.
FIXED = ("id", "year", "sample")
NEED_LABELS = {"required": "必填", "announced": "公布后必填", "complete": "建议填写", "optional": ""}
# Texts of one line that want a larger box, and what is too long for half a line.
LONG_KEYS = ("summary", "alt")
WIDE = 100

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FormGroup:
    """A part of the form under its own heading."""

    key: str
    label: str
    fields: tuple[RecordField, ...]


def form_groups(scheme: Scheme) -> list[FormGroup]:
    """Every field of a record but the fixed ones, each in one group, in the order in which people fill them in."""
    left = {field.key: field for field in record_fields(scheme) if field.key not in FIXED}
    for key in announced_keys(scheme):
        left[key] = replace(left[key], need="announced")
    methods = [dimension.key for dimension in scheme.dimensions if dimension.role == METHOD]
    terms = [dimension.key for dimension in scheme.dimensions if dimension.role != METHOD]
    wanted: list[tuple[str, str, Sequence[str]]] = [
        ("basics", "基本情况", ("status", "title", "unit", *terms, "summary")),
        ("people", "", ("people",)),
        ("text", "", ("body",)),
        ("methods", scheme.methods.label, methods),
        ("media", "", ("media",)),
        ("patents", "", ("patents",)),
        ("sources", "", ("sources",)),
        ("changes", "", ("changes",)),
    ]
    groups = []
    for key, label, keys in wanted:
        fields = tuple(left.pop(name) for name in keys if name in left)
        if fields:
            groups.append(FormGroup(key, label or fields[0].label, fields))
    if left:
        place = next((n for n, group in enumerate(groups) if group.key == "media"), len(groups))
        groups.insert(place, FormGroup("more", "其他信息", tuple(left.values())))
    return groups


def announced_keys(scheme: Scheme) -> list[str]:
    """Keys of what a record must have once it is announced, and not before."""
    award = scheme.award
    return [
        *([award.key] if award is not None and award.need == "required" else []),
        *([] if scheme.sample else ["sources"]),
    ]


def group_schema(group: FormGroup, value: Mapping[str, Any]) -> Schema:
    """JSON Schema of a group. value: of the form, as what it holds beyond the choices can be chosen too."""
    return _object(group.fields, value, group.label)


def _object(fields: Iterable[RecordField], value: Any, title: str) -> Schema:
    given = value if isinstance(value, Mapping) else {}
    properties = {}
    for place, field in enumerate(fields):
        schema = field_schema(field, [given.get(field.key)])
        properties[field.key] = {**schema, "propertyOrder": place}
    return {"type": "object", "title": title, "properties": properties, "additionalProperties": False}


def field_schema(field: RecordField, given: Sequence[Any]) -> Schema:
    """JSON Schema of one field. given: what the record holds there (of each item, in a list)."""
    options: Schema = {"need": NEED_LABELS[field.need]} if NEED_LABELS[field.need] else {}
    schema: Schema = {"title": field.label, "options": options}
    if field.help:
        schema["description"] = field.help
    if field.kind == GROUP:
        value = given[0] if given and isinstance(given[0], Mapping) else {}
        return {**schema, **_object(field.parts, value, field.label)}
    if field.kind == LIST:
        rows = [row for entry in given if isinstance(entry, list) for row in entry if isinstance(row, Mapping)]
        parts = {part.key: field_schema(part, [row.get(part.key) for row in rows]) for part in field.parts}
        for place, part in enumerate(field.parts):
            parts[part.key]["propertyOrder"] = place
            if part.key == "role" and [value for value, _ in part.choices] == list(PERSON_ROLES):
                first, later = list(PERSON_ROLES)[:2]
                parts[part.key]["options"] |= {"first": first, "later": later}
            if part.key == "file":
                # A file comes in by being dropped, which cleans and names it.
                parts[part.key]["readOnly"] = True
                parts[part.key].pop("description", None)
                options["disable_array_add"] = True
        items = {"type": "object", "title": field.label, "properties": parts, "additionalProperties": False}
        return {**schema, "type": "array", "items": items, **({"maxItems": field.most} if field.most else {})}
    if field.kind == TEXTS:
        texts = [text for entry in given if isinstance(entry, list) for text in entry if isinstance(text, str)]
        item = field_schema(
            replace(field, kind=CHOICE if field.choices else LINE, need="optional", help="", most=200), texts
        )
        item["options"].pop("wide", None)
        return {**schema, "type": "array", "items": item, **({"maxItems": field.most} if field.most else {})}
    schema["type"] = "string"
    if field.kind in (CHOICE, FLAG):
        choices = field.choices or (("true", "是"), ("false", "否"))
        known = [value for value, _ in choices]
        extra = sorted({text for text in given if isinstance(text, str) and text and text not in known})
        schema["enum"] = ["", *known, *extra]
        names = ["请选择" if field.need in ("required", "announced") else "未填", *(name for _, name in choices)]
        options["enum_titles"] = [*names, *(f"{text}（不可用）" for text in extra)]
    elif field.kind == DAY and all(not text or _is_day(text) for text in given):
        schema["format"] = "date"
    elif field.kind == PROSE or field.key in LONG_KEYS:
        schema["format"] = "textarea"
        options["inputAttributes"] = {"rows": 6 if field.kind == PROSE else 2}
    if field.kind in (LINE, PROSE):
        options |= {"most": field.most, "wide": field.most > WIDE}
    return schema


def _is_day(text: Any) -> bool:
    return isinstance(text, str) and len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit()


def form_value(value: Mapping[str, Any], groups: Iterable[FormGroup], scheme: Scheme) -> Schema:
    """What the form shows of a record: texts, lists and mappings of texts; what does not fit its field is left out."""
    shown: Schema = {}
    for group in groups:
        for field in group.fields:
            given = value.get(field.key)
            dimension = scheme.by_key.get(field.key)
            if dimension is not None and isinstance(given, str) and given in dimension.by_alias:
                given = dimension.by_alias[given].name
            shown[field.key] = _shown(field, given)
    return shown


def _shown(field: RecordField, given: Any) -> Any:
    if field.kind == GROUP:
        return {
            part.key: _shown(part, given.get(part.key) if isinstance(given, dict) else None) for part in field.parts
        }
    if field.kind == LIST:
        rows = given if isinstance(given, list) else []
        return [{part.key: _shown(part, row.get(part.key)) for part in field.parts} for row in rows if _is_map(row)]
    if field.kind == TEXTS:
        return [text.strip() for text in given if isinstance(text, str)] if isinstance(given, list) else []
    return given.strip() if isinstance(given, str) else ""


def _is_map(row: Any) -> bool:
    return isinstance(row, dict)
