"""Layouts of tables as an organiser's notices have them: part of the scheme, used by the workbooks and in print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated

from generator.checking.diagnostics import Diagnostic, nearest
from generator.checking.fields import Count, Key, Line, Model, Slug, described
from generator.checking.raw import Raw, Step

# What a cell can show beside the dimensions and further fields of the scheme. number: counted in the table.
CELL_KEYS = (
    *("number", "id", "title", "year", "unit", "people", "lead", "lead_post", "members", "summary"),
)  # fmt: skip
ROUND = "year"
TITLE_WORDS = ("name", "count", "year", "round", "programme", "organiser")
_WORD = re.compile(r"\{([^{}]*)\}")


class LayoutColumn(Model):
    """A column. `keys`: what its cells show, side by side; without any they are left empty, to be filled in by hand."""

    label: Annotated[str, Line(60)] = described("栏目名称", need="required")
    keys: tuple[Key, ...] = described("内容", "字段名，几个字段写在同一格里；不写就留空", default=())
    width: Count = described("宽度", "字数", default=16)


class Layout(Model):
    """A table in the organiser's own form, one workbook for each round."""

    name: Slug = described("文件名", need="required")
    title: Annotated[str, Line(100)] = described("表的标题", need="required")
    heading: Annotated[str, Line(200)] | None = described("标题下的一行")
    by: Key | None = described("分表", "哪个维度的每个取值一张工作表；不写时只有一张")
    columns: tuple[LayoutColumn, ...] = described("栏目", need="required", min_length=1)


Path = tuple[Step, ...]


def layout_findings(
    layouts: Sequence[Layout], dimensions: list[str], fields: list[str], raw: Raw
) -> Iterator[Diagnostic]:
    """What is wrong with the layouts of a scheme. dimensions, fields: keys that the scheme has."""
    names: set[str] = set()
    for i, layout in enumerate(layouts):
        here: Path = ("layouts", i)
        if layout.name in names:
            line_no, column = raw.at((*here, "name"))
            message = f"文件名「{layout.name}」与前面的重复"
            yield Diagnostic(raw.file, line_no, column, "scheme-clash", message, "每个表样用自己的文件名")
        names.add(layout.name)
        if layout.by is not None and layout.by not in dimensions:
            yield _unknown(raw, (*here, "by"), "分表的维度", layout.by, dimensions)
        yield from column_findings(layout.columns, dimensions, fields, raw, (*here, "columns"))
        for key, text in (("title", layout.title), ("heading", layout.heading or "")):
            yield from word_findings(text, TITLE_WORDS, raw, (*here, key))


def column_findings(
    columns: Sequence[LayoutColumn], dimensions: list[str], fields: list[str], raw: Raw, path: Path
) -> Iterator[Diagnostic]:
    """Columns whose cells should show what no record has. path: of the columns in the scheme."""
    known = [*CELL_KEYS, *dimensions, *fields]
    for i, column in enumerate(columns):
        for j, key in enumerate(column.keys):
            if key not in known:
                yield _unknown(raw, (*path, i, "keys", j), f"栏目「{column.label}」的字段", key, known)


def word_findings(text: str, known: Sequence[str], raw: Raw, path: Path) -> Iterator[Diagnostic]:
    """Words in braces that nothing stands for."""
    for word in _WORD.findall(text):
        if word not in known:
            line_no, column = raw.at(path)
            allowed = f"可用：{'、'.join(f'{{{name}}}' for name in known)}"
            message = f"没有可以代入的「{{{word}}}」"
            yield Diagnostic(raw.file, line_no, column, "scheme-reference", message, allowed, nearest(word, known))


def filled(text: str, words: dict[str, str]) -> str:
    """`text` with each word in braces replaced by what it stands for."""
    return _WORD.sub(lambda match: words.get(match.group(1), match.group()), text)


def _unknown(raw: Raw, path: Path, what: str, given: str, known: list[str]) -> Diagnostic:
    line_no, column = raw.at(path)
    message, allowed = f"{what}「{given}」不存在", f"可用值：{'、'.join(known)}"
    return Diagnostic(raw.file, line_no, column, "scheme-reference", message, allowed, nearest(given, known))
