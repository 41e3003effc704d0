"""The blank recommendation table (推荐汇总表): a spreadsheet with lists to choose from and bounds on lengths."""

from __future__ import annotations

import io
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from generator.importers.sheet_reader import LISTS_SHEET
from generator.scheme.model import Scheme

ROWS = 300
HEADER = 2


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its head, width, and what its cells may hold."""

    head: str
    width: int
    choices: tuple[str, ...] = ()
    most: int = 0
    kind: str = ""


def _columns(scheme: Scheme) -> list[_Column]:
    words, last = scheme.words, max(scheme.by_year)
    columns = [_Column("序号", 6), _Column(words.said("{item}名称"), 36, most=200)]
    for dimension in scheme.dimensions:
        if dimension.is_asked:
            columns.append(_Column(dimension.label, 16, choices=tuple(dimension.names_in(last))))
    columns += [_Column(words.lead, 12, most=40), _Column(words.post, 14, most=60), _Column(words.unit, 30, most=200)]
    columns.append(_Column(words.said("{item}简介（100字以内）"), 60, most=100))
    for extra in scheme.stored:
        choices = extra.values if extra.type == "enum" else ("是", "否") if extra.type == "boolean" else ()
        columns.append(_Column(extra.label, 16, choices=tuple(choices), kind=extra.type))
    return columns


def summary_table(scheme: Scheme) -> bytes:
    """The content of an .xlsx."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "推荐汇总表"
    lists = book.create_sheet(LISTS_SHEET)
    lists.sheet_state = "veryHidden"
    columns = _columns(scheme)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    sheet["A1"] = scheme.forms.summary or f"{scheme.programme}推荐汇总表"
    sheet.cell(1, 1).font = Font(bold=True, size=16)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center")
    side = Side(style="thin")
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        head = sheet.cell(HEADER, number)
        head.value = column.head
        head.font = Font(bold=True)
        head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        head.border = Border(left=side, right=side, top=side, bottom=side)
        rule = _rule(column, lists, number)
        if rule is not None:
            sheet.add_data_validation(rule)
            rule.add(f"{letter}{HEADER + 1}:{letter}{HEADER + ROWS}")
        if column.kind == "date":
            for place in range(HEADER + 1, HEADER + ROWS + 1):
                sheet.cell(place, number).number_format = "yyyy-mm-dd"
    sheet.freeze_panes = f"C{HEADER + 1}"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = f"{HEADER}:{HEADER}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _rule(column: _Column, lists: Worksheet, number: int) -> DataValidation | None:
    """What the cells of a column may hold; lists stand on a sheet of their own."""
    rule: DataValidation | None = None
    if column.choices:
        letter = get_column_letter(number)
        for place, choice in enumerate(column.choices, 1):
            lists[f"{letter}{place}"] = choice
        rule = DataValidation("list", formula1=f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(column.choices)}")
        rule.error = "请从列表中选择一个"
    elif column.most:
        rule = DataValidation("textLength", operator="lessThanOrEqual", formula1=str(column.most))
        rule.error = f"最多 {column.most} 个字"
        rule.prompt = f"最多 {column.most} 个字"
        rule.showInputMessage = column.most == 100
    elif column.kind == "date":
        rule = DataValidation("date", operator="greaterThan", formula1="18264")
        rule.error = "请写日期，例如 2023-09-02"
    elif column.kind == "number":
        rule = DataValidation("decimal", operator="greaterThan", formula1="-1000000000")
        rule.error = "请只写数字"
    if rule is not None:
        rule.allow_blank = True
        rule.showErrorMessage = True
        rule.errorTitle = column.head[:30]
    return rule
