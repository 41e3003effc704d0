"""One count everywhere: what a plain reading of the files counts is on every page, in every export, on the screen.

Records of every state stand in the library; only announced ones count.
"""

from __future__ import annotations

import csv
import io
import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import apsw
import openpyxl
import pytest
from click.testing import CliRunner
from lxml import html
from ruamel.yaml import YAML

from generator import urls
from generator.cli import caselib
from generator.reading import read_library
from generator.site import BuildOptions, build_site
from generator.site_options import SiteOptions
from tests.samples import write_library

ROOT = Path(__file__).parents[1]
SCHEMES = {path.parent.name: path for path in sorted(ROOT.glob("examples/*/scheme.yml"))}
COUNT = 170
_yaml = YAML(typ="safe", pure=True)


@dataclass
class Truth:
    """The announced records as their files have them, and the site built from them."""

    cases: list[dict[str, Any]]
    scheme: dict[str, Any]
    base: Path

    @property
    def site(self) -> Path:
        return self.base / "site"

    @cached_property
    def views(self) -> dict[str, set[str]]:
        """Ids of the cases of each round, term and unit by the address of its page."""
        found: dict[str, set[str]] = {f"years/{entry['year']}.html": set() for entry in self.scheme["rounds"]}
        for case in self.cases:
            found[f"years/{case['year']}.html"].add(case["id"])
            found.setdefault(urls.unit_url(case["unit"]), set()).add(case["id"])
        for dimension in self.scheme["dimensions"]:
            parents = {term["name"]: term.get("parent") for term in dimension["terms"]}
            pages = {term["name"]: f"{dimension['path']}/{term['slug']}.html" for term in dimension["terms"]}
            found |= {page: set() for page in pages.values()}
            for case in self.cases:
                name = case.get(dimension["key"])
                while name is not None:
                    found[pages[name]].add(case["id"])
                    name = parents[name]
        return found

    @cached_property
    def everything(self) -> set[str]:
        return {case["id"] for case in self.cases}

    def of(self, page: str) -> set[str]:
        """The cases that a page is about: those of its view, of the year up to the month of a ranking, or all."""
        if ranked := re.fullmatch(r"rankings/(\w+)/(\d{4})-(\d\d)\.html", page):
            key = next(entry["date"] for entry in self.scheme["rankings"] if entry["key"] == ranked.group(1))
            months = {case["id"]: str(case[key])[:7] for case in self.cases if key in case}
            first, last = f"{ranked.group(2)}-01", f"{ranked.group(2)}-{ranked.group(3)}"
            return {case_id for case_id, month in months.items() if first <= month <= last}
        return self.views.get(
            re.sub(r"-\d+\.html$", ".html", page) if page not in self.views else page, self.everything
        )

    def count(self, key: str, name: str, year: int) -> int:
        """How many cases of the round have this term, or one below it."""
        dimension = next(d for d in self.scheme["dimensions"] if d["key"] == key)
        slug = next(term["slug"] for term in dimension["terms"] if term["name"] == name)
        return len(self.views[f"{dimension['path']}/{slug}.html"] & self.views[f"years/{year}.html"])


@pytest.fixture(scope="module", params=SCHEMES)
def truth(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Truth:
    base = tmp_path_factory.mktemp(request.param)
    folder = write_library(base, COUNT, scheme=SCHEMES[request.param])
    cases = []
    for number, path in enumerate(sorted(folder.glob("*/*.yml"))):
        text = path.read_text("utf-8")
        for step, status in ((7, "revoked"), (11, "notice"), (13, "nominated")):
            if number % step == 3:
                text = text.replace("status: announced", f"status: {status}")
        path.write_text(text, "utf-8")
        record = _yaml.load(text)
        if record["status"] == "announced":
            cases.append(record)
    library, found = read_library(folder, base, cache=base / "cache")
    assert library is not None, [d.text() for d in found]
    site = SiteOptions(url="https://example.org/")
    build_site(library, BuildOptions(base / "site", [ROOT / "theme"], base / "cache", site=site))
    assert 0 < len(cases) < COUNT - 30
    return Truth(cases, _yaml.load((folder / "scheme.yml").read_text("utf-8")), base)


def pages(truth: Truth) -> Iterator[tuple[str, Any]]:
    """Address and tree of every page of the library."""
    root = truth.site.resolve()
    for path in sorted(root.rglob("*.html")):
        yield path.relative_to(root).as_posix(), html.fromstring(path.read_bytes())


def linked_counts(tree: Any, page: str) -> Iterator[tuple[str, int]]:
    """Address of each round, term or unit that the page counts, and the number beside it."""
    for link in tree.iter("a"):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), link.get("href", "").partition("?")[0]))
        row = next((parent for parent in link.iterancestors("tr")), None)
        inside = link.xpath('.//b[contains(@class, "case-num")]')
        small = "".join(link.xpath(".//small//text()"))
        if row is not None:
            yield target, int(row.xpath('.//*[contains(@class, "case-num")]')[-1].text)
        elif told := re.search(r"入库 (\d+) 项", small):
            yield target, int(told.group(1))
        elif inside and inside[-1].text.strip().isdigit() and not link.xpath(".//ancestor::nav"):
            yield target, int(inside[-1].text)


def test_every_number_on_every_page_is_the_count_of_the_records(truth: Truth) -> None:
    seen: Counter[str] = Counter()
    for page, tree in pages(truth):
        here = truth.of(page)
        for target, number in linked_counts(tree, page):
            if target in truth.views and not target.startswith("units/"):
                assert number == len(truth.views[target] & here), (page, target)
                seen[page] += 1
        total = tree.xpath('//*[contains(@class, "case-intro-count")]/b')
        if total and page.split("/")[0] not in ("titles", "units", "methods", "rankings"):
            assert int(total[0].text) == len(here), page
    assert seen["index.html"] > 20
    assert sum(number > 3 for number in seen.values()) > 20


def test_every_list_holds_exactly_its_cases(truth: Truth) -> None:
    listed: dict[str, list[str]] = {}
    for page, tree in pages(truth):
        name = page if page in truth.views else re.sub(r"-\d+\.html$", ".html", page)
        if name in truth.views:
            rows = tree.xpath('//li[@class="case-row"]//h3/a/@href')
            listed.setdefault(name, []).extend(posixpath.basename(row).removesuffix(".html") for row in rows)
    shown = {page: sorted(ids) for page, ids in truth.views.items() if not page.startswith("units/") or len(ids) > 1}
    assert {page: sorted(ids) for page, ids in listed.items()} == shown


def test_the_home_page_and_the_search_page_say_how_many_there_are(truth: Truth) -> None:
    manifest = json.loads((truth.site / "search/manifest.json").read_text("utf-8"))
    assert manifest["documents"] == len(truth.everything)
    search = (truth.site / "search.html").read_text("utf-8")
    assert f"共 {len(truth.everything)} 项" in search
    home = html.fromstring((truth.site / "index.html").read_bytes())
    assert int(home.xpath('//tr[@class="case-totals-sum"]/td[last()]')[0].text) == len(truth.everything)


def test_the_tables_hold_the_same_cases_and_counts(truth: Truth) -> None:
    def rows(path: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO((truth.site / path).read_text("utf-8-sig"))))

    assert {row["编号"] for row in rows("data/cases.csv")} == truth.everything
    for page, ids in truth.views.items():
        if not page.startswith("units/") or len(ids) > 1:
            assert sorted(row["编号"] for row in rows(page.replace(".html", ".csv"))) == sorted(ids), page
    paths = {dimension["key"]: dimension["path"] for dimension in truth.scheme["dimensions"]}
    cases = f"{truth.scheme.get('words', {}).get('case', '案例')}数"
    for row in rows("data/terms.csv"):
        assert int(row[cases]) == len(truth.views[f"{paths[row['维度']]}/{row['网址写法']}.html"]), row
    for row in rows("data/rounds.csv"):
        assert int(row[cases]) == len(truth.views[f"years/{row['届次']}.html"])
    sheet = openpyxl.load_workbook(truth.site / "data/cases.xlsx", read_only=True).worksheets[0]
    assert {str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)} == truth.everything
    lines = (truth.site / "data/cases.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["id"] for line in lines} == truth.everything


def test_the_database_answers_with_the_same_counts(truth: Truth) -> None:
    database = apsw.Connection(str(truth.site / "data/cases.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
    paths = {dimension["key"]: dimension["path"] for dimension in truth.scheme["dimensions"]} | {"year": "years"}
    counted = database.execute("SELECT dimension, slug, cases FROM counts").fetchall()
    assert {(f"{paths[key]}/{slug}.html", number) for key, slug, number in counted} == {
        (page, len(ids)) for page, ids in truth.views.items() if not page.startswith("units/")
    }
    for key, slug, other, other_slug, number in database.execute("SELECT * FROM cross_counts"):
        one, two = f"{paths[key]}/{slug}.html", f"{paths[other]}/{other_slug}.html"
        assert number == len(truth.views[one] & truth.views[two]), (one, two)
    units = dict(database.execute("SELECT unit, cases FROM unit_counts").fetchall())
    assert units == Counter(case["unit"] for case in truth.cases)


def test_the_documents_of_the_api_say_the_same(truth: Truth) -> None:
    paths = {dimension["key"]: dimension["path"] for dimension in truth.scheme["dimensions"]} | {"year": "years"}
    for page, ids in truth.views.items():
        if page.startswith("units/") and len(ids) == 1:
            continue
        document = json.loads((truth.site / urls.api_url(page)).read_text("utf-8"))
        assert document["total"] == len(ids)
        assert {case["id"] for case in document["cases"]} == ids
        for key, counts in document["counts"].items():
            for slug, number in counts.items():
                assert number == len(truth.views[f"{paths[key]}/{slug}.html"] & ids), (page, key, slug)
    for key, path in paths.items():
        index = json.loads((truth.site / f"api/v1/{path}/index.json").read_text("utf-8"))
        assert index["total"] == len(truth.everything), key
        for term in index["terms"]:
            assert term["total"] == len(truth.views[term["page"]])
    start = json.loads((truth.site / "api/v1/index.json").read_text("utf-8"))
    assert start["total"] == len(truth.everything)


def test_the_screen_of_each_round_says_the_same(truth: Truth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(truth.base)
    for entry in truth.scheme["rounds"]:
        year = entry["year"]
        ids = truth.views[f"years/{year}.html"]
        document = json.loads(CliRunner().invoke(caselib, ["round", str(year), "--json"]).stdout)
        assert document["recorded"] == len(ids)
        assert document["states"]["announced"] == len(ids)
        for dimension in document["dimensions"]:
            for term in dimension["terms"]:
                assert term["recorded"] == truth.count(dimension["key"], term["name"], year), term
        assert sum(row["cases"] for row in document["missing"]) == len(ids)
        screen = CliRunner().invoke(caselib, ["round", str(year)]).stdout
        assert f"入库 {len(ids)} 项" in screen
        numbers = screen.split("缺的资料")[0]
        for dimension in document["dimensions"]:
            known = next(d for d in truth.scheme["dimensions"] if d["key"] == dimension["key"])
            for term in dimension["terms"]:
                rows = re.findall(rf"(?<=\s){re.escape(term['name'])} +((?:\d+ +)*\d+)(?=\s)", numbers)
                last = {int(row.split()[-1]) for row in rows}
                if known.get("role") == "method" or (known.get("role") == "place" and not rows):
                    assert known["role"] == "method" or term["recorded"] == 0
                else:
                    assert term["recorded"] in last, (year, term)
