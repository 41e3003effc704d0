"""Which dimensions have pages and filters is said by the scheme."""

from __future__ import annotations

import sqlite3
from urllib.parse import unquote

import pytest

from generator.pages.search import document_of, search_schema
from generator.site_options import SiteOptions
from tests.test_site import fill, links


def told(library, key: str, *lines: str):
    """The library whose scheme says `lines` of the dimension `key`."""
    path = library.folder / "scheme.yml"
    text = path.read_text()
    head = f"  - key: {key}\n"
    assert head in text
    path.write_text(text.replace(head, head + "".join(f"    {line}\n" for line in lines)))
    return library


def test_a_dimension_without_pages_has_none_and_nothing_leads_to_one(library) -> None:
    fill(told(library, "field", "pages: false"))
    site = library.build(site=SiteOptions(url="https://example.org/"))
    assert not (site / "fields").exists()
    assert not (site / "api/v1/fields").exists()
    for page in site.rglob("*.html"):
        assert not [url for _, _, url in links(page).found if "fields/" in url], page
    assert "fields/" not in (site / "sitemap.xml").read_text("utf-8")
    home = (site / "index.html").read_text("utf-8")
    assert "按类别" not in home
    case = (site / "cases/2023-00001.html").read_text("utf-8")
    assert "search.html?field=machinery" in case
    with sqlite3.connect(site / "data/cases.sqlite") as database:
        pages = database.execute("SELECT DISTINCT page FROM terms WHERE dimension = 'field'").fetchall()
        (cases,) = database.execute(
            "SELECT cases FROM counts WHERE dimension = 'field' AND slug = 'machinery'"
        ).fetchone()
    assert pages == [(None,)]
    assert cases == 1


def test_a_dimension_that_is_no_filter_is_still_found(library) -> None:
    fill(told(library, "field", "filter: false"))
    read = library.library()
    schema = search_schema(read, read.scheme.words.phrases())
    assert "field" not in [facet.key for facet in schema.facets]
    assert ("term.field", "类别", "term") in [(field.key, field.label, field.role) for field in schema.fields]
    document = document_of(read.load("2023-00001"), read.by_id["2023-00001"], read)
    assert document.texts["term.field"] == ["机械/电机"]
    assert "field" not in document.terms
    site = library.build()
    assert "在检索里筛选" not in (site / "fields/machinery.html").read_text("utf-8")
    assert "在检索里筛选" in (site / "places/dongshan.html").read_text("utf-8")


def test_a_dimension_with_neither_is_a_plain_fact(library) -> None:
    fill(told(library, "field", "pages: false", "filter: false"))
    case = (library.build() / "cases/2023-00001.html").read_text("utf-8")
    assert "<dt>类别</dt><dd><span>机械/电机</span></dd>" in case
    assert "field=" not in unquote(case)


def test_pages_come_in_the_order_of_the_scheme(library) -> None:
    path = library.folder / "scheme.yml"
    text = path.read_text()
    start, end = text.index("  - key: field\n"), text.index("  - key: place\n")
    part = text[start:end]
    path.write_text((text[:start] + text[end:]).replace("  - key: kind\n", f"{part}  - key: kind\n"))
    fill(library)
    home = (library.build() / "index.html").read_text("utf-8")
    nav = home[home.index('class="case-nav"') : home.index("</nav>", home.index('class="case-nav"'))]
    assert nav.index("类别") < nav.index("种类") < nav.index("地方") < nav.index("奖项")


@pytest.mark.parametrize(("key", "line"), [("place", "pages: false"), ("award", "pages: false"), ("kind", "pages: 否")])
def test_a_dimension_that_must_have_pages_is_named(library, key: str, line: str) -> None:
    told(library, key, line)
    found = library.read()[1]
    assert [d.code for d in found] == ["scheme-reference" if key != "kind" else "value-unknown"], found
    assert (library.folder / "scheme.yml").read_text().split("\n")[found[0].line - 1].strip() == line
