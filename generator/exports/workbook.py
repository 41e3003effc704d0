"""XLSX: every case with all that is known of it, and the layouts in which an organiser is used to see the list.

XlsxWriter makes everything but the rows: styles, widths, headings, frozen panes. The rows come as parts that are kept
between builds (`case_rows`); XlsxWriter's own constant-memory mode takes several times as long for all and cannot
make a part anew.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

from generator.exports.case_rows import CaseRows
from generator.exports.sheet_rows import sheet_rows
from generator.exports.tables import Column, Value
from generator.exports.zip_parts import Part, ZipWriter, compressed
from generator.model import Entry
from generator.scheme import Scheme
from generator.views import Views

_SHEET_SIGNS = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class LayoutColumn:
    """A column of a layout. key: number (counted in the sheet), lead, blank, or a column of the tables of cases."""

    label: str
    key: str
    width: int = 16


@dataclass(frozen=True)
class Layout:
    """A table as an organiser's notice has it; what it says is data of the configuration.

    title, heading: lines above the table; {name} and {count} stand for the term of the sheet and its cases.
    by: key of the dimension that gives a sheet for each term, or year; one sheet for all where it is empty.
    """

    name: str
    title: str
    columns: Sequence[LayoutColumn]
    heading: str = ""
    by: str = ""


@dataclass(frozen=True)
class Sheet:
    """A worksheet: lines above the table, columns, number of rows, and the rows as parts of XML."""

    name: str
    lines: Sequence[str]
    columns: Sequence[Column | LayoutColumn]
    count: int
    rows: Iterable[Part]


def write_cases(rows: CaseRows, stream: IO[bytes]) -> None:
    """Writes the workbook of all cases, one column for each field and section."""
    scheme = rows.published.library.scheme
    parts = (piece.sheet for piece in rows.pieces())
    sheet = Sheet("案例", (), rows.sheet_columns, len(rows.cases), parts)
    write_workbook(stream, scheme.name, [sheet], _day(scheme))


def write_layout(views: Views, layout: Layout, stream: IO[bytes]) -> None:
    """Writes the announced cases in `layout`, a sheet for each term that has some."""
    scheme = views.library.scheme
    sheets = []
    taken: set[str] = set()
    for name, cases in _groups(views, layout):
        if cases or not layout.by:
            lines = [_filled(text, name, len(cases)) for text in (layout.title, layout.heading) if text]
            rows = [_layout_row(layout, number, entry) for number, entry in enumerate(cases, 1)]
            sheets.append(Sheet(_sheet_name(name, taken), lines, layout.columns, len(rows), [sheet_rows(rows)]))
    if not sheets:
        sheets.append(Sheet(_sheet_name(layout.title, taken), [layout.title], layout.columns, 0, ()))
    write_workbook(stream, layout.title, sheets, _day(scheme))


def _groups(views: Views, layout: Layout) -> Iterator[tuple[str, Sequence[Entry]]]:
    if not layout.by:
        yield views.library.scheme.programme, views.library.public
    elif layout.by == "year":
        yield from ((view.label, view.cases) for view in views.years)
    else:
        dimension = views.library.scheme.by_key[layout.by]
        yield from ((term.name, views.term(dimension, term).cases) for term in dimension.terms)


def _filled(text: str, name: str, count: int) -> str:
    return text.replace("{name}", name).replace("{count}", str(count))


def _layout_row(layout: Layout, number: int, entry: Entry) -> list[Value]:
    known: dict[str, Value] = {
        "number": number,
        "lead": entry.people[0] if entry.people else None,
        "id": entry.id,
        "title": entry.title,
        "year": entry.year,
        "unit": entry.unit,
        "people": "、".join(entry.people),
        "summary": entry.summary,
    }
    return [known.get(column.key, entry.term(column.key)) for column in layout.columns]


def _day(scheme: Scheme) -> datetime:
    """The day that stands in the file as the one of its making: of the last notice, never of the clock."""
    days = [notice.date for entry in scheme.rounds for notice in entry.notices if notice.date]
    last = max(entry.year for entry in scheme.rounds)
    return datetime.combine(max(days), datetime.min.time()) if days else datetime(last, 1, 1)


# parts of the file


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes, made of `name`, that no other sheet has."""
    base = _SHEET_SIGNS.sub("、", name).strip("'")[:28] or "表"
    found, number = base, 2
    while found.lower() in taken:
        found, number = f"{base}~{number}", number + 1
    taken.add(found.lower())
    return found


def write_workbook(stream: IO[bytes], title: str, sheets: Sequence[Sheet], day: datetime) -> None:
    """Writes a workbook of `sheets` to `stream`."""
    skeleton = _skeleton(title, sheets, day)
    by_part = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, 1)}
    target = ZipWriter(stream)
    for name, content in skeleton.items():
        sheet = by_part.get(name)
        if sheet is None:
            target.add(name, [compressed(content)])
        else:
            target.add(name, _with_rows(content.decode(), sheet))
    target.close()


def _with_rows(frame: str, sheet: Sheet) -> Iterator[Part]:
    last = xl_rowcol_to_cell(len(sheet.lines) + sheet.count, len(sheet.columns) - 1)
    frame = re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="A1:{last}"/>', frame, count=1)
    head, end, tail = frame.partition("</sheetData>")
    yield compressed(head.encode())
    yield from sheet.rows
    yield compressed((end + tail).encode())


def _skeleton(title: str, sheets: Sequence[Sheet], day: datetime) -> Mapping[str, bytes]:
    """The parts of the workbook without its rows, in their order."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    book.set_properties({"title": title, "created": day})
    heading = book.add_format(
        {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#EDF1F5"}
    )
    above = book.add_format({"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"})
    second = book.add_format({"align": "left", "valign": "vcenter"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        top, last = len(sheet.lines), len(sheet.columns) - 1
        for row, line in enumerate(sheet.lines):
            form = above if row == 0 else second
            page.write_string(row, 0, line, form)
            if last:
                page.merge_range(row, 0, row, last, line, form)
        for place, column in enumerate(sheet.columns):
            page.write_string(top, place, column.label, heading)
            page.set_column(place, place, column.width)
        page.set_row(top, 18 * max([1, *(column.label.count("\n") + 1 for column in sheet.columns)]))
        page.freeze_panes(top + 1, min(2, last))
        page.autofilter(top, 0, top + max(sheet.count, 1), last)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0, top)
    book.close()
    with zipfile.ZipFile(memory) as parts:
        return {name: parts.read(name) for name in parts.namelist()}
