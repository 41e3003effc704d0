"""An editor saves records while a page is open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.preview.serving import Preview
from tests.conftest import LibraryFolder
from tests.test_shell import CONFIG, ROOT


@pytest.fixture
def preview(library: LibraryFolder) -> Iterator[Preview]:
    library.record("2023-00001", title="自动换针架")
    (library.base / "mkdocs.yml").write_text(CONFIG.format(url="''", theme=ROOT / "theme"))
    (library.base / "docs").mkdir()
    (library.base / "docs/about.md").write_text("# 关于\n")
    said: list[str] = []
    preview = Preview(library.base / "mkdocs.yml", 8400, said.append)
    preview.start()
    watcher = threading.Thread(target=preview.watch, daemon=True)
    watcher.start()
    yield preview
    preview.stop()
    watcher.join(10)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_a_saved_record_shows_and_a_broken_one_is_named_over_the_last_good_page(
    preview: Preview, library: LibraryFolder, browser: Browser
) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("console", lambda m: m.type == "error" and faults.append(m.text))
    page.goto(f"{preview.address}cases/2023-00001.html")
    heading(page, "自动换针架")
    library.record("2023-00001", title="手推换针架")
    heading(page, "手推换针架")
    library.record("2023-00001", title="手推换针架", award="丙等")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("cases/2023/2023-00001.yml:5:8: 错误：奖项「丙等」不在方案中")
    heading(page, "手推换针架")
    library.record("2023-00001", title="脚踏换针架")
    heading(page, "脚踏换针架")
    expect(alert).to_have_count(0)
    assert faults == []
    page.close()


def test_a_saved_record_shows_before_the_site_is_built(
    preview: Preview, library: LibraryFolder, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = threading.Event()
    monkeypatch.setattr(preview, "_build", lambda change: called.set())
    page = browser.new_page()
    page.goto(f"{preview.address}cases/2023-00001.html")
    library.record("2023-00001", title="手推换针架", unit="西山县医院")
    heading(page, "手推换针架")
    expect(page.locator(".case-by")).to_contain_text("西山县医院")
    assert called.wait(5)
    assert "自动换针架" in (library.base / "site/cases/2023-00001.html").read_text()
    library.record("2023-00001", title="手推换针架", award="丙等")
    expect(page.get_by_role("alert")).to_contain_text("奖项「丙等」不在方案中")
    heading(page, "手推换针架")
    library.record("2023-00002", title="新的记录")
    page.goto(f"{preview.address}cases/2023-00002.html")
    heading(page, "新的记录")
    page.close()


def test_a_page_that_stays_the_same_is_not_loaded_again(
    preview: Preview, library: LibraryFolder, browser: Browser
) -> None:
    page = browser.new_page()
    page.goto(f"{preview.address}about.html")
    page.evaluate("window.here = true")
    library.record("2023-00001", title="手推换针架")
    while "手推换针架" not in (library.base / "site/cases/2023-00001.html").read_text():
        page.wait_for_timeout(100)
    page.wait_for_timeout(500)
    assert page.evaluate("window.here")
    page.close()


def test_a_library_that_is_broken_from_the_start_says_so(library: LibraryFolder, tmp_path: Path) -> None:
    from generator.shell import ShellError

    library.record(award="丙等")
    (library.base / "mkdocs.yml").write_text(CONFIG.format(url="''", theme=ROOT / "theme"))
    (library.base / "docs").mkdir()
    with pytest.raises(ShellError, match="奖项「丙等」不在方案中"):
        Preview(library.base / "mkdocs.yml", 8400, print).start()
