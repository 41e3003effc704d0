"""A district editor at work: finds a record, reads a message, mends it, looks at the page, saves; from a form, too."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from playwright.sync_api import Browser, Locator, Page, expect

from generator.editing.editor import Editor
from tests.browser.shots import MODES
from tests.browser.test_theme import ALL, ROOT
from tests.conftest import LibraryFolder
from tests.editing.conftest import photo
from tests.test_further_fields import FIELDS
from tests.test_shell import CONFIG


@pytest.fixture
def editor(library: LibraryFolder) -> Iterator[Editor]:
    library.record("2023-00001", title="自动换针架", people="[{name: 张三, role: lead}, {name: 李四, role: member}]")
    library.record("2023-00002", title="一种橡皮", unit="西山县第二小学")
    (library.base / "docs").mkdir()
    (library.base / "docs/about.md").write_text("# 关于\n")
    (library.base / "mkdocs.yml").write_text(CONFIG.format(url="https://example.org/", theme=ROOT / "theme"))
    editor = Editor(library.base / "mkdocs.yml", 0)
    threading.Thread(target=editor.run, daemon=True).start()
    yield editor
    editor.close()


@pytest.fixture
def page(editor: Editor, browser: Browser) -> Iterator[Page]:
    """A page that was opened by the printed address, may ask nothing of another origin and has no fault."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    faults: list[str] = []
    asked: list[str] = []
    page.on("console", lambda m: m.type == "error" and "409" not in m.text and faults.append(m.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(editor.address)
    yield page
    context.close()
    assert faults == []
    assert [url for url in asked if not url.startswith((editor.server.session.origin, "blob:"))] == []


def open_record(page: Page, editor: Editor, case_id: str) -> None:
    page.goto(f"{editor.server.session.origin}/#{case_id}")
    expect(page.locator(".edit-record-file")).to_contain_text(case_id)
    expect(page.locator(".edit-findings-state")).to_have_attribute("data-kind", "good")


def drop(page: Page, name: str, content: bytes) -> None:
    """Drops a file on the page as a hand would."""
    page.evaluate(
        """([name, content]) => {
          const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0))
          const data = new DataTransfer()
          data.items.add(new File([bytes], name))
          for (const kind of ["dragover", "drop"]) {
            const place = document.querySelector(".edit-row") ?? document.body
            place.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }))
          }
        }""",
        [name, base64.b64encode(content).decode()],
    )


def title_of(page: Page) -> Locator:
    return page.locator("#record").get_by_label("项目名称")


def field(page: Page, label: str) -> Locator:
    return page.locator(".edit-field").filter(has=page.locator(f"label:text('{label}')")).first


def test_from_the_list_to_a_message_to_a_saved_file(page: Page, editor: Editor, library: LibraryFolder) -> None:
    assert "token" not in page.url
    expect(page.locator(".edit-records li")).to_have_count(2)
    page.get_by_label("项目名称、工作单位、完成人或编号").fill("第二小学")
    expect(page.locator(".edit-records li")).to_have_count(1)
    page.get_by_label("项目名称、工作单位、完成人或编号").fill("换针")
    page.get_by_role("link", name="自动换针架").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("自动换针架")
    preview = page.frame_locator("iframe")
    expect(preview.get_by_role("heading", level=1)).to_have_text("自动换针架")
    expect(page.locator("#save-state")).to_have_text("")

    title = title_of(page)
    title.fill("")
    message = "缺少必填字段「项目名称」"
    expect(field(page, "项目名称").locator(".edit-message")).to_contain_text(message)
    expect(page.locator(".edit-finding").filter(has_text=message)).to_be_visible()
    expect(title).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#save-state")).to_contain_text("没有保存")
    expect(title).to_be_focused()
    path = library.folder / "2023/2023-00001.yml"
    assert "自动换针架" in path.read_text()

    title.fill("手推换针架")
    expect(page.locator(".edit-findings-state")).to_have_text("可以保存")
    expect(title).not_to_have_attribute("aria-invalid", "true")
    expect(preview.get_by_role("heading", level=1)).to_have_text("手推换针架")
    page.get_by_label("背景").fill("从前。\n\n- 一座山\n- 一座庙")
    expect(preview.locator(".case-prose li")).to_have_text(["一座山", "一座庙"])
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#save-state")).to_contain_text("已保存到 cases/2023/2023-00001.yml")
    assert "title: 手推换针架\n" in path.read_text()
    assert "  background: |\n    从前。\n\n    - 一座山\n    - 一座庙\n" in path.read_text()
    assert library.check() == []
    page.reload()
    expect(title_of(page)).to_have_value("手推换针架")
    expect(page.locator("#save-state")).to_have_text("")


def test_people_are_added_moved_and_taken_away(page: Page, editor: Editor, library: LibraryFolder) -> None:
    open_record(page, editor, "2023-00001")
    group = page.locator("#group-people")
    group.get_by_role("button", name="添加完成人").click()
    rows = group.get_by_role("group")
    expect(rows).to_have_count(3)
    rows.nth(2).get_by_label("姓名").fill("王五")
    expect(rows.nth(2).get_by_label("作用")).to_have_value("member")
    rows.nth(2).get_by_role("button", name="上移").click()
    expect(rows.nth(1).get_by_label("姓名")).to_have_value("王五")
    rows.nth(2).get_by_role("button", name="删去").click()
    expect(group.locator(".edit-row:visible")).to_have_count(2)
    page.keyboard.press("Control+s")
    expect(page.locator("#save-state")).to_contain_text("已保存")
    text = (library.folder / "2023/2023-00001.yml").read_text()
    assert "people:\n  - {name: 张三, role: lead}\n  - {name: 王五, role: member}\n" in text


def test_a_new_record_from_a_dropped_form(page: Page, editor: Editor, library: LibraryFolder, tmp_path: Path) -> None:
    page.get_by_role("button", name="新建记录").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("哪一届").select_option("2023")
    dialog.get_by_label("推荐").check()
    dialog.get_by_role("button", name="开始填写").click()
    expect(page.locator(".edit-record-file")).to_contain_text("2023-00003")
    # Nothing is called wrong that nobody has come to yet.
    expect(page.locator(".edit-findings-state")).to_have_attribute("data-kind", "empty")
    expect(page.locator(".edit-message:visible")).to_have_count(0)
    document = Document(str(ROOT / "tests/importers/forms/filled-example.docx"))
    document.add_paragraph("联系电话：13912345678")
    document.save(str(tmp_path / "form.docx"))
    drop(page, "申报表.docx", (tmp_path / "form.docx").read_bytes())
    expect(dialog).to_contain_text("从申报表读到的内容")
    expect(dialog).to_contain_text("一种水泵叶轮快速拆装工具")
    expect(dialog).not_to_contain_text("13912345678")
    dialog.get_by_role("button", name="去核对").click()
    expect(title_of(page)).to_have_value("（示例）一种水泵叶轮快速拆装工具")
    expect(page.locator("#group-people .edit-row:visible")).to_have_count(3)
    page.get_by_label("地方").select_option("西山县")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#save-state")).to_contain_text("已保存到 cases/2023/2023-00003.yml")
    text = (library.folder / "2023/2023-00003.yml").read_text()
    assert "status: nominated" in text
    assert "示例乙" in text
    assert "13912345678" not in text
    assert page.url.endswith("#2023-00003")


def test_a_form_fills_only_what_is_empty(page: Page, editor: Editor, tmp_path: Path) -> None:
    open_record(page, editor, "2023-00002")
    drop(page, "a.docx", (ROOT / "tests/importers/forms/filled-example.docx").read_bytes())
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("没有改动的：项目名称、工作单位")
    dialog.get_by_role("button", name="去核对").click()
    expect(title_of(page)).to_have_value("一种橡皮")
    expect(page.get_by_label("背景")).to_have_value(re.compile("^示例水务有限公司现有离心水泵"))


def test_a_picture_is_dropped_shown_and_asked_for_its_words(page: Page, editor: Editor, library: LibraryFolder) -> None:
    open_record(page, editor, "2023-00001")
    drop(page, "照片.jpg", photo())
    group = page.locator("#group-media")
    words = group.get_by_label("替代文字")
    expect(words).to_be_focused()
    expect(page.locator(".edit-finding").filter(has_text="替代文字")).to_be_visible()
    picture = group.locator(".edit-thumb img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    words.fill("一个换针架的正面")
    expect(page.frame_locator("iframe").get_by_alt_text("一个换针架的正面").first).to_be_visible()
    image = page.frame_locator("iframe").get_by_alt_text("一个换针架的正面").first
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#save-state")).to_contain_text("已保存")
    assert "alt: 一个换针架的正面" in (library.folder / "2023/2023-00001.yml").read_text()
    drop(page, "坏.jpg", b"no picture")
    expect(page.get_by_role("dialog")).to_contain_text("没有读入 坏.jpg")


def test_a_file_that_changed_meanwhile_is_shown_and_not_lost(
    page: Page, editor: Editor, library: LibraryFolder
) -> None:
    open_record(page, editor, "2023-00002")
    title_of(page).fill("我的橡皮")
    path = library.record("2023-00002", title="别人的橡皮")
    page.get_by_role("button", name="保存").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("-title: 别人的橡皮")
    expect(dialog).to_contain_text("+title: 我的橡皮")
    dialog.get_by_role("button", name="先不保存").click()
    assert "别人的橡皮" in path.read_text()
    page.get_by_role("button", name="保存").click()
    dialog.get_by_role("button", name="用我的内容覆盖").click()
    expect(page.locator("#save-state")).to_contain_text("已保存")
    assert "我的橡皮" in path.read_text()
    path.write_text(path.read_text().replace("我的橡皮", "又改了"))
    title_of(page).fill("再来")
    page.get_by_role("button", name="保存").click()
    dialog.get_by_role("button", name="放弃我的改动，重新打开").click()
    expect(title_of(page)).to_have_value("又改了")


def test_leaving_with_unsaved_changes_asks_first(page: Page, editor: Editor) -> None:
    open_record(page, editor, "2023-00002")
    title_of(page).fill("我的橡皮")
    page.get_by_role("link", name="记录目录").click()
    page.get_by_role("dialog").get_by_role("button", name="留下").click()
    expect(title_of(page)).to_have_value("我的橡皮")
    page.get_by_role("link", name="记录目录").click()
    page.get_by_role("dialog").get_by_role("button", name="不保存，离开").click()
    expect(page.locator(".edit-records li")).to_have_count(2)


def test_a_broken_record_is_mended_as_text(page: Page, editor: Editor, library: LibraryFolder) -> None:
    text = library.record("2023-00004").read_text()
    path = library.write("2023/2023-00004.yml", text.replace("title: ", "title: 一: "))
    page.goto(f"{editor.server.session.origin}/#2023-00004")
    area = page.get_by_label("记录的文本")
    expect(page.locator(".edit-finding")).to_contain_text("这里不能再有冒号")
    area.fill(area.input_value().replace("title: 一: ", "title: "))
    expect(page.locator(".edit-findings-state")).to_have_attribute("data-kind", "good")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#save-state")).to_contain_text("已保存")
    assert path.read_text() == text
    page.get_by_role("button", name="回到表单").click()
    expect(title_of(page)).to_have_value("一种铅笔")


def test_everything_can_be_done_with_the_keyboard(page: Page, editor: Editor, library: LibraryFolder) -> None:
    page.locator(".edit-records li").first.wait_for()
    page.locator("#main").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("公示").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("新记录")
    page.get_by_role("link", name="记录目录").press("Enter")
    page.locator(".edit-records li").first.wait_for()
    page.locator("#new").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.type("换针")
    expect(page.locator(".edit-records li")).to_have_count(1)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    seen: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement.labels?.[0]?.firstChild.textContent ?? document.activeElement.textContent"
        )
        seen.add(name.strip()[:12])
    assert {"状态", "项目名称", "工作单位", "种类", "姓名", "删去", "背景", "添加图片或视频", "添加专利"} <= seen
    title_of(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("键盘换针架")
    page.keyboard.press("Control+s")
    expect(page.locator("#save-state")).to_contain_text("已保存")
    assert "键盘换针架" in (library.folder / "2023/2023-00001.yml").read_text()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_of_the_editor_keeps_anyone_out(page: Page, editor: Editor, width: int, mode: str) -> None:
    page.emulate_media(color_scheme="dark" if mode == "dark" else "light")
    assert mode in MODES
    page.set_viewport_size({"width": width, "height": 900})

    def faults() -> list[str]:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, options=ALL).response["violations"]
        return [f"{one['id']}: {json.dumps(one['nodes'], ensure_ascii=False)[:400]}" for one in found]

    page.locator(".edit-records li").first.wait_for()
    assert faults() == []
    page.get_by_role("button", name="新建记录").click()
    assert faults() == []
    page.keyboard.press("Escape")
    open_record(page, editor, "2023-00001")
    drop(page, "a.jpg", photo())
    page.locator("#group-media .edit-thumb img").wait_for()
    page.locator(".edit-messages .edit-message").first.wait_for()
    assert faults() == []
    if width == 390:
        for name in ("检查", "预览"):
            page.locator(".edit-panes").get_by_role("button", name=name).click()
            assert faults() == []


def test_lists_and_groups_of_the_scheme_are_filled_in_item_by_item(library: LibraryFolder, browser: Browser) -> None:
    path = library.folder / "scheme.yml"
    path.write_text(path.read_text() + FIELDS)
    library.record("2023-00001", text="words: [换针]\n")
    (library.base / "mkdocs.yml").write_text(CONFIG.format(url="https://example.org/", theme=ROOT / "theme"))
    (library.base / "docs").mkdir()
    editor = Editor(library.base / "mkdocs.yml", 0)
    threading.Thread(target=editor.run, daemon=True).start()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(editor.address)
    open_record(page, editor, "2023-00001")
    page.get_by_role("button", name="添加关键词").click()
    page.get_by_label("关键词 2").fill("省力")
    page.get_by_role("button", name="添加效益").click()
    page.get_by_label("年份").fill("2022")
    page.get_by_role("button", name="添加用具").click()
    page.get_by_label("用具 1").select_option("锤子")
    page.keyboard.press("Control+s")
    expect(page.locator("#save-state")).to_contain_text("已保存")
    text = (library.folder / "2023/2023-00001.yml").read_text("utf-8")
    assert "words:\n  - 换针\n  - 省力\n" in text
    assert "tools:\n  - 锤子\n" in text
    assert "benefits:\n  - year: 2022\n" in text
    page.close()
    editor.close()
