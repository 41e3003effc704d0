"""Methods and experience: read across cases, filled by editors, asked of nobody; and the changes of a round."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.forms.table import _columns
from tests.conftest import LibraryFolder

METHODS = """\
methods: {label: 办法, about: 横着读。}
dimensions:
  - key: obstacle
    label: 难处
    path: obstacles
    role: method
    terms: [{name: 太慢, slug: slow}, {name: 太重, slug: heavy}]
  - key: approach
    label: 路子
    path: approaches
    role: method
    terms: [{name: 加一件, slug: add}, {name: 换一种, slug: other}]
"""


@pytest.fixture
def methods(library: LibraryFolder) -> LibraryFolder:
    """A library whose scheme has two dimensions of methods, and a case that tells of none."""
    scheme = (library.folder / "scheme.yml").read_text("utf-8")
    library.write("scheme.yml", scheme.replace("dimensions:\n", METHODS, 1))
    library.record("2023-00001", title="没写的")
    return library


def text_of(path: Path) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", path.read_text("utf-8")))


def main_of(path: Path) -> str:
    """The text between header and footer."""
    page = path.read_text("utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page[page.index("<main") : page.index("</main>")]))


def test_an_empty_page_says_so_and_nobody_is_asked(methods: LibraryFolder) -> None:
    site = methods.build()
    page = main_of(site / "methods/index.html")
    assert "还没有案例写明方法" in page
    assert all(name in page for name in ("太慢", "太重", "加一件", "换一种"))
    case = main_of(site / "cases/2023-00001.html")
    assert "难处" not in case and "路子" not in case
    assert "难处" not in main_of(site / "years/2023.html")
    assert "还没有案例写明难处" in main_of(site / "obstacles/slow.html")
    home = (site / "index.html").read_text("utf-8")
    assert 'href="methods/index.html"' in home[home.index("<main") : home.index("</main>")]
    assert 'href="methods/index.html"' in home[home.index("<footer") :]
    assert "obstacles" not in home[: home.index("<main")], "no entry of the main navigation"
    scheme = methods.library().scheme
    assert not {"难处", "路子"} & {column.head for column in _columns(scheme)}


def test_cases_are_read_across_by_difficulty_and_approach(methods: LibraryFolder) -> None:
    for number in range(2, 7):
        methods.record(f"2023-{number:05}", title=f"案例{number}", text="obstacle: 太慢\napproach: 加一件\n")
    methods.record("2023-00009", title="另一项", text="obstacle: 太慢\napproach: 换一种\n")
    site = methods.build()
    page = (site / "methods/index.html").read_text("utf-8")
    assert re.search(r"<b[^>]*>6</b>项写明<small>共 7 项", page)
    assert re.search(r'search\.html\?obstacle=slow&amp;approach=add">加一件 <b[^>]*>5</b>', page)
    assert re.search(r'search\.html\?approach=other&amp;obstacle=slow">太慢 <b[^>]*>1</b>', page)
    assert "还没有案例写到：太重" in page
    case = (site / "cases/2023-00009.html").read_text("utf-8")
    assert 'href="../obstacles/slow.html"' in case and 'href="../approaches/other.html"' in case
    assert "另一项" in main_of(site / "obstacles/slow.html")
    assert "未写明" in main_of(site / "years/2023.html") and "难处未公布" not in main_of(site / "obstacles/index.html")


def test_a_dimension_cannot_take_the_address_of_the_page(methods: LibraryFolder) -> None:
    scheme = (methods.folder / "scheme.yml").read_text("utf-8")
    methods.write("scheme.yml", scheme.replace("path: obstacles", "path: methods"))
    assert [(d.code, d.line) for d in methods.read()[1]] == [("scheme-clash", 11)]


def test_a_round_lists_what_changed_since_publication(library: LibraryFolder) -> None:
    change = "changes:\n  - {{date: {}, what: {}}}\n"
    library.record("2023-00001", title="改过的", text=change.format("2024-01-05", "更正单位"))
    library.record("2023-00002", title="撤下的", status="revoked", text=change.format("2024-02-06", "撤销公布"))
    library.record("2024-00001", title="别届的", text=change.format("2025-01-05", "更正人名"))
    library.record("2023-00003", title="没改的")
    site = library.build()
    page = (site / "years/2023.html").read_text("utf-8")
    part = page[page.index("公布后的更正") :]
    part = part[: part.index("</section>")]
    assert part.index("撤销公布") < part.index("更正单位"), "newest first"
    assert 'href="../cases/2023-00002.html">编号 2023-00002</a>' in part and "撤下的" not in page
    assert "更正人名" not in part and "没改的" not in part
    assert 'href="../changes.atom"' in part
    library.record("2023-00002", title="撤下的", status="revoked", text=change.format("2024-02-07", "撤销公布"))
    assert "2024-02-07" in (library.build() / "years/2023.html").read_text("utf-8"), "a later build sees a later change"


def test_a_list_opens_in_the_search_in_other_orders(library: LibraryFolder) -> None:
    library.record("2023-00001")
    page = (library.build() / "places/dongshan.html").read_text("utf-8")
    for sort, words in (("award", "按奖项排序"), ("newest", "按最新排序"), ("title", "按名称排序")):
        assert f'href="../search.html?place=dongshan&amp;sort={sort}">{words}</a>' in page
    known = (Path(__file__).parents[1] / "search/client/engine.js").read_text("utf-8")
    assert 'SORTS = ["relevance", "newest", "award", "title"]' in known


def test_a_title_breaks_only_where_the_scheme_says(library: LibraryFolder) -> None:
    scheme = (library.folder / "scheme.yml").read_text("utf-8")
    library.write("scheme.yml", scheme.replace("name: 小库", "name: 小库全书（示例）\nname_parts: [小库, 全书]"))
    library.record()
    page = (library.build() / "index.html").read_text("utf-8")
    assert '<h1 class="case-words">小库<wbr>全书<wbr>（示例）</h1>' in page
    library.write("scheme.yml", scheme.replace("name: 小库", "name: 小库全书\nname_parts: [小库, 大全]"))
    [found] = library.read()[1]
    assert (found.code, found.line) == ("scheme-reference", scheme[: scheme.index("name: 小库")].count("\n") + 2)
