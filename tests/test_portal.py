"""`caselib portal`: several libraries on one site, each as it is alone, with one search over all of them."""

from __future__ import annotations

import http.client
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import etree, html
from playwright.sync_api import Browser, Page

from generator.checking.diagnostics import CODES
from generator.cli import caselib
from generator.pages.search import documents, search_schema
from generator.portal.config import read_portal
from generator.reading import read_library
from generator.shell import Shell
from search.answers import scan
from tests.browser.shots import context_of, served
from tests.browser.test_theme import ALL, overflow, violations, watch
from tests.conftest import RECORD, SCHEME
from tests.nginx import nginx
from tests.samples import write_library

ROOT = Path(__file__).parents[1]
PORTAL = """\
name: 三地总库
organiser: 某某协作网
url: https://example.org/all/
libraries:
  - {folder: 小库, path: small, about: 一个小库。}
  - {folder: 江西, path: jiangxi}
  - {folder: 新疆, path: xinjiang, name: 新疆成果}
footer:
  - {label: 备案, text: 某备00000000号}
"""
CONFIG = """\
site_name: 库
site_url: https://example.org/all/%s/
use_directory_urls: false
theme: {name: material, language: zh, font: false}
plugins: [caselib]
"""
COUNTS = {"small": 2, "jiangxi": 60, "xinjiang": 70}
NAMES = {"small": "小库", "jiangxi": "江西", "xinjiang": "新疆"}
# Texts of a page that stand outside of elements that say their language.
CHROME = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), all = [document.title]
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("script, style, [lang=zh-CN]")) all.push(walker.currentNode.data)
  }
  for (const element of document.querySelectorAll("[aria-label], [placeholder]")) {
    if (!element.closest("[lang=zh-CN]")) all.push(element.ariaLabel ?? "", element.placeholder ?? "")
  }
  return all
}"""
UP = re.compile(rb'<div class="case-up">.*?</div>\n')


def write(base: Path) -> None:
    """Three libraries, one of them with real records, and the portal's configuration."""
    for path, name in NAMES.items():
        folder = base / name
        if path == "small":
            (folder / "cases/2023").mkdir(parents=True)
            (folder / "cases/scheme.yml").write_text(SCHEME, "utf-8")
            for number, title in enumerate(("一种巷道喷雾装置", "一把尺子"), 1):
                text = RECORD.format(id=f"2023-0000{number}", title=title, year=2023)
                (folder / f"cases/2023/2023-0000{number}.yml").write_text(text, "utf-8")
        else:
            write_library(folder, COUNTS[path], scheme=ROOT / f"examples/{path}/scheme.yml")
        (folder / "docs").mkdir()
        (folder / "docs/about.md").write_text("# 关于\n\n一段话。\n", "utf-8")
        (folder / "mkdocs.yml").write_text(CONFIG % path, "utf-8")
    (base / "portal.yml").write_text(PORTAL, "utf-8")


def build(base: Path, *options: str) -> Result:
    return CliRunner().invoke(caselib, ["portal", "build", "--config", str(base / "portal.yml"), *options])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("portal")
    write(base)
    done = build(base, "--quiet")
    assert done.exit_code == 0, done.output
    return base


@pytest.fixture(scope="module")
def address(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the portal is served, below the path that its configuration says."""
    root = tmp_path_factory.mktemp("served")
    (root / "all").symlink_to((base / "portal").resolve())
    with served(root) as url:
        yield f"{url}all/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = context_of(browser, "1440", "light")
    page = context.new_page()
    faults = watch(page)
    yield page
    context.close()
    assert faults == []


def content(folder: Path) -> dict[str, bytes]:
    root = folder.resolve()
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_each_library_is_what_it_is_alone_but_for_the_link_back(base, tmp_path):
    for path, name in NAMES.items():
        shutil.copytree(base / name, tmp_path / name, ignore=shutil.ignore_patterns(".*", "site"))
        shell = Shell(tmp_path / name / "mkdocs.yml")
        shell.build()
        alone, within = content(shell.output), content(base / "portal" / path)
        assert alone.keys() == within.keys()
        for file, data in within.items():
            if file.endswith(".html"):
                links = UP.findall(data)
                assert len(links) == 1, file
                root = f"/all/{path}/" if file == "404.html" else "../" * file.count("/")
                assert f'<a href="{root}../index.html">三地总库</a>'.encode() in links[0], file
                data = UP.sub(b"", data)
            assert data == alone[file], (path, file)


def test_the_home_of_the_portal_tells_of_every_library_and_adds_them_up(base):
    tree = html.fromstring((base / "portal/index.html").read_bytes())
    assert tree.xpath('string(//h2[@id="sum"]/span)') == str(sum(COUNTS.values()))
    parts = tree.find_class("case-library")
    assert [part.xpath("string(.//h2)") for part in parts] == [
        *("小库", "江西省职工“五小”活动优秀成果库（示例数据）", "新疆成果"),
    ]
    assert [int(part.xpath("string(.//p/b)")) for part in parts] == list(COUNTS.values())
    assert [paragraph.xpath("string()") for paragraph in parts[0].findall("p")] == ["试验协会 · 试验活动", "一个小库。"]
    for link in tree.iter("a"):
        target = link.get("href")
        if not target.startswith("#"):
            assert (base / "portal" / target).is_file(), target


def test_search_engines_are_led_to_the_real_libraries_and_kept_from_samples(base):
    robots = (base / "portal/robots.txt").read_text("utf-8").splitlines()
    assert robots == [
        *("User-agent: *", "Disallow: /jiangxi/", "Disallow: /xinjiang/"),
        "Sitemap: https://example.org/all/sitemap.xml",
    ]
    index = etree.parse(str(base / "portal/sitemap.xml"))
    places = [element.text for element in index.iter("{*}loc")]
    assert places == [f"https://example.org/all/{name}" for name in ("sitemap-portal.xml", "small/sitemap.xml")]
    assert b"https://example.org/all/small/cases/2023-00001.html" in (base / "portal/small/sitemap.xml").read_bytes()
    home = (base / "portal/index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://example.org/all/index.html">' in home


def hint_fits(page: Page) -> bool:
    """Whether the hint in the field of the search is not cut; true where a page has no field."""
    return page.evaluate(
        "() => { const field = document.querySelector('#find'); if (!field) return true; "
        "const style = getComputedStyle(field), pen = document.createElement('canvas').getContext('2d'); "
        "pen.font = style.font; const room = field.clientWidth - 2 * parseFloat(style.paddingInlineStart); "
        "return field.placeholder !== '' && pen.measureText(field.placeholder).width <= room }"
    )


@pytest.mark.parametrize("width", ["390", "1440"])
def test_the_pages_of_the_portal_are_for_everyone(base, address, browser, width):
    context = context_of(browser, width, "light")
    page = context.new_page()
    faults = watch(page)
    own = ("index.html", "search.html", "search.html?q=装置", "404.html")
    for name in (*own, "small/index.html", "small/about.html", "jiangxi/search.html", "small/404.html"):
        page.goto(address + name, wait_until="load")
        if name.startswith("search"):
            page.wait_for_selector(".case-hits > li")
        assert violations(page, ALL) == [], name
        assert overflow(page) <= 0, name
        assert hint_fits(page), name
    context.close()
    assert faults == []


def test_without_a_script_the_portal_leads_to_the_libraries(address, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "index.html")
    page.click(".case-library a >> nth=0")
    assert page.url.endswith("small/index.html")
    page.click(".case-up a")
    page.fill("#find", "装置")
    page.press("#find", "Enter")
    links = page.locator("[data-libraries] a")
    assert [link.get_attribute("href") for link in links.all()] == [f"{path}/search.html" for path in NAMES]
    context.close()


def answers(base: Path, text: str, sort: str = "relevance") -> dict[str, Any]:
    """What the search of each library finds, asked by itself in Python."""
    found = {}
    for path, name in NAMES.items():
        library, _ = read_library(base / name / "cases", cache=base / ".cache/portal" / path)
        assert library is not None
        rows = list(documents(library))
        schema = search_schema(library, library.scheme.words.phrases())
        found[path] = scan(rows, schema, text, {}, sort, len(rows), 0)
    return found


def shown(page: Page, total: int) -> list[str]:
    """Addresses of the results on the page, once it tells of `total`."""
    text = f"共 {total} 项" if total else "没有找到"
    page.wait_for_function(
        "t => document.querySelector('.case-count [role=status]')?.textContent === t && "
        "(t === '没有找到' || document.querySelector('.case-hits > li'))",
        arg=text,
    )
    return page.locator(".case-hits h3 a").evaluate_all("all => all.map(a => a.getAttribute('href'))")


@pytest.mark.parametrize("text", ["装置", "巷道喷雾", "一种 装置", "没有这样的东西", "penwu"])
def test_one_search_finds_what_the_libraries_find_and_puts_the_better_match_first(base, address, page, text):
    own = answers(base, text)
    total = sum(answer.total for answer in own.values())
    page.goto(f"{address}search.html?q={text}")
    found: list[str] = []
    for number in range(1, max(1, -(-total // 10)) + 1):
        if number > 1:
            page.goto(f"{address}search.html?q={text}&page={number}")
        found += shown(page, total)
    assert len(found) == len(set(found)) == total
    for path, answer in own.items():
        mine = [link.removeprefix(f"{path}/") for link in found if link.startswith(f"{path}/")]
        assert mine == [document.url for document in answer.documents], path
        box = page.locator("label", has=page.locator(f"input[value={path}]")).locator(".case-num")
        assert box.inner_text() == str(answer.total)
    # Titles that have the text stand before all that only mention it; every library has its turn.
    if text == "装置":
        page.goto(f"{address}search.html?q={text}")
        first = shown(page, total)
        rows = page.locator(".case-hits > li")
        in_title = rows.evaluate_all("all => all.map(row => Boolean(row.querySelector('h3 mark')))")
        assert in_title == sorted(in_title, reverse=True) and in_title[0]
        assert {link.partition("/")[0] for link in first[:3]} == set(NAMES)


def test_the_newest_round_stands_first_where_that_is_asked_for_and_every_library_keeps_its_order(base, address, page):
    own = answers(base, "装置", "newest")
    total = sum(answer.total for answer in own.values())
    page.goto(f"{address}search.html?q=装置")
    shown(page, total)
    page.select_option("select[name=sort]", "newest")
    page.wait_for_function("location.search.includes('sort=newest')")
    found: list[str] = []
    for number in range(1, -(-total // 10) + 1):
        page.goto(f"{address}search.html?q=装置&sort=newest&page={number}")
        found += shown(page, total)
    assert page.input_value("select[name=sort]") == "newest"
    assert len(set(found)) == total
    for path, answer in own.items():
        mine = [link.removeprefix(f"{path}/") for link in found if link.startswith(f"{path}/")]
        assert mine == [document.url for document in answer.documents], path
    years = [int(re.search(r"cases/(\d{4})-", link)[1]) for link in found]
    assert years == sorted(years, reverse=True) and len(set(years)) > 1
    assert {link.partition("/")[0] for link in found[:2]} == {"small", "jiangxi"}


def offered(page: Page, text: str) -> list[tuple[str, str]]:
    """What is offered while `text` is typed: label and what it is."""
    page.fill("#find", "")
    page.wait_for_selector(".case-suggest-list", state="hidden")
    page.fill("#find", text)
    page.wait_for_selector(".case-suggest-list [role=option]")
    rows = page.locator(".case-suggest-list [role=option]")
    return [
        tuple(row)
        for row in rows.evaluate_all("all => all.map(o => [o.children[0].textContent, o.children[1].textContent])")
    ]


def test_suggestions_come_from_every_library_and_lead_there(address, page):
    page.goto(f"{address}search.html")
    shown(page, sum(COUNTS.values()))
    titles = offered(page, "装置")
    assert ("一种巷道喷雾装置", "项目　东山县第一小学　小库") in titles
    assert {note.rpartition("　")[2] for _, note in titles} == {
        "小库",
        "江西省职工“五小”活动优秀成果库（示例数据）",
        "新疆成果",
    }
    assert len(titles) <= 5
    # A term leads to the search of its library, with its filter; a unit is asked of all; a title leads to its page.
    assert ("东山县", "地方　小库") in offered(page, "东山")
    page.press("#find", "ArrowDown")
    page.press("#find", "Enter")
    page.wait_for_url("**/small/search.html?place=*")
    page.goto(f"{address}search.html")
    units = [label for label, kind in offered(page, "第一小学") if kind == "单位"]
    assert units == ["东山县第一小学"]
    page.click(".case-suggest-list >> text=东山县第一小学 >> nth=0")
    shown(page, 2)
    assert page.url.endswith("?q=%E4%B8%9C%E5%B1%B1%E5%8E%BF%E7%AC%AC%E4%B8%80%E5%B0%8F%E5%AD%A6")
    offered(page, "巷道喷雾")
    page.click(".case-suggest-list >> text=一种巷道喷雾装置")
    page.wait_for_url("**/small/cases/2023-00001.html")


def test_what_is_only_like_a_title_is_offered_where_no_library_has_the_text(address, page):
    page.goto(f"{address}search.html")
    shown(page, sum(COUNTS.values()))
    assert not any("相近" in note for _, note in offered(page, "巷道喷雾"))
    assert ("一种巷道喷雾装置", "项目　相近　小库") in offered(page, "一种巷道喷水装置")


def test_libraries_can_be_chosen_and_the_address_bar_remembers(base, address, page):
    own = answers(base, "装置")
    page.goto(f"{address}search.html")
    assert len(shown(page, sum(COUNTS.values()))) == 10
    page.fill("#find", "装置")
    shown(page, sum(answer.total for answer in own.values()))
    page.press("#find", "Enter")
    page.check("input[value=jiangxi]")
    assert all(link.startswith("jiangxi/") for link in shown(page, own["jiangxi"].total))
    assert page.url.endswith("?q=%E8%A3%85%E7%BD%AE&lib=jiangxi")
    page.check("input[value=small]")
    shown(page, own["jiangxi"].total + own["small"].total)
    page.click(".case-pages a[rel=next]")
    page.wait_for_function("location.search.endsWith('page=2')")
    page.go_back()
    page.go_back()
    shown(page, own["jiangxi"].total)
    assert not page.is_checked("input[value=small]") and page.is_checked("input[value=jiangxi]")
    page.click(".case-ways >> text=里筛选")
    page.wait_for_url("**/jiangxi/search.html?q=*")
    page.wait_for_selector("case-search .case-hits > li")


def test_a_library_whose_index_is_gone_leaves_the_others(base, browser, tmp_path):
    site = tmp_path / "site"
    shutil.copytree((base / "portal").resolve(), site)
    shutil.rmtree(site / "jiangxi/search")
    own = answers(base, "装置")
    with served(site) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{address}search.html?q=装置")
        shown(page, own["small"].total + own["xinjiang"].total)
        fault = page.locator(".case-fault").inner_text()
        assert "“江西省职工“五小”活动优秀成果库（示例数据）”的检索文件没有取到" in fault
        context.close()


def test_the_servers_configuration_holds_for_the_libraries_too(base, tmp_path):
    site = (base / "portal").resolve()
    style = next((site / "small/assets").rglob("tokens.css")).relative_to(site)
    with nginx(site, tmp_path) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        for path, kept in ((f"/{style}", "immutable"), ("/small/cases/2023-00001.html", "no-cache"), ("/", "no-cache")):
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip"), path
            assert kept in answer.headers["Cache-Control"], path
            answer.read()


# Building again.


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portal of two small libraries, built once."""
    base = tmp_path_factory.mktemp("two")
    write(base)
    for name in ("江西", "新疆"):
        shutil.rmtree(base / name)
    shutil.copytree(base / "小库", base / "又一库")
    (base / "又一库/mkdocs.yml").write_text(CONFIG % "other", "utf-8")
    lines = [line for line in PORTAL.splitlines(keepends=True) if "江西" not in line and "新疆" not in line]
    text = "".join(lines).replace("一个小库。}\n", "一个小库。}\n  - {folder: 又一库, path: other}\n")
    (base / "portal.yml").write_text(text, "utf-8")
    done = build(base, "--json")
    assert done.exit_code == 0, done.output
    return base


@pytest.fixture
def copy(two: Path, tmp_path: Path) -> Path:
    """That portal with all that was built, to be changed."""
    return Path(shutil.copytree(two, tmp_path / "copy", symlinks=True))


def test_a_build_without_changes_publishes_nothing_and_an_edit_only_what_it_touches(copy):
    before = content(copy / "portal")
    for _ in range(2):  # what stands in a copied folder is made from other files
        report = json.loads(build(copy, "--json").stdout.splitlines()[-1])
        assert (report["made"], report["number"]) == (0, 1)
    record = copy / "又一库/cases/2023/2023-00002.yml"
    record.write_text(record.read_text("utf-8").replace("一把尺子", "一把卷尺"), "utf-8")
    report = json.loads(build(copy, "--json").stdout.splitlines()[-1])
    assert report["number"] == 2 and report["made"] > 0
    after = content(copy / "portal")
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert "other/cases/2023-00002.html" in changed
    assert all(path.startswith("other/") for path in changed)
    shutil.rmtree(copy / ".cache")
    shutil.rmtree(copy / ".portal")
    (copy / "portal").unlink()
    assert build(copy).exit_code == 0
    assert content(copy / "portal") == after


def test_a_mistake_in_one_library_leaves_the_whole_portal_as_it_was(copy):
    before = content(copy / "portal")
    first = copy / "小库/cases/2023/2023-00001.yml"
    first.write_text(first.read_text("utf-8").replace("喷雾", "喷水"), "utf-8")
    wrong = copy / "又一库/cases/2023/2023-00001.yml"
    wrong.write_text(wrong.read_text("utf-8").replace("东山县\n", "东三县\n"), "utf-8")
    done = build(copy)
    assert done.exit_code == 1
    assert "总库里的「other」没有生成" in done.output
    assert "cases/2023/2023-00001.yml:4:8: 错误：地方「东三县」不在方案中" in done.output
    assert content(copy / "portal") == before


def test_a_library_that_stands_at_another_address_than_its_configuration_says_is_told(copy):
    (copy / "又一库/mkdocs.yml").write_text(CONFIG % "elsewhere", "utf-8")
    done = build(copy)
    assert done.exit_code == 1
    assert (
        "site_url 是「https://example.org/all/elsewhere/」，在总库里应为「https://example.org/all/other/」"
        in done.output
    )


def test_the_addresses_of_merged_records_lead_on_within_the_library(copy):
    moved = "moved:\n  - {id: 2023-00009, to: 2023-00001, date: 2024-01-01, why: 合并}\n"
    (copy / "又一库/cases/moved.yml").write_text(moved, "utf-8")
    assert build(copy).exit_code == 0
    lines = (copy / "portal/moved.map").read_text("utf-8").splitlines()
    assert lines[0] == "/all/other/cases/2023-00009.html /all/other/cases/2023-00001.html;"
    page = html.fromstring((copy / "portal/other/cases/2023-00009.html").read_bytes())
    assert page.xpath('string(//meta[@http-equiv="refresh"]/@content)') == "0; url=2023-00001.html"


def test_the_pages_of_a_portal_in_english_say_nothing_of_their_own_in_chinese(copy, browser):
    (copy / "portal.yml").write_text(
        PORTAL.split("libraries:")[0] + "language: en\nlibraries:\n"
        "  - {folder: 小库, path: small}\n  - {folder: 又一库, path: other}\n",
        "utf-8",
    )
    assert build(copy).exit_code == 0
    own = ("三地总库", "某某协作网", "试验协会")
    with served(copy / "portal") as address:
        context = context_of(browser, "390", "light")
        page = context.new_page()
        for name in ("index.html", "search.html", "search.html?q=喷雾", "404.html"):
            page.goto(address + name)
            if name.startswith("search"):
                page.wait_for_selector(".case-hits > li")
                assert violations(page, ALL) == [], name
            assert page.get_attribute("html", "lang") == "en"
            texts = page.evaluate(CHROME)
            for text in own:
                texts = [told.replace(text, "") for told in texts]
            assert [told for told in texts if re.search("[\u4e00-\u9fff]", told)] == [], name
        context.close()


def test_a_language_without_texts_is_named_with_what_there_is(copy):
    text = (copy / "portal.yml").read_text("utf-8")
    (copy / "portal.yml").write_text(f"{text}language: enn\n", "utf-8")
    done = build(copy)
    assert done.exit_code == 1
    assert "「enn」" in done.output and "zh-CN、en" in done.output and "是否应为「en」" in done.output


def test_a_key_without_a_value_counts_as_not_written(copy):
    text = (copy / "portal.yml").read_text("utf-8")
    (copy / "portal.yml").write_text(f"{text}intro:\nlanguage:\n", "utf-8")
    portal, found = read_portal(copy / "portal.yml")
    assert portal is not None and found == []
    assert (portal.intro, portal.language) == (None, "zh-CN")


def test_a_library_that_leaves_the_portal_leaves_no_page_behind(copy):
    text = (copy / "portal.yml").read_text("utf-8")
    (copy / "portal.yml").write_text(text.replace("  - {folder: 又一库, path: other}\n", ""), "utf-8")
    assert build(copy).exit_code == 0
    assert not (copy / "portal/other").exists()
    assert "other/" not in (copy / "portal/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code", "words", "at"),
    [
        ("folder: 江西", "folder: 江", "portal-library", "没有文件夹「江」", "江,"),
        ("folder: 江西", "folder: 空", "portal-library", "文件夹「空」里没有 mkdocs.yml", "空,"),
        ("folder: 江西", "folder: 小库/../小库", "portal-library", "与前面的重复", "小库/"),
        ("path: jiangxi", "path: small", "portal-library", "网址「small」与前面的重复", "small}"),
        ("path: jiangxi", "path: assets", "portal-library", "已用于总库自己的网页", "assets}"),
        ("path: jiangxi", "path: Jiang xi", "field-format", "只能用小写字母、数字和连字符", "Jiang"),
        ("all/\n", "all\n", "portal-library", "请写成 https://example.org/all/", "https"),
        ("organiser: ", "organizer: ", "field-unknown", "是否应为「organiser」？", "organizer"),
        ("path: jiangxi}", "pth: jiangxi}", "field-unknown", "是否应为「path」？", "pth"),
        ("libraries:", "libraries: []\nfoot:", "field-missing", "至少要有 1 项", "[]"),
    ],
)
def test_a_mistake_in_the_configuration_is_named_with_its_place(base, tmp_path, old, new, code, words, at):
    assert code in CODES and old in PORTAL
    for name in NAMES.values():
        (tmp_path / name).mkdir()
        (tmp_path / name / "mkdocs.yml").write_text("", "utf-8")
    (tmp_path / "空").mkdir()
    (tmp_path / "portal.yml").write_text(PORTAL.replace(old, new, 1), "utf-8")
    portal, found = read_portal(tmp_path / "portal.yml")
    assert portal is None
    [told] = [d for d in found if d.code == code and words in d.text()]
    line = (tmp_path / "portal.yml").read_text("utf-8").splitlines()[told.line - 1]
    assert line[told.column - 1 :].startswith(at)
    done = build(tmp_path)
    assert done.exit_code == 1 and told.text() in done.output


def test_without_a_configuration_the_command_says_so(tmp_path):
    done = build(tmp_path)
    assert done.exit_code == 1
    assert "没有总库的配置文件 portal.yml" in done.output
