"""What the command does to a library: next ids, nothing overwritten, two papers of one project, other schemes."""

import datetime

import pytest
from click.testing import CliRunner
from docx import Document
from filled_files import FORMS, HEADER, book, build_form, put
from openpyxl import load_workbook

from generator.cli import caselib
from generator.forms.application import application_form
from generator.forms.table import summary_table
from generator.importers import conversion
from generator.importers.run import import_files
from generator.reading import read_library


def run(editor, *arguments):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(editor.base)
        return CliRunner().invoke(caselib, ["import", *map(str, arguments)])


@pytest.fixture
def form(tmp_path):
    """A filled form and what stands in it."""
    folder = tmp_path / "forms"
    folder.mkdir()
    filled = build_form("plain", 1, folder)
    [path] = folder.glob("*.docx")
    return path, filled


def test_the_report_names_what_was_taken_dropped_doubtful_and_missing(chongqing):
    result = run(chongqing, FORMS / "filled-example.docx")
    assert result.exit_code == 1
    for line in (
        "→ cases/2023/2023-00001.yml　新记录",
        "收录    项目名称：（示例）一种水泵叶轮快速拆装工具　[表1第1行第3格]",
        "收录    完成人：示例甲（维修班班长）、示例乙（技术员）、示例丙（钳工）",
        "待确认  区县：原文「示例区」不在方案中　[表1第7行第3格]",
        "舍去    通讯地址：不公开的内容，没有写到任何地方　[表1第8行第3格]",
        "缺      种类：可用值：小发明、小技改、小设计",
    ):
        assert line in result.output
    text = chongqing.records()["2023-00001"]
    assert "# 待确认：原文「示例区」不在方案中（filled-example.docx 表1第7行第3格）\ndistrict:\n" in text
    assert "status: nominated" in text


def test_a_clean_form_passes_the_check(chongqing, form):
    result = run(chongqing, form[0])
    assert result.exit_code == 0, result.output
    assert not [d for d in read_library(chongqing.cases, chongqing.base)[1] if d.is_error]


def test_ids_go_on_after_the_highest_one_in_use(chongqing, form):
    (chongqing.cases / "2023/2023-00041").mkdir(parents=True)
    (chongqing.cases / "2023/2023-00007.yml").write_text("id: 2023-00007\n")
    run(chongqing, form[0])
    assert "2023-00042" in chongqing.records()


def test_the_same_form_again_changes_nothing(chongqing, form):
    run(chongqing, form[0])
    before = chongqing.records()
    result = run(chongqing, form[0], "--overwrite")
    assert "已有记录，内容相同" in result.output
    assert chongqing.records() == before


def test_an_existing_record_is_shown_the_difference_and_kept(chongqing, form):
    run(chongqing, form[0])
    path = chongqing.cases / "2023/2023-00001.yml"
    edited = (
        path.read_text()
        .replace("category: 电子/通讯", "# 已核对\ncategory: 新材料")
        .replace("泵腔空间狭小", "改过的难点")
    )
    path.write_text(edited)
    result = run(chongqing, form[0])
    assert path.read_text() == edited
    assert "类别：「新材料」 → 「电子/通讯」" in result.output
    assert "难点：" in result.output
    assert "--overwrite" in result.output
    run(chongqing, form[0], "--dry-run", "--overwrite")
    assert path.read_text() == edited
    run(chongqing, form[0], "--fill")
    assert path.read_text() == edited
    run(chongqing, form[0], "--overwrite")
    assert path.read_text() == edited.replace("新材料", "电子/通讯").replace("改过的难点", "泵腔空间狭小")


def test_fill_adds_only_what_is_empty(chongqing, form, tmp_path):
    run(chongqing, form[0])
    _, filled = form
    book([HEADER, [1, filled.title, "新材料", "王建国", filled.unit, "忠县", "一句话简介。", ""]], tmp_path / "表.xlsx")
    result = run(chongqing, tmp_path / "表.xlsx", "--fill")
    text = chongqing.records()["2023-00001"]
    assert "summary: 一句话简介。" in text
    assert "category: 电子/通讯" in text
    assert "district: 巫山县" in text
    assert "改写已有记录" in result.output
    assert len(chongqing.records()) == 1


def test_form_and_table_of_one_project_make_one_record(chongqing, form, tmp_path):
    path, filled = form
    book(
        [HEADER, [1, filled.title, filled.category, "王建国", filled.unit, "巫山县", "一句话简介。", ""]],
        tmp_path / "表.xlsx",
    )
    reports = import_files([path, tmp_path / "表.xlsx"], chongqing.options())
    [text] = chongqing.records().values()
    assert "summary: 一句话简介。" in text
    assert "background:" in text
    assert "并成一条记录" in reports[1].notes[0]


def test_papers_that_disagree_are_shown_to_a_person(chongqing, form, tmp_path):
    path, filled = form
    book([HEADER, [1, filled.title, "新材料", "王建国", filled.unit, "巫山县", "", ""]], tmp_path / "表.xlsx")
    import_files([path, tmp_path / "表.xlsx"], chongqing.options())
    [text] = chongqing.records().values()
    assert f"写的是「新材料」，收录的是「{filled.category}」" in text


def test_a_title_that_is_nearly_there_is_shown_as_a_possible_duplicate(chongqing, form, tmp_path):
    run(chongqing, form[0])
    _, filled = form
    book([HEADER, [1, filled.title + "及应用", "新材料", "某某", filled.unit, "巫山县", "", ""]], tmp_path / "表.xlsx")
    result = run(chongqing, tmp_path / "表.xlsx")
    assert "是否重复：与 2023-00001" in result.output


def test_values_given_on_the_command_line_stand_in_for_the_file(chongqing):
    result = run(chongqing, FORMS / "filled-example.docx", "--set", "区县=巫山", "--set", "种类=小技改")
    assert result.exit_code == 0, result.output
    assert "待确认  区县" not in result.output
    text = chongqing.records()["2023-00001"]
    assert "kind: 小技改" in text
    assert "district: 巫山县" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "区县=火星"], "不在方案中"),
        (["--set", "区"], "--set 要写成"),
        (["--set", "区线=x"], "是否应为「区县」"),
        (["--round", "1999"], "没有 1999 这一届"),
        (["--accept", "x"], "--accept 要写成"),
        (["--source-address", "https://example.org"], "--source-title"),
    ],
)
def test_wrong_use_is_explained(chongqing, arguments, words):
    result = run(chongqing, FORMS / "filled-example.docx", *arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert chongqing.records() == {}


def test_nothing_half_written_is_left_when_the_disk_fails(chongqing, form, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("generator.importers.writing.os.link", fail)
    [report] = import_files([form[0]], chongqing.options())
    assert "写不进去" in report.plans[0].reason
    assert [path.name for path in chongqing.cases.rglob("*") if path.is_file()] == ["scheme.yml"]


def test_a_number_taken_by_someone_else_meanwhile_is_not_overwritten(chongqing, form, monkeypatch):
    (chongqing.cases / "2023").mkdir()
    (chongqing.cases / "2023/2023-00001.yml").write_text("mine")
    monkeypatch.setattr("generator.importers.run.next_number", lambda *_: 1)
    [report] = import_files([form[0]], chongqing.options())
    assert "刚刚被别人用了" in report.plans[0].reason
    assert chongqing.records() == {"2023-00001": "mine"}


def test_a_sample_library_gets_records_marked_as_samples(chongqing, form):
    scheme = chongqing.scheme.model_copy(update={"sample": True})
    options = chongqing.options()
    import_files([form[0]], type(options)(**{**vars(options), "scheme": scheme}))
    assert "sample: true" in chongqing.records()["2023-00001"]


def test_blank_forms_say_that_they_are_blank(chongqing):
    for name in ("chongqing-application.docx", "chongqing-recommendation.docx", "chongqing-recommendation.xlsx"):
        [report] = import_files([FORMS / name], chongqing.options())
        assert report.error == "是一张空表，没有填写"
        assert report.notes == []


def test_names_of_files_and_sheets_are_scrubbed_too(chongqing, tmp_path):
    def rename(sheet):
        sheet.title = "王工13812345678"

    path = tmp_path / "张三 13912345678.xlsx"
    book([HEADER, [1, "一种夹具", "不详", "张三13712345678", "某厂", "忠县", "", ""]], path, rename)
    result = run(chongqing, path)
    assert "待确认" in result.output
    [text] = chongqing.records().values()
    for secret in ("13812345678", "13912345678", "13712345678"):
        assert secret not in result.output + text
    assert "- {name: 张三, role: lead}" in text


# Another organiser: configuration alone.


def test_the_form_of_jiangxi_imports_from_its_scheme(jiangxi, tmp_path):
    document = Document(str(FORMS / "jiangxi-application.docx"))
    rows = [row.cells for row in document.tables[0].rows]
    fills = {
        (1, 1): "一种巷道喷雾装置", (1, 6): "采矿业", (2, 2): "□发明专利  ☑实用新型专利  □外观设计专利  □软件著作权",
        (3, 2): "□未申请  □正在申请  ■已授权", (3, 6): "ZL202110123456.7", (4, 6): "2022年5月1日", (5, 2): "自行实施",
        (6, 2): "年节约成本12万元。", (8, 1): "张 三", (8, 3): "男", (8, 5): "高级工程师", (8, 7): "13900001234",
        (9, 1): "11010519491231002X", (10, 1): "某某煤业有限公司 通风队队长", (11, 1): "南昌市某路9号",
        (13, 1): "李四", (13, 2): "女", (13, 3): "技术员", (13, 5): "工程师", (13, 6): "某某煤业有限公司",
        (14, 1): "王五", (14, 3): "班长",
        (19, 0): "1.成果背景\n粉尘大。\n2.技术原理及性能指标\n按浓度启停。\n3.创造性与先进性\n首创。\n"
        "4.成熟程度，适用范围和安全性\n成熟。\n5.应用情况及存在的问题\n已用。",
    }  # fmt: skip
    for (row, column), text in fills.items():
        put(rows[row][column], text)
    for paragraph in document.paragraphs:
        if paragraph.text.startswith("项目名称"):
            paragraph.text = "项目名称：一种巷道喷雾装置"
        if paragraph.text.startswith("联 系 人"):
            paragraph.text = "联 系 人：赵某人      电话：13900001234"
    document.save(str(tmp_path / "a.docx"))
    result = run(jiangxi, tmp_path / "a.docx", "--set", "设区市=南昌市", "--set", "项目类别=小发明")
    text = jiangxi.records()["2023-00001"]
    assert (
        text
        == """\
id: 2023-00001
title: 一种巷道喷雾装置
year: 2023
kind: 小发明
industry: 采矿业
city: 南昌
unit: 某某煤业有限公司
people:
  - {name: 张三, role: lead, post: 通风队队长}
  - {name: 李四, role: member, post: 技术员}
  - {name: 王五, role: member, post: 班长}
body:
  background: |
    粉尘大。
  principle: |
    按浓度启停。
  novelty: |
    首创。
  maturity: |
    成熟。
  application: |
    已用。
patent_form: 实用新型专利
patent_status: 已授权
patent_number: ZL202110123456.7
patent_date: 2022-05-01
implementation: 自行实施
benefit: 年节约成本12万元。
professional_title: 高级工程师
status: nominated
"""
    )
    for secret in ("13900001234", "11010519491231002", "某路9号", "赵某人"):
        assert secret not in result.output


def test_the_table_of_jiangxi_imports_from_its_scheme(jiangxi, tmp_path):
    workbook = load_workbook(str(FORMS / "jiangxi-summary.xlsx"))
    sheet = workbook.active
    values = [
        1,
        "一种巷道喷雾装置",
        "张三",
        "13900001234",
        "某某煤业有限公司 队长",
        "采矿业",
        "按浓度启停。",
        "小发明",
        "是",
    ]
    for column, value in enumerate(values, 1):
        sheet.cell(5, column).value = value
    workbook.save(tmp_path / "a.xlsx")
    [report] = import_files([tmp_path / "a.xlsx"], jiangxi.options(given=(("city", "南昌"),)))
    [plan] = report.plans
    assert plan.draft.value == {
        "title": "一种巷道喷雾装置",
        "kind": "小发明",
        "industry": "采矿业",
        "city": "南昌",
        "unit": "某某煤业有限公司",
        "people": [{"name": "张三", "role": "lead", "post": "队长"}],
        "summary": "按浓度启停。",
        "non_public": "true",
    }
    assert plan.draft.doubts == {}


# Our own blank forms.


def fill_our_form(scheme, path):
    """Fills the form that the scheme makes, as a person would in Word."""
    from io import BytesIO

    document = Document(BytesIO(application_form(scheme)))
    body = document.element.xml
    assert "电话" not in body
    table = document.tables[0]
    for row in table.rows:
        cells = row.cells
        label = cells[0].text
        dimension = next((d for d in scheme.dimensions if d.label == label), None)
        extra = next((f for f in scheme.fields if f.label == label), None)
        if label == scheme.words.said("{item}名称"):
            put(cells[1], "一种巷道喷雾装置")
        elif (dimension is not None and len(dimension.terms) > 12) or label == "工作单位":
            put(cells[1], dimension.names[-1] if dimension else "某某煤业有限公司")
        elif dimension is not None:
            tick(cells[1], dimension.names[1], dimension.names)
        elif extra is not None and extra.type == "enum":
            tick(cells[1], extra.values[1], extra.values)
        elif extra is not None and extra.type == "boolean":
            tick(cells[1], "是", ["是", "否"])
        elif extra is not None:
            put(cells[1], {"date": "2022年5月1日", "number": "12.5"}.get(extra.type, "文字"))
        elif label == "第一完成人":
            put(cells[2], "张三")
            put(cells[4], "班长")
        elif label.startswith(scheme.words.said("{item}简介")):
            for paragraph in cells[1].paragraphs:
                paragraph.add_run("写好的内容。")
    document.save(str(path))


def tick(cell, chosen, names):
    """Ticks the box of a choice: the content control becomes checked."""
    boxes = [e for e in cell.paragraphs[0]._p.iter() if e.tag.endswith("}checked")]
    for key in boxes[names.index(chosen)].attrib:
        boxes[names.index(chosen)].set(key, "1")


@pytest.mark.parametrize("name", ["chongqing", "jiangxi"])
def test_our_form_filled_in_imports_without_a_warning(name, request, tmp_path):
    editor = request.getfixturevalue(name)
    scheme = editor.scheme
    fill_our_form(scheme, tmp_path / "申报表.docx")
    result = run(editor, tmp_path / "申报表.docx")
    assert result.exit_code == 0, result.output
    assert "    待确认" not in result.output
    [text] = editor.records().values()
    for dimension in scheme.dimensions:
        if dimension.role not in ("award", "method"):
            place = -1 if len(dimension.terms) > 12 else 1
            assert f"{dimension.key}: {dimension.names[place]}\n" in text
    for section in scheme.sections:
        assert f"  {section.key}: |\n    写好的内容。\n" in text
    for extra in scheme.fields:
        value = {
            "enum": extra.values[1] if extra.values else "",
            "boolean": "true",
            "date": "2022-05-01",
            "number": "12.5",
        }
        assert f"{extra.key}: {value.get(extra.type, '文字')}\n" in text
    assert not [d for d in read_library(editor.cases, editor.base)[1] if d.is_error]


@pytest.mark.parametrize("name", ["chongqing", "jiangxi"])
def test_our_table_filled_in_imports_without_a_warning(name, request, tmp_path):
    import io

    editor = request.getfixturevalue(name)
    scheme = editor.scheme
    workbook = load_workbook(io.BytesIO(summary_table(scheme)))
    sheet = workbook["推荐汇总表"]
    values = {
        "序号": 1,
        scheme.words.said("{item}名称"): "一种巷道喷雾装置",
        "第一完成人": "张三",
        "岗位职务": "班长",
        "工作单位": "某某煤业有限公司",
    }
    values |= {d.label: d.names[-1] for d in scheme.dimensions} | {
        scheme.words.said("{item}简介（100字以内）"): "按浓度启停。"
    }
    for extra in scheme.fields:
        kinds = {"enum": extra.values[-1] if extra.values else "", "boolean": "否", "number": 12.5}
        values[extra.label] = kinds.get(extra.type, datetime.date(2022, 5, 1) if extra.type == "date" else "文字")
    for cell in sheet[2]:
        sheet.cell(3, cell.column).value = values[cell.value]
    workbook.save(tmp_path / "表.xlsx")
    [report] = import_files([tmp_path / "表.xlsx"], editor.options())
    [plan] = report.plans
    assert (report.notes, plan.draft.doubts) == ([], {})
    assert not [problem for problem in plan.problems if problem.is_error]
    for dimension in scheme.dimensions:
        if dimension.role not in ("award", "method"):
            assert plan.draft.value[dimension.key] == dimension.names[-1]
    assert plan.draft.value["people"] == [{"name": "张三", "role": "lead", "post": "班长"}]
    for extra in scheme.fields:
        assert plan.draft.value[extra.key] == {"boolean": "false", "date": "2022-05-01"}.get(
            extra.type, str(values[extra.label])
        )


def test_our_table_bounds_lengths_and_offers_the_terms(chongqing):
    import io

    workbook = load_workbook(io.BytesIO(summary_table(chongqing.scheme)))
    sheet = workbook["推荐汇总表"]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    heads = {cell.value: cell.column_letter for cell in sheet[2]}
    assert rules[f"{heads['项目简介（100字以内）']}3"].formula1 == "100"
    letter = heads["区县"]
    offered = [workbook["可选值"][f"{letter}{row}"].value for row in range(1, 42)]
    assert offered == chongqing.scheme.by_key["district"].names
    assert rules[f"{letter}3"].type == "list"


def test_forms_are_written_and_not_overwritten_unasked(chongqing, monkeypatch):
    monkeypatch.chdir(chongqing.base)
    runner = CliRunner()
    assert runner.invoke(caselib, ["forms", "--output", "表格"]).exit_code == 0
    (chongqing.base / "表格/申报表.docx").write_text("mine")
    refused = runner.invoke(caselib, ["forms", "--output", "表格"])
    assert refused.exit_code == 2
    assert (chongqing.base / "表格/申报表.docx").read_text() == "mine"
    assert runner.invoke(caselib, ["forms", "--output", "表格", "--overwrite"]).exit_code == 0
    assert (chongqing.base / "表格/申报表.docx").read_bytes()[:2] == b"PK"


# LibreOffice, where it is.

needs_office = pytest.mark.skipif(conversion.office() is None, reason="LibreOffice is not installed")


def converted(path, kind, folder):
    """A file saved again by LibreOffice."""
    import subprocess

    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [conversion.office(), profile, "--headless", "--convert-to", kind, "--outdir", folder / "out", path]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    [made] = (folder / "out").glob(f"*.{kind.partition(':')[0]}")
    return made


@needs_office
@pytest.mark.parametrize("kind", ["docx", "odt", "doc"])
def test_a_form_saved_by_libreoffice_is_read_alike(chongqing, form, tmp_path, kind):
    path, filled = form
    [report] = import_files([converted(path, kind, tmp_path)], chongqing.options())
    assert not report.error, report.error
    [plan] = report.plans
    assert {key: plan.draft.value.get(key) for key in filled.expected} == filled.expected
    assert plan.draft.doubts == {}


@needs_office
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_table_saved_by_libreoffice_is_read_alike(chongqing, corpus, tmp_path, kind):
    [report] = import_files([converted(corpus.folder / "annex_filled.xlsx", kind, tmp_path)], chongqing.options())
    rows = [plan.draft.value for plan in report.plans]
    assert rows == [row.expected() for row in corpus.tables["annex_filled"]]
