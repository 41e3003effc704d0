"""The reference page of scheme.yml (docs/scheme.md, in Chinese), made from the model: every key, what it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.checking.fields import KEY_PATTERN, PROSE_FORMAT, SLUG_PATTERN
from generator.exports.json_schema import scheme_schema
from generator.scheme.brand import COLOUR_PATTERN

NEEDS = {"required": "必填", "complete": "建议填写", "optional": ""}
_PATTERNS = {
    SLUG_PATTERN: "小写字母、数字和连字符",
    KEY_PATTERN: "小写字母、数字和下划线，以字母开头",
    COLOUR_PATTERN: "颜色，例如 `#B03310`",
}
_TYPES = {"integer": "整数", "number": "数字", "boolean": "true 或 false", "object": "「键: 值」", "string": "文字"}

HEAD = """\
# 方案（scheme.yml）的写法

<!-- 由 `caselib schema --reference` 从程序生成，请不要手工修改。 -->

一个资料库的 `scheme.yml` 写明主办单位的全部规定：怎么称呼、哪几届、按什么分类、记录有哪些栏目、表样、规则和外观。
程序里没有任何一家主办单位的内容。`caselib check` 检查它，错误指到行和列；`caselib schema --scheme` 输出它的
JSON Schema，编辑器据此补全。`caselib init` 以现成的方案为样子新建一个。

说明里写“默认”的，不写就是那个值。键的先后不影响内容；维度、取值、栏目按写的先后显示。
"""

Node = dict[str, Any]


def scheme_reference() -> str:
    """The page as Markdown."""
    schema = scheme_schema()
    named: Node = schema["$defs"]
    places = dict(_parts(schema, named))
    parts = [HEAD, *_table("整个文件", schema, places)]
    for name, path in places.items():
        parts += _table(f"`{path}`", named[name], places)
    return "\n".join(parts).rstrip() + "\n"


def _parts(schema: Node, named: Node, above: str = "", seen: set[str] | None = None) -> Iterator[tuple[str, str]]:
    """Name and path of each part that has a table of its own, in the order of the file, each once."""
    seen = set() if seen is None else seen
    for key, entry in schema.get("properties", {}).items():
        name = _part_of(entry)
        if name and name not in seen:
            seen.add(name)
            path = f"{above}{key}"
            yield name, path
            yield from _parts(named[name], named, f"{path}.", seen)


def _part_of(entry: Node) -> str:
    """Name of the part that the value is, or is a list of; empty for others."""
    for inner in (entry, *entry.get("anyOf", ()), entry.get("items", {}), *entry.get("allOf", ())):
        reference = inner.get("$ref") or inner.get("items", {}).get("$ref")
        if reference:
            return str(reference).rpartition("/")[2]
    return ""


def _table(title: str, schema: Node, places: Mapping[str, str]) -> list[str]:
    rows = [f"## {title}", "", "| 键 | 名称 | 内容 | 要求 | 说明 |", "|---|---|---|---|---|"]
    for key, entry in schema.get("properties", {}).items():
        said = [str(entry.get("description") or ""), _default(entry)]
        need = NEEDS[str(entry.get("need", "optional"))]
        cells = (f"`{key}`", str(entry.get("title", "")), _kind(entry, places), need, "；".join(filter(None, said)))
        rows.append(f"| {' | '.join(cells)} |")
    return [*rows, ""]


def _kind(entry: Node, places: Mapping[str, str]) -> str:
    """What a value may be, in words."""
    choices = [inner for inner in entry.get("anyOf", ()) if inner.get("type") != "null"]
    if choices:
        entry = {**entry, **choices[0]}
    reference = entry.get("$ref") or next((part.get("$ref") for part in entry.get("allOf", ())), None)
    if reference:
        return f"见 `{places[str(reference).rpartition('/')[2]]}`"
    kind = entry.get("type")
    if kind == "array":
        if entry.get("prefixItems"):
            return f"{len(entry['prefixItems'])} 个整数的列表，例如 `[3, 1]`"
        inner = _kind(entry.get("items", {}), places)
        return f"列表，每项{inner if inner.startswith('见') else f'是{inner}'}"
    if "enum" in entry:
        return "、".join(f"`{value}`" for value in entry["enum"])
    if kind == "object" and "additionalProperties" in entry:
        inner = entry["additionalProperties"]
        return f"「名称: 值」，值是{_kind(inner, places)}" if isinstance(inner, dict) else "「名称: 值」"
    if kind == "string" and entry.get("format") == "date":
        return "日期，例如 `2023-09-02`"
    if kind == "string" and entry.get("format") == PROSE_FORMAT:
        return f"文字，可以分段{_bound(entry)}"
    pattern = _PATTERNS.get(str(entry.get("pattern", "")))
    if pattern:
        return pattern
    return f"{_TYPES.get(str(kind), '文字')}{_bound(entry)}"


def _bound(entry: Node) -> str:
    most = entry.get("maxLength")
    return f"，最多 {most} 字" if most else ""


def _default(entry: Node) -> str:
    value = entry.get("default")
    if isinstance(value, bool):
        return f"默认 `{str(value).lower()}`"
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return f"默认 `[{', '.join(value)}]`"
    return f"默认 `{value}`" if isinstance(value, (str, int)) and value != "" else ""
