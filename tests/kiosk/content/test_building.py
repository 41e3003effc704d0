"""What `caselib kiosk build` writes: whole, the same every time, nothing that leads away."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from generator.cli import caselib
from tests.conftest import SCHEME, THEME, LibraryFolder
from tests.kiosk.content.conftest import BARE, REVOKED, SETTINGS, build, write_sample


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def start_of(folder: Path) -> dict[str, object]:
    found = re.search(r'data-start="([^"]+)"', (folder / "index.html").read_text("utf-8"))
    assert found is not None
    start: dict[str, object] = json.loads((folder / found.group(1)).read_bytes())
    return start


def test_the_same_library_gives_the_same_bytes_without_any_memory(sample: Path, tmp_path: Path) -> None:
    write_sample(tmp_path)
    assert files_of(build(tmp_path)) == files_of((sample / "kiosk").resolve())


def test_a_changed_record_gives_another_version_and_leaves_the_earlier_build(tmp_path: Path) -> None:
    write_sample(tmp_path)
    first = build(tmp_path)
    before = json.loads((first / "kiosk.json").read_bytes())
    record = tmp_path / f"cases/2023/{BARE}.yml"
    record.write_text(record.read_text("utf-8").replace("只有名称的项目", "换了名称的项目"), "utf-8")
    second = build(tmp_path)
    after = json.loads((second / "kiosk.json").read_bytes())
    assert before["version"] != after["version"]
    assert first != second and first.is_dir()
    assert after["version"] in (second / "index.html").read_text("utf-8")
    assert build(tmp_path) == second


def test_the_description_says_what_the_server_needs(sample: Path) -> None:
    about = json.loads((sample / "kiosk/kiosk.json").read_bytes())
    assert about["format"] == 1
    assert about["cases"] == 61
    assert about["idle"] == {"after": 2, "countdown": 2}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", about["date"])
    assert re.fullmatch("[0-9a-f]{16}", about["version"])


def test_a_revoked_case_is_nowhere_in_the_showcase(sample: Path) -> None:
    texts = [body for name, body in files_of((sample / "kiosk").resolve()).items() if name.endswith((".json", ".html"))]
    assert not any(REVOKED.encode() in text or "已撤销的项目".encode() in text for text in texts)
    assert any(BARE.encode() in text for text in texts)


def test_nothing_in_the_page_and_the_data_leads_away(sample: Path) -> None:
    for name, body in files_of((sample / "kiosk").resolve()).items():
        if name.endswith((".html", ".json")):
            text = body.decode()
            assert "<a " not in text and "<form" not in text and "target=" not in text, name
            assert not re.search(r'(src|href)="(https?:)?//', text), name
        if name.endswith(".html"):
            assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", body.decode()), name


def test_columns_and_order_agree_with_the_cards(sample: Path) -> None:
    folder = (sample / "kiosk").resolve()
    start = start_of(folder)
    total, data = int(str(start["total"])), folder / str(start["data"])
    cards = [card for n in range(-(-total // 48)) for card in json.loads((data / f"cards/{n}.json").read_bytes())]
    dimensions = start["dimensions"]
    assert isinstance(dimensions, list)
    columns = np.frombuffer((data / "columns.bin").read_bytes(), "<u2").reshape(len(dimensions) + 1, total)
    assert columns[:-1].T.tolist() == [[term + 1 for term in card["terms"]] for card in cards]
    order = np.frombuffer((data / "order.bin").read_bytes(), "<u4")
    assert [cards[place]["id"] for place in order] == sorted(card["id"] for card in cards)


def test_the_keyboard_is_the_file_that_its_note_names() -> None:
    import hashlib

    folder = THEME / "kiosk/client/vendor"
    digest = hashlib.sha256((folder / "simple-keyboard.js").read_bytes()).hexdigest()
    assert digest in (folder / "README.md").read_text()
    assert "MIT License" in (folder / "LICENSE.txt").read_text()


def run(base: Path, *more: str, site: str = "https://example.org/") -> tuple[int, str]:
    (base / "mkdocs.yml").write_text(
        f"site_name: 小库\nsite_url: {site}\nuse_directory_urls: false\n"
        f"theme: {{name: material, custom_dir: {THEME}, language: zh, font: false}}\nplugins: [caselib]\n",
        "utf-8",
    )
    (base / "docs").mkdir(exist_ok=True)
    (base / "docs/index.md").write_text("# 首页\n", "utf-8")
    told = ["kiosk", "build", "--config", str(base / "mkdocs.yml"), "--output", str(base / "kiosk"), *more]
    result = CliRunner().invoke(caselib, told)
    return result.exit_code, result.output


def test_a_playlist_that_names_a_case_that_cannot_be_shown_is_built_without_it(library: LibraryFolder) -> None:
    library.record("2023-00001")
    library.record("2023-00002", status="revoked", text="changes: [{date: 2024-01-05, what: 撤销, why: 复核}]\n")
    library.write("kiosk.yml", "playlist:\n  ids: [2023-00001, 2023-00002, 2023-00011]\n")
    code, said = run(library.base)
    assert code == 0
    lines = [line for line in said.splitlines() if "kiosk-case" in line]
    assert ["cases/kiosk.yml:2:21:" in lines[0], "已经撤销" in lines[0]] == [True, True]
    assert ["cases/kiosk.yml:2:33:" in lines[1], "是否应为「2023-00001」" in lines[1]] == [True, True]
    assert [card["id"] for card in start_of((library.base / "kiosk").resolve())["playlist"]] == ["2023-00001"]  # type: ignore[attr-defined]


def test_mistakes_in_the_settings_are_told_all_at_once_and_what_stands_stays(library: LibraryFolder) -> None:
    library.record("2023-00001")
    assert run(library.base)[0] == 0
    before = files_of((library.base / "kiosk").resolve())
    library.write(
        "kiosk.yml",
        'screen: {hight: 1920}\nhours: {open: "18:00", close: "9:00"}\nplaylist: {count: 0}\n',
    )
    code, said = run(library.base)
    assert code == 1
    assert "没有字段「hight」" in said and "是否应为「height」" in said
    assert "close" in said and "count" in said
    assert "Traceback" not in said
    library.write("kiosk.yml", "playlist: {awards: [甲]}\nstory: {problem: [backgroud]}\nproblem: kind\n")
    code, said = run(library.base)
    assert code == 1
    assert "奖项「甲」不存在" in said and "是否应为「甲等」" in said and "是否应为「background」" in said
    assert "role 为 method 的维度「kind」不存在" in said
    assert files_of((library.base / "kiosk").resolve()) == before


def taken_home(base: Path) -> tuple[str, bool]:
    """The address of the first case on its public page, and whether there is a code of it."""
    folder = (base / "kiosk").resolve()
    story = json.loads((folder / str(start_of(folder)["data"]) / "stories/0.json").read_bytes())[0]
    return story["address"], bool(story["qr"])


def test_the_public_address_is_the_setting_s_else_the_site_s_and_its_absence_is_told(library: LibraryFolder) -> None:
    library.record("2023-00001")
    said = run(library.base)[1]
    assert taken_home(library.base) == ("https://example.org/cases/2023-00001.html", True)
    assert "没有网站的公开网址" not in said
    library.write("kiosk.yml", "site: https://museum.example.org/cx\n")
    run(library.base)
    assert taken_home(library.base) == ("https://museum.example.org/cx/cases/2023-00001.html", True)
    library.write("kiosk.yml", "site: 网站\n")
    code, said = run(library.base)
    assert code == 1 and "cases/kiosk.yml:1:7:" in said
    library.write("kiosk.yml", "idle: {after: 60}\n")
    code, said = run(library.base, site="")
    assert code == 0 and taken_home(library.base) == ("", False)
    assert "没有网站的公开网址" in said and "cases/kiosk.yml 写 site" in said


def test_closing_before_opening_is_a_mistake(library: LibraryFolder) -> None:
    library.record("2023-00001")
    library.write("kiosk.yml", 'hours: {open: "17:00", close: "09:00"}\n')
    code, said = run(library.base)
    assert (code, "闭馆时间 09:00 不在开馆时间 17:00 之后" in said) == (1, True)


def test_a_finding_of_the_check_lets_kiosk_yml_lie_beside_the_scheme(library: LibraryFolder) -> None:
    library.record("2023-00001")
    library.write("kiosk.yml", SETTINGS)
    assert library.check() == []


def test_the_examples_of_the_guide_are_settings_that_the_library_takes(tmp_path: Path) -> None:
    import shutil

    from generator.kiosk.settings import read_settings
    from generator.reading import read_library

    root = Path(__file__).parents[3]
    shutil.copytree(root / "cases", tmp_path / "cases")
    library, _ = read_library(tmp_path / "cases", tmp_path)
    assert library is not None
    blocks = re.findall(r"```yaml\n(.*?)```", (root / "docs/kiosk.md").read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 7
    for block in blocks:
        (tmp_path / "cases/kiosk.yml").write_text(block, "utf-8")
        settings, found = read_settings(library, tmp_path)
        assert settings is not None and found == [], block
    (tmp_path / "cases/kiosk.yml").write_bytes((root / "cases/kiosk.yml").read_bytes())
    assert read_settings(library, tmp_path)[1] == []


def test_a_second_title_comes_from_a_field_of_the_scheme(library: LibraryFolder) -> None:
    library.write("scheme.yml", SCHEME + "fields: [{key: title_en, label: 英文名称, type: text}]\n")
    library.record("2023-00001", title_en="A pencil")
    library.record("2023-00002")
    library.write("kiosk.yml", "title: {field: title_en, lang: en}\n")
    assert run(library.base)[0] == 0
    start = start_of((library.base / "kiosk").resolve())
    cards = start["playlist"]
    assert start["second"] == "en"
    assert {card["id"]: card.get("second") for card in cards} == {"2023-00001": "A pencil", "2023-00002": None}  # type: ignore[attr-defined]
    library.write("kiosk.yml", "title: {field: titel_en, lang: en}\n")
    code, said = run(library.base)
    assert (code, "是否应为「title_en」" in said) == (1, True)
