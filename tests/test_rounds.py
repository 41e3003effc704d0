"""`caselib round`: what staff see of a round, and whether it may be released."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import caselib
from generator.rounds.report import report_round
from tests.conftest import LibraryFolder

ROOT = Path(__file__).parents[1]


@pytest.fixture
def run(library: LibraryFolder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(library.base)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(caselib, ["round", *arguments])

    return invoke


def fill(library: LibraryFolder) -> None:
    """Exactly what was announced for 2023: two of the first level, three of the second."""
    for number, award in enumerate(("甲等", "甲等", "乙等", "乙等", "乙等"), 1):
        library.record(f"2023-{number:05}", title=f"第{'一二三四五'[number - 1]}个装置", award=award)


def reasons(library: LibraryFolder, year: int = 2023) -> list[str]:
    return report_round(library.library(), library.base, year).reasons


def test_a_round_that_agrees_with_what_was_announced_may_be_released(library, run) -> None:
    fill(library)
    library.record("2023-00009", title="没有评上的", status="nominated", award="")
    library.record("2023-00005", title="撤销的", status="revoked", award="乙等")
    done = run("2023")
    assert done.exit_code == 0, done.output
    assert "可以发布" in done.output
    assert "公布 5 项，入库 4 项（记录：推荐 1、公示中 0、已公布 4、撤销 1）" in done.output
    assert json.loads(run("2023", "--json").output)["releasable"] is True


def test_a_missing_and_a_misplaced_project_are_named_by_level(library, run) -> None:
    fill(library)
    (library.folder / "2023/2023-00005.yml").unlink()
    library.record("2023-00001", award="乙等")
    done = run("2023")
    assert done.exit_code == 1
    for words in ("公布 5 项，入库 4 项", "奖项「甲等」公布 2 项，入库 1 项"):
        assert words in done.output
    assert "乙等」公布" not in done.output
    assert "还不能发布" in done.output


def test_a_level_that_was_not_announced_at_all_is_named(library) -> None:
    scheme = (library.folder / "scheme.yml").read_text("utf-8")
    library.write(
        "scheme.yml", scheme.replace("announced: {award: {甲等: 2, 乙等: 3}}", "announced: {award: {乙等: 5}}")
    )
    fill(library)
    assert reasons(library) == ["奖项「甲等」公布 0 项，入库 2 项", "奖项「乙等」公布 5 项，入库 3 项"]


def test_a_place_with_parts_was_announced_by_its_parts(library) -> None:
    scheme = (library.folder / "scheme.yml").read_text("utf-8")
    scheme = scheme.replace("乙等: 3}}", "乙等: 3}, place: {东山县: 5}}")
    scheme = scheme.replace("{name: 东山县,", "{name: 全市, slug: all}\n      - {name: 东山县, parent: 全市,")
    library.write("scheme.yml", scheme)
    fill(library)
    assert reasons(library) == []
    library.record("2023-00005", title="第五个装置", place="西山县")
    assert reasons(library) == ["地方「东山县」公布 5 项，入库 4 项", "地方「西山县」公布 0 项，入库 1 项"]


def test_numbers_of_one_place_say_nothing_of_the_others(library) -> None:
    scheme = (library.folder / "scheme.yml").read_text("utf-8")
    library.write("scheme.yml", scheme.replace("乙等: 3}}", "乙等: 3}, place: {西山县: 1}}"))
    fill(library)
    library.record("2023-00005", title="第五个装置", place="西山县")
    assert reasons(library) == []


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda library: library.record("2023-00006", status="revoked"), "公布 5 项，入库 5 项，撤销 1 项"),
        (lambda library: library.record("2023-00006", title="迟到的", status="notice"), "还有 1 项在公示"),
    ],
)
def test_what_keeps_a_round_from_being_released(library, prepare, words: str) -> None:
    fill(library)
    prepare(library)
    assert any(words in reason for reason in reasons(library)), reasons(library)


def test_a_round_without_announced_numbers_cannot_be_compared(library) -> None:
    library.record("2024-00001")
    assert reasons(library, 2024) == ["方案没有写本届的公布数（announced），无法核对"]


RULES = """\
rules:
  - {key: units, kind: quota, label: 同一单位, message: 同一单位的项目过多, count: nominations, by: [unit],
     at_most: [{number: 4}], severity: SEVERITY}
"""


@pytest.mark.parametrize(("severity", "code"), [("error", 1), ("warning", 0)])
def test_a_broken_rule_stops_the_release_only_where_it_says_so(library, run, severity: str, code: int) -> None:
    scheme = (library.folder / "scheme.yml").read_text("utf-8")
    library.write("scheme.yml", scheme + RULES.replace("SEVERITY", severity))
    fill(library)
    done = run("2023")
    assert done.exit_code == code
    assert "同一单位的项目过多：1 处 [units]" in done.output
    assert "东山县第一小学：推荐 5 项，最多 4 项" in done.output
    line = len(scheme.splitlines()) + 2
    assert f"cases/scheme.yml:{line}:5" in done.output
    [rule] = json.loads(run("2023", "--json").output)["rules"]
    assert rule["place"] == {"file": "cases/scheme.yml", "line": line, "column": 5}
    assert len(rule["breaches"][0]["ids"]) == 5


def test_private_data_stops_the_release_and_is_not_repeated(library, run) -> None:
    fill(library)
    library.record("2023-00002", title="第二个装置", award="甲等", summary="请拨打 13800138000 联系。")
    done = run("2023")
    assert done.exit_code == 1
    assert "本届有 1 处个人隐私信息" in done.output
    assert "cases/2023/2023-00002.yml:" in done.output
    assert "13800138000" not in done.output
    document = json.loads(run("2023", "--json").output)
    assert (document["releasable"], document["private"]) == (False, 1)
    assert "recorded" not in document, "nothing is counted in a library with errors"


def test_a_library_with_errors_says_which(library, run) -> None:
    fill(library)
    library.record("2023-00002", award="丙等")
    library.write("2023/2023-00003.yml", "id: [")
    done = run("2023")
    assert done.exit_code == 1
    assert "资料库有 2 个错误" in done.output
    assert "奖项「丙等」不在方案中" in done.output
    assert "Traceback" not in done.output


def test_a_round_that_is_not_there_is_wrong_use(library, run) -> None:
    fill(library)
    done = run("2031")
    assert (done.exit_code, done.output) == (2, "caselib: 方案中没有 2031 这一届；可用：2023、2024\n")


def test_doubles_pictures_and_gaps_are_shown(library, run) -> None:
    from tests.samples.pictures import picture

    scheme = (library.folder / "scheme.yml").read_text("utf-8")
    library.write("scheme.yml", scheme.replace("  - {year: 2024}", "  - {year: 2024}\n  - {year: 2022}"))
    fill(library)
    library.record("2022-00001", title="第二个装置")
    for case_id, title in (("2023-00001", "第一个装置"), ("2023-00002", "第二个装置")):
        folder = library.folder / f"2023/{case_id}"
        folder.mkdir()
        (folder / "a.png").write_bytes(picture("stack-2"))
        media = f"media:\n  - {{file: {case_id}/a.png, alt: 装置}}\n"
        library.record(case_id, title=title, award="甲等", kind="发明", text=media)
    document = json.loads(run("2023", "--json").output)
    assert [row["ids"] for row in document["duplicates"]] == [["2022-00001", "2023-00002"]]
    assert document["pictures"] == {
        "with": 2,
        "without": 3,
        "files": 2,
        "twice": [["cases/2023/2023-00001/a.png", "cases/2023/2023-00002/a.png"]],
    }
    [row] = document["missing"]
    assert (row["place"], row["cases"]) == ("东山县", 5)
    assert row["lacking"]["种类"] == 3
    assert row["lacking"]["类别"] == 5
    screen = run("2023").output
    assert "1 对可能是同一项目" in screen
    assert "2 项有图片（共 2 张），3 项没有，1 张用了两次" in screen
    earlier = json.loads(run("2022", "--json").output)
    assert earlier["duplicates"] == [], "the later of two stands for both"
    assert earlier["pictures"]["twice"] == []


def test_the_first_real_round_is_not_complete_and_says_so() -> None:
    done = CliRunner().invoke(caselib, ["round", "2023", "--library", str(ROOT / "cases")])
    assert done.exit_code == 1
    assert "公布 394 项，入库 6 项" in done.output
    assert "奖项「一等奖」公布 66 项，入库 0 项" in done.output
