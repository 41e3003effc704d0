"""Fields of a record beyond the common core, as a scheme declares them: their types, where they show, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from generator.checking.diagnostics import Diagnostic
from generator.checking.fields import NEEDS, Flag, Key, Line, Model, OneOf, Prose, described
from generator.checking.raw import Raw, Step

# Of one value; a list has several texts, groups are several values of several parts each.
PLAIN_TYPES = ("text", "enum", "boolean", "date", "number")
LIST, GROUPS = "list", "groups"
FIELD_TYPES = (*PLAIN_TYPES, LIST, GROUPS)
# Types whose values are known beforehand or few, so that one can filter by them.
FILTERED_TYPES = ("enum", "boolean", LIST)
SEARCHED_TYPES = ("text", "enum", LIST, GROUPS)
# Where a value shows: with the case in a list, among the facts of its page, as a column of tables.
CARD, FACTS, TABLE = "card", "facts", "table"
PLACES = (CARD, FACTS, TABLE)


class FieldPart(Model):
    """A part of each group of a field of the type `groups`."""

    key: Key = described("字段名", need="required")
    label: Annotated[str, Line(20)] = described("名称", need="required")
    type: Annotated[str, OneOf(PLAIN_TYPES)] = described("类型", default="text")
    values: tuple[Annotated[str, Line(60)], ...] = described("取值", "type 为 enum 时的可用值", default=())
    need: Annotated[str, OneOf(NEEDS)] = described("是否必填", default="optional")


class ExtraField(Model):
    """A field beyond the common core."""

    key: Key = described("字段名", need="required")
    label: Annotated[str, Line(20)] = described("名称", need="required")
    type: Annotated[str, OneOf(FIELD_TYPES)] = described(
        "类型",
        "text 文字，enum 几个取值之一，boolean 是否，date 日期，number 数字，list 几条文字，groups 几组",
        need="required",
    )
    values: tuple[Annotated[str, Line(60)], ...] = described("取值", "type 为 enum 或 list 时的可用值", default=())
    parts: tuple[FieldPart, ...] = described("每组的各项", "type 为 groups 时", default=())
    need: Annotated[str, OneOf(NEEDS)] = described("是否必填", default="optional")
    about: Annotated[str, Prose(1000)] | None = described("说明")
    private: Flag = described("不公开", "true 表示表上有、记录里不许有", default=False)
    search: Flag = described("能否检索", "日期和数字总是不能", default=True)
    filter: Flag = described("能否筛选", "type 为 enum、boolean 或写了 values 的 list", default=False)
    shown: tuple[Annotated[str, OneOf(PLACES)], ...] = described(
        "显示在哪里", "card 列表，facts 案例页，table 表格；[] 表示只在数据里", default=(FACTS, TABLE)
    )

    @property
    def is_searched(self) -> bool:
        return self.search and self.type in SEARCHED_TYPES

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        """Each value that one can filter by, as it stands in addresses, and its name."""
        if self.type == "boolean":
            return (("true", "是"), ("false", "否"))
        return [(value, value) for value in self.values]

    def chosen(self, value: Any) -> list[str]:
        """Those of `choices` that a record with `value` has, as they stand in addresses."""
        if value is None:
            return []
        if isinstance(value, bool):
            return ["true" if value else "false"]
        return [str(entry) for entry in value] if isinstance(value, (list, tuple)) else [str(value)]


def field_text(value: Any) -> str:
    """`value` of a further field in one text: 是 and 否, days as written, the items of a list, the parts of groups."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Model):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return " ".join(filter(None, map(field_text, value.values())))
    if isinstance(value, (list, tuple)):
        groups = any(isinstance(entry, (Model, Mapping)) for entry in value)
        return ("；" if groups else "、").join(filter(None, map(field_text, value)))
    return str(value)


def field_findings(fields: Sequence[ExtraField], raw: Raw) -> Iterator[Diagnostic]:
    """What does not fit together in the fields of a scheme."""
    for number, extra in enumerate(fields):
        here: tuple[Step, ...] = ("fields", number)
        for path, message, allowed in _misfits(extra):
            line_no, column = raw.at((*here, *path))
            yield Diagnostic(raw.file, line_no, column, "scheme-reference", f"字段「{extra.key}」{message}", allowed)
        seen: set[str] = set()
        for place, part in enumerate(extra.parts):
            if part.key in seen:
                line_no, column = raw.at((*here, "parts", place, "key"))
                message = f"字段名「{part.key}」与前面的重复"
                yield Diagnostic(raw.file, line_no, column, "scheme-clash", message, "每个字段名只能用一次")
            seen.add(part.key)


def _misfits(extra: ExtraField) -> Iterator[tuple[tuple[Step, ...], str, str]]:
    """Where below the field, what is wrong, what is right."""
    if extra.type == "enum" and not extra.values:
        yield (), "是 enum，却没有 values", "请列出可用值"
    if extra.values and extra.type not in ("enum", LIST):
        yield ("values",), f"是 {extra.type}，不能有 values", "只有 enum 和 list 有可用值；请删去 values 或改 type"
    if extra.type == GROUPS and not extra.parts:
        yield (), "是 groups，却没有 parts", "请写明每组有哪些项：parts: [{key: …, label: …}]"
    if extra.parts and extra.type != GROUPS:
        yield ("parts",), f"是 {extra.type}，不能有 parts", "只有 groups 分项；请删去 parts 或改 type"
    for place, part in enumerate(extra.parts):
        if part.type == "enum" and not part.values:
            yield ("parts", place), f"的「{part.key}」是 enum，却没有 values", "请列出可用值"
    if extra.filter and not (extra.type in FILTERED_TYPES and extra.choices):
        yield ("filter",), f"是 {extra.type}，不能用来筛选", "可以筛选的：enum、boolean、写了 values 的 list"
    if extra.private and (extra.need != "optional" or extra.filter):
        key = "filter" if extra.filter else "need"
        yield (key,), "不公开，不能要求填写，也不能用来筛选", f"请删去 {key}，或删去 private"
