"""A fourth organiser, made up at random: whatever its scheme says, its site builds and its counts add up."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import html
from rich.console import Console

from generator.pages.search import documents, search_schema
from generator.reading import read_library
from generator.releases.notes import release_notes
from generator.releases.registering import register_present
from generator.rounds.report import report_round
from generator.rounds.screen import show_round
from generator.scheme.fields import field_text
from generator.scheme.words import Words
from generator.site import BuildOptions, build_site
from tests.conftest import THEME

HAN = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"
YEARS = (2021, 2022, 2024)
name = st.text(HAN, min_size=2, max_size=6)
flag = st.booleans()


def some(draw: Any, strategy: st.SearchStrategy[Any], least: int, most: int) -> list[Any]:
    return draw(st.lists(strategy, min_size=least, max_size=most, unique=True))


@st.composite
def dimensions(draw: Any) -> list[dict[str, Any]]:
    """Dimensions with every role or none, in any order, some of them trees, some without pages or filter."""
    roles = draw(st.permutations([None, None, "award", "place", "method"]))[: draw(st.integers(1, 5))]
    found = []
    for number, role in enumerate(roles):
        names = some(draw, name, 2, 6)
        terms = [{"name": text, "slug": f"t{place}"} for place, text in enumerate(names)]
        for place in range(1, len(terms)):
            if draw(flag) and role != "award":
                terms[place]["parent"] = names[draw(st.integers(0, place - 1))]
        if role == "place" and draw(flag):
            for place, term in enumerate(terms):
                term["tile"] = [str(place), "0"]
        entry: dict[str, Any] = {"key": f"d{number}", "label": draw(name), "path": f"p{number}", "terms": terms}
        if role:
            entry["role"] = role
        else:
            entry |= {
                "pages": draw(st.sampled_from(("true", "false"))),
                "filter": draw(st.sampled_from(("true", "false"))),
            }
        entry["need"] = draw(st.sampled_from(("optional", "complete")))
        found.append(entry)
    return found


@st.composite
def fields(draw: Any) -> list[dict[str, Any]]:
    found = []
    for number, kind in enumerate(
        some(draw, st.sampled_from(("text", "enum", "boolean", "date", "number", "list", "groups")), 0, 7)
    ):
        entry: dict[str, Any] = {"key": f"f{number}", "label": draw(name), "type": kind}
        if kind == "enum" or (kind == "list" and draw(flag)):
            entry["values"] = some(draw, name, 2, 4)
        if kind == "groups":
            entry["parts"] = [
                {"key": "one", "label": draw(name)},
                {"key": "two", "label": draw(name), "type": "number"},
            ]
        if kind == "boolean" or "values" in entry:
            entry["filter"] = draw(st.sampled_from(("true", "false")))
        entry["search"] = draw(st.sampled_from(("true", "false")))
        entry["shown"] = some(draw, st.sampled_from(("card", "facts", "table")), 0, 3)
        found.append(entry)
    return found


@st.composite
def schemes(draw: Any) -> dict[str, Any]:
    words = {word: draw(name) for word in Words.model_fields if draw(flag)}
    return {
        "name": draw(name),
        "programme": draw(name),
        "organiser": draw(name),
        "words": words,
        "rounds": [{"year": str(year)} for year in YEARS[: draw(st.integers(1, 3))]],
        "dimensions": draw(dimensions()),
        "sections": [{"key": f"s{number}", "label": draw(name)} for number in range(draw(st.integers(0, 2)))],
        "fields": draw(fields()),
    }


def value_of(draw: Any, field: dict[str, Any]) -> Any:
    kind = field["type"]
    if kind == "list":
        items = st.sampled_from(field["values"]) if "values" in field else name
        return some(draw, items, 1, 2)
    if kind == "groups":
        return [{"one": draw(name), "two": str(draw(st.integers(0, 99)))} for _ in range(draw(st.integers(1, 2)))]
    if kind == "enum":
        return draw(st.sampled_from(field["values"]))
    return {"boolean": draw(st.sampled_from(("true", "false"))), "date": "2023-05-06", "number": "1.5"}.get(
        kind, draw(name)
    )


@st.composite
def libraries(draw: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A scheme and records of it."""
    scheme = draw(schemes())
    records = []
    years = [entry["year"] for entry in scheme["rounds"]]
    for number in range(1, draw(st.integers(1, 12)) + 1):
        year = draw(st.sampled_from(years))
        record: dict[str, Any] = {"id": f"{year}-{number:05}", "title": draw(name), "year": year}
        for dimension in scheme["dimensions"]:
            if draw(flag):
                record[dimension["key"]] = draw(st.sampled_from(dimension["terms"]))["name"]
        if draw(flag):
            record["unit"] = draw(name)
        if scheme["sections"] and draw(flag):
            record["body"] = {section["key"]: draw(name) for section in scheme["sections"]}
        record |= {field["key"]: value_of(draw, field) for field in scheme["fields"] if draw(flag)}
        record["sources"] = [{"title": draw(name)}]
        record["status"] = draw(st.sampled_from(("announced", "announced", "announced", "nominated", "revoked")))
        if record["status"] == "revoked":
            record["changes"] = [{"date": "2024-01-02", "what": draw(name), "why": draw(name)}]
        records.append(record)
    return scheme, records


def counted(records: list[dict[str, Any]], dimension: dict[str, Any]) -> Counter[str]:
    """Records of each term, those of the terms below it with them; reckoned from the records alone."""
    above = {term["name"]: term.get("parent") for term in dimension["terms"]}
    found: Counter[str] = Counter()
    for record in records:
        term = record.get(dimension["key"])
        while term is not None:
            found[term] += 1
            term = above[term]
    return found


@given(libraries())
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),  # making one smaller takes minutes; a failure prints the whole library
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_made_up_scheme_builds_and_its_counts_add_up(made: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    scheme, records = made
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "cases").mkdir()
        (base / "cases/scheme.yml").write_text(json.dumps(scheme, ensure_ascii=False), "utf-8")
        for record in records:
            path = base / "cases" / record["year"] / f"{record['id']}.yml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
        library, found = read_library(base / "cases", base, cache=base / "cache", jobs=1)
        assert [d.text() for d in found if d.is_error] == []
        assert library is not None
        site = base / "site"
        build_site(library, BuildOptions(output=site, theme=[THEME], cache=base / "cache", jobs=1))
        public = [record for record in records if record["status"] == "announced"]
        with_page = [record for record in records if record["status"] in ("announced", "revoked")]
        check_pages(site, scheme, public, with_page)
        check_data(site, scheme, public, with_page)
        check_search(library, scheme, public)
        check_reports(library, base, scheme)


def check_pages(
    site: Path, scheme: dict[str, Any], public: list[dict[str, Any]], with_page: list[dict[str, Any]]
) -> None:
    assert {path.stem for path in (site / "cases").glob("*.html")} == {record["id"] for record in with_page}
    for entry in scheme["rounds"]:
        total = sum(record["year"] == entry["year"] for record in public)
        assert shown_total(site / f"years/{entry['year']}.html") == total
        document = json.loads((site / f"api/v1/years/{entry['year']}.json").read_text("utf-8"))
        for dimension in scheme["dimensions"]:
            slugs = {term["name"]: term["slug"] for term in dimension["terms"]}
            counts = counted([record for record in public if record["year"] == entry["year"]], dimension)
            assert document["counts"][dimension["key"]] == {slugs[term]: count for term, count in counts.items()}
    for dimension in scheme["dimensions"]:
        folder = site / dimension["path"]
        assert folder.exists() == (dimension.get("pages") != "false")
        if not folder.exists():
            continue
        counts = counted(public, dimension)
        for term in dimension["terms"]:
            assert shown_total(folder / f"{term['slug']}.html") == counts[term["name"]]
            document = json.loads((site / f"api/v1/{dimension['path']}/{term['slug']}.json").read_text("utf-8"))
            assert document["total"] == len(document["cases"]) == counts[term["name"]]
            among = [record for record in public if within(record, dimension, term["name"])]
            for other in scheme["dimensions"]:
                if other is not dimension:
                    slugs = {entry["name"]: entry["slug"] for entry in other["terms"]}
                    wanted = {slugs[name]: count for name, count in counted(among, other).items()}
                    assert document["counts"][other["key"]] == wanted
        wanted = {f"{dimension['path']}/{term['slug']}.html": counts[term["name"]] for term in dimension["terms"]}
        for page in (site / "index.html", folder / "index.html"):
            shown = shown_beside_links(page, site)
            assert all(shown[url] == {wanted[url]} for url in wanted if url in shown), page
        assert set(wanted) <= set(shown_beside_links(folder / "index.html", site))
        index = json.loads((site / f"api/v1/{dimension['path']}/index.json").read_text("utf-8"))
        tops = sum(term["total"] for term in index["terms"] if "parent" not in term)
        assert tops + index["unpublished"] == index["total"] == len(public)
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "{case}" not in text
        assert not re.search(r"\{(item|measure|unit|rounds?|lead|people|awarded)\}", text), path


def within(record: dict[str, Any], dimension: dict[str, Any], name: str) -> bool:
    """Whether the record has the term `name`, or one below it."""
    return counted([record], dimension)[name] == 1


def shown_beside_links(page: Path, site: Path) -> dict[str, set[int]]:
    """The numbers that stand in a line with a link, by its address from the root of the site: the last of each line."""
    found: dict[str, set[int]] = {}
    for line in html.fromstring(page.read_bytes()).xpath("//main//li | //main//tr"):
        links = {os.path.normpath(page.parent / address) for address in line.xpath(".//a/@href")}
        numbers = [element.text_content() for element in line.find_class("case-num")]
        if len(links) == 1 and numbers and numbers[-1].isdigit():
            url = Path(links.pop()).relative_to(site).as_posix()
            found.setdefault(url, set()).add(int(numbers[-1]))
    return found


def shown_total(page: Path) -> int:
    """The count that a list shows; none is shown where there is nothing."""
    text = page.read_text("utf-8")
    found = re.search(r'<p class="case-intro-count"><b class="case-num">(\d+)</b>', text)
    assert found or "case-empty" in text, page
    return int(found[1]) if found else 0


def check_data(
    site: Path, scheme: dict[str, Any], public: list[dict[str, Any]], with_page: list[dict[str, Any]]
) -> None:
    rows = list(csv.reader(io.StringIO((site / "data/cases.csv").read_text("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [record["id"] for record in sorted(public, key=lambda record: record["id"])]
    assert len({len(row) for row in rows}) == 1
    lines = (site / "data/cases.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len(public)
    by_id = {document["id"]: document for document in map(json.loads, lines)}
    for record in public:
        for field in scheme["fields"]:
            told = field_text(by_id[record["id"]].get(field["key"])).replace("是", "true").replace("否", "false")
            assert told == field_text(record.get(field["key"])), field
    with sqlite3.connect(site / "data/cases.sqlite") as database:
        assert database.execute("SELECT count(*) FROM cases").fetchone() == (len(with_page),)
        for dimension in scheme["dimensions"]:
            query = "SELECT name, cases FROM counts WHERE dimension = ? AND cases > 0"
            kept = dict(database.execute(query, (dimension["key"],)))
            assert kept == dict(counted(public, dimension))


def check_reports(library: Any, base: Path, scheme: dict[str, Any]) -> None:
    """What staff are told of each round and of a release, in the words that the scheme has for things."""
    said = io.StringIO()
    for entry in scheme["rounds"]:
        show_round(report_round(library, base, int(entry["year"])), Console(file=said, width=300))
    ledger = register_present(library.folder, base, base / "cache", 1)
    said.write(release_notes(None, ledger, library.scheme.words))
    for name, word in Words.model_fields.items():
        assert name not in scheme["words"] or not re.search(
            {"项": r"\d 项"}.get(word.default, word.default), said.getvalue()
        )


def check_search(library: Any, scheme: dict[str, Any], public: list[dict[str, Any]]) -> None:
    schema = search_schema(library, library.scheme.words.phrases())
    found = list(documents(library))
    assert {document.id for document in found} == {record["id"] for record in public}
    facets = {facet.key: facet for facet in schema.facets}
    for dimension in scheme["dimensions"]:
        if dimension.get("filter") == "false":
            assert dimension["key"] not in facets
        elif dimension["key"] in facets:
            slugs = {term["name"]: term["slug"] for term in dimension["terms"]}
            told = Counter(term for document in found for term in document.terms[dimension["key"]])
            assert told == {slugs[term]: count for term, count in counted(public, dimension).items()}
    for field in scheme["fields"]:
        assert (field["key"] in facets) == (field.get("filter") == "true")
        if field["key"] in facets:
            told = Counter(term for document in found for term in document.terms[field["key"]])
            values = (record[field["key"]] for record in public if field["key"] in record)
            wanted = Counter(item for value in values for item in (value if isinstance(value, list) else [value]))
            assert told == wanted
