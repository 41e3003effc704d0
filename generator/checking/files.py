"""Checks a raw tree against a pydantic model and says in Chinese, with places, everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from generator.checking.diagnostics import Diagnostic, listing, nearest
from generator.checking.raw import Raw, Step, read_record

M = TypeVar("M", bound=BaseModel)


def check(model: type[M], value: Any, raw: Raw, *, labelled: bool = False) -> tuple[M | None, list[Diagnostic]]:
    """`value` (the tree of `raw`, perhaps normalised) as `model`, or None and every mistake in it.

    labelled: whether messages call a field by its label rather than by its key.
    """
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        return None, [_diagnostic(model, detail, raw, labelled) for detail in details]


def check_file(model: type[M], path: Path, file: str) -> tuple[M | None, Raw | None, list[Diagnostic]]:
    """The mapping in `path`, shown as `file`, as `model`: what is written, where it stands, every mistake in it.

    A key without a value counts as not written. Either is None where it cannot be told.
    """
    raw, found = read_record(path, file)
    if raw is None:
        return None, None, found
    value = {key: entry for key, entry in raw.value.items() if entry is not None}
    checked, problems = check(model, value, raw)
    return checked, raw, [*found, *problems]


def _path(detail: ErrorDetails, raw: Raw) -> list[Step]:
    """Steps of the error that exist in the file; pydantic adds names of types for unions."""
    steps: list[Step] = []
    here = raw.places
    for step in detail["loc"]:
        if step in here.children:
            here = here.children[step]
            steps.append(step)
        elif detail["type"] == "missing" and step == detail["loc"][-1]:
            steps.append(step)
    return steps


def _label(model: type[BaseModel], path: Iterable[Step], labelled: bool) -> str:
    names: list[str] = []
    here: type[BaseModel] | None = model
    for step in path:
        if isinstance(step, str):
            known = here.model_fields.get(step) if here else None
            names.append((known.title if known and labelled else None) or step)
            here = _model_in(known.annotation) if known else None
    return f"「{'.'.join(names)}」" if names else "内容"


def field_names(model: type[BaseModel], path: Iterable[Step]) -> list[str]:
    """Keys that are allowed in the mapping at `path` below `model`; empty where the model does not say."""
    here: type[BaseModel] | None = model
    for step in path:
        if isinstance(step, int) or here is None:
            continue
        known = here.model_fields.get(step)
        here = _model_in(known.annotation) if known else None
    return list(here.model_fields) if here else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found:
            return found
    return None


_FORMATS = {
    "one_line": ("要写在一行里", "请删去换行"),
    "address": ("不是网址", "请写以 http:// 或 https:// 开头的完整网址"),
    "iso_date": ("不是日期", "请写成 2023-09-02 的样子"),
    "date_from_datetime_parsing": ("不是日期", "请写成 2023-09-02 的样子"),
    "date_parsing": ("不是日期", "请写成 2023-09-02 的样子"),
    "slug": ("写法不对", "只能用小写字母、数字和连字符"),
    "key": ("写法不对", "以小写字母开头，只能用小写字母、数字和下划线"),
    "int_parsing": ("不是整数", "请只写数字"),
    "int_parsing_size": ("数字过大", "请检查位数"),
    "float_parsing": ("不是数字", "请只写数字"),
    "bool_parsing": ("不是 true 或 false", "可用值：true、false"),
    "string_pattern_mismatch": ("写法不对", "格式例如 2023-00001"),
}

_TYPES = {
    "string_type": "一段文字",
    "dict_type": "「键: 值」",
    "model_type": "「键: 值」",
    "model_attributes_type": "「键: 值」",
    "tuple_type": "列表（每项以「- 」开头）",
    "list_type": "列表（每项以「- 」开头）",
    "int_type": "整数",
    "date_type": "日期",
    "bool_type": "true 或 false",
    "float_type": "数字",
}


def _diagnostic(model: type[BaseModel], detail: ErrorDetails, raw: Raw, labelled: bool) -> Diagnostic:
    path = _path(detail, raw)
    kind, context = detail["type"], detail.get("ctx", {})
    what = _label(model, path, labelled)
    line, column = raw.at(path, key="[key]" in detail["loc"])

    def found(code: str, message: str, allowed: str = "", close: str = "") -> Diagnostic:
        return Diagnostic(raw.file, line, column, code, message, allowed, close, tuple(path))

    if kind == "extra_forbidden":
        line, column = raw.at(path, key=True)
        names = field_names(model, path[:-1])
        given = str(path[-1]) if path else ""
        return found("field-unknown", f"没有字段「{given}」", f"可用字段：{listing(names, 30)}", nearest(given, names))
    if kind == "missing":
        return found("field-missing", f"缺少必填字段{what}", "请补上这一项")
    if detail["input"] is None and kind in _TYPES:
        return found("field-missing", f"{what}没有填写", "这一项必填；未公布的选填项请整行删去")
    if kind == "allowed":
        given, values = str(context["given"]), list(context["values"])
        return found(
            "value-unknown", f"{what}的值「{given}」不可用", f"可用值：{listing(values)}", nearest(given, values)
        )
    if kind == "string_too_long":
        most, length = context["max_length"], len(str(detail["input"]).strip())
        return found("field-too-long", f"{what}有 {length} 个字", f"最多 {most} 个字")
    if kind == "string_too_short":
        return found("field-missing", f"{what}是空的", "请填写，或整行删去")
    if kind == "too_short":
        return found("field-missing", f"{what}至少要有 {context['min_length']} 项", "请补上")
    if kind == "too_long":
        return found("field-too-long", f"{what}超过 {context['max_length']} 项", f"最多 {context['max_length']} 项")
    if kind in ("greater_than_equal", "less_than_equal"):
        return found(
            "field-format",
            f"{what}的数字超出范围",
            f"{'至少' if 'ge' in context else '最多'} {next(iter(context.values()))}",
        )
    if kind == "control":
        return found("field-format", f"{what}含有看不见的控制字符 {context['char']}", "请删去")
    if kind in _FORMATS:
        wrong, allowed = _FORMATS[kind]
        return found("field-format", f"{what}的值「{str(detail['input'])[:60]}」{wrong}", allowed)
    if kind in _TYPES:
        return found("field-type", f"{what}的类型不对", f"应当是{_TYPES[kind]}")
    return found("field-format", f"{what}的值不对：{detail['msg']}")
