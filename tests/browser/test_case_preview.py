"""The list that leads a preview, and the guide for editors, for everyone: by axe, and on a narrow screen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from generator.preview.site import write_preview
from generator.shell import Shell
from tests.browser.shots import MODES, context_of, served
from tests.browser.test_theme import ALL, CHOOSE, COLOURS, overflow, violations, watch

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A preview of two real cases below /preview/, the site with the guide beside it."""
    base = tmp_path_factory.mktemp("project")
    for name in ("cases", "docs", "theme"):
        shutil.copytree(ROOT / name, base / name)
    shutil.copy(ROOT / "mkdocs.yml", base)
    shell = Shell(base / "mkdocs.yml")
    shell.build()
    library, options = shell.ready()
    write_preview(library, options, ["2023-00001", "2023-00002"], base / "shown/preview")
    shutil.copytree(base / "site", base / "shown/site")
    with served(base / "shown") as found:
        yield found


@pytest.mark.parametrize("width", ["390", "1440"])
@pytest.mark.parametrize("path", ["preview/index.html", "site/guide-editors.html"])
def test_the_page_is_accessible_in_every_mode(browser: Browser, address: str, path: str, width: str) -> None:
    with context_of(browser, width, "light") as context:
        page = context.new_page()
        faults = watch(page)
        page.goto(address + path)
        for mode, choice in MODES.items():
            page.evaluate(CHOOSE, list(choice))
            assert violations(page, ALL if mode in ("light", "large") else COLOURS) == [], mode
            assert overflow(page) <= 0, mode
        assert faults == []


def test_the_list_leads_to_the_pages_and_the_states_are_told(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + "preview/index.html")
    assert page.get_by_role("heading", level=2).all_inner_texts()[0] == "状态：公布"
    page.get_by_role("link", name="间歇性经口至食管管饲法").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("间歇性经口至食管管饲法")
    page.close()
