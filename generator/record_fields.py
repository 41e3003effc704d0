"""What there is to fill in for a record, as forms show it: every field with its label, kind and choices, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from generator.checking.fields import PROSE_FORMAT
from generator.exports.json_schema import record_schema
from generator.records.formatting import key_order
from generator.scheme.model import Scheme

# How a field is filled in.
LINE, PROSE, CHOICE, FLAG, DAY, NUMBER, GROUP, LIST, TEXTS = (
    "line",
    "prose",
    "choice",
    "flag",
    "day",
    "number",
    "group",
    "list",
    "texts",
)
KINDS = (LINE, PROSE, CHOICE, FLAG, DAY, NUMBER, GROUP, LIST, TEXTS)

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field. need: one of fields.NEEDS. most: characters, or items of a list; 0 is no bound.

    choices: value and name of each; of a list of texts, of its items. parts: the fields of a group, or of each item
    of a list.
    """

    key: str
    label: str
    kind: str
    need: str
    help: str = ""
    most: int = 0
    pattern: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    parts: tuple[RecordField, ...] = field(default=())


def record_fields(scheme: Scheme) -> tuple[RecordField, ...]:
    """Every field of the scheme's records in the order in which records are written.

    Raises ValueError for a field of a type that no form can show.
    """
    schema = record_schema(scheme)
    order = {key: place for place, key in enumerate(key_order(scheme))}
    properties = sorted(schema["properties"].items(), key=lambda entry: order.get(entry[0], len(order)))
    return tuple(_field(key, part, schema["$defs"]) for key, part in properties)


def _field(key: str, schema: Schema, named: dict[str, Schema]) -> RecordField:
    inner = _without_null(schema, named)
    label, need = str(schema.get("title") or key), str(schema.get("need", "optional"))
    help_text = str(schema.get("description") or "")
    kind = inner.get("type")
    if kind == "array":
        items = _without_null(inner["items"], named)
        if items.get("type") == "string":
            choices = tuple((str(value), str(value)) for value in items.get("enum", ()))
            return RecordField(key, label, TEXTS, need, help_text, inner.get("maxItems", 0), choices=choices)
        if items.get("type") != "object":
            raise ValueError(f"no form can show the field {key}: a list of {items.get('type')}")
        parts = tuple(_parts(items, named))
        return RecordField(key, label, LIST, need, help_text, inner.get("maxItems", 0), parts=parts)
    if kind == "object":
        return RecordField(key, label, GROUP, need, help_text, parts=tuple(_parts(inner, named)))
    if "enum" in inner:
        values = [str(value) for value in inner["enum"]]
        names = [str(name) for name in inner.get("enumDescriptions", values)]
        if "enumDescriptions" in inner:
            help_text = ""  # it only says what each value means
        return RecordField(key, label, CHOICE, need, help_text, choices=tuple(zip(values, names, strict=True)))
    return RecordField(
        *(key, label, _scalar_kind(key, inner), need, help_text),
        most=inner.get("maxLength", 0),
        pattern=inner.get("pattern", ""),
    )


def _scalar_kind(key: str, schema: Schema) -> str:
    kind, form = schema.get("type"), schema.get("format")
    if kind == "string" and form in (None, PROSE_FORMAT, "date"):
        return {None: LINE, PROSE_FORMAT: PROSE, "date": DAY}[form]
    if kind == "boolean":
        return FLAG
    if kind in ("integer", "number"):
        return NUMBER
    raise ValueError(f"no form can show the field {key}: {kind} {form or ''}")


def _parts(schema: Schema, named: dict[str, Schema]) -> Iterator[RecordField]:
    for key, part in schema["properties"].items():
        yield _field(key, part, named)


def _without_null(schema: Schema, named: dict[str, Schema]) -> Schema:
    """The schema of what is filled in, references and the empty value aside."""
    while True:
        if "$ref" in schema:
            schema = named[schema["$ref"].rpartition("/")[2]]
        elif "anyOf" in schema:
            schema = next(part for part in schema["anyOf"] if part.get("type") != "null")
        else:
            return schema
