"""Every kind of page in real Chromium: for everyone, in every mode, at every width, with and without scripts."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page

from generator.shell import Shell
from tests.browser.shots import MODES, InPieces, context_of, pages_of, served
from tests.samples.library import write_library
from tests.samples.pictures import picture
from tests.test_media import mp4

KINDS = [
    *("home", "search", "missing", "prose", "years", "year", "year-2", "categories", "districts", "awards", "kinds"),
    *("term", "term-empty", "case", "case-bare", "case-pictures", "case-revoked", "long", "methods"),
    *("changes", "notice"),
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ONLY = {"resultTypes": ["violations"], "elementRef": False, "iframes": False}
ALL = ONLY | {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}
COLOURS = ONLY | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Rows of a list are alike: a few are enough to look at.
SHORTEN = """() => document.querySelectorAll(".case-row:nth-child(n + 6), .case-bars tr:nth-child(n + 8)")
  .forEach(row => row.remove())"""
BUDGET = 60_000  # bytes, compressed, of a first visit to a case page without its pictures

CHOOSE = """([theme, size]) => {
  document.querySelector(`#theme-${theme}`).checked = true
  document.querySelector("#size-large").checked = size === "large"
  document.querySelector(".case-read").dispatchEvent(new Event("change"))
}"""


ROOT = Path(__file__).parents[2]
CONFIG = f"""\
site_name: 小库
site_url: https://example.org/
use_directory_urls: false
theme: {{name: material, custom_dir: {ROOT / "theme"}, language: zh, font: false}}
plugins:
  - caselib:
      edit_address: "https://example.org/edit/{{id}}"
      report_address: "https://example.org/report?id={{id}}"
      footer: [{{label: 备案, text: 渝ICP备00000000号, address: "https://example.org/beian"}}]
markdown_extensions: [admonition, attr_list, footnotes, tables]
"""
PROSE = """\
# 说明

一段话，有[链接](index.html)、`代码`和脚注[^1]。

## 表格

| 项目 | 数目 |
|---|---|
| 甲 | 1 |

!!! note "提示"
    一条提示。

[^1]: 脚注的话。
"""
# A revoked record, and one in which everything is too long.
REVOKED = """\
id: 2023-09001
title: 已撤销的项目
year: 2023
district: 万州区
award: 三等奖
status: revoked
sources: [{title: 公告, address: "https://example.org/notice", date: 2023-09-02}]
changes: [{date: 2024-01-05, what: 撤销公布, why: 经复核不符合条件}]
sample: true
"""
LONG = "2023-09002"
NOMINEE = """\
id: 2023-09003
title: 公示中的项目
year: 2023
district: 万州区
unit: 万州区第一小学
people: [{name: 张三, role: lead}]
status: notice
sample: true
"""


MANY = 30


def _long_record() -> str:
    media = "".join(f"  - {{file: {LONG}/{n}.png, alt: 第 {n} 张, caption: {'图注' * 20}}}\n" for n in range(MANY))
    people = "".join(f"  - {{name: 张{chr(0x4E00 + 7 * n)}, role: {'member' if n else 'lead'}}}\n" for n in range(40))
    return (
        f"id: {LONG}\ntitle: {'一种很长的装置' * 14}{'A' * 100}\nyear: 2023\n"
        "kind: 小发明\ncategory: 其他\ndistrict: 万州区\n"
        f"award: 一等奖\nunit: {'很长的单位名称' * 8}\npeople:\n{people}summary: {'W' * 100}\nbody:\n  background: |\n"
        f"    ## 标题不在它的级别\n\n    {'x' * 100} 与 <https://example.org/{'y' * 100}>\n\n"
        "    | 一 | 二 | 三 | 四 | 五 | 六 |\n    |---|---|---|---|---|---|\n"
        f"    | {'很长的格子' * 4} | b | c | d | e | {'f' * 60} |\n\n        {'代码 ' * 40}\n"
        "sources: [{title: 公告, date: 2023-09-02}]\nsample: true\n"
        f"media:\n{media}  - {{file: {LONG}/film.mp4, alt: 演示, caption: 录像}}\n"
    )


def _long_media(folder: Path) -> None:
    """Thirty pictures, upright, square and wide, and a video."""
    folder.mkdir()
    for n in range(MANY):
        size = ((90, 160), (120, 120), (320, 60))[n % 3]
        Image.new("RGB", size, (8 * n, 120, 255 - 8 * n)).save(folder / f"{n}.png")
    (folder / "film.mp4").write_bytes(mp4())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site."""
    base = tmp_path_factory.mktemp("theme")
    cases = write_library(base, 62, 3)
    with open(cases / "2023" / "2023-00001.yml", "a", encoding="utf-8") as record:
        record.write("media:\n")
        for name in ("shaft-1.png", "flange-2.png", "steps-3.jpg"):
            record.write(f"  - {{file: 2023-00001/{name}, alt: 线条图, caption: 图的说明}}\n")
            path = cases / "2023" / "2023-00001" / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(picture(path.stem))
    (cases / "2023" / "2023-09001.yml").write_text(REVOKED, encoding="utf-8")
    (cases / "2023" / f"{LONG}.yml").write_text(_long_record(), encoding="utf-8")
    _long_media(cases / "2023" / LONG)
    (cases / "2023" / "2023-09003.yml").write_text(NOMINEE, encoding="utf-8")
    scheme = (cases / "scheme.yml").read_text(encoding="utf-8")
    scheme = scheme.replace("  dates:\n", "  dates:\n    notice: {start: 2023-05-06, end: 2023-05-12}\n", 1)
    (cases / "scheme.yml").write_text(scheme, encoding="utf-8")
    (base / "docs").mkdir()
    (base / "docs" / "prose.md").write_text(PROSE, encoding="utf-8")
    (base / "docs" / "more.md").write_text("# 更多\n\n话。\n", encoding="utf-8")
    (base / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    shell = Shell(base / "mkdocs.yml")
    shell.build(notice=2023)
    return shell.output.resolve()


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served, under a strict policy."""
    with served(site) as base:
        yield base


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    return pages_of(site) | {"long": f"cases/{LONG}.html"}


@pytest.fixture(params=["390", "1440"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of a phone or a desk; what goes wrong in it fails the test."""
    context = context_of(browser, request.param, "light")
    page = context.new_page()
    faults = watch(page)
    yield page
    context.close()
    assert faults == []


def watch(page: Page) -> list[str]:
    """A list that gathers errors, breaches of the policy, failed requests and requests to elsewhere."""
    faults: list[str] = []
    page.on("console", lambda message: message.type in ("error", "warning") and faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda response: response.status >= 400 and faults.append(f"{response.status} {response.url}"))
    page.on("request", lambda r: r.url.startswith(("http://127.0.0.1:", "data:", "blob:")) or faults.append(r.url))
    return faults


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_is_accessible_in_every_mode(kind: str, page: Page, pages: dict[str, str], address: str) -> None:
    page.goto(address + pages[kind])
    if kind == "search":
        page.wait_for_selector(".case-hits > li")
    page.evaluate(SHORTEN)
    for mode, choice in MODES.items():
        page.evaluate(CHOOSE, list(choice))
        assert violations(page, ALL if mode in ("light", "large") else COLOURS) == [], mode
        assert overflow(page) <= 0, mode


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_fits_320_pixels(kind: str, browser: Browser, pages: dict[str, str], address: str) -> None:
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(address + pages[kind])
        for size in ("normal", "large"):
            page.evaluate(CHOOSE, ["light", size])
            assert overflow(page) <= 0, size


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_can_be_enlarged_twice(kind: str, browser: Browser, pages: dict[str, str], address: str) -> None:
    """A desk of 1280 pixels at 200 % is one of 640; nothing may be cut off, lie over another or scroll sideways."""
    view = {"width": 640, "height": 400}
    with browser.new_context(viewport=view, device_scale_factor=2) as context:
        page = context.new_page()
        page.goto(address + pages[kind])
        assert overflow(page) <= 0
        assert page.evaluate(CUT) == []


# Words that are wider than the box that hides what does not fit.
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(element => {
    const style = getComputedStyle(element)
    return element.checkVisibility() && style.overflowX !== "visible" && style.overflowX !== "auto"
      && !element.closest(".case-hide, svg, .case-sprite, case-suggest, pre")
      && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 2 && element.textContent.trim()
  }).map(element => element.className + ": " + element.textContent.trim().slice(0, 40))"""


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_page_keeps_its_lines_in_the_colours_of_the_system(
    kind: str, colours: Any, browser: Browser, pages: dict[str, str], address: str
) -> None:
    with browser.new_context(forced_colors="active", color_scheme=colours) as context:
        page = context.new_page()
        page.goto(address + pages[kind])
        # The reader chose our other colours before: those of the system win.
        page.evaluate(CHOOSE, ["dark" if colours == "light" else "light", "normal"])
        assert overflow(page) <= 0
        assert page.evaluate(FAINT) == []


# Parts of drawings and fields that have nearly the colour of the page behind them.
FAINT = """() => {
  const rgb = colour => (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number)
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0)
  const far = (one, two) => {
    const [a, b] = [light(rgb(one)), light(rgb(two))].sort((x, y) => y - x)
    return (a + .05) / (b + .05)
  }
  const ground = getComputedStyle(document.body).backgroundColor
  const drawn = ".cv-line, .case-icon, .case-term-mark, .case-seal-mark, .case-bar rect"
  const lines = [...document.querySelectorAll(drawn)]
  const faint = lines.filter(line => line.checkVisibility()).filter(line => {
    const style = getComputedStyle(line)
    const colours = line.tagName === "svg" ? [style.color] : [style.stroke, style.fill]
    return Math.max(...colours.filter(it => /^rgb/.test(it)).map(it => far(it, ground))) < 3
  }).map(line => line.getAttribute("class"))
  const fields = [...document.querySelectorAll(".case-btn, .case-tile, .case-tags a")]
    .filter(field => field.checkVisibility())
    .filter(field => !parseFloat(getComputedStyle(field).borderTopWidth))
  return [...new Set([...faint, ...fields.map(field => `without a border: ${field.className} ${field.textContent}`)])]
}"""


def test_a_case_with_too_much_of_everything_is_whole(page: Page, pages: dict[str, str], address: str) -> None:
    page.goto(address + pages["long"])
    assert page.locator("main picture img").count() == MANY
    assert page.locator("main video").count() == 1
    assert page.locator(".case-people li").count() == 40
    sizes = page.locator("main figure").evaluate_all("all => all.map(figure => figure.getBoundingClientRect().height)")
    assert max(sizes) <= 1000
    assert page.locator("h1").evaluate("h1 => h1.getBoundingClientRect().height") <= 700


LARGE = """() => {
  const seen = element => element.checkVisibility() && element.getBoundingClientRect().width > 2
  const hidden = element => element.closest(".case-hide, [aria-hidden=true], .case-sprite")
  const name = it => `${it.tagName}.${it.getAttribute("class")}: ${it.textContent.trim().slice(0, 30)}`
  const words = [...document.querySelectorAll("body *")].filter(element => seen(element) && !hidden(element)
    && [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
  const small = words.filter(element => parseFloat(getComputedStyle(element).fontSize) < 24)
  const alone = [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")].filter(element =>
    seen(element) && !hidden(element)
    && !element.closest("p:not(.case-acts), figcaption, .case-prose, .md-typeset, .case-skip"))
  const low = alone.filter(element => {
    const box = (element.closest("label") ?? element).getBoundingClientRect()
    const after = getComputedStyle(element, "::after")
    return box.height < 59.5 && !(after.position === "absolute" && after.content !== "none")
  })
  return { small: small.map(name), low: low.map(name) }
}"""


@pytest.mark.parametrize("kind", KINDS)
def test_large_print_has_large_words_and_large_targets(
    kind: str, browser: Browser, pages: dict[str, str], address: str
) -> None:
    context = context_of(browser, "390", "large")
    page = context.new_page()
    page.goto(address + pages[kind])
    assert page.evaluate(LARGE) == {"small": [], "low": []}
    context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_works_without_scripts(kind: str, browser: Browser, pages: dict[str, str], address: str) -> None:
    context = context_of(browser, "390", "light", java_script_enabled=False)
    page = context.new_page()
    faults = watch(page)
    page.goto(address + pages[kind])
    assert page.locator("h1").inner_text()
    assert set(page.locator("main button:visible").all_inner_texts()) <= {"检索", ""}
    before = page.locator("h1").evaluate("element => getComputedStyle(element).color")
    page.locator(".case-read summary").click()
    page.locator("label:has(#theme-dark)").click()
    page.locator(".case-read-size").click()
    assert page.locator("h1").evaluate("element => getComputedStyle(element).color") != before
    assert page.locator(".case-name").evaluate("element => getComputedStyle(element).fontSize") == "24px"
    context.close()
    assert faults == []


def test_a_choice_is_remembered_and_set_before_the_first_paint(
    browser: Browser, pages: dict[str, str], address: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + pages["home"])
        page.locator(".case-read-size").click()
        page.locator(".case-read summary").click()
        page.locator("label:has(#theme-contrast)").click()
        page.route("**/reading.js", lambda route: route.abort())
        page.goto(address + pages["case"])
        root = page.locator("html")
        assert (root.get_attribute("data-theme"), root.get_attribute("data-size")) == ("contrast", "large")


def test_a_picture_opens_large_and_closes_by_key(page: Page, pages: dict[str, str], address: str) -> None:
    page.goto(address + pages["case-pictures"])
    link = page.locator("[data-zoom]").first
    link.click()
    box = page.locator("dialog.case-box")
    assert box.is_visible() and box.locator("img").get_attribute("alt")
    page.keyboard.press("Escape")
    assert not box.is_visible()
    assert link.evaluate("element => element === document.activeElement")


@pytest.mark.parametrize("kind", [None, InPieces], ids=["at-once", "in-pieces"])
def test_nothing_moves_while_a_page_loads(
    page: Page, pages: dict[str, str], address: str, site: Path, kind: type[InPieces] | None
) -> None:
    moved = """() => new Promise(done => {
      let sum = 0
      new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value })
        .observe({ type: "layout-shift", buffered: true })
      setTimeout(() => done(sum), 300)
    })"""
    with served(site, kind) if kind else nullcontext(address) as base:
        page.goto(base + pages["case-pictures"], wait_until="load")
        page.mouse.wheel(0, 2000)
        assert page.evaluate(moved) == 0


def test_a_first_visit_to_a_case_is_small(browser: Browser, pages: dict[str, str], address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        sizes: dict[str, int] = {}

        def note(response: Any) -> None:
            if response.request.resource_type != "image" or response.url.endswith(".svg"):
                sizes[response.url] = len(gzip.compress(response.body(), 9))

        page.on("response", note)
        page.goto(address + pages["case-pictures"], wait_until="networkidle")
        assert sum(sizes.values()) <= BUDGET, sizes


def test_the_case_of_the_day_is_one_of_the_cases(page: Page, pages: dict[str, str], address: str) -> None:
    page.goto(address + pages["home"])
    assert page.locator(".case-day:visible").count() == 1


def test_a_revoked_case_is_a_notice_and_nothing_else(page: Page, pages: dict[str, str], address: str) -> None:
    page.goto(address + pages["case-revoked"])
    text = page.locator("main").inner_text()
    assert "已撤销" in text and "已撤销的项目" not in text and "万州区" not in text


def test_templates_know_no_scheme() -> None:
    words = ("区县", "等奖", "重庆", "小发明", "district", "category")
    root = ROOT / "theme"
    found = [(path.name, word) for path in root.rglob("*.html") for word in words if word in path.read_text("utf-8")]
    assert found == []


def test_every_page_says_that_the_samples_are_samples(pages: dict[str, str], site: Path) -> None:
    assert all("示例数据" in (site / path).read_text(encoding="utf-8") for path in pages.values())
