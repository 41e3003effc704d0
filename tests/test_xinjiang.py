"""The scheme of Xinjiang's trade unions by configuration alone: classes, batches, two levels, monthly rankings."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree, html
from ruamel.yaml import YAML

from generator.cli import caselib
from generator.reading import read_library
from generator.site import BuildOptions, build_site
from tests.conftest import SCHEME as SMALL
from tests.samples import write_library
from tests.samples.records import read_scheme
from tests.test_media import mp4

ROOT = Path(__file__).parents[1]
SCHEME = ROOT / "examples/xinjiang/scheme.yml"
ATOM = "{http://www.w3.org/2005/Atom}"
# Days of three batches of a round, and how many of the announced 57,282 each brought.
BATCHES = {
    "2022年第一批": ("2022-06-30", 20_000),
    "2022年第二批": ("2022-09-30", 30_000),
    "2022年第三批": ("2022-12-07", 7_282),
}
_yaml = YAML(typ="safe", pure=True)


def ripened() -> dict[str, Any]:
    """The scheme, its round published in three batches."""
    scheme = dict(read_scheme(SCHEME))
    terms = [
        {"name": name, "slug": f"2022-{number}", "round": 2022, "date": day}
        for number, (name, (day, _)) in enumerate(BATCHES.items(), 1)
    ]
    scheme["dimensions"] = [{**d, "terms": terms} if d["key"] == "batch" else d for d in scheme["dimensions"]]
    [entry] = scheme["rounds"]
    announced = {**entry["announced"], "batch": {name: number for name, (_, number) in BATCHES.items()}}
    scheme["rounds"] = [{**entry, "announced": announced}]
    return scheme


def build(base: Path, site: str = "site", cache: str = "cache") -> Path:
    library, found = read_library(base / "cases", base, cache=base / cache)
    assert library is not None, [d.text() for d in found if d.is_error]
    build_site(library, BuildOptions(base / site, [ROOT / "theme"], base / cache))
    return base / site


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a year of 394 records in three batches, one of them with a video, and of its site."""
    base = tmp_path_factory.mktemp("xinjiang")
    folder = write_library(base, 394, scheme=ripened())
    film = folder / "2022/2022-00001/film.mp4"
    film.parent.mkdir()
    film.write_bytes(mp4())
    with (folder / "2022/2022-00001.yml").open("a", encoding="utf-8") as record:
        record.write("media:\n  - {file: 2022-00001/film.mp4, alt: 成果演示, caption: 成果视频}\n")
    build(base)
    return base


@pytest.fixture(scope="module")
def records(base: Path) -> list[dict[str, Any]]:
    return [_yaml.load(path.read_text("utf-8")) for path in sorted(base.glob("cases/2022/*.yml"))]


def tree(base: Path, page: str) -> Any:
    return html.fromstring((base / "site" / page).read_bytes())


def table(base: Path, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((base / "site" / path).read_text("utf-8-sig"))))


def words(node: Any) -> str:
    return re.sub(r"\s+", " ", " ".join(node.itertext())).strip()


def test_the_page_of_the_year_tells_what_was_called_for_announced_and_recorded_by_class(base, records):
    [called] = tree(base, "years/2022.html").find_class("case-called")
    rows = {words(row.find("th")): [cell.text for cell in row.findall("td")] for row in called.xpath("tbody/tr")}
    said = Counter(record["class"] for record in records)
    assert rows["五小群众性"][0] == "30000" and rows["劳模引领性"][0] == "1000" and rows["关键核心技术"][0] == "100"
    assert {name: int(cells[-1]) for name, cells in rows.items() if name != "合计"} == {
        name: said[name] for name in ("五小群众性", "五小示范性", "劳模引领性", "关键核心技术")
    }
    assert rows["五小示范性"][0] == "—"
    assert (rows["合计"][0], rows["合计"][-1]) == ("31100", "394")


def test_the_batches_have_pages_feeds_and_tables_and_add_up_to_the_round(base, records):
    said = Counter(record["batch"] for record in records)
    assert set(said) == set(BATCHES) and sum(said.values()) == 394
    index = tree(base, "batches/index.html")
    lines = index.xpath('//ul[contains(@class, "case-terms")]/li')
    assert [words(line.find(".//span")) for line in lines] == [
        *("2022年第三批 2022年12月7日公布", "2022年第二批 2022年9月30日公布", "2022年第一批 2022年6月30日公布"),
    ]
    for number, (name, (day, _)) in enumerate(BATCHES.items(), 1):
        page = f"batches/2022-{number}"
        rows = table(base, f"{page}.csv")
        assert {row["编号"] for row in rows} == {r["id"] for r in records if r["batch"] == name}
        assert words(tree(base, f"{page}.html").find_class("case-intro-count")[0]) == f"{said[name]} 项"
        feed = etree.parse(str(base / f"site/{page}.atom"))
        days = {entry.find(f"{ATOM}published").text[:10] for entry in feed.iter(f"{ATOM}entry")}
        assert days == {day}
    bars = tree(base, "years/2022.html").xpath('//table[caption="按批次"]/tbody/tr')
    assert {words(row.find("th")): int(row.find_class("case-num")[0].text) for row in bars} == said
    newest = etree.parse(str(base / "site/index.atom")).iter(f"{ATOM}entry")
    batches = {record["id"]: record["batch"] for record in records}
    shown = [batches[e.find(f"{ATOM}link").get("href").rpartition("/")[2][:-5]] for e in newest]
    assert shown == sorted(shown, key=lambda name: BATCHES[name][0], reverse=True)
    assert shown[0] == "2022年第三批"


def test_the_round_holds_each_batch_against_what_was_announced(base, monkeypatch):
    monkeypatch.chdir(base)
    document = json.loads(CliRunner().invoke(caselib, ["round", "2022", "--json"]).stdout)
    assert document["releasable"] is True
    [batches] = [d for d in document["dimensions"] if d["key"] == "batch"]
    assert sum(term["announced"] for term in batches["terms"]) == sum(t["recorded"] for t in batches["terms"]) == 394
    [classes] = [d for d in document["dimensions"] if d["key"] == "class"]
    assert {t["name"]: t.get("called") for t in classes["terms"]} == {
        "五小群众性": 30000,
        "五小示范性": None,
        "劳模引领性": 1000,
        "关键核心技术": 100,
    }


def test_every_month_ranks_the_units_by_the_number_of_their_entries(base, records):
    by_month: dict[str, Counter[str]] = {}
    for record in records:
        by_month.setdefault(str(record["entered"])[:7], Counter())[record["unit"]] += 1
    rows = table(base, "rankings/units/index.csv")
    assert [row["月份"] for row in rows] == sorted((row["月份"] for row in rows), reverse=True)
    so_far: Counter[str] = Counter()
    for month in sorted(by_month):
        so_far += by_month[month]
        ranked = table(base, f"rankings/units/{month}.csv")
        assert ranked == [row for row in rows if row["月份"] == month]
        assert {row["单位"]: int(row["本月项数"]) for row in ranked} == by_month[month]
        for row in ranked:
            above = sum(count > int(row["本月项数"]) for count in by_month[month].values())
            assert int(row["名次"]) == above + 1
            assert int(row["本年累计"]) == so_far[row["单位"]]
        page = tree(base, f"rankings/units/{month}.html")
        lines = page.xpath('//table[contains(@class, "case-ranking")]/tbody/tr')
        assert [[words(cell) for cell in line] for line in lines] == [
            [row["名次"], row["单位"], row["本月项数"], row["本年累计"]] for row in ranked[:100]
        ]
    months = tree(base, "rankings/units/index.html").xpath('//table[contains(@class, "case-ranking")]/tbody/tr')
    assert sum(int(row.find_class("case-num")[0].text) for row in months) == 394
    assert tree(base, "index.html").xpath('//footer//a[contains(@href, "rankings/units")]')


def test_regions_bureaus_and_companies_are_ranked_too_and_stand_in_two_levels(base, records):
    said = Counter(record["region"] for record in records)
    scheme = read_scheme(SCHEME)
    regions = next(d for d in scheme["dimensions"] if d["key"] == "region")["terms"]
    ranked = Counter()
    for row in table(base, "rankings/regions/index.csv"):
        ranked[row["申报渠道"]] += int(row["本月项数"])
    assert ranked == said
    assert not {"地（州、市）", "产业厅局", "公司（集团）"} & ranked.keys()
    for parent in ("prefectures", "bureaus", "companies"):
        name = next(term["name"] for term in regions if term["slug"] == parent)
        below = sum(said[term["name"]] for term in regions if term.get("parent") == name)
        assert words(tree(base, f"regions/{parent}.html").find_class("case-intro-count")[0]) == f"{below} 项"


def test_a_result_with_a_video_shows_it(base):
    page = tree(base, "cases/2022-00001.html")
    [video] = page.iter("video")
    assert "2022-00001/film" in etree.tostring(video, encoding="unicode")


def test_a_class_of_model_workers_without_one_in_the_lead_is_found(base, records, tmp_path, monkeypatch):
    shutil.copytree(base / "cases", tmp_path / "cases")
    led = next(r for r in records if r["class"] == "劳模引领性" and "model_worker" in r)
    assert led["model_worker"] is True
    path = tmp_path / f"cases/2022/{led['id']}.yml"
    path.write_text(path.read_text("utf-8").replace("model_worker: true", "model_worker: false"), "utf-8")
    monkeypatch.chdir(tmp_path)
    document = json.loads(CliRunner().invoke(caselib, ["round", "2022", "--json"]).stdout)
    [rule] = document["rules"]
    [breach] = [b for b in rule["breaches"] if b["ids"] == [led["id"]]]
    assert breach["detail"] == "劳模领衔应为「是」"


def test_an_edit_changes_its_month_and_gives_the_bytes_of_a_clean_build(base, records, tmp_path):
    shutil.copytree(base / "cases", tmp_path / "cases")
    build(tmp_path)
    path = tmp_path / f"cases/2022/{records[5]['id']}.yml"
    path.write_text(re.sub(r"(?m)^entered: .*$", "entered: 2022-12-01", path.read_text("utf-8")), "utf-8")
    site = build(tmp_path)
    clean = build(tmp_path, "clean", "clean-cache")

    def content(folder: Path) -> dict[str, bytes]:
        root = folder.resolve()
        return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}

    assert content(site) == content(clean)
    assert records[5]["unit"] in (site / "rankings/units/2022-12.csv").read_text("utf-8-sig")


# Bad input, in the small library.

BATCHED = SMALL.replace(
    "sections:\n",
    "  - key: batch\n    label: 批次\n    path: batches\n    role: batch\n    need: required\n    terms:\n"
    "      - {name: 23年第一批, slug: 2023-1, round: 2023, date: 2023-05-01}\n"
    "      - {name: 24年第一批, slug: 2024-1, round: 2024}\n"
    "fields:\n  - {key: entered, label: 申报日期, type: date}\n  - {key: size, label: 大小, type: number}\n"
    "rankings:\n  - {key: units, label: 排名, by: unit, date: entered}\n"
    "sections:\n",
)


@pytest.mark.parametrize(
    ("old", "new", "code", "said", "at"),
    [
        ("round: 2023, date", "date", "field-missing", "批次「23年第一批」没有写属于哪一届", "{name: 23年"),
        ("round: 2023", "round: 2021", "scheme-reference", "可用值：2023、2024", "2021"),
        (
            "slug: other",
            "slug: other, round: 2023",
            "field-unknown",
            "「其他」不是批次，不能有 round",
            "round: 2023, al",
        ),
        ("by: unit", "by: units", "scheme-reference", "是否应为「unit」？", "units"),
        ("date: entered", "date: enterd", "scheme-reference", "是否应为「entered」？", "enterd"),
        ("date: entered", "date: size", "scheme-reference", "排名的字段「size」不是日期；可用值：entered", "size"),
        (
            "date: entered}\n",
            "date: entered}\n  - {key: units, label: 又, by: kind, date: entered}\n",
            "scheme-clash",
            "排名「units」与前面的重复",
            "units, label: 又",
        ),
        ("path: batches", "path: rankings", "scheme-clash", "网址「rankings」已用于", "rankings"),
        ("{year: 2024}", "{year: 2024, called: {kid: {发明: 3}}}", "scheme-reference", "征集数里的维度「kid」", "kid"),
        (
            "{year: 2024}",
            "{year: 2024, announced: {batch: {23年第一批: 3}}}",
            "term-period",
            "公布数里的批次「23年第一批」是 2023 届的，不能用于 2024 届；可用值：24年第一批",
            "23年第一批: 3",
        ),
    ],
)
def test_a_mistake_in_batches_and_rankings_is_named_with_its_place(library, old, new, code, said, at):
    assert old in BATCHED
    library.write("scheme.yml", BATCHED.replace(old, new, 1))
    [found] = library.read()[1]
    assert found.code == code
    assert said in found.text()
    line = (library.folder / "scheme.yml").read_text("utf-8").splitlines()[found.line - 1]
    assert line[found.column - 1 :].startswith(at)


def test_a_record_has_a_batch_of_its_round_once_it_is_announced(library):
    library.write("scheme.yml", BATCHED)
    assert [d.code for d in library.check()] == []
    library.record("2023-00001", "batch: 24年第一批\n")
    [found] = library.check()
    assert (found.code, found.nearest) == ("term-period", "23年第一批")
    assert "批次「24年第一批」是 2024 届的，不能用于 2023 届；可用值：23年第一批" in found.text()
    library.record("2023-00001")
    [found] = library.check()
    assert (found.code, found.path) == ("field-missing", ("batch",))
    library.record("2023-00001", status="nominated", award="")
    assert library.check() == []
