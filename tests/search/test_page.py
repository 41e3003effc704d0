"""The search page in Chromium: typing, filters, the address bar, keys, faults, a disk."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import corpus
import pytest
from site_server import Handler, serve

from search.answers import scan
from search.shards import write_index

COUNT = ".case-count [role=status]"


def open_search(page, address, query=""):
    page.goto(f"{address}search.html{query}")
    page.wait_for_selector("case-search .case-count")


def wait_count(page, total):
    page.wait_for_function(
        "t => document.querySelector('.case-count [role=status]')?.textContent === t",
        arg=f"共 {total} 项" if total else "没有找到",
    )


def test_state_goes_to_the_address_bar_and_back(page, address, documents):
    open_search(page, address)
    wait_count(page, len(documents))
    page.fill("#find", "装置")
    total = scan(documents, corpus.SCHEMA, "装置").total
    wait_count(page, total)
    page.keyboard.press("Enter")
    page.check("input[name=award][value=award-0]")
    page.check("input[name=award][value=award-1]")
    page.check("input[name=picture]")
    filters = {"award": ["award-0", "award-1"], "picture": ["1"]}
    fewer = scan(documents, corpus.SCHEMA, "装置", filters)
    wait_count(page, fewer.total)
    assert page.url.endswith("?q=%E8%A3%85%E7%BD%AE&award=award-0&award=award-1&picture=1")
    assert page.locator(".case-chip").evaluate_all("all => all.map(chip => chip.firstChild.data)")[:3] == [
        "一等奖",
        "二等奖",
        "有图",
    ]
    page.wait_for_function(
        "n => document.querySelector('input[value=award-2] ~ .case-num').textContent === n",
        arg=str(fewer.counts["award"]["award-2"]),
    )
    page.select_option(".case-sort select", "newest")
    page.click(".case-pages a[rel=next]")
    page.wait_for_function("location.search.endsWith('sort=newest&page=2')")
    newest = scan(documents, corpus.SCHEMA, "装置", filters, "newest", 10, 10)
    page.wait_for_function(
        "h => document.querySelector('.case-hits a').getAttribute('href') === h", arg=newest.documents[0].url
    )
    page.go_back()
    page.go_back()
    page.go_back()
    wait_count(page, scan(documents, corpus.SCHEMA, "装置", {"award": ["award-0", "award-1"]}).total)
    assert not page.is_checked("input[name=picture]")
    page.go_forward()
    wait_count(page, fewer.total)
    page.click(".case-chip-all")
    wait_count(page, total)
    assert not page.errors


def test_every_result_shows_why_it_was_found(page, address):
    for text in ("装置", "qijiang", "zyyp", "王", "中药yinpian", "石柱土家族"):
        open_search(page, address, f"?q={text}")
        page.wait_for_selector(".case-hits > li")
        assert (
            page.evaluate(
                "[...document.querySelectorAll('.case-hits > li')].filter(li => !li.querySelector('mark')).length"
            )
            == 0
        ), text
    open_search(page, address, "?q=輸液架")
    page.wait_for_selector(".case-hits mark")
    assert set(page.locator(".case-hits h3 mark").all_inner_texts()) == {"輸液架"}


def test_suggestions_follow_the_keys_of_a_combobox(page, address):
    open_search(page, address)
    page.wait_for_selector(".case-hits > li")
    page.keyboard.press("/")
    page.keyboard.type("qijiang")
    page.wait_for_selector(".case-suggest-list [role=option]")
    assert page.get_attribute("#find", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#find", "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    assert "綦江区" in page.inner_text(f"#{active}")
    page.keyboard.press("Escape")
    assert page.is_hidden(".case-suggest-list")
    assert page.input_value("#find") == "qijiang"
    page.keyboard.type(" ")
    page.wait_for_selector(".case-suggest-list [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search === '?district=d0'")
    assert not page.errors


@pytest.mark.parametrize("way", ["{id}", "{plain}", " {wide} "])
def test_the_number_of_a_case_leads_to_it(page, address, documents, way):
    for case in (
        min(documents, key=lambda d: d.id),
        max(documents, key=lambda d: d.id),
        documents[len(documents) // 3],
    ):
        text = way.format(id=case.id, plain=case.id.replace("-", ""), wide=case.id.replace("-", "－"))
        open_search(page, address, f"?q={text}")
        page.wait_for_selector(".case-near a")
        assert page.get_attribute(".case-near a", "href").endswith(case.url)
        page.fill("#find", "")
        page.fill("#find", text)
        page.wait_for_selector(f".case-suggest-list [role=option] >> text={case.id}")
    assert not page.errors


def test_a_number_that_no_case_has_is_not_found(page, address):
    open_search(page, address, "?q=2099-99999")
    wait_count(page, 0)
    page.wait_for_selector(".case-none p")
    assert page.locator(".case-near").count() == 0


def test_a_slip_still_leads_to_the_title(page, address):
    open_search(page, address, "?q=皮带请扫器")
    page.wait_for_selector(".case-near a")
    assert page.inner_text(".case-near a >> nth=0") == "皮带清扫器"
    open_search(page, address, "?q=皮带清扫器&district=d1&picture=1&kind=kind-0&year=year-0&award=award-0")
    page.wait_for_selector(".case-none")


@pytest.mark.parametrize(
    "text",
    [
        "图" * 10000,
        "，。！？《》",
        "😀👩‍👩‍👧",
        "\ud83d",
        "שלום עליכם",
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        r"(.*)+[a-z]{1,99}\\d$^|",
        "-",
        "- -",
        '"',
        '"" “”',
        "-装置",
        "\u0000\u0007",
        "a" * 500,
        " ".join("abcdefghijklmnopqrstuvwxyz"),
        "%E8%A3",
        "__proto__",
        "constructor",
    ],
)
def test_hostile_text_gets_an_honest_answer(page, address, text):
    open_search(page, address)
    page.evaluate(
        """text => { const input = document.querySelector("#find"); input.value = text; input.form.requestSubmit() }""",
        text,
    )
    page.wait_for_function(
        "() => /^(共 \\d+ 项|没有找到)$/.test(document.querySelector('.case-count [role=status]')?.textContent)"
    )
    page.wait_for_timeout(150)
    assert not page.errors
    assert page.is_hidden(".case-fault")
    assert page.evaluate("document.querySelectorAll('.case-hits img, .case-hits script, .case-none img').length") == 0


@pytest.mark.parametrize(
    "query",
    [
        "?q=%E8%A3&page=abc",
        "?page=-1&sort=nothing",
        "?award=no-such&award=award-0&page=99999",
        "?q=%00%FF&__proto__=x&constructor=1",
        "?&&&==&q",
        "?picture=yes&year=year-1&year=year-1",
    ],
)
def test_a_broken_address_is_read_as_far_as_it_goes(page, address, query):
    open_search(page, address, query)
    page.wait_for_function("() => document.querySelector('.case-count [role=status]').textContent")
    assert not page.errors
    assert page.is_hidden(".case-fault")
    if "no-such" in query:
        assert "no-such" in page.inner_text(".case-note:not(#find-hint) >> nth=0")
        assert page.locator(".case-hits > li").count() > 0


def test_a_lost_shard_is_a_message_with_a_retry_and_the_rest_stays(page, copy):
    shards = copy / "search/2/g"
    with serve(copy) as address:
        open_search(page, address)
        page.wait_for_selector(".case-hits > li")
        shards.rename(shards.with_name("away"))
        page.fill("#find", "装置")
        page.wait_for_selector(".case-fault:not([hidden])")
        assert page.locator(".case-hits > li").count() == 10
        shards.with_name("away").rename(shards)
        page.click(".case-fault button")
        page.wait_for_selector(".case-fault", state="hidden")
        page.wait_for_selector(".case-hits mark")


def test_a_damaged_shard_is_named_so(page, copy):
    for path in (copy / "search/2/g").iterdir():
        path.write_bytes(path.read_bytes()[:-3])
    with serve(copy) as address:
        open_search(page, address)
        page.wait_for_selector(".case-hits > li")
        page.fill("#find", "装置")
        page.wait_for_selector(".case-fault:not([hidden])")
        assert "损坏" in page.inner_text(".case-fault")


def test_an_index_of_another_build_is_noticed_and_read(page, copy, documents):
    with serve(copy) as address:
        open_search(page, address)
        wait_count(page, len(documents))
        write_index(documents[:100], corpus.SCHEMA, copy / "search", jobs=1)
        page.fill("#find", "装置")
        wait_count(page, scan(documents[:100], corpus.SCHEMA, "装置").total)
        assert page.is_hidden(".case-fault")


def other_index(copy, documents):
    """Beside the index another one, in which a document more has the word that is asked for."""
    changed = [replace(documents[0], texts={**documents[0].texts, "title": ["神奇装置装置"]}), *documents[1:]]
    write_index(changed, corpus.SCHEMA, copy / "other", jobs=1)
    return changed


def test_an_index_that_is_half_another_is_noticed(page, copy, documents):
    other_index(copy, documents)
    for kind in "gpts":
        shutil.copytree(copy / "other/2" / kind, copy / "search/2" / kind, dirs_exist_ok=True)
    with serve(copy) as address:
        open_search(page, address)
        page.fill("#find", "神奇装置")
        page.wait_for_selector(".case-fault:not([hidden])")
        assert "正在更新" in page.inner_text(".case-fault")
        shutil.copytree(copy / "other", copy / "search", dirs_exist_ok=True)
        page.click(".case-fault button")
        wait_count(page, 1)
        assert page.is_hidden(".case-fault")


class Immutable(Handler):
    """Lets browsers keep the files of the index for ever."""

    def end_headers(self):
        if "/search/2/" in self.path:
            self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        super().end_headers()


def test_files_that_a_browser_kept_from_another_build_are_read_again(page, copy, documents):
    changed = other_index(copy, documents)
    with serve(copy, Immutable) as address:
        for text, some in (("装置", documents), ("神奇装置", changed), ("装置", changed)):
            if some is changed:
                shutil.copytree(copy / "other", copy / "search", dirs_exist_ok=True)
            open_search(page, address, f"?q={text}")
            wait_count(page, scan(some, corpus.SCHEMA, text).total)
            assert page.is_hidden(".case-fault")


def test_the_page_works_from_a_disk(page, copy, documents):
    from search_page import write_page

    write_page(copy, policy=False)
    page.goto((copy / "search.html").as_uri() + "?q=装置")
    wait_count(page, scan(documents, corpus.SCHEMA, "装置").total)
    page.fill("#find", "zyyp")
    wait_count(page, scan(documents, corpus.SCHEMA, "zyyp").total)
    page.fill("#find", "醫療設備")
    wait_count(page, scan(documents, corpus.SCHEMA, "醫療設備").total)
    assert not page.errors


def test_results_are_exported_as_a_table(page, address, documents):
    open_search(page, address, "?q=装置")
    page.wait_for_selector(".case-hits > li")
    with page.expect_download() as download:
        page.click("text=导出表格")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    wanted = scan(documents, corpus.SCHEMA, "装置", limit=1000).documents
    assert re.findall(r'^"(\d{4}-\d+)"', text, re.MULTILINE) == [d.id for d in wanted]


def test_without_a_script_the_page_leads_on(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}search.html")
    assert page.get_attribute(".case-browse a", "href") == "years/2023.html"
    context.close()
