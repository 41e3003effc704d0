"""CSV and XLSX: what is in them, how spreadsheet programs read them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from generator import urls
from generator.exports.safe_text import FORMULA_STARTS, cell_text, xml_bytes, xml_escaped, xml_text
from generator.exports.sheet_rows import sheet_rows
from generator.exports.tables import case_columns, csv_lines
from generator.records.model import Entry
from generator.views import View

from .conftest import Exported

# Without this mark Excel takes the file for GBK.
BOM = "\ufeff"


def rows_of(exported: Exported, path: str) -> list[list[str]]:
    text = (exported.folder / path).read_bytes().decode()
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), strict=True))


def test_each_view_has_its_table_in_the_order_of_the_page(sample: Exported) -> None:
    for view in sample.views.all():
        heading, *rows = rows_of(sample, urls.csv_url(view.url()))
        assert heading[:3] == ["编号", sample.library.scheme.words.said("{item}名称"), "届次"]
        assert [row[0] for row in rows] == [entry.id for entry in view.cases]


def test_the_table_of_all_cases_holds_each_announced_one_once(sample: Exported) -> None:
    called = sample.library.scheme.words
    heading, *rows = rows_of(sample, "data/cases.csv")
    assert heading == [column.label for column in case_columns(sample.library.scheme)]
    assert len(set(heading)) == len(heading)
    assert [row[0] for row in rows] == sorted(entry.id for entry in sample.library.public)
    by_id = {row[0]: dict(zip(heading, row, strict=True)) for row in rows}
    for entry in sample.library.public:
        row = by_id[entry.id]
        assert (row[called.said("{item}名称")], row[called.unit]) == (cell_text(entry.title), cell_text(entry.unit))
        assert row[called.people].split("、") == entry.people or not entry.people
        for extra in sample.library.scheme.fields:
            value = sample.library.load(entry.id).value(extra.key)
            label = extra.label if extra.label in row else f"{extra.label}（{extra.key}）"
            assert (row[label] == "") == (value in (None, ""))


def test_counts_of_terms_and_rounds_are_those_of_the_views(sample: Exported) -> None:
    _, *terms = rows_of(sample, "data/terms.csv")
    dimensions = sample.library.scheme.dimensions
    wanted = [(d.key, t.name, str(len(sample.views.term(d, t).cases))) for d in dimensions for t in d.terms]
    assert [(row[0], row[2], row[5]) for row in terms] == wanted
    _, *rounds = rows_of(sample, "data/rounds.csv")
    assert [(row[0], row[3]) for row in rounds] == [(v.label, str(len(v.cases))) for v in sample.views.years]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_text_that_would_be_computed_becomes_a_text(start: str) -> None:
    dangerous = f"{start}cmd|' /C calc'!A0"
    ((cell, number),) = csv.reader(io.StringIO(csv_lines([[dangerous, -5]]), newline=""))
    assert cell == f"'{dangerous}"
    assert number == "-5"
    assert cell_text("项目=1") == "项目=1"


def test_no_cell_of_any_table_begins_like_a_formula(special: Exported) -> None:
    tables = [path for path in special.written if path.endswith(".csv")]
    assert len(tables) > 10
    for path in tables:
        for row in rows_of(special, path):
            assert not [cell for cell in row if cell.startswith(FORMULA_STARTS)], path
    texts = [cell for row in rows_of(special, "data/cases.csv") for cell in row]
    assert '\'+700水平巷道<改造> & “一体” "化"' in texts


def test_the_workbook_reads_the_same_in_two_readers(sample: Exported) -> None:
    path, called = sample.folder / "data/cases.xlsx", sample.library.scheme.words
    sheet = openpyxl.load_workbook(path)[called.case]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    columns = case_columns(sample.library.scheme)
    sections = [section.label for section in sample.library.scheme.sections]
    assert rows[0] == [*(column.label for column in columns), *sections]
    assert sheet.dimensions == f"A1:{openpyxl.utils.get_column_letter(len(rows[0]))}{len(rows)}"
    streamed = openpyxl.load_workbook(path, read_only=True)[called.case]
    assert (streamed.max_row, streamed.max_column) == (len(rows), len(rows[0]))
    by_id = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert list(by_id) == sorted(entry.id for entry in sample.library.public)
    for entry in sample.library.public:
        case = sample.library.load(entry.id)
        assert by_id[entry.id][called.said("{item}名称")] == entry.title
        assert by_id[entry.id]["届次"] == entry.year
        for section in sample.library.scheme.sections:
            text = case.section(section.key)
            assert (by_id[entry.id][section.label] or "") == (text or "")
    other = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(called.case).to_python()
    assert [[cell or None for cell in row] for row in other] == [[cell or None for cell in row] for row in rows]


def test_texts_of_the_workbook_are_never_formulas_and_keep_their_signs(special: Exported) -> None:
    sheet = openpyxl.load_workbook(special.folder / "data/cases.xlsx")["案例"]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert cells['+700水平巷道<改造> & “一体” "化"'] in ("s", "inlineStr")
    assert cells["=HYPERLINK(1)，两行"] in ("s", "inlineStr")
    assert "f" not in cells.values()
    with zipfile.ZipFile(special.folder / "data/cases.xlsx") as parts:
        assert parts.testzip() is None
        assert b"_x005F_x0041_" in parts.read("xl/worksheets/sheet1.xml")


# What the notices print above the columns of their tables.
HEADS = {
    "district": "序号 项目名称 项目类别 第一完成人 所属单位 所属区县 项目简介（100字以内） 备注",
    "city": "序号 “五小”活动项目名称 第一完成人（牵头人） 所在单位及职务 所属行业 项目简介（100字以内） 项目类别 "
    "备注（是否非公）",
    "class": "序号 成果名称 申报渠道 单位 第一完成人 参与人 劳模领衔 等级 批次 申报日期",
}


def layout_sheets(sample: Exported) -> Iterator[tuple[View, str, Sequence[Entry], list[list[object]]]]:
    """Round, name, announced cases in their order, and rows, of each sheet of each workbook in a layout."""
    (layout,) = sample.library.scheme.layouts
    assert layout.by is not None
    for view in sample.views.years:
        book = openpyxl.load_workbook(sample.folder / f"data/{layout.name}-{view.label}.xlsx")
        terms = [term.name for term in sample.library.scheme.by_key[layout.by].terms]
        groups = {name: [e for e in view.cases if e.term(layout.by) == name] for name in terms}
        assert book.sheetnames == ([name for name in terms if groups[name]] or [view.label])
        for sheet in book.worksheets:
            yield view, sheet.title, groups.get(sheet.title, []), [list(r) for r in sheet.iter_rows(values_only=True)]


def test_each_round_has_the_table_of_its_organiser_with_a_sheet_for_each_part(sample: Exported) -> None:
    (layout,) = sample.library.scheme.layouts
    shown: list[str] = []
    for view, name, cases, rows in layout_sheets(sample):
        assert str(rows[0][0]) == layout.title.replace("{year}", view.label)
        assert str(rows[1][0]).endswith(f"数：{len(cases)}")
        assert f"：{name}　" in str(rows[1][0])
        assert " ".join(str(cell) for cell in rows[2]) == HEADS[str(layout.by)]
        assert [row[0] for row in rows[3:]] == list(range(1, len(cases) + 1))
        assert [row[1] for row in rows[3:]] == [entry.title for entry in cases]
        shown += [entry.id for entry in cases]
    assert sorted(shown) == sorted(entry.id for entry in sample.library.public)


def test_cells_of_a_layout_show_dimensions_posts_and_further_fields(sample: Exported) -> None:
    (layout,) = sample.library.scheme.layouts
    seen = set()
    for _, _, cases, rows in layout_sheets(sample):
        for entry, row in zip(cases, rows[3:], strict=True):
            case = sample.library.load(entry.id)
            cells = dict(zip((column.label for column in layout.columns), row, strict=True))
            for column in layout.columns:
                if len(column.keys) == 1 and column.keys[0] in sample.library.scheme.by_key:
                    assert cells[column.label] == entry.term(column.keys[0])
            if "所在单位及职务" in cells:
                lead = next((person for person in case.people if person.role == "lead"), None)
                post = lead.post if lead else None
                assert cells["所在单位及职务"] == (" ".join(filter(None, (case.unit, post))) or None)
                told = case.value("non_public")
                assert cells["备注（是否非公）"] == (None if told is None else "是" if told else "否")
                seen.add(cells["备注（是否非公）"])
            if "备注" in cells:
                assert cells["备注"] is None
            if "发布日期" in cells:
                day = case.value("published")
                assert cells["发布日期"] == (day.isoformat() if day else None)
    if "所在单位及职务" in [column.label for column in layout.columns]:
        assert {"是", "否"} <= seen


def test_corrections_and_revocations_have_tables(special: Exported) -> None:
    _, *changes = rows_of(special, "data/changes.csv")
    assert [(row[0], row[2], row[3]) for row in changes] == [
        ("2023-00002", "2023-10-01", "改正单位名称"),
        ("2023-00002", "2023-11-05", "补充完成人"),
        ("2023-00003", "2024-01-08", "撤销奖项"),
    ]
    _, *revoked = rows_of(special, "data/revoked.csv")
    assert [row[0] for row in revoked] == ["2023-00003"]


def test_xml_keeps_what_it_can_hold_and_drops_the_rest() -> None:
    assert xml_text('a\x00<&>"\ufffeb\n') == "a&lt;&amp;&gt;&quot;b\n"
    assert xml_bytes(f"<t>{xml_escaped('a<&>b')}\x01\ud800\uffff</t>") == b"<t>a&lt;&amp;&gt;b</t>"
    part = sheet_rows([["a\x0bb", None, True, 3, 2.5]])
    assert part.size == len(
        b'<row><c t="inlineStr"><is><t xml:space="preserve">ab</t></is></c><c/><c t="b"><v>1</v></c>'
        b"<c><v>3</v></c><c><v>2.5</v></c></row>"
    )
