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
from generator.exports.layout_rows import layout_rows
from generator.exports.published import Published
from generator.exports.sheet_rows import sheet_rows
from generator.exports.tables import Column
from generator.exports.zip_parts import Part, ZipWriter, compressed
from generator.records.model import Entry
from generator.scheme.layouts import Layout, filled
from generator.scheme.model import Scheme
from generator.views import View

_SHEET_SIGNS = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Sheet:
    """A worksheet: lines above the table, columns, number of rows, and the rows as parts of XML."""

    name: str
    lines: Sequence[str]
    columns: Sequence[Column]
    count: int
    rows: Iterable[Part]


def write_cases(rows: CaseRows, stream: IO[bytes]) -> None:
    """Writes the workbook of all cases, one column for each field and section."""
    scheme = rows.published.library.scheme
    parts = (piece.sheet for piece in rows.pieces())
    sheet = Sheet(scheme.words.case, (), rows.sheet_columns, len(rows.cases), parts)
    write_workbook(stream, scheme.name, [sheet], _day(scheme))


def write_layout(published: Published, view: View, layout: Layout, stream: IO[bytes]) -> None:
    """Writes the announced cases of a round in `layout`, a sheet for each term that has some."""
    scheme, entry = published.library.scheme, view.round
    assert entry is not None
    told = {
        "year": str(entry.year),
        "round": entry.label or str(entry.year),
        "programme": scheme.programme,
        "organiser": scheme.organiser,
    }
    sheets = []
    taken: set[str] = set()
    for name, cases in _groups(scheme, view, layout):
        words = told | {"name": name, "count": str(len(cases))}
        lines = [filled(text, words) for text in (layout.title, layout.heading) if text]
        rows = list(layout_rows(published, layout.columns, cases))
        columns = [Column(column.label, "", width=column.width) for column in layout.columns]
        sheets.append(Sheet(_sheet_name(name, taken), lines, columns, len(rows), [sheet_rows(rows)]))
    write_workbook(stream, filled(layout.title, told), sheets, _day(scheme))


def _groups(scheme: Scheme, view: View, layout: Layout) -> list[tuple[str, Sequence[Entry]]]:
    """Name and cases of each sheet; a case stands on the sheet of its own term, never on that of a parent."""
    whole: list[tuple[str, Sequence[Entry]]] = [(view.label, view.cases)]
    if layout.by is None or not view.cases:
        return whole
    dimension = scheme.by_key[layout.by]
    names: list[str | None] = [*dimension.names, None]
    groups = [(name or "未公布", [case for case in view.cases if case.term(layout.by) == name]) for name in names]
    return [(name, cases) for name, cases in groups if cases]


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
