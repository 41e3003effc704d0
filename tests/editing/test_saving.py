"""What the editor writes, and what it leaves as it was."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from docx import Document
from PIL import Image

from generator.checking.raw import parse_yaml
from generator.editing.composing import compose
from generator.editing.form_schema import form_groups, form_value
from generator.records.formatting import format_file
from generator.scheme.reading import read_scheme
from tests.conftest import LibraryFolder
from tests.editing.conftest import Client, draft, photo
from tests.editing.test_service import tree

ROOT = Path(__file__).parents[2]
FORM = ROOT / "tests/importers/forms/filled-example.docx"

COMMENTED = """\
# 由县科协整理
people:
  # 姓名按公告
  - {name: 张三, role: lead}
  - {name: 李四, role: member}  # 待核
# 出处
sources:
  - {title: 公告, address: "https://example.org/1", date: 2023-09-02}
body:
  background: |
    从前，

    有一座山。
"""


def test_what_nobody_touched_comes_back_byte_for_byte(tmp_path: Path) -> None:
    from tests.samples.library import write_library

    write_library(tmp_path, 60, 3, None)
    for folder in (ROOT / "cases", tmp_path / "cases"):
        scheme, _ = read_scheme(folder / "scheme.yml", "scheme.yml")
        assert scheme is not None
        groups = form_groups(scheme)
        paths = sorted(folder.glob("2*/*.yml"))
        assert paths
        for path in paths:
            raw, _ = parse_yaml(path.read_text(), path.name)
            assert raw is not None
            canonical = format_file(path, path.name, scheme).after.decode()
            assert compose(form_value(raw.value, groups, scheme), raw, groups, scheme) == canonical
            if folder == ROOT / "cases":
                assert canonical == path.read_text()


def test_comments_stay_with_what_they_stand_at(client: Client, library: LibraryFolder) -> None:
    path = library.record("2023-00001", COMMENTED, people="", sources="")
    path.write_bytes(format_file(path, path.name, client.server.api.desk.scheme).after)
    opened = client.get("/api/record?id=2023-00001").json()
    people = draft(opened)["form"]["people"]
    swapped = [{**people[1], "post": "工人"}, people[0]]
    saved = client.post("/api/save", draft(opened, people=swapped, title="两种铅笔")).json()
    assert saved["written"]
    text = path.read_text()
    assert "title: 两种铅笔\n" in text
    assert "  - {name: 李四, role: member, post: 工人}  # 待核\n  # 姓名按公告\n  - {name: 张三, role: lead}\n" in text
    assert "# 由县科协整理" in text
    assert "# 出处\nsources:" in text
    assert "    从前，\n\n    有一座山。\n" in text
    assert format_file(path, path.name, client.server.api.desk.scheme).changed is False
    opened = client.get("/api/record?id=2023-00001").json()
    assert client.post("/api/save", draft(opened, people=swapped[1:])).json()["written"]
    assert "待核" not in path.read_text()
    assert "# 姓名按公告" in path.read_text()


WRONG = {
    "title": "",
    "place": "东山",
    "unit": "十" * 201,
    "summary": "联系电话：13800138000",
    "people": [{"name": "张三", "role": "boss", "post": ""}, {"name": "", "role": "member", "post": "工人"}],
    "body": {"background": "<b>粗</b>", "solution": "[点这里](javascript:x)"},
    "media": [{"file": "2023-00001/none.jpg", "alt": "", "caption": ""}],
    "sources": [{"title": "公告", "address": "example.org", "date": "去年"}],
    "patents": [{"number": "1", "kind": "", "title": "", "status": "", "date": "2023-13-01"}],
}


def test_the_messages_are_those_of_the_check_and_each_finds_its_field(client: Client, library: LibraryFolder) -> None:
    opened = client.get("/api/record?id=2023-00001").json()
    checked = client.post("/api/check", draft(opened, **WRONG)).json()
    library.write("2023/2023-00001.yml", checked["text"])
    expected = [d.text() for d in library.check()]
    assert [found["text"] for found in checked["found"]] == expected
    assert len(expected) >= len(WRONG)
    assert checked["saveable"] is False
    paths = {tuple(found["path"]) for found in checked["found"]}
    assert {
        ("title",),
        ("place",),
        ("unit",),
        ("summary",),
        ("people", 0, "role"),
        ("people", 1, "name"),
        ("body", "background"),
        ("body", "solution"),
        ("media", 0, "file"),
        ("media", 0, "alt"),
        ("sources", 0, "address"),
        ("sources", 0, "date"),
        ("patents", 0, "date"),
    } <= paths


@pytest.mark.parametrize("key", WRONG)
def test_a_record_with_an_error_is_not_written(client: Client, library: LibraryFolder, key: str) -> None:
    before = tree(library.base)
    opened = client.get("/api/record?id=2023-00001").json()
    saved = client.post("/api/save", draft(opened, **{key: WRONG[key]})).json()
    assert (saved["written"], saved["saveable"]) == (False, False)
    assert any(found["path"][0] == key for found in saved["found"])
    assert tree(library.base) == before


def test_a_record_that_is_not_awarded_yet_is_saved_without_award_and_source(
    client: Client, library: LibraryFolder
) -> None:
    opened = client.post("/api/new", {"year": "2024", "status": "nominated"}).json()
    assert (opened["id"], opened["digest"]) == ("2024-00001", "")
    assert not (library.folder / "2024").exists()
    form = draft(opened, title="一种橡皮", place="西山县")
    assert client.post("/api/save", form).json()["written"]
    text = (library.folder / "2024/2024-00001.yml").read_text()
    assert text.startswith("id: 2024-00001\ntitle: 一种橡皮\nyear: 2024\nplace: 西山县\n")
    form["form"]["status"] = "announced"
    form["expected"] = client.get("/api/record?id=2024-00001").json()["digest"]
    saved = client.post("/api/save", form).json()
    assert {found["code"] for found in saved["found"]} >= {"field-missing", "source-missing"}
    assert not saved["written"]


def test_a_file_that_changed_meanwhile_is_not_overwritten_and_the_difference_is_shown(
    client: Client, library: LibraryFolder
) -> None:
    opened = client.get("/api/record?id=2023-00001").json()
    library.record("2023-00001", title="别人的铅笔")
    request = draft(opened, title="我的铅笔")
    saved = client.post("/api/save", request).json()
    assert not saved["written"]
    assert "-title: 别人的铅笔" in saved["changed"]
    assert "+title: 我的铅笔" in saved["changed"]
    path = library.folder / "2023/2023-00001.yml"
    assert "别人的铅笔" in path.read_text()
    assert client.post("/api/save", request | {"expected": saved["digest"]}).json()["written"]
    assert "我的铅笔" in path.read_text()


def test_a_file_that_was_deleted_meanwhile_is_not_silently_back(client: Client, library: LibraryFolder) -> None:
    opened = client.get("/api/record?id=2023-00001").json()
    path = library.folder / "2023/2023-00001.yml"
    path.unlink()
    saved = client.post("/api/save", draft(opened, title="我的铅笔")).json()
    assert (saved["written"], saved["digest"]) == (False, "")
    assert saved["changed"]
    assert not path.exists()


def test_a_new_record_whose_id_was_taken_gets_the_next_one_with_its_pictures(
    client: Client, library: LibraryFolder
) -> None:
    opened = client.post("/api/new", {"year": "2023", "status": "nominated"}).json()
    assert opened["id"] == "2023-00002"
    added = client.upload("/api/picture?id=2023-00002&name=x.jpg", photo()).json()
    library.record("2023-00002", title="别人的")
    media = [{"file": added["file"], "alt": "一支铅笔", "caption": ""}]
    saved = client.post("/api/save", draft(opened, title="我的", place="东山县", media=media)).json()
    assert (saved["written"], saved["id"]) == (True, "2023-00003")
    assert "别人的" in (library.folder / "2023/2023-00002.yml").read_text()
    text = (library.folder / "2023/2023-00003.yml").read_text()
    name = added["file"].split("/")[1]
    assert "id: 2023-00003" in text
    assert f"file: 2023-00003/{name}" in text
    assert (library.folder / "2023/2023-00003" / name).is_file()
    assert not (library.folder / "2023/2023-00002").exists()
    assert library.check() == []


def test_a_picture_comes_in_clean_and_needs_words(client: Client, library: LibraryFolder) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (29.0, 30.0, 0.0)}
    exif[0x010F] = "SecretPhone"
    added = client.upload("/api/picture?id=2023-00001&name=IMG_2023.jpg", photo((2600, 400), exif=exif)).json()
    assert added["problem"] == ""
    assert any("地点" in note for note in added["notes"])
    content = (library.folder / "2023" / added["file"]).read_bytes()
    assert b"SecretPhone" not in content
    opened = client.get("/api/record?id=2023-00001").json()
    entry = {"file": added["file"], "alt": "", "caption": ""}
    saved = client.post("/api/save", draft(opened, media=[entry])).json()
    assert [found["path"] for found in saved["found"] if found["severity"] == "error"] == [["media", 0, "alt"]]
    entry["alt"] = "一支铅笔"
    assert client.post("/api/save", draft(opened, media=[entry])).json()["written"]
    client.server.api.desk.pictures.close()
    assert (library.folder / "2023" / added["file"]).is_file()


def test_a_picture_that_no_saved_record_names_is_taken_back(client: Client, library: LibraryFolder) -> None:
    before = tree(library.base)
    client.upload("/api/picture?id=2023-00001&name=a.jpg", photo())
    client.upload("/api/picture?id=2024-00001&name=a.jpg", photo((100, 100)))
    assert tree(library.base) != before
    client.server.api.desk.pictures.close()
    assert tree(library.base) == before
    assert not (library.folder / "2024/2024-00001").exists()


@pytest.mark.parametrize("content", [b"", b"not a picture", b"<svg/>", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused_with_a_reason(client: Client, library: LibraryFolder, content: bytes) -> None:
    before = tree(library.base)
    added = client.upload("/api/picture?id=2023-00001&name=a.jpg", content).json()
    assert added["file"] == ""
    assert added["problem"]
    assert tree(library.base) == before


def test_a_form_that_was_dropped_leaves_nothing_private_anywhere(
    client: Client, library: LibraryFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    document = Document(str(FORM))
    secrets = ["13912345678", "secret@example.org"]
    document.add_paragraph(f"联系电话：{secrets[0]}，邮箱 {secrets[1]}")
    source = tmp_path / "form.docx"
    document.save(str(source))
    before = tree(library.folder)
    answer = client.upload("/api/form?id=2023-00001&name=form.docx", source.read_bytes())
    read = answer.json()
    assert read["problem"] == ""
    assert read["value"]["title"] == "（示例）一种水泵叶轮快速拆装工具"
    assert [person["name"] for person in read["value"]["people"]] == ["示例甲", "示例乙", "示例丙"]
    assert {"舍去", "收录"} <= {finding["outcome"] for finding in read["findings"]}
    for secret in secrets:
        assert secret.encode() not in answer.content
    assert list(scratch.iterdir()) == []
    assert tree(library.folder) == before
    kept = "".join(client.server.api.desk.texts.values())
    assert not any(secret in kept for secret in secrets)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.exe", b"MZ", "只收申报表"),
        ("a.docx", b"PK\x03\x04broken", "没有读出内容"),
        ("a.docx", b"", "没有读出内容"),
        ("a.csv", "序号,项目名称,工作单位\n1,一种铅笔,某校\n".encode(), "不是一份申报表"),
    ],
)
def test_a_form_that_is_none_says_so(client: Client, name: str, content: bytes, word: str) -> None:
    read = client.upload(f"/api/form?id=2023-00001&name={name}", content).json()
    assert word in read["problem"]
    assert read["value"] == {}


def test_what_waits_for_a_person_is_shown_at_its_field_and_goes_when_settled(
    client: Client, library: LibraryFolder
) -> None:
    path = library.record("2023-00001", "# 待确认：原文「东山」（form.docx）\nkind:\n", unit="")
    opened = client.get("/api/record?id=2023-00001").json()
    assert opened["notes"] == [{"path": ["kind"], "text": "原文「东山」（form.docx）"}]
    assert client.post("/api/save", draft(opened, kind="设计")).json()["written"]
    assert "# 待确认：原文「东山」" in path.read_text()
    opened = client.get("/api/record?id=2023-00001").json()
    request = draft(opened) | {"settled": [opened["notes"][0]["text"]]}
    assert client.post("/api/save", request).json()["written"]
    assert "待确认" not in path.read_text()
    assert "kind: 设计" in path.read_text()


def test_a_record_that_no_form_can_show_is_mended_as_text(client: Client, library: LibraryFolder) -> None:
    path = library.write("2023/2023-00005.yml", "id: 2023-00005\ntitle: a: b\n")
    opened = client.get("/api/record?id=2023-00005").json()
    assert opened["form"] is False
    request = {"id": "2023-00005", "before": opened["before"], "expected": opened["digest"], "form": opened["text"]}
    checked = client.post("/api/check", request).json()
    assert [(found["line"], found["code"]) for found in checked["found"]] == [(2, "yaml-syntax")]
    text = library.record("2023-00006").read_text().replace("00006", "00005")
    assert client.post("/api/save", request | {"form": text.replace("\n", "\r\n")}).json()["written"]
    assert path.read_text() == text


def test_values_beyond_the_choices_stay_until_they_are_changed(client: Client, library: LibraryFolder) -> None:
    path = library.record("2023-00001", place="东山乡")
    opened = client.get("/api/record?id=2023-00001").json()
    basics = next(group for group in opened["groups"] if group["key"] == "basics")
    assert "东山乡" in basics["schema"]["properties"]["place"]["enum"]
    found = client.post("/api/check", draft(opened)).json()["found"]
    assert "区县" not in found[0]["message"]
    assert "地方「东山乡」不在方案中" in found[0]["message"]
    assert client.post("/api/save", draft(opened, place="东山县")).json()["written"]
    assert "place: 东山县" in path.read_text()


def test_the_list_is_searched_and_follows_what_was_saved(client: Client, library: LibraryFolder) -> None:
    library.record("2023-00002", title="ＡＢＣ 装置", unit="西山县医院")
    library.record("2023-00003", award="丙等")
    client.server.api.catalogue.refresh()

    def ids(query: str) -> list[str]:
        return [line["id"] for line in client.get(f"/api/records?{query}").json()["records"]]

    assert ids("") == ["2023-00003", "2023-00002", "2023-00001"]
    assert ids("q=abc") == ["2023-00002"]
    assert ids("q=%E8%A5%BF%E5%B1%B1%E5%8E%BF%E5%8C%BB%E9%99%A2") == ["2023-00002"]
    assert ids("only=errors") == ["2023-00003"]
    assert ids("year=2024") == []
    opened = client.get("/api/record?id=2023-00002").json()
    client.post("/api/save", draft(opened, title="新的名称"))
    assert ids("q=%E6%96%B0%E7%9A%84%E5%90%8D%E7%A7%B0") == ["2023-00002"]


def test_the_library_of_forms_is_the_file_that_its_note_names() -> None:
    import hashlib

    folder = ROOT / "generator/editing/client/vendor"
    digest = hashlib.sha256((folder / "jsoneditor.js").read_bytes()).hexdigest()
    assert digest in (folder / "README.md").read_text()
    assert "MIT License" in (folder / "LICENSE.txt").read_text()
