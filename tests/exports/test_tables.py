"""CSV and XLSX: what is in them, how spreadsheet programs read them."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from generator import urls
from generator.exports.safe_text import FORMULA_STARTS, cell_text, xml_bytes, xml_escaped, xml_text
from generator.exports.sheet_rows import sheet_rows
from generator.exports.tables import case_columns, csv_lines

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
        assert heading[:3] == ["编号", "项目名称", "届次"]
        assert [row[0] for row in rows] == [entry.id for entry in view.cases]


def test_the_table_of_all_cases_holds_each_announced_one_once(sample: Exported) -> None:
    heading, *rows = rows_of(sample, "data/cases.csv")
    assert heading == [column.label for column in case_columns(sample.library.scheme)]
    assert len(set(heading)) == len(heading)
    assert [row[0] for row in rows] == sorted(entry.id for entry in sample.library.public)
    by_id = {row[0]: dict(zip(heading, row, strict=True)) for row in rows}
    for entry in sample.library.public:
        row = by_id[entry.id]
        assert (row["项目名称"], row["工作单位"]) == (cell_text(entry.title), cell_text(entry.unit))
        assert row["完成人"].split("、") == entry.people or not entry.people
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
    path = sample.folder / "data/cases.xlsx"
    sheet = openpyxl.load_workbook(path)["案例"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    columns = case_columns(sample.library.scheme)
    sections = [section.label for section in sample.library.scheme.sections]
    assert rows[0] == [*(column.label for column in columns), *sections]
    assert sheet.dimensions == f"A1:{openpyxl.utils.get_column_letter(len(rows[0]))}{len(rows)}"
    streamed = openpyxl.load_workbook(path, read_only=True)["案例"]
    assert (streamed.max_row, streamed.max_column) == (len(rows), len(rows[0]))
    by_id = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert list(by_id) == sorted(entry.id for entry in sample.library.public)
    for entry in sample.library.public:
        case = sample.library.load(entry.id)
        assert by_id[entry.id]["项目名称"] == entry.title
        assert by_id[entry.id]["届次"] == entry.year
        for section in sample.library.scheme.sections:
            text = case.section(section.key)
            assert (by_id[entry.id][section.label] or "") == (text or "")
    other = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("案例").to_python()
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


def test_the_layout_has_a_sheet_for_each_district_with_the_columns_of_the_annex(sample: Exported) -> None:
    path = sample.folder / "data/annex4.xlsx"
    if "district" not in sample.library.scheme.by_key:
        assert not path.exists()
        return
    book = openpyxl.load_workbook(path)
    place = sample.library.scheme.by_key["district"]
    views = [sample.views.term(place, term) for term in place.terms]
    assert book.sheetnames == [view.label for view in views if view.cases]
    for view in views:
        if view.cases:
            rows = [list(row) for row in book[view.label].iter_rows(values_only=True)]
            assert rows[0][0] == "重庆市科协岗位创新争先行动项目推荐汇总表"
            assert rows[1][0] == f"区县（自治县）：{view.label}　　项目数：{len(view.cases)}"
            assert rows[2] == [
                "序号",
                "项目名称",
                "项目类别",
                "第一完成人",
                "所属单位",
                "所属区县",
                "项目简介\n（100字以内）",
                "备注",
            ]
            assert [row[1] for row in rows[3:]] == [entry.title for entry in view.cases]
            assert [row[0] for row in rows[3:]] == list(range(1, len(view.cases) + 1))
            assert {row[5] for row in rows[3:]} == {view.label}


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
