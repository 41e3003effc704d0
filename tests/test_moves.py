"""Merged and renumbered records: old addresses lead on, and moved.yml says nothing that cannot be."""

from __future__ import annotations

import http.client
import json
import re
from pathlib import Path

import apsw
import jsonschema
import pytest
from lxml import html
from playwright.sync_api import Browser

from generator.importers.known_records import next_number
from generator.site import BuildOptions, build_site
from generator.site_options import SiteOptions
from tests.browser.shots import context_of, served
from tests.browser.test_theme import ALL, overflow, violations
from tests.conftest import THEME, LibraryFolder
from tests.nginx import nginx
from tests.test_site import tree

MOVED = """\
moved:
  - {id: 2023-00007, to: 2023-00003, date: 2024-05-01, why: 重复录入，已合并}
  - {id: 2023-00009, to: 2023-00003}
  - {id: 2022-00001, to: 2023-00004}
"""


def fill(library: LibraryFolder, moved: str = MOVED) -> None:
    library.record("2023-00003", title="自动<换>针架")
    library.record("2023-00004", title="撤销了的项目", status="revoked")
    library.record("2023-00005", title="推荐的", status="nominated", award="")
    library.write("moved.yml", moved)


@pytest.mark.parametrize("url", ["", "https://example.org/awards/"])
def test_an_old_address_leads_on_without_a_script(library, url: str) -> None:
    fill(library)
    site = library.build(site=SiteOptions(url=url))
    page = html.fromstring((site / "cases/2023-00007.html").read_bytes())
    assert page.xpath('//meta[@http-equiv="refresh"]/@content') == ["0; url=2023-00003.html"]
    wanted = f"{url}cases/2023-00003.html" if url else "2023-00003.html"
    assert page.xpath('//link[@rel="canonical"]/@href') == [wanted]
    assert "自动<换>针架" in page.text_content()
    assert "重复录入，已合并" in page.text_content()
    assert page.xpath('//main//a[@href="../cases/2023-00003.html"]')
    assert not page.xpath('//meta[@name="robots"]')
    if url:
        assert "2023-00007" not in (site / "sitemap.xml").read_text("utf-8")


def test_a_revoked_target_is_not_named(library) -> None:
    fill(library)
    page = (library.build() / "cases/2022-00001.html").read_text("utf-8")
    assert "2023-00004" in page
    assert "撤销了的项目" not in page


def test_a_browser_ends_on_the_page_that_counts_and_no_count_changes(library, browser: Browser) -> None:
    fill(library)
    site = library.build()
    with served(site) as base:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{base}cases/2023-00007.html")
        page.wait_for_url(f"{base}cases/2023-00003.html")
        assert page.locator("h1").inner_text() == "自动<换>针架"
        context.close()
    for name in ("years/2023.html", "search.html", "index.html"):
        assert "2023-00007" not in (site / name).read_text("utf-8")
    assert len(html.fromstring((site / "years/2023.html").read_bytes()).xpath('//li[@class="case-row"]')) == 1


@pytest.mark.parametrize("width", ["390", "1440"])
def test_the_page_that_leads_on_can_be_read_by_everyone(library, browser: Browser, width: str) -> None:
    fill(library)
    site = library.build()
    text = (site / "cases/2023-00007.html").read_text("utf-8")
    still = re.sub(r'<meta http-equiv="refresh"[^>]*>', "", text)
    assert still != text
    with served(site) as base:
        context = context_of(browser, width, "light")
        page = context.new_page()
        page.route("**/cases/2023-00007.html", lambda route: route.fulfill(body=still, content_type="text/html"))
        page.goto(f"{base}cases/2023-00007.html")
        assert violations(page, ALL) == []
        assert overflow(page) <= 0
        context.close()


def test_old_documents_and_the_database_say_where_a_record_went(library) -> None:
    fill(library)
    site = library.build()
    document = json.loads((site / "api/v1/cases/2023-00007.json").read_text("utf-8"))
    assert document == {
        "id": "2023-00007",
        "year": 2023,
        "status": "moved",
        "moved_to": "2023-00003",
        "page": "cases/2023-00003.html",
        "document": "api/v1/cases/2023-00003.json",
    }
    schema = json.loads((site / "api/v1/schema/case.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for name in ("2023-00007", "2023-00003", "2023-00004"):
        validator.validate(json.loads((site / f"api/v1/cases/{name}.json").read_text("utf-8")))
    assert not validator.is_valid({key: value for key, value in document.items() if key != "moved_to"})
    assert not validator.is_valid({**document, "status": "announced"})
    database = apsw.Connection(str(site / "data/cases.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
    assert database.execute("SELECT * FROM moved ORDER BY id").fetchall() == [
        ("2022-00001", "2023-00004", None, None),
        ("2023-00007", "2023-00003", "2024-05-01", "重复录入，已合并"),
        ("2023-00009", "2023-00003", None, None),
    ]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("SELECT cases FROM totals").fetchone() == (1,)


def test_a_changed_line_changes_the_page_and_a_deleted_one_takes_it_away(library, tmp_path: Path) -> None:
    fill(library)
    library.build()
    lines = MOVED.replace("重复录入，已合并", "改号").replace("  - {id: 2023-00009, to: 2023-00003}\n", "")
    library.write("moved.yml", lines)
    grown = tree(library.build())
    assert "改号" in grown["cases/2023-00007.html"].decode()
    assert "cases/2023-00009.html" not in grown
    options = BuildOptions(tmp_path / "clean/site", [THEME], tmp_path / "clean/cache")
    build_site(library.library(), options)
    assert grown == tree(tmp_path / "clean/site")


def test_nginx_answers_with_a_lasting_redirect(library, tmp_path: Path) -> None:
    fill(library)
    site = library.build()
    with nginx(site, tmp_path / "nginx") as port:
        for old, new in (
            ("/cases/2023-00007.html", "/cases/2023-00003.html"),
            ("/api/v1/cases/2022-00001.json", "/api/v1/cases/2023-00004.json"),
        ):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", old)
            response = connection.getresponse()
            assert (response.status, response.headers["Location"]) == (301, new)
            response.read()
            connection.request("GET", new)
            assert connection.getresponse().status == 200
    assert "/cases/2023-00007.html /cases/2023-00003.html 301\n" in (site / "_redirects").read_text("utf-8")


def test_a_site_without_moves_has_no_list_of_them(library) -> None:
    library.record()
    site = library.build(site=SiteOptions(url="https://example.org/awards/"))
    assert not (site / "moved.map").exists()
    library.record("2023-00002", title="别的")
    library.write("moved.yml", "moved:\n  - {id: 2023-00009, to: 2023-00002}\n")
    site = library.build(site=SiteOptions(url="https://example.org/awards/"))
    assert (
        (site / "moved.map")
        .read_text("utf-8")
        .startswith("/awards/cases/2023-00009.html /awards/cases/2023-00002.html;")
    )


@pytest.mark.parametrize(
    ("lines", "place", "code", "words"),
    [
        (["{id: 2023-00007, to: 2023-00033}"], (2, 26), "moved-target", "是否应为「2023-00003」？"),
        (["{id: 2023-00007, to: 2023-00005}"], (2, 26), "moved-target", "还没有公布（status: nominated）"),
        (["{id: 2023-00003, to: 2023-00004}"], (2, 10), "moved-taken", "「2023-00003」还有记录"),
        (["{id: 2023-00007, to: 2023-00003}"] * 2, (3, 10), "moved-taken", "前面已经写过"),
        (["{id: 2023-00007, to: 2023-00007}"], (2, 26), "moved-chain", "又回到「2023-00007」"),
        (
            [
                "{id: 2023-00007, to: 2023-00008}",
                "{id: 2023-00008, to: 2023-00009}",
                "{id: 2023-00009, to: 2023-00003}",
            ],
            (2, 26),
            "moved-chain",
            "是否应为「2023-00003」？",
        ),
        (["{id: 2023-00007, to: 2023-00008}", "{id: 2023-00008, to: 2023-00007}"], (2, 26), "moved-chain", "转来转去"),
        (["{id: 2023-7, to: 2023-00003}"], (2, 10), "field-format", "格式例如 2023-00001"),
        (["{id: 2023-00007}"], (2, 5), "field-missing", "to"),
        (["{from: 2023-00007, to: 2023-00003}"], (2, 6), "field-unknown", "没有字段「from」"),
        (["{id: 2023-00007, to: 2023-00003, date: 昨天}"], (2, 44), "field-format", "不是日期"),
    ],
)
def test_a_move_that_cannot_be_is_named_with_its_place(library, lines, place, code: str, words: str) -> None:
    fill(library, "moved:\n" + "".join(f"  - {line}\n" for line in lines))
    read, found = library.read()
    assert read is None
    wrong = next(d for d in found if d.code == code)
    assert words in wrong.text()
    assert (wrong.file, wrong.line, wrong.column) == ("cases/moved.yml", *place)


def test_a_number_that_was_used_once_is_not_given_again(library) -> None:
    fill(library)
    assert next_number(library.folder, 2023) == 10
    assert next_number(library.folder, 2022) == 2


def test_mistakes_in_a_record_do_not_make_its_number_unknown(library) -> None:
    fill(library)
    library.record("2023-00003", award="丙等")
    assert {d.code for d in library.check()} == {"term-unknown"}
