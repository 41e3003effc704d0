"""Value types of records and schemes: what a text scalar may be, and the field facts the schema publishes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
KEY_PATTERN = r"^[a-z][a-z0-9_]*$"
_SLUG = re.compile(SLUG_PATTERN[1:-1])
_KEY = re.compile(KEY_PATTERN[1:-1])


class Model(BaseModel):
    """Base of everything read from YAML: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, populate_by_name=True)


def _clean(text: str) -> str:
    found = _CONTROL.search(text)
    if found:
        raise PydanticCustomError("control", "control character", {"char": f"U+{ord(found.group()):04X}"})
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError("one_line", "line break")
    return _clean(text)


def _true_or_false(value: Any) -> Any:
    if isinstance(value, str) and value not in ("true", "false"):
        raise PydanticCustomError("allowed", "true or false", {"values": ["true", "false"], "given": value})
    return value


def _iso_date(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise PydanticCustomError("iso_date", "not a date")
    return value


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/<>\"'`]+[^\s<>\"'`]*", text):
        raise PydanticCustomError("address", "not an address")
    return text


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise PydanticCustomError("slug", "not a slug")
    return text


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise PydanticCustomError("key", "not a key")
    return text


@dataclass(frozen=True)
class Line:
    """Annotation of a text of one line, 1 to `most` characters."""

    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(min_length=1, max_length=self.most, strip_whitespace=True)
        return core_schema.no_info_after_validator_function(_one_line, text)


@dataclass(frozen=True)
class Prose:
    """Annotation of a text of several lines, 1 to `most` characters."""

    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(min_length=1, max_length=self.most, strip_whitespace=True)
        return core_schema.no_info_after_validator_function(_clean, text)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "format": PROSE_FORMAT}


class OneOf:
    """Annotation of a text that must be one of `values`; the published schema lists them.

    names: what people call each value, where that is something else.
    """

    def __init__(self, values: Sequence[str], names: Sequence[str] = ()) -> None:
        self.values = list(values)
        self.names = list(names)
        self.allowed = frozenset(values)

    def check(self, text: str) -> str:
        if text not in self.allowed:
            raise PydanticCustomError("allowed", "not allowed", {"values": self.values, "given": text})
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(strip_whitespace=True)
        return core_schema.no_info_after_validator_function(self.check, text)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        named = {"enumDescriptions": self.names} if self.names else {}
        return {**handler(schema), "enum": self.values, **named}


Flag = Annotated[bool, BeforeValidator(_true_or_false)]
Day = Annotated[date, BeforeValidator(_iso_date)]
Address = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_address)]
Slug = Annotated[str, AfterValidator(_slug), WithJsonSchema({"type": "string", "pattern": SLUG_PATTERN})]
RecordId = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{5,7}$")]
Key = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(_key),
    WithJsonSchema({"type": "string", "maxLength": 40, "pattern": KEY_PATTERN}),
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Year = Annotated[int, Field(ge=1949, le=2999)]
Count = Annotated[int, Field(ge=0)]

# What the published schema calls a text of several lines; forms show it as one.
PROSE_FORMAT = "textarea"
NEEDS = ("required", "complete", "optional")


def described(label: str, description: str = "", need: str = "optional", **extra: Any) -> Any:
    """A field with its Chinese label and description and how much it is needed (one of NEEDS)."""
    if need != "required" and "default_factory" not in extra:
        extra.setdefault("default", None)
    return Field(title=label, description=description or None, json_schema_extra={"need": need}, **extra)


def need_of(model: type[BaseModel], name: str) -> str:
    """How much the field `name` of `model` is needed: one of NEEDS."""
    extra = model.model_fields[name].json_schema_extra
    return str(extra.get("need", "optional")) if isinstance(extra, dict) else "optional"
