"""Files that are damaged, protected or made to harm: one clear line each, nothing written, soon done."""

import io
import resource
import time
import zipfile

import pytest
from docx import Document
from editor_folder import EditorFolder
from filled_files import FORMS, HEADER, build_form
from openpyxl import Workbook

from generator.importers import safe_files
from generator.importers.run import find_files, import_files


def refused(editor: EditorFolder, path) -> str:
    """The message about a file that is not imported."""
    [report] = import_files([path], editor.options())
    assert editor.records() == {}
    assert "\n" not in report.error
    return report.error


def form_parts() -> dict[str, bytes]:
    with zipfile.ZipFile(FORMS / "filled-example.docx") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path, parts: dict[str, bytes]):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_an_empty_file_is_named_so(chongqing, tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"")
    assert "0 字节" in refused(chongqing, path)


def test_a_truncated_form_is_refused(chongqing, tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes((FORMS / "filled-example.docx").read_bytes()[:20_000])
    assert "不完整或已损坏" in refused(chongqing, path)


def test_a_damaged_part_is_refused(chongqing, tmp_path):
    data = bytearray((FORMS / "filled-example.docx").read_bytes())
    with zipfile.ZipFile(FORMS / "filled-example.docx") as archive:
        info = archive.getinfo("word/document.xml")
    start = info.header_offset + 60
    data[start : start + 400] = bytes(400)
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    assert "损坏" in refused(chongqing, path)


@pytest.mark.parametrize("name", ["word/document.xml", "[Content_Types].xml"])
def test_xml_that_is_cut_off_is_refused_or_not_needed(chongqing, tmp_path, name):
    parts = form_parts()
    parts[name] = parts[name][:-200]
    [report] = import_files([pack(tmp_path / "a.docx", parts)], chongqing.options())
    assert ("已损坏" in report.error) == (name == "word/document.xml")


def test_a_password_protected_file_is_named_so(chongqing, tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(safe_files._OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    assert "密码保护" in refused(chongqing, path)


def test_an_archive_with_a_password_is_named_so(chongqing, tmp_path):
    path = pack(tmp_path / "a.docx", form_parts())
    data = bytearray(path.read_bytes())
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(data)
    assert "密码保护" in refused(chongqing, path)


def test_a_form_with_macros_is_refused(chongqing, tmp_path):
    parts = form_parts() | {"word/vbaProject.bin": b"x"}
    assert "宏" in refused(chongqing, pack(tmp_path / "a.docm", parts))


@pytest.mark.parametrize("declared", ['<!DOCTYPE a SYSTEM "file:///etc/passwd">', '<!DOCTYPE a [<!ENTITY b "c">]>'])
def test_entities_are_never_read(chongqing, tmp_path, declared):
    parts = form_parts()
    head, _, rest = parts["word/document.xml"].partition(b"?>")
    parts["word/document.xml"] = head + b"?>" + declared.encode() + rest
    assert "外部实体" in refused(chongqing, pack(tmp_path / "a.docx", parts))


def test_a_zip_bomb_is_not_opened(chongqing, tmp_path):
    parts = form_parts() | {"word/media/a.bmp": bytes(300 << 20)}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "压缩炸弹" in refused(chongqing, pack(tmp_path / "a.docx", parts))
    del parts
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 700 << 10


def test_a_part_that_lies_about_its_size_stops_at_the_bound(chongqing, tmp_path, monkeypatch):
    monkeypatch.setattr(safe_files, "MAX_PART", 10_000)
    with safe_files.Archive(FORMS / "filled-example.docx") as archive, pytest.raises(safe_files.UnreadableFileError):
        archive.read("word/document.xml", 10_000)


def test_a_renamed_file_is_told_by_its_content(chongqing, tmp_path):
    path = tmp_path / "table.docx"
    path.write_bytes((FORMS / "filled-example.xlsx").read_bytes())
    [report] = import_files([path], chongqing.options())
    assert (report.kind, len(report.plans)) == ("推荐汇总表", 5)
    picture = tmp_path / "picture.docx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    [report] = import_files([picture], chongqing.options())
    assert "内容不是 .docx 文件" in report.error


def test_a_web_page_called_xls_is_named_so(chongqing, tmp_path):
    path = tmp_path / "a.xls"
    path.write_text("<html><table><tr><td>项目名称</td></tr></table></html>")
    assert "网页" in refused(chongqing, path)


def test_a_zip_of_forms_says_to_unpack_it(chongqing, tmp_path):
    path = pack(tmp_path / "a.zip", {"申报表.docx": b"x"})
    assert "请先解压" in refused(chongqing, path)


def test_pdf_says_what_to_do(chongqing, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n")
    message = refused(chongqing, path)
    assert "PDF" in message
    assert "docx" in message


def test_doc_without_libreoffice_says_how_to_save_it(chongqing, tmp_path, monkeypatch):
    monkeypatch.setattr("generator.importers.conversion.office", lambda: None)
    path = tmp_path / "a.doc"
    path.write_bytes(safe_files._OLE + bytes(600) + "WordDocument".encode("utf-16-le"))
    message = refused(chongqing, path)
    assert "另存为" in message
    assert ".docx" in message


def test_a_hundred_levels_of_tables_are_bounded(chongqing, tmp_path):
    parts = form_parts()
    inner = "<w:p><w:r><w:t>深</w:t></w:r></w:p>"
    for _ in range(60):
        inner = f"<w:tbl><w:tr><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    body = f"<w:body>{inner}</w:body></w:document>".encode()
    parts["word/document.xml"] = parts["word/document.xml"].partition(b"<w:body>")[0] + body
    assert refused(chongqing, pack(tmp_path / "a.docx", parts))


# Spreadsheets.


def sheet_with(rows_xml: str, path):
    """A spreadsheet whose only sheet holds this XML."""
    stream = io.BytesIO()
    Workbook().save(stream)
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{rows_xml}</sheetData></worksheet>"
    ).encode()
    return pack(path, parts)


def row_xml(number: int, values: list[str]) -> str:
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f'<row r="{number}">{cells}</row>'


GOOD = row_xml(1, [h.split("\n")[0] for h in HEADER]) + row_xml(
    2, ["1", "一种夹具", "新材料", "张三", "某厂", "忠县", "简介", ""]
)


def test_a_million_empty_rows_are_passed_over_soon(chongqing, tmp_path):
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 1_000_000))
    path = sheet_with(GOOD + empty, tmp_path / "a.xlsx")
    start = time.process_time()
    [report] = import_files([path], chongqing.options())
    assert time.process_time() - start < 30
    assert [plan.draft.value["title"] for plan in report.plans] == ["一种夹具"]


def test_a_cell_in_the_last_corner_costs_nothing(chongqing, tmp_path):
    path = sheet_with(GOOD + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', tmp_path / "a.xlsx")
    [report] = import_files([path], chongqing.options())
    assert len(report.plans) == 1


def test_formulas_and_errors_are_shown_to_a_person(chongqing, tmp_path):
    cells = '<c r="B3"><f>A1&amp;"x"</f></c><c r="E3" t="inlineStr"><is><t>某厂</t></is></c>'
    broken = f'<row r="3"><c r="A3"><v>2</v></c>{cells}</row>'
    error = GOOD.replace('<c t="inlineStr"><is><t>某厂</t></is></c>', '<c t="e"><v>#REF!</v></c>')
    [report] = import_files([sheet_with(error + broken, tmp_path / "a.xlsx")], chongqing.options())
    [plan] = report.plans
    assert "公式出错（#REF!）" in plan.draft.doubts["unit"][0]
    assert any("公式没有结果" in note for note in report.notes)


def test_hidden_rows_and_sheets_are_named(corpus, chongqing):
    [report] = import_files([corpus.folder / "hidden_row_and_sheet.xlsx"], chongqing.options())
    assert any("「旧表」是隐藏的" in note for note in report.notes)
    assert any("隐藏的行（第 3 行）" in note for note in report.notes)


def test_a_date_stored_as_a_number_is_read_as_a_day(jiangxi, tmp_path):
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["序号", "项目名称", "所在单位", "批准时间"])
    sheet.append([1, "一种夹具", "某厂", 44682])
    sheet["D2"].number_format = "yyyy/m/d"
    workbook.save(tmp_path / "a.xlsx")
    [report] = import_files([tmp_path / "a.xlsx"], jiangxi.options())
    assert report.plans[0].draft.value["patent_date"] == "2022-05-01"


def test_too_many_rows_are_cut_with_a_note(chongqing, tmp_path, monkeypatch):
    monkeypatch.setattr("generator.importers.sheet_reader.MAX_ROWS", 3)
    rows = "".join(row_xml(n, [str(n), f"第{n}号", "新材料", "张三", "某厂", "忠县", "", ""]) for n in range(2, 9))
    path = sheet_with(GOOD.partition("</row>")[0] + "</row>" + rows, tmp_path / "a.xlsx")
    [report] = import_files([path], chongqing.options())
    assert len(report.plans) == 2
    assert any("只读了前面的" in note for note in report.notes)


@pytest.mark.parametrize(
    "data", [b"\xff\xff\xfe\x81\x00\xff", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook".join([b""] * 9)]
)
def test_bytes_of_nothing_known_are_refused(chongqing, tmp_path, data):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert refused(chongqing, path)


def test_a_damaged_xls_is_refused(chongqing, tmp_path, corpus):
    data = (corpus.folder / "old_excel.xls").read_bytes()
    path = tmp_path / "a.xls"
    path.write_bytes(data[:700] + bytes(800) + data[1500:])
    [report] = import_files([path], chongqing.options())
    assert report.error or report.plans


def test_a_csv_with_an_endless_cell_is_refused_or_cut(chongqing, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('项目名称,单位\n"' + "长" * 300_000)
    assert "CSV" in refused(chongqing, path)


# Pictures.


def test_a_picture_that_is_too_large_is_left_out_and_the_form_still_read(chongqing, tmp_path, monkeypatch):
    monkeypatch.setattr("generator.importers.pictures.MAX_PIXELS", 1000)
    filled = build_form("with-picture", 1, tmp_path)
    [path] = tmp_path.glob("*.docx")
    [report] = import_files([path], chongqing.options())
    [plan] = report.plans
    assert plan.draft.value["title"] == filled.title
    assert any(f.label == "图片" and "太大" in f.message for f in plan.draft.findings)


def test_a_damaged_picture_is_left_out(chongqing, tmp_path):
    build_form("with-picture", 1, tmp_path)
    [path] = tmp_path.glob("*.docx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    [picture] = [name for name in parts if name.startswith("word/media/")]
    parts[picture] = parts[picture][:300]
    pack(path, parts)
    [report] = import_files([path], chongqing.options())
    assert any(f.label == "图片" for f in report.plans[0].draft.findings)
    assert not list(chongqing.cases.glob("2023/2023-00001/*"))


def test_a_picture_loses_what_the_camera_wrote(chongqing, tmp_path):
    filled = build_form("with-picture", 1, tmp_path)
    [path] = tmp_path.glob("*.docx")
    import_files([path], chongqing.options())
    [picture] = chongqing.cases.glob("2023/2023-00001/*")
    assert filled.phone.encode() in path.read_bytes() or filled.phone.encode() in zipfile.ZipFile(path).read(
        "word/media/image1.jpg"
    )
    assert filled.phone.encode() not in picture.read_bytes()
    assert "图1 工具使用情况" in chongqing.records()["2023-00001"]


def test_links_to_elsewhere_are_not_followed(chongqing, tmp_path):
    document = Document(str(FORMS / "filled-example.docx"))
    document.part.relate_to("http://example.org/a.png", "http://x/image", is_external=True)
    document.save(str(tmp_path / "a.docx"))
    [report] = import_files([tmp_path / "a.docx"], chongqing.options())
    assert report.plans[0].draft.pictures == []


def test_temporary_files_of_word_are_passed_over(tmp_path):
    for name in ("~$申报表.docx", ".申报表.docx", "申报表.docx", "notes.md"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in find_files([tmp_path])] == ["申报表.docx"]
