"""Reports, notes, prints and questions call things as the scheme does, whatever organiser it is of."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from pypdf import PdfReader
from ruamel.yaml import YAML

from generator.cli import caselib
from generator.editing.intake import read_form
from generator.kiosk.settings import read_settings
from generator.pages.notice import notice_problem
from generator.reading import read_library
from generator.records.library import Library
from generator.releases.difference import compare, words
from generator.releases.notes import release_notes
from generator.releases.registering import register_present
from generator.scheme.words import Words
from tests.conftest import LibraryFolder
from tests.samples import write_library
from tests.test_site import fill
from tests.test_words import OTHER

ROOT = Path(__file__).parents[1]
HAN = re.compile("[\u3400-\u9fff]")
# The usual measure is also a part of other words: 事项, 1 项目.
MEASURED = r"\d ?项(?!目)"


class Organiser:
    """A library of one organiser with the words of its scheme, and commands run in it."""

    def __init__(self, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.base, self.folder = base, base / "cases"
        self.patch = monkeypatch
        self.library = self.read()
        self.scheme = self.library.scheme
        self.year = max(entry.year for entry in self.library.entries)
        self.id = next(e.id for e in self.library.entries if e.is_public and e.year == self.year)

    def read(self) -> Library:
        library, found = read_library(self.folder, self.base, cache=self.base / ".cache", jobs=1)
        assert library is not None, [d.text() for d in found]
        return library

    def run(self, *arguments: str | Path, answers: str = "") -> str:
        self.patch.chdir(self.base)
        done = CliRunner().invoke(caselib, [str(argument) for argument in arguments], input=answers)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        assert HAN.search(done.output), arguments
        return done.output

    def usual_in(self, text: str) -> list[str]:
        """Words in `text` that the scheme has others for. What scheme and records say themselves is not counted."""
        for told in sorted(self.told(), key=len, reverse=True):
            text = text.replace(told, "·")
        own = self.scheme.words.by_name
        return [
            word.default
            for name, word in Words.model_fields.items()
            if own[name] != word.default and re.search(MEASURED if name == "measure" else word.default, text)
        ]

    def told(self) -> set[str]:
        if not hasattr(self, "_told"):
            paths = [self.folder / "scheme.yml", *self.folder.glob("2*/*.yml")]
            values = [YAML(typ="safe").load(path.read_text("utf-8")) for path in paths]
            self._told = {text for value in values for text in texts_of(value) if len(text) > 2}
            self._told -= {word.default for word in Words.model_fields.values()}
        return self._told


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, str):
        yield from value.splitlines()


@pytest.fixture(params=["made-up", "jiangxi", "xinjiang"])
def organiser(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Organiser:
    base = tmp_path / "library"
    base.mkdir()
    if request.param != "made-up":
        write_library(base, 30, scheme=ROOT / f"examples/{request.param}/scheme.yml")
        return Organiser(base, monkeypatch)
    made = LibraryFolder(base)
    path = made.folder / "scheme.yml"
    called = "".join(f'  {name}: "{word}"\n' for name, word in OTHER.items())
    path.write_text(f"{path.read_text()}words:\n{called}")
    fill(made)
    made.record("2024-00002", title="换针架（二）<b>")
    made.record("2024-00003", title="可调式换针架装置", unit="东山县第一小学")
    made.record("2024-00004", title="可调式换针架装备", unit="东山县第一小学")
    return Organiser(base, monkeypatch)


def test_the_report_of_a_round_and_of_doubles(organiser: Organiser) -> None:
    for arguments in (
        ("round", organiser.year),
        ("round", organiser.year, "--json"),
        ("round", "1999"),
        ("duplicates",),
    ):
        output = organiser.run(*map(str, arguments))
        assert organiser.usual_in(output) == [], output
    assert f"{organiser.year} {organiser.scheme.words.round}" in organiser.run("round", str(organiser.year))
    output = organiser.run("duplicates")
    assert f"对同一{organiser.scheme.words.item}，" in output
    if organiser.scheme.words.by_name == OTHER:
        assert "警告：与 cases/2024/2024-00003.yml:2 可能是同一⟦item⟧：" in output
        assert "警告：与 cases/2024/2024-00001.yml:2 同一⟦item⟧：" in output


def test_what_a_round_that_is_not_complete_lacks(organiser: Organiser) -> None:
    """The scheme is told to have announced more, and a quota that cannot be judged."""
    path = organiser.folder / "scheme.yml"
    scheme = YAML(typ="safe").load(path.read_text("utf-8"))
    award = next(d for d in scheme["dimensions"] if d.get("role") == "award")
    place = next(d for d in scheme["dimensions"] if d is not award)
    for entry in scheme["rounds"]:
        entry["announced"] = {award["key"]: {award["terms"][0]["name"]: 999}}
        entry.pop("entries", None)
    scheme["rules"] = [
        {"key": key, "kind": "quota", "label": "名额", "message": "超过", "by": [place["key"]], **rule}
        for key, rule in {
            "one": {"count": "nominations", "at_most": [{"entries": 1, "number": 1}]},
            "two": {"count": "announced", "at_most": [{"number": 0}]},
            "three": {"count": "nominations", "at_least": [{"number": 99}]},
        }.items()
    ]
    out = io.StringIO()
    YAML(typ="safe", pure=True).dump(scheme, out)
    path.write_text(out.getvalue(), "utf-8")
    output = organiser.run("round", str(organiser.year))
    said = organiser.scheme.words.said
    assert said("公布 999 {measure}，入库") in output
    assert said("0 {measure}") in output and said("{round}按") in output and said("推荐{item}，无法核对") in output
    assert organiser.usual_in(output) == [], output


def test_reports_of_an_import(organiser: Organiser, tmp_path: Path) -> None:
    called, base = organiser.scheme.words, tmp_path / "other"
    (base / "cases").mkdir(parents=True)
    (base / "cases/scheme.yml").write_bytes((organiser.folder / "scheme.yml").read_bytes())
    organiser.run("forms", "--of", organiser.id, "--output", "表格")
    form = organiser.base / f"表格/申报表-{organiser.id}.docx"
    table = organiser.base / "表.xlsx"
    heads = ["序号", called.said("{item}名称"), called.unit, called.lead, "联系电话", "不认识的列"]
    award = organiser.scheme.award
    assert award is not None
    rows: list[list[Any]] = [
        [1, "一种换针架", "某厂", "张三等", "13900001234", "甲"],
        [2, "", "某厂", "李四", "", ""],
        [3, "一种换针架", "某厂", "张三", "", ""],
    ]
    write_table(table, [["推荐总数：9"], heads, *rows])
    named = organiser.base / "名单.xlsx"
    write_table(named, [[*heads[:4], award.label], [1, "无人认得的名称", "某厂", "张三", award.names[0]]])
    empty = organiser.base / "空.xlsx"
    write_table(empty, [["甲", "乙"], ["丙", "丁"]])
    for path in (form, table, named, empty):
        for more in (("--dry-run",), ("--format", "json"), ()):
            output = organiser.run("import", path, "--library", base / "cases", *more)
            assert organiser.usual_in(output) == [], output
    output = organiser.run("import", table, "--library", base / "cases", "--dry-run")
    for text in ("推荐 9 {measure}，表里读到 2 {measure}", "行没有{item}名称", "同一个{item}"):
        assert called.said(text) in output
    assert called.said("表上要有「{item}名称」一栏") in organiser.run("import", empty)
    assert called.said("名单共 1 {measure}") in organiser.run("import", named)
    assert called.said("（{awarded}名单）") in organiser.run("import", named)
    output = organiser.run("import", form, "--library", base / "cases")
    assert called.people in output and called.said("{item}简介（分节）") in output
    for given in ("没有的=某厂", "没有等号"):
        output = organiser.run("import", form, "--set", given)
        assert called.unit in output and organiser.usual_in(output) == [], output
    assert f"{called.unit}：某厂" in organiser.run(
        "import", form, "--dry-run", "--set", f"{called.unit}=某厂", "--round", organiser.year
    )
    intake = read_form("表.xlsx", table.read_bytes(), base / "cases", organiser.scheme, organiser.year)
    assert "不是一份申报表" in intake.problem and organiser.usual_in(intake.problem) == []


def write_table(path: Path, rows: list[list[Any]]) -> None:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)


def test_printed_pages_and_what_is_said_of_them(organiser: Organiser, tmp_path: Path) -> None:
    out, site = tmp_path / "out", ("--site", "https://example.org/")
    told = organiser.run("print", "list", str(organiser.year), "--output", out)
    told += organiser.run("print", "yearbook", str(organiser.year), "--output", out, *site)
    told += organiser.run("print", "certificates", str(organiser.year), organiser.id, "--output", out, *site)
    assert f"这一{organiser.scheme.words.round}公布的{organiser.scheme.words.item}" in told
    told += organiser.run("print", "certificates", str(organiser.year), "1999-00001", "--output", out, *site)
    assert organiser.usual_in(told) == [], told
    # Lines of a narrow column break a word.
    printed = {
        path.stem: "".join(page.extract_text() for page in PdfReader(path).pages).replace("\n", "")
        for path in out.rglob("*.pdf")
    }
    assert len(printed) == 3
    for name, text in printed.items():
        # What samples tell at length cannot be told apart from what the program says.
        if "年鉴" not in name or organiser.scheme.words.by_name == OTHER:
            assert organiser.usual_in(text) == [], name
        else:
            assert "项目简介：" not in text and "项目网页" not in text


def test_what_a_release_tells(organiser: Organiser) -> None:
    called = organiser.scheme.words
    ledger = register_present(organiser.folder, organiser.base, organiser.base / ".cache", 1)
    lines = words(compare(None, ledger), called, 1)
    notes = release_notes(None, ledger, called)
    assert f"全库公布的{called.case} " in notes
    assert f"{organiser.year} {called.round} " in notes
    assert organiser.usual_in("\n".join(lines) + notes) == []


def test_other_questions_and_messages(organiser: Organiser) -> None:
    called, year = organiser.scheme.words, str(organiser.year)
    output = organiser.run("new", answers=f"{year}\n推荐\n一种新的装置\n")
    assert f"{called.rounds}：" in output and called.said("{item}名称") in output
    output += organiser.run("search", "一种")
    output += notice_problem(organiser.library, 1999) + notice_problem(organiser.library, organiser.year)
    (organiser.folder / "kiosk.yml").write_text("playlist: {ids: [1999-00001], years: [1999]}\n", "utf-8")
    found = [d.text() for d in read_settings(organiser.library, organiser.base)[1]]
    assert any(f"没有{called.case}「1999-00001」" in line for line in found)
    assert any(f"{called.rounds}「1999」不存在" in line for line in found)
    output += "\n".join(found)
    notice = ("--reason", "不符合条件", "--notice", "https://example.org/n", "--date", "2030-05-20")
    output += organiser.run("revoke", organiser.id, *notice)
    assert organiser.usual_in(output) == [], output
    text = (organiser.folder / organiser.id[:4] / f"{organiser.id}.yml").read_text("utf-8")
    assert (organiser.scheme.revocation or f"撤销{called.awarded}") in text


def test_the_pages_of_the_editor_say_none_of_the_words_themselves() -> None:
    usual = [word.default for word in Words.model_fields.values() if word.default != "项"]
    pages = [p for p in (ROOT / "generator/editing/client").glob("*.*") if p.suffix in (".js", ".html")]
    assert len(pages) > 8
    found = [(page.name, word) for page in pages for word in usual if word in page.read_text("utf-8")]
    assert found == []
