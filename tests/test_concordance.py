"""Terms renamed, merged, split, added and dropped between rounds: one index across years, both counts add up."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import apsw
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from generator.cli import caselib
from generator.exports.award_database import write_database
from generator.exports.published import Published
from generator.pages.present import Presenter
from generator.rounds.report import report_round
from generator.site_options import SiteOptions
from generator.views import Views
from tests.conftest import RECORD, SCHEME, LibraryFolder
from tests.test_language import shown

# 机械/电机 split in 2025, 其他 renamed in 2024 and again in 2026; 西山县 went up in 南山区, which goes on.
CHANGED = (
    SCHEME.replace("  - {year: 2024}\n", "  - {year: 2024}\n  - {year: 2025}\n  - {year: 2026}\n")
    .replace(
        "      - {name: 其他, slug: other, aliases: [其它]}\n",
        "      - {name: 其他, slug: other, aliases: [其它]}\n"
        "      - {name: 综合, slug: general}\n"
        "      - {name: 综合类, slug: mixed}\n"
        "      - {name: 机械, slug: machines}\n"
        "      - {name: 电机, slug: motors}\n"
        "    concordance:\n"
        "      - {was: [其他], became: [综合], since: 2024, about: 见 2024 年通知}\n"
        "      - {was: [综合], became: [综合类], since: 2026}\n"
        "      - {was: [机械/电机], became: [机械, 电机], since: 2025}\n",
    )
    .replace(
        "      - {name: 南山区, slug: nanshan, tile: [0, 1]}\n",
        "      - {name: 南山区, slug: nanshan, tile: [0, 1]}\n"
        "    concordance:\n"
        "      - {was: [西山县, 南山区], became: [南山区], since: 2025}\n",
    )
)


@pytest.fixture
def changed(library: LibraryFolder) -> LibraryFolder:
    library.write("scheme.yml", CHANGED)
    library.record("2023-00001", field="机械/电机", place="西山县")
    library.record("2023-00002", field="其他", place="南山区")
    library.record("2024-00001", field="综合", place="西山县")
    library.record("2025-00001", field="机械", place="南山区")
    library.record("2025-00002", field="电机", place="东山县")
    library.record("2026-00001", field="综合类", place="东山县")
    return library


def scheme_with(library: LibraryFolder, passages: str, lines: str = CHANGED) -> list:
    """The findings where the passages of the dimension `field` are these."""
    start = lines.index("    concordance:\n")
    end = lines.index("  - key: place")
    library.write("scheme.yml", lines[:start] + f"    concordance:\n{passages}" + lines[end:])
    return library.read()[1]


def line_of(library: LibraryFolder, found) -> str:
    """The file from the place of a finding to the end of its line."""
    return (library.folder / "scheme.yml").read_text("utf-8").splitlines()[found.line - 1][found.column - 1 :]


@pytest.mark.parametrize(
    ("passages", "code", "at", "words"),
    [
        (
            "      - {was: [其他], became: [综合], since: 2024}\n      - {was: [综合], became: [其他], since: 2025}\n",
            "concordance-cycle",
            "{was: [综合]",
            "沿革转了一圈：其他 → 综合 → 其他",
        ),
        (
            "      - {was: [其他], became: [综合], since: 2024}\n"
            "      - {was: [综合], became: [综合类], since: 2025}\n"
            "      - {was: [综合类], became: [其他, 电机], since: 2026}\n",
            "concordance-cycle",
            "{was: [综合类]",
            "其他 → 综合 → 综合类 → 其他",
        ),
        (
            "      - {was: [其它], became: [综合], since: 2024}\n",
            "scheme-reference",
            "其它]",
            "沿革里的取值「其它」不存在",
        ),
        (
            "      - {was: [机械/电机], became: [机械, 电击], since: 2024}\n",
            "scheme-reference",
            "电击]",
            "是否应为「电机」？",
        ),
        (
            "      - {was: [其他], became: [综合], since: 2024}\n      - {was: [其他], became: [电机], since: 2025}\n",
            "concordance-form",
            "其他], became: [电机]",
            "「其他」停用了两次：2024 年和 2025 年",
        ),
        (
            "      - {was: [其他], became: [综合], since: 2024}\n      - {was: [机械], became: [综合], since: 2025}\n",
            "concordance-form",
            "综合], since: 2025",
            "并入已有的「综合」时，把它也写进 was",
        ),
        ("      - {was: [其他], became: [其他], since: 2024}\n", "concordance-form", "{was", "没有改变什么"),
        ("      - {since: 2024}\n", "concordance-form", "{since", "没有写取值"),
        (
            "      - {was: [其他, 其他], became: [综合], since: 2024}\n",
            "concordance-form",
            "其他], became",
            "写了两次",
        ),
        (
            "      - {was: [其他], became: [综合], since: 2025}\n"
            "      - {was: [综合], became: [综合类], since: 2024}\n",
            "term-period",
            "综合], became: [综合类]",
            "「综合」从 2025 年起才有",
        ),
        (
            "      - {was: [其他], became: [综合], since: 2024}\n"
            "      - {was: [其他, 机械], became: [其他], since: 2026}\n",
            "term-period",
            "其他, 机械]",
            "「其他」只用到 2023 年",
        ),
        ("      - {was: [其他], became: [综合]}\n", "field-missing", "{was", "since"),
        ("      - {was: [其他], becomes: [综合], since: 2024}\n", "field-unknown", "becomes", "是否应为「became」？"),
    ],
)
def test_a_mistake_in_a_concordance_is_named_with_its_place(library, passages, code, at, words):
    found = [d for d in scheme_with(library, passages) if d.code == code]
    assert words in found[0].text()
    assert line_of(library, found[0]).startswith(at)


def test_numbers_of_a_round_are_of_the_terms_of_that_round(library):
    text = CHANGED.replace("  - {year: 2026}\n", "  - {year: 2026, announced: {field: {综合: 3, 综合类: 4}}}\n")
    library.write("scheme.yml", text)
    [found] = library.read()[1]
    assert (found.code, found.nearest) == ("term-period", "综合类")
    assert "公布数里的类别「综合」只用到 2025 年，不能用于 2026 年" in found.text()
    assert line_of(library, found).startswith("综合: 3")


@pytest.mark.parametrize(
    ("case", "field", "words", "nearest"),
    [
        ("2026-00009", "综合", "类别「综合」只用到 2025 年，不能用于 2026 年；2026 年用「综合类」", "综合类"),
        ("2026-00009", "其它", "「其他」只用到 2023 年，不能用于 2026 年；2026 年用「综合类」", "综合类"),
        ("2023-00009", "综合类", "「综合类」从 2026 年起才有，不能用于 2023 年；2023 年用「其他」", "其他"),
        ("2025-00009", "机械/电机", "2025 年用「机械」或「电机」", ""),
        ("2024-00009", "电机", "从 2025 年起才有，不能用于 2024 年；2024 年用「机械/电机」", "机械/电机"),
        ("2023-00009", "综和", "类别「综和」不在方案中；可用值：机械/电机、其他", ""),
    ],
)
def test_a_record_has_the_terms_of_its_round_and_no_others(changed, case, field, words, nearest):
    path = changed.record(case, field=field)
    found = [d for d in changed.check() if d.is_error]
    assert [d.code for d in found] == ["term-period" if field != "综和" else "term-unknown"]
    assert words in found[0].text()
    assert found[0].nearest == nearest
    line = path.read_text("utf-8").splitlines()[found[0].line - 1]
    assert line[found[0].column - 1 :] == field


def tree(site: Path, page: str):
    return html.fromstring((site / page).read_bytes())


def words(node) -> str:
    return re.sub(r"\s+", " ", " ".join(node.itertext()))


def listed(site: Path, page: str) -> set[str]:
    return {Path(href).stem for href in tree(site, page).xpath('//li[@class="case-row"]//h3/a/@href')}


def test_every_term_keeps_its_page_which_says_what_became_of_it_and_leads_on(changed):
    site = changed.build()
    assert changed.check() == []
    other = tree(site, "fields/other.html").find_class("case-history")[0]
    assert "使用这个名称的年份：2024 年前。" in words(other)
    assert "2024 年起更名： 其他 → 综合" in words(other)
    assert "见 2024 年通知" in words(other)
    assert other.xpath(".//a/@href") == ["../fields/general.html"]
    general = tree(site, "fields/general.html").find_class("case-history")[0]
    assert general.xpath(".//a/@href") == ["../fields/other.html", "../fields/mixed.html"]
    assert "其他 （1 项）" in words(general)
    assert listed(site, "fields/other.html") == {"2023-00002"}
    assert listed(site, "fields/general.html") == {"2023-00002", "2024-00001"}
    assert listed(site, "fields/mixed.html") == {"2023-00002", "2024-00001", "2026-00001"}
    assert "1 项公布时就用这个名称" in words(tree(site, "fields/mixed.html"))


def test_the_cases_of_a_term_that_was_split_stay_its_own_and_are_counted_apart(changed):
    site = changed.build()
    assert listed(site, "fields/machinery.html") == {"2023-00001"}
    assert listed(site, "fields/machines.html") == {"2025-00001"}
    for page in ("machines", "motors"):
        note = words(tree(site, f"fields/{page}.html").find_class("case-history")[0])
        assert "2025 年起拆分： 机械/电机 （1 项）" in note, page
    index = tree(site, "fields/index.html")
    former = {
        words(row.find("th")).strip(): words(row) for row in index.xpath('//table[@class="case-former"]/tbody/tr')
    }
    assert list(former) == ["机械/电机", "其他", "综合"]
    assert "2025 年前" in former["机械/电机"] and "机械 、 电机" in former["机械/电机"]
    assert "2024—2025 年" in former["综合"]
    bars = index.xpath('//table[@class="case-bars"]/tbody/tr')
    assert {words(row.find("th")).strip(): int(row.find_class("case-num")[0].text) for row in bars} == {
        "机械/电机": 1,
        "综合类": 3,
        "机械": 1,
        "电机": 1,
    }


def tiles(site: Path, page: str) -> dict[str, str]:
    found = tree(site, page).find_class("case-tile")
    return {words(tile.find("span")): tile.find("b").text for tile in found}


def test_the_page_of_a_round_says_what_was_said_then(changed):
    site = changed.build()
    bars = {
        words(row.find("th")).strip(): int(row.find_class("case-num")[0].text)
        for row in tree(site, "years/2023.html").xpath('//table[@class="case-bars"]/tbody/tr')
    }
    assert bars["其他"] == bars["机械/电机"] == 1
    assert not {"综合", "综合类", "机械", "电机"} & bars.keys()
    maps = tree(site, "years/2023.html").find_class("case-tile")
    assert {words(tile.find("span")): tile.find("b").text for tile in maps} == {
        "东山县": "0",
        "西山县": "1",
        "南山区": "1",
    }
    maps = tree(site, "index.html").find_class("case-tile")
    assert {words(tile.find("span")): tile.find("b").text for tile in maps} == {"东山县": "2", "南山区": "4"}


def test_a_case_says_what_its_term_is_called_today(changed):
    site = changed.build()
    [now] = tree(site, "cases/2023-00002.html").find_class("case-now")
    assert (words(now), now.get("href")) == ("今： 综合类", "../fields/mixed.html")
    assert not tree(site, "cases/2023-00001.html").find_class("case-now")[1:]  # only its place has another name
    assert not tree(site, "cases/2025-00002.html").find_class("case-now")


def test_tables_and_the_database_have_the_term_as_it_was_said_and_as_it_is_today(changed):
    site = changed.build()
    rows = {row["编号"]: row for row in csv.DictReader(io.StringIO((site / "data/cases.csv").read_text("utf-8-sig")))}
    assert (rows["2023-00002"]["类别"], rows["2023-00002"]["类别（现用）"]) == ("其他", "综合类")
    assert (rows["2023-00001"]["类别"], rows["2023-00001"]["类别（现用）"]) == ("机械/电机", "机械/电机")
    assert (rows["2024-00001"]["地方"], rows["2024-00001"]["地方（现用）"]) == ("西山县", "南山区")
    assert "种类（现用）" not in rows["2023-00001"]
    database = apsw.Connection(str(site / "data/cases.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
    said = "SELECT id, field, field_now, place_now FROM case_list WHERE id IN ('2023-00002', '2024-00001') ORDER BY id"
    assert database.execute(said).fetchall() == [
        ("2023-00002", "其他", "综合类", "南山区"),
        ("2024-00001", "综合", "综合类", "南山区"),
    ]
    assert dict(database.execute("SELECT slug, cases FROM counts WHERE dimension = 'field'").fetchall()) == {
        "machinery": 1,
        "other": 1,
        "general": 2,
        "mixed": 3,
        "machines": 1,
        "motors": 1,
    }
    pairs = database.execute("SELECT was, became, since FROM concordance WHERE dimension = 'field'").fetchall()
    assert ("machinery", "motors", 2025) in pairs and ("other", "general", 2024) in pairs
    index = json.loads((site / "api/v1/fields/index.json").read_text("utf-8"))
    assert next(t for t in index["terms"] if t["slug"] == "machinery")["became"] == ["machines", "motors"]
    document = json.loads((site / "api/v1/years/2023.json").read_text("utf-8"))
    assert document["counts"]["field"] == {"machinery": 1, "other": 1}


def test_what_was_announced_is_compared_with_the_terms_of_that_round(changed):
    text = (changed.folder / "scheme.yml").read_text("utf-8")
    changed.write("scheme.yml", text.replace("award: {甲等: 2, 乙等: 3}", "place: {西山县: 1, 南山区: 1}"))
    site = changed.build()
    database = apsw.Connection(str(site / "data/cases.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
    compared = database.execute("SELECT name, announced, cases FROM compared ORDER BY name").fetchall()
    assert compared == [("南山区", 1, 1), ("西山县", 1, 1)]
    report = report_round(changed.library(), changed.base, 2023)
    assert report.reasons == []
    [places] = [d for d in report.dimensions if d.key == "place"]
    assert {t.name: t.recorded for t in places.terms} == {"东山县": 0, "西山县": 1, "南山区": 1}
    [places] = [d for d in report_round(changed.library(), changed.base, 2025).dimensions if d.key == "place"]
    assert [t.name for t in places.terms] == ["东山县", "南山区"]


def test_a_quota_judges_the_places_of_the_round(changed):
    rule = "{key: few, kind: quota, label: 少, message: 太少, count: announced, by: [place], at_least: [{number: 1}]}"
    with (changed.folder / "scheme.yml").open("a", encoding="utf-8") as scheme:
        scheme.write(f"rules:\n  - {rule}\n")
    for year, breaches in ((2023, ["东山县"]), (2024, ["东山县", "南山区"]), (2025, [])):
        [outcome] = report_round(changed.library(), changed.base, year).outcomes
        assert [breach.where for breach in outcome.breaches] == breaches, year


def test_the_search_finds_the_old_name_and_filters_by_both(changed, browser):
    from tests.browser.shots import served

    site = changed.build()
    with served(site) as address:
        page = browser.new_context().new_page()
        for query, total in (
            *(("field=mixed", 3), ("field=general", 2), ("field=other", 1), ("field=machinery", 1)),
            *(("place=nanshan", 4), ("place=xishan", 2), ("q=其他", 1), ("q=综合类", 3)),
        ):
            page.goto(f"{address}search.html?{query}")
            status = page.locator(".case-count [role=status]")
            status.get_by_text(f"共 {total} 项").wait_for(timeout=5000)
        note = page.locator("label", has=page.locator("input[value=other]")).locator("small")
        assert note.inner_text() == "2024 年前"
        page.context.close()


def test_what_is_filled_in_offers_the_terms_of_the_round(changed, monkeypatch):
    monkeypatch.chdir(changed.base)
    answers = "\n".join(
        ["2025", "已公布", "一种铅笔", "1", "机械/电机", "3", "南山区", "乙等", *[""] * 5, "公告", "", "", ""]
    )
    output = CliRunner().invoke(caselib, ["new"], input=answers).stdout
    assert "2025 年用「机械」或「电机」" in output
    assert "field: 电机\n" in (changed.folder / "2025/2025-00003.yml").read_text("utf-8")
    schema = CliRunner().invoke(caselib, ["schema"]).stdout
    assert "机械/电机（2025 年前）" in schema


def test_a_form_with_an_old_name_is_imported_with_the_name_of_the_round(changed, monkeypatch):
    monkeypatch.chdir(changed.base)
    head = "序号,项目名称,种类,类别,地方,第一完成人,工作单位,项目简介\n"
    rows = (
        "1,旧名表上的一种铅笔,发明,综合,西山县,张三,第一小学,短\n2,另一把尺子,发明,机械/电机,东山县,李四,第一小学,短\n"
    )
    table = changed.base / "table.csv"
    table.write_text(head + rows, encoding="utf-8-sig")
    result = CliRunner().invoke(
        caselib, ["import", str(table), "--round", "2026", "--status", "nominated", "--format", "json"]
    )
    written = (changed.folder / "2026/2026-00002.yml").read_text("utf-8")
    assert "field: 综合类\n" in written and "place: 南山区\n" in written
    assert "原文「综合」，2026 年用「综合类」" in result.stdout
    split = (changed.folder / "2026/2026-00003.yml").read_text("utf-8")
    assert "\nfield:\n" in split and "2026 年用「机械」或「电机」" in split


def test_an_english_site_tells_of_former_terms_in_english(changed):
    site = changed.build(site=SiteOptions(language="en"))
    note = words(tree(site, "fields/general.html").find_class("case-history")[0])
    assert "Years of this name: 2024 to 2025." in note
    assert "From 2024 on: renamed" in note
    for page in ("fields/general.html", "fields/machinery.html", "fields/index.html"):
        parts = [*tree(site, page).find_class("case-history"), *tree(site, page).find_class("case-former")]
        assert parts
        for part in parts:
            assert shown(f"<body>{html.tostring(part, encoding='unicode')}</body>") == [], page


# Any history adds up.

YEARS = range(2021, 2027)


class History:
    """Terms, passages and records made at random; what became of each record's term is followed step by step."""

    def __init__(self, dice: random.Random) -> None:
        self.names = ["甲"]
        self.passages: list[tuple[list[str], list[str], int]] = []
        self.records: list[tuple[int, str]] = []
        self.trails: list[list[str]] = []  # the terms under which each record counts, its own first
        alive = ["甲", self.fresh(), self.fresh()]
        for year in YEARS:
            if year > YEARS[0]:
                for _ in range(dice.randrange(3)):
                    self.step(dice, alive, year)
            for _ in range(dice.randrange(5)):
                name = dice.choice(alive)
                self.records.append((year, name))
                self.trails.append([name])

    def fresh(self) -> str:
        self.names.append(f"名{len(self.names)}")
        return self.names[-1]

    def step(self, dice: random.Random, alive: list[str], year: int) -> None:
        # What began or changed in this year does so only once.
        begun = {name for was, became, since in self.passages if since == year for name in (*was, *became)}
        ready = [name for name in alive if name not in begun]
        dice.shuffle(ready)
        kind = dice.choice(["rename", "merge", "join", "split", "part", "add", "drop"])
        if kind == "add":
            was, became = [], [self.fresh()]
        elif len(ready) < 3:
            return
        else:
            was, became = {
                "rename": lambda: (ready[:1], [self.fresh()]),
                "merge": lambda: (ready[:2], [self.fresh()]),
                "join": lambda: (ready[:2], ready[:1]),
                "split": lambda: (ready[:1], [self.fresh(), self.fresh()]),
                "part": lambda: (ready[:1], [ready[0], self.fresh()]),
                "drop": lambda: (ready[:1], []),
            }[kind]()
        self.passages.append((was, became, year))
        gone = [name for name in was if name not in became]
        alive[:] = [name for name in alive if name not in gone] + [name for name in became if name not in was]
        if len(became) == 1:
            for trail in self.trails:
                if trail[-1] in gone:
                    trail.append(became[0])

    def scheme(self) -> str:
        start, end = CHANGED.index("      - {name: 机械/电机"), CHANGED.index("  - key: place")
        terms = "".join(f"      - {{name: {name}, slug: t{n}}}\n" for n, name in enumerate(self.names))
        rows = "".join(
            f"      - {{was: [{', '.join(was)}], became: [{', '.join(became)}], since: {since}}}\n"
            for was, became, since in self.passages
        )
        lines = CHANGED[:start] + terms + ("    concordance:\n" + rows if rows else "") + CHANGED[end:]
        rounds = "".join(f"  - {{year: {year}}}\n" for year in YEARS)
        return re.sub(r"rounds:\n(  - .*\n)+", f"rounds:\n{rounds}", lines)


def counts_of(terms: Sequence) -> dict[str, int]:
    return {term.name: term.count for term in terms if term.count}


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_counts_by_old_and_by_new_terms_both_add_up(tmp_path_factory, dice):
    history = History(dice)
    base = tmp_path_factory.mktemp("history")
    folder = LibraryFolder(base)
    folder.write("scheme.yml", history.scheme())
    for number, (year, name) in enumerate(history.records):
        text = RECORD.format(id=f"{year}-{number + 1:05d}", title=f"第{number}种铅笔", year=year)
        folder.write(f"{year}/{year}-{number + 1:05d}.yml", f"{text}field: {name}\n")
    library = folder.library()
    views = Views(library)
    show = Presenter.of(library, views, library.scheme.words.phrases())
    dimension = library.scheme.by_key["field"]
    # As said: each round by its own terms.
    for year in YEARS:
        said = Counter(name for when, name in history.records if when == year)
        view = next(v for v in views.years if v.round.year == year)
        [group] = [g for g in show.lists.context(view, 1).groups if g.key == "field"]
        assert counts_of(group.terms) == said
        for name in history.names:
            if said[name]:
                assert dimension.history.covers(name, year)
    # As of today: every case once.
    group = show.indexes.index(dimension).group
    assert counts_of(group.terms) == Counter(trail[-1] for trail in history.trails)
    assert sum(term.count for term in group.terms) == len(history.records)
    # Each page has the cases that count under its term, by the light of the steps taken.
    for term in dimension.terms:
        wanted = sum(term.name in trail for trail in history.trails)
        assert len(views.term(dimension, term).cases) == wanted
        context = show.lists.context(views.term(dimension, term), 1)
        if context.own is not None:
            assert context.own == sum(trail[0] == term.name for trail in history.trails)
    write_database(Published(library), base / "cases.sqlite", {}, None)
    database = apsw.Connection(str(base / "cases.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
    counted = dict(
        database.execute("SELECT name, cases FROM counts WHERE dimension = 'field' AND cases > 0").fetchall()
    )
    assert counted == Counter(name for trail in history.trails for name in trail)
    if history.passages:
        today = dict(database.execute("SELECT field_now, count(*) FROM case_list GROUP BY field_now").fetchall())
        assert today == Counter(trail[-1] for trail in history.trails)
    # A term of another round is refused, and what is offered instead is of this one.
    year, name = dice.choice(list(YEARS)), dice.choice(history.names)
    folder.record(f"{year}-99999", field=name)
    found = [d for d in folder.check() if d.is_error]
    assert [d.code for d in found] == ([] if dimension.history.covers(name, year) else ["term-period"])
    assert all(d.nearest in ("", *dimension.names_in(year)) for d in found)
    shutil.rmtree(base)
