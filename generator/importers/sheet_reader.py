"""Reads the sheets of .xlsx, .ods, .xls and .csv into tables, row by row and within bounds.

Values are what the sheet shows: dates as days, no formula, no hidden sheet or row.
"""

from __future__ import annotations

import csv
import io
import posixpath
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from lxml import etree

from generator.importers.grid import Cell, Table
from generator.importers.safe_files import Archive, UnreadableFileError, walk_xml

# The sheet of our own blank tables that holds their lists.
LISTS_SHEET = "可选值"
MAX_ROWS = 20_000  # with something in them
MAX_EMPTY = 20_000  # one after the other
MAX_COLUMNS = 120
MAX_CELL = 20_000
# A field of a CSV that is longer has a quotation mark that is never closed.
MAX_FIELD = 100_000

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NO_RESULT = "公式没有结果；请在 Excel 中打开后存一次，或把公式粘贴为值"


def read_sheets(path: Path, kind: str) -> tuple[list[Table], list[str]]:
    """The visible sheets with anything in them, and notes about what was passed over. Raises UnreadableFileError."""
    readers = {"xlsx": _read_xlsx, "ods": _read_ods, "xls": _read_xls, "text": _read_text}
    tables, notes = readers[kind](path)
    for table in tables:
        notes += table.notes
    return [table for table in tables if table.cells], notes


class _Rows:
    """Collects the cells of one sheet within bounds. `add` is false once enough was read."""

    def __init__(self, name: str) -> None:
        self.table = Table(name, [], letters=True)
        self.filled = 0
        self.empty = 0
        self.hidden: list[int] = []

    def add(self, row: int, cells: list[Cell], *, hidden: bool = False) -> bool:
        """Takes the cells of one row; says whether to go on."""
        if not cells:
            self.empty += 1
            return self.empty < MAX_EMPTY
        self.empty = 0
        if hidden:
            self.hidden.append(row + 1)
            return True
        self.filled += 1
        if self.filled > MAX_ROWS:
            self.table.notes.append(f"「{self.table.name}」超过 {MAX_ROWS:,} 行，只读了前面的；请分成几个文件")
            return False
        self.table.cells += cells
        return True

    def finish(self) -> Table:
        if self.hidden:
            rows = "、".join(map(str, self.hidden[:12])) + ("等" if len(self.hidden) > 12 else "")
            self.table.notes.append(
                f"「{self.table.name}」有 {len(self.hidden)} 个隐藏的行（第 {rows} 行），没有读；要收录请取消隐藏"
            )
        return self.table


# .xlsx


def _read_xlsx(path: Path) -> tuple[list[Table], list[str]]:
    notes: list[str] = []
    tables: list[Table] = []
    with Archive(path) as archive:
        book = archive.xml("xl/workbook.xml")
        targets = _targets(archive)
        properties = book.find("{*}workbookPr")
        late = properties is not None and properties.get("date1904") in ("1", "true")
        strings = _shared_strings(archive)
        dates = _date_styles(archive)
        for sheet in book.iterfind("{*}sheets/{*}sheet"):
            name = str(sheet.get("name", ""))
            if sheet.get("state") in ("hidden", "veryHidden"):
                if name != LISTS_SHEET:
                    notes.append(f"工作表「{name}」是隐藏的，没有读")
                continue
            part = targets.get(
                str(sheet.get(f"{_R}id") or sheet.get("{http://purl.oclc.org/ooxml/officeDocument/relationships}id")),
                "",
            )
            if part in archive.names:
                tables.append(_read_sheet(archive.read(part), part, name, strings, dates, late))
    return tables, notes


def _targets(archive: Archive) -> dict[str, str]:
    found: dict[str, str] = {}
    for relation in archive.xml("xl/_rels/workbook.xml.rels"):
        target = str(relation.get("Target", ""))
        if str(relation.get("Type", "")).endswith("/worksheet") and relation.get("TargetMode") != "External":
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            found[str(relation.get("Id"))] = part
    return found


def _shared_strings(archive: Archive) -> list[str]:
    data = archive.read_optional("xl/sharedStrings.xml")
    return [_rich_text(item) for item in walk_xml(data, "sharedStrings.xml", ("{*}si",))] if data else []


def _rich_text(item: etree._Element) -> str:
    """Text of runs, without the phonetic reading."""
    return "".join(
        t.text or "" for t in item.iterfind(".//{*}t") if not str(getattr(t.getparent(), "tag", "")).endswith("}rPh")
    )[:MAX_CELL]


def _date_styles(archive: Archive) -> frozenset[int]:
    """Numbers of the cell styles that show a number as a date."""
    if "xl/styles.xml" not in archive.names:
        return frozenset()
    styles = archive.xml("xl/styles.xml")
    formats = set(_DATE_FORMATS)
    for entry in styles.iterfind("{*}numFmts/{*}numFmt"):
        code = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", str(entry.get("formatCode", "")))
        if re.search(r"[yYdD年日]", code) or re.search(r"m.*月|月", code):
            formats.add(int(str(entry.get("numFmtId", "0")) or 0))
    found = set()
    for number, entry in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        if int(str(entry.get("numFmtId", "0")) or 0) in formats:
            found.add(number)
    return frozenset(found)


def _read_sheet(data: bytes, part: str, name: str, strings: list[str], dates: frozenset[int], late: bool) -> Table:
    rows = _Rows(name)
    number = -1
    merges: dict[tuple[int, int], tuple[int, int]] = {}
    reading = True
    for element in walk_xml(data, part, ("{*}row", "{*}mergeCell")):
        if str(element.tag).endswith("}mergeCell"):
            span = _span(str(element.get("ref", "")))
            if span is not None and len(merges) < MAX_ROWS:
                merges[span[:2]] = span[2:]
            continue
        if not reading:
            continue
        given = str(element.get("r", ""))
        number = int(given) - 1 if given.isdigit() else number + 1
        cells: list[Cell] = []
        column = -1
        for c in element:
            if not str(c.tag).endswith("}c"):
                continue
            place = _place(str(c.get("r", "")))
            column = place[1] if place is not None else column + 1
            if column >= MAX_COLUMNS:
                break
            text, problem = _cell_text(c, strings, dates, late)
            if text or problem:
                cells.append(Cell(text, number, column, problem=problem))
        reading = rows.add(number, cells, hidden=element.get("hidden") in ("1", "true"))
    for cell in rows.table.cells:
        cell.rows, cell.columns = merges.get((cell.row, cell.column), (1, 1))
    return rows.finish()


def _place(reference: str) -> tuple[int, int] | None:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)) - 1, column - 1


def _span(reference: str) -> tuple[int, int, int, int] | None:
    """Row, column, rows and columns of a range, cut to what is read."""
    first, _, last = reference.partition(":")
    start, end = _place(first), _place(last or first)
    if start is None or end is None:
        return None
    rows = min(max(end[0] - start[0] + 1, 1), 2000)
    return *start, rows, min(max(end[1] - start[1] + 1, 1), MAX_COLUMNS)


def _cell_text(c: etree._Element, strings: list[str], dates: frozenset[int], late: bool) -> tuple[str, str]:
    """What a cell shows, and what is wrong with it."""
    kind = c.get("t", "n")
    value = c.find("{*}v")
    text = (value.text or "") if value is not None else ""
    if kind == "inlineStr":
        inline = c.find("{*}is")
        return (_rich_text(inline).strip() if inline is not None else ""), ""
    if kind == "s":
        return (strings[int(text)].strip() if text.isdigit() and int(text) < len(strings) else ""), ""
    if kind == "e":
        return "", f"公式出错（{text[:12]}）"
    if c.find("{*}f") is not None and not text:
        return "", _NO_RESULT if kind != "str" else ""
    if kind == "b":
        return ("是" if text == "1" else "否") if text else "", ""
    if kind in ("str", "d"):
        return text.strip()[:MAX_CELL], ""
    style = str(c.get("s", ""))
    return _number_text(text, style.isdigit() and int(style) in dates, late), ""


def _number_text(text: str, is_date: bool, late: bool = False) -> str:
    """A number as the sheet shows it: a whole one without a point, a date as a day."""
    try:
        number = float(text)
    except ValueError:
        return text.strip()
    if is_date and 1 <= number < 2_958_466:
        start = date(1904, 1, 1) if late else date(1899, 12, 30)
        return (start + timedelta(days=int(number))).isoformat()
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}"


# .ods


def _read_ods(path: Path) -> tuple[list[Table], list[str]]:
    with Archive(path) as archive:
        data = archive.read("content.xml")
    hidden_styles: set[str] = set()
    sheets: dict[str, _Rows] = {}
    counts: dict[str, int] = {}
    notes: list[str] = []
    passed: set[str] = set()
    for element in walk_xml(data, "content.xml", (f"{_STYLE}style", f"{_TABLE}table-row")):
        if element.tag == f"{_STYLE}style":
            properties = element.find(f"{_STYLE}table-properties")
            if properties is not None and properties.get(f"{_TABLE}display") == "false":
                hidden_styles.add(str(element.get(f"{_STYLE}name")))
            continue
        table = next(element.iterancestors(f"{_TABLE}table"), None)
        if table is None:
            continue
        name = str(table.get(f"{_TABLE}name", ""))
        if table.get(f"{_TABLE}style-name") in hidden_styles:
            if name not in passed and name != LISTS_SHEET:
                passed.add(name)
                notes.append(f"工作表「{name}」是隐藏的，没有读")
            continue
        rows = sheets.setdefault(name, _Rows(name))
        number = counts.get(name, 0)
        repeated = _count(element.get(f"{_TABLE}number-rows-repeated"), 2_000_000)
        counts[name] = number + repeated
        cells = list(_ods_cells(element, number))
        hidden = element.get(f"{_TABLE}visibility") in ("collapse", "filter")
        for copy in range(min(repeated, 200) if cells else 1):
            again = [Cell(c.text, number + copy, c.column, c.rows, c.columns, problem=c.problem) for c in cells]
            rows.add(number + copy, again, hidden=hidden)
    return [rows.finish() for rows in sheets.values()], notes


def _count(given: object, most: int) -> int:
    text = str(given or "1")
    return min(int(text), most) if text.isdigit() and int(text) > 0 else 1


def _ods_cells(row: etree._Element, number: int) -> Iterator[Cell]:
    column = 0
    for element in row:
        if element.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeated = _count(element.get(f"{_TABLE}number-columns-repeated"), 20_000)
        text, problem = _ods_text(element)
        if (text or problem) and element.tag == f"{_TABLE}table-cell":
            rows = _count(element.get(f"{_TABLE}number-rows-spanned"), 2000)
            columns = _count(element.get(f"{_TABLE}number-columns-spanned"), MAX_COLUMNS)
            for copy in range(min(repeated, 20)):
                if column + copy < MAX_COLUMNS:
                    yield Cell(text, number, column + copy, rows, columns, problem=problem)
        column += repeated
        if column >= MAX_COLUMNS:
            return


def _ods_text(cell: etree._Element) -> tuple[str, str]:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind == "float":
        return _number_text(str(cell.get(f"{_OFFICE}value", "")), False), ""
    if kind == "date":
        return str(cell.get(f"{_OFFICE}date-value", ""))[:10], ""
    text = "\n".join(_ods_words(p) for p in cell.iterfind(f"{_TEXT}p")).strip()[:MAX_CELL]
    if cell.get(f"{_TABLE}formula") and re.match(r"#|Err:", text):
        return "", f"公式出错（{text[:12]}）"
    return text, ""


def _ods_words(element: etree._Element) -> str:
    pieces = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}line-break":
            pieces.append("\n")
        elif child.tag == f"{_TEXT}s":
            pieces.append(" " * _count(child.get(f"{_TEXT}c"), 50))
        elif child.tag == f"{_TEXT}tab":
            pieces.append(" ")
        elif child.tag != f"{_OFFICE}annotation":
            pieces.append(_ods_words(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


# .xls


def _read_xls(path: Path) -> tuple[list[Table], list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    tables: list[Table] = []
    notes: list[str] = []
    try:
        book = CalamineWorkbook.from_path(path)
        for sheet in book.sheets_metadata:
            if sheet.visible is not SheetVisibleEnum.Visible:
                if sheet.name == LISTS_SHEET:
                    continue
                notes.append(f"工作表「{sheet.name}」是隐藏的，没有读")
                continue
            opened = book.get_sheet_by_name(sheet.name)
            merges = dict(opened.merged_cell_ranges or ())
            rows = _Rows(sheet.name)
            for number, values in enumerate(opened.iter_rows()):
                first = opened.start[0] if opened.start else 0
                cells = [
                    Cell(text, number + first, column)
                    for column, value in enumerate(values[:MAX_COLUMNS])
                    if (text := _shown(value))
                ]
                for cell in cells:
                    end = merges.get((cell.row, cell.column))
                    if end is not None:
                        cell.rows, cell.columns = end[0] - cell.row + 1, end[1] - cell.column + 1
                if not rows.add(number + first, cells):
                    break
            tables.append(rows.finish())
    except (CalamineError, OSError, ValueError, IndexError) as error:
        if "assword" in str(error):
            raise UnreadableFileError("文件有密码保护；请用 Excel 打开，去掉密码后再存一次") from None
        raise UnreadableFileError("文件已损坏，或不是真正的 .xls；请用 Excel 或 WPS 打开后另存为 .xlsx") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableFileError("文件已损坏；请用 Excel 或 WPS 打开后另存为 .xlsx") from None
    return tables, notes


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (datetime, date)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, (int, float)):
        return _number_text(str(value), False)
    return str(value).strip()[:MAX_CELL] if value is not None else ""


# .csv


def _read_text(path: Path) -> tuple[list[Table], list[str]]:
    data = path.read_bytes()
    notes: list[str] = []
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            try:
                text = data.decode("gb18030")
                notes.append("文件是 GB 18030（GBK）编码，已按它读")
            except UnicodeDecodeError:
                raise UnreadableFileError("编码既不是 UTF-8 也不是 GB 18030；请用 Excel 另存为 .xlsx") from None
    text = text.replace("\0", "")
    head = text[:20_000].split("\n")[:40]
    delimiter = max(",\t;；|", key=lambda mark: sum(line.count(mark) for line in head))
    rows = _Rows("表")
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            # The limit of the csv module is one for the whole process, and others set it.
            if any(len(value) > MAX_FIELD for value in values):
                raise csv.Error
            cells = [
                Cell(words, number, column)
                for column, value in enumerate(values[:MAX_COLUMNS])
                if (words := value.strip().removeprefix("'").strip("\t")[:MAX_CELL])
            ]
            if not rows.add(number, cells):
                break
    except csv.Error:
        raise UnreadableFileError("不是完整的 CSV：有引号没有成对，或一格太长；请用 Excel 另存为 .xlsx") from None
    return [rows.finish()], notes
