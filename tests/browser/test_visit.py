"""A visitor's walk through the real records: home, district, search, case; with a script and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.reading import read_library
from generator.server import SiteServer
from generator.site import BuildOptions, build_site
from generator.site_options import SiteOptions

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the site of the real records, under the policy it is written for."""
    import threading

    base = tmp_path_factory.mktemp("real")
    library, found = read_library(ROOT / "cases", ROOT, cache=base / "cache")
    assert library is not None, [d.text() for d in found]
    build_site(library, BuildOptions(base / "site", [ROOT / "theme"], base / "cache"))
    server = SiteServer(0, base / "site")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.address
    server.shutdown()
    server.server_close()


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A page that may ask nothing of another origin."""
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: m.type == "error" and faults.append(m.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert faults == []


def test_from_the_home_page_to_a_case_by_its_district(page: Page, address: str) -> None:
    page.goto(address)
    expect(page).to_have_title("岗位创新优秀案例数据库")
    page.locator('a[href="districts/wushan.html"]').first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("巫山县")
    page.get_by_role("link", name="中药材烘干及晾晒装置").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("中药材烘干及晾晒装置")
    expect(page.get_by_text("三等奖").first).to_be_visible()
    expect(page.get_by_text("刘彬彬").first).to_be_visible()
    source = page.get_by_role("link", name="获奖名单").first
    assert source.get_attribute("href") == "https://bbs.xinwushan.cn/T-2633081-1.html"


@pytest.mark.parametrize("page", [True], indirect=True, ids=["script"])
def test_four_characters_from_the_middle_of_a_title_lead_to_the_case(page: Page, address: str) -> None:
    page.goto(f"{address}search.html")
    page.get_by_label("检索案例").fill("英语教学")
    page.keyboard.press("Enter")
    result = page.locator("case-search").get_by_role("link", name="一种多角度展示的英语教学用书写装置")
    expect(result).to_be_visible()
    assert "q=%E8%8B%B1%E8%AF%AD%E6%95%99%E5%AD%A6" in page.url
    result.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("英语教学")


@pytest.mark.parametrize("page", [True], indirect=True, ids=["script"])
@pytest.mark.parametrize(
    ("query", "count"),
    [("q=装置", 4), ("q=装置&award=second", 1), ("q=装置&award=second&award=third", 4), ("district=wushan", 6)],
)
def test_the_state_of_a_search_stands_in_its_address(page: Page, address: str, query: str, count: int) -> None:
    page.goto(f"{address}search.html?{query}")
    expect(page.locator("case-search .case-hits > li")).to_have_count(count)


@pytest.mark.parametrize("page", [False], indirect=True, ids=["no-script"])
def test_without_a_script_the_search_page_leads_on(page: Page, address: str) -> None:
    page.goto(f"{address}search.html")
    page.locator("summary", has_text="按区县").click()
    page.locator("main").get_by_role("link", name="巫山县").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("巫山县")


def test_a_portable_site_is_searched_from_a_disk(browser: Browser, tmp_path: Path) -> None:
    library, _ = read_library(ROOT / "cases", ROOT, cache=tmp_path / "cache")
    assert library is not None
    options = BuildOptions(tmp_path / "site", [ROOT / "theme"], tmp_path / "cache", site=SiteOptions(portable=True))
    build_site(library, options)
    page = browser.new_page()
    page.goto(f"{(tmp_path / 'site').resolve().as_uri()}/search.html?q=英语教学")
    expect(page.locator("case-search .case-hits > li")).to_have_count(1)
    page.close()
