"""The public notice of a round: shown where a build is told so, and no part of the library."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from click.testing import CliRunner

from generator.cli import caselib
from generator.pages.notice import PAGE_SIZE, notice_problem
from generator.site import BuildOptions, build_site
from generator.site_options import SiteOptions
from tests.conftest import LibraryFolder
from tests.test_site import tree

ROOT = Path(__file__).parents[1]
ROUND = """\
  - year: 2024
    label: 第二届
    dates:
      entries: {start: 2024-02-01, end: 2024-03-31}
      notice: {start: 2024-05-06, end: 2024-05-12}
    objection: 请书面提出，写明编号。
    regulations: {title: 评选办法, number: 协发〔2024〕1号, address: "https://example.org/rules"}
    notices: [{title: 开展评选的通知, number: 协发〔2024〕2号, date: 2024-01-31}]
"""

CONFIG = """\
site_name: 小库
theme: {{name: material, custom_dir: theme, language: zh, font: false}}
plugins: [{{caselib: {{{option}}}}}]
use_directory_urls: false
"""


def open_round(library: LibraryFolder, text: str = ROUND) -> None:
    """A second round in public notice, beside a first one that was announced."""
    scheme = (library.folder / "scheme.yml").read_text("utf-8")
    library.write("scheme.yml", scheme.replace("  - {year: 2024}\n", text))
    library.record("2023-00001", title="公布了的项目")
    library.record(
        "2024-00001", title="公示乙项目", status="notice", unit="公示单位", people="[{name: 周公示, role: lead}]"
    )
    library.record("2024-00002", title="公示甲项目", status="notice", unit="公示单位", award="甲等")
    library.record("2024-00003", title="没有评上的项目", status="nominated", unit="公示单位", award="")


def texts(site: Path) -> Iterator[tuple[str, str]]:
    """Everything that is text in a site; the rows of the database too."""
    for path, content in tree(site).items():
        if path.endswith(".sqlite"):
            database = apsw.Connection(":memory:")
            database.deserialize("main", content)
            names = [n for (n,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            yield path, repr([database.execute(f'SELECT * FROM "{n}"').fetchall() for n in names if "fts" not in n])
        else:
            yield path, content.decode("utf-8", "replace")


def test_the_notice_lists_the_round_best_first_with_its_last_day_and_how_to_object(library: LibraryFolder) -> None:
    open_round(library)
    page = (library.build(site=SiteOptions(notice=2024)) / "notice/2024.html").read_text("utf-8")
    found = re.findall(r'<th scope="row" data-label="项目名称">([^<]+)</th>', page)
    assert found == ["公示甲项目", "公示乙项目"]
    assert "没有评上的项目" not in page
    assert '<time datetime="2024-05-12">2024年5月12日</time>' in page
    assert "请书面提出，写明编号。" in page
    assert "协发〔2024〕1号" in page
    assert 'href="https://example.org/rules"' in page
    assert '<meta name="robots" content="noindex">' in page


def test_nominees_stand_on_the_notice_and_nowhere_else(library: LibraryFolder) -> None:
    open_round(library)
    site = library.build(site=SiteOptions(notice=2024, url="https://example.org/"))
    for path, text in texts(site):
        if path.removesuffix(".gz").removesuffix(".br") == "notice/2024.html":
            continue
        for word in (
            "公示乙项目",
            "公示甲项目",
            "周公示",
            "公示单位",
            "没有评上",
            "2024-00001",
            "2024-00002",
            "2024-00003",
        ):
            assert word not in text, (path, word)
        if path.endswith((".xml", ".json", ".csv")):
            assert "notice/2024" not in text, path
    assert re.search(r"<b[^>]*>1</b>\s*项", (site / "years/2023.html").read_text("utf-8"))


def test_only_the_notice_and_the_ways_to_it_differ_from_the_usual_build(library: LibraryFolder) -> None:
    open_round(library)
    usual = tree(library.build())
    shown = tree(library.build(site=SiteOptions(notice=2024)))
    differ = {path for path in usual.keys() | shown.keys() if usual.get(path) != shown.get(path)}
    assert {path for path in differ if not path.endswith((".br", ".gz"))} == {
        "notice/2024.html",
        "index.html",
        "years/2024.html",
    }
    assert "notice/2024.html" not in usual
    assert 'href="../notice/2024.html"' in shown["years/2024.html"].decode()
    assert "截至 5 月 12 日" in shown["index.html"].decode()
    assert tree(library.build()) == usual, "the notice is gone once it is not asked for"


def test_a_notice_makes_only_the_pages_that_show_it(library: LibraryFolder) -> None:
    open_round(library)
    library.build()
    made = []
    for notice in (2024, 0):
        options = BuildOptions(library.base / "site", [ROOT / "theme"], library.cache, site=SiteOptions(notice=notice))
        made.append(build_site(library.library(), options).made)
    assert made == [3, 2], "the notice, the home page and the page of the round; then the last two"


def test_the_days_and_numbers_of_a_round_stand_in_the_database(library: LibraryFolder) -> None:
    open_round(
        library,
        ROUND.replace(
            "    label", "    entries: {place: {东山县: 40}}\n    nominations: {place: {东山县: 9}}\n    label"
        ),
    )
    site = library.build()
    database = apsw.Connection(str(site / "data/cases.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
    assert database.execute("SELECT * FROM round_dates").fetchall() == [
        (2024, "entries", "2024-02-01", "2024-03-31"),
        (2024, "notice", "2024-05-06", "2024-05-12"),
    ]
    assert database.execute("SELECT * FROM sent_in ORDER BY stage").fetchall() == [
        (2024, "entries", "place", "dongshan", 40),
        (2024, "nominations", "place", "dongshan", 9),
    ]
    assert database.execute("SELECT number FROM notices WHERE year = 2024").fetchall() == [("协发〔2024〕2号",)]


def test_a_long_notice_has_pages_that_hold_every_project_once(library: LibraryFolder) -> None:
    open_round(library)
    for number in range(10, 10 + PAGE_SIZE):
        library.record(f"2024-{number:05}", title=f"项目{number}", status="notice")
    site = library.build(site=SiteOptions(notice=2024))
    pages = [(site / f"notice/2024{end}.html").read_text("utf-8") for end in ("", "-2")]
    found = [id for page in pages for id in re.findall(r'data-label="编号">([\d-]+)<', page)]
    assert len(found) == len(set(found)) == PAGE_SIZE + 2
    assert not (site / "notice/2024-3.html").exists()


def test_the_page_of_a_round_shows_its_days_its_rules_and_its_notices(library: LibraryFolder) -> None:
    open_round(library)
    library.record("2024-00009", title="先公布的一批")
    page = (library.build() / "years/2024.html").read_text("utf-8")
    assert re.findall(r"<dt>([^<]+)</dt><dd><time datetime=\"([\d-]+)\">", page)[-2:] == [
        ("申报", "2024-02-01"),
        ("公示", "2024-05-06"),
    ]
    for words in ("评选办法", "协发〔2024〕1号", "开展评选的通知", "协发〔2024〕2号"):
        assert words in page


@pytest.mark.parametrize(
    ("year", "text", "words"),
    [
        (2031, ROUND, "方案中没有 2031 这一届，不能公示；可用：2023、2024"),
        (2024, "  - {year: 2024}\n", "没有写 2024 届公示到哪一天"),
        (2024, "  - {year: 2024, dates: {notice: {start: 2024-05-06}}}\n", "没有写 2024 届公示到哪一天"),
        (2023, ROUND, "没有写 2023 届公示到哪一天"),
    ],
)
def test_a_notice_that_cannot_be_is_refused_in_one_line(library, year: int, text: str, words: str) -> None:
    open_round(library, text)
    assert words in notice_problem(library.library(), year)
    assert notice_problem(library.library(), 0) == ""


def test_a_round_without_nominees_in_notice_is_refused(library: LibraryFolder) -> None:
    open_round(library)
    for number in (1, 2):
        library.record(f"2024-{number:05}")
    assert "没有公示中的记录" in notice_problem(library.library(), 2024)


def configure(library: LibraryFolder, option: str = "") -> None:
    """A folder that can be built, with the library beside mkdocs.yml."""
    open_round(library)
    (library.base / "docs").mkdir()
    (library.base / "docs/about.md").write_text("# 关于\n", "utf-8")
    shutil.copytree(ROOT / "theme", library.base / "theme")
    (library.base / "mkdocs.yml").write_text(CONFIG.format(option=option), "utf-8")


def test_the_configuration_can_ask_for_the_notice_and_the_command_overrules_it(library, monkeypatch) -> None:
    configure(library, "notice: 2024")
    monkeypatch.chdir(library.base)
    assert CliRunner().invoke(caselib, ["build", "--quiet"]).exit_code == 0
    shown = tree(library.base / "site")
    assert "notice/2024.html" in shown
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    done = subprocess.run(command, cwd=library.base, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert tree(library.base / "site") == shown
    assert CliRunner().invoke(caselib, ["build", "--quiet", "--notice", "0"]).exit_code == 0
    assert "notice/2024.html" not in tree(library.base / "site")
    (library.base / "mkdocs.yml").write_text(CONFIG.format(option="notice: 2023"), "utf-8")
    done = subprocess.run(command, cwd=library.base, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "没有写 2023 届公示到哪一天" in done.stderr + done.stdout


def test_the_command_shows_the_notice_and_refuses_a_wrong_round(library: LibraryFolder, monkeypatch) -> None:
    configure(library)
    monkeypatch.chdir(library.base)
    done = CliRunner().invoke(caselib, ["build", "--quiet", "--notice", "2024"])
    assert done.exit_code == 0, done.output
    assert (library.base / "site/notice/2024.html").exists()
    before = tree(library.base / "site")
    done = CliRunner().invoke(caselib, ["build", "--quiet", "--notice", "2023"])
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert "已发布的网站不变" in done.output
    assert tree(library.base / "site") == before
    assert CliRunner().invoke(caselib, ["build", "--quiet"]).exit_code == 0
    assert not (library.base / "site/notice").exists()
