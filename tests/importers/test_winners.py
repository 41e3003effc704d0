"""Lists of winners find their records by title and unit; what is not exact is left to a person."""

import pytest
from click.testing import CliRunner
from filled_files import book
from openpyxl import Workbook

from generator.cli import caselib
from generator.importers.run import import_files

RECORD = """\
id: {id}
title: {title}
year: 2023
district: 忠县
# 项目的单位
unit: {unit}
people:
  - {{name: {lead}, role: lead}}
status: nominated
"""
SOURCE = (("title", "获奖公告"), ("address", "https://example.org/list"), ("date", "2023-09-02"))


@pytest.fixture
def library(chongqing):
    (chongqing.cases / "2023").mkdir()
    for number, (title, unit, lead) in enumerate(
        [
            ("间歇性管饲法（IOE）及改进", "巫山县人民医院", "张三"),
            ("一种水泵叶轮拆装工具", "忠县水务有限公司", "李四"),
            ("井下照明装置", "甲矿", "王五"),
            ("井下照明装置", "乙矿", "赵六"),
        ],
        1,
    ):
        text = RECORD.format(id=f"2023-{number:05d}", title=title, unit=unit, lead=lead)
        (chongqing.cases / f"2023/2023-{number:05d}.yml").write_text(text)
    return chongqing


def winners(library, rows, tmp_path, **options):
    book([["序号", "项目名称", "单位", "完成人", "获奖等级"], *rows], tmp_path / "名单.xlsx")
    [report] = import_files([tmp_path / "名单.xlsx"], library.options(source=SOURCE, **options))
    return report


def test_a_winner_gets_award_state_and_source_and_nothing_else_changes(library, tmp_path):
    before = library.records()
    report = winners(library, [[1, "“间歇性管饲法(IOE)” 及改进", "巫山县人民医院", "张三", "一等奖"]], tmp_path)
    assert report.kind == "获奖名单"
    text = library.records()["2023-00001"]
    expected = (
        before["2023-00001"]
        .replace("district: 忠县\n", "district: 忠县\naward: 一等奖\n")
        .replace(
            "status: nominated",
            'sources:\n  - {title: 获奖公告, address: "https://example.org/list", date: 2023-09-02}\nstatus: announced',
        )
    )
    assert text == expected
    assert {k: v for k, v in library.records().items() if k != "2023-00001"} == {
        k: v for k, v in before.items() if k != "2023-00001"
    }
    assert not [d for d in report.plans[0].problems if d.is_error]


def test_a_title_spelt_nearly_so_is_listed_and_taken_only_when_confirmed(library, tmp_path):
    rows = [[1, "一种水泵叶轮拆装器具", "忠县水务有限公司", "李四", "二等奖"]]
    report = winners(library, rows, tmp_path)
    assert "award" not in library.records()["2023-00002"]
    lines = "\n".join(report.winners.lines())
    assert "可能是 2023-00002「一种水泵叶轮拆装工具」" in lines
    assert "--accept 2=2023-00002" in lines
    winners(library, rows, tmp_path, accepted=((2, "2023-00002"),))
    assert "award: 二等奖" in library.records()["2023-00002"]


def test_one_title_of_two_units_is_told_apart_by_the_unit(library, tmp_path):
    winners(library, [[1, "井下照明装置", "乙矿", "赵六", "三等奖"]], tmp_path)
    assert "award" not in library.records()["2023-00003"]
    assert "award: 三等奖" in library.records()["2023-00004"]


def test_one_title_of_two_units_without_a_unit_is_left_to_a_person(library, tmp_path):
    report = winners(library, [[1, "井下照明装置", "", "", "三等奖"]], tmp_path)
    assert [len(candidates) for _, candidates in report.winners.to_confirm] == [2]
    assert not any("award" in text for text in library.records().values())


def test_who_has_no_record_is_listed_and_made_when_asked(library, tmp_path):
    rows = [[1, "全新的项目", "丙厂", "钱七", "一等奖"]]
    report = winners(library, rows, tmp_path)
    assert [draft.value["title"] for draft in report.winners.unmatched] == ["全新的项目"]
    assert len(library.records()) == 4
    winners(library, rows, tmp_path, create=True, given=())
    text = library.records()["2023-00005"]
    assert "award: 一等奖" in text
    assert "status: announced" in text
    assert "title: 获奖公告" in text


def test_another_award_than_the_one_recorded_is_never_put_in_its_place(library, tmp_path):
    rows = [[1, "井下照明装置", "乙矿", "赵六", "三等奖"]]
    winners(library, rows, tmp_path)
    rows[0][-1] = "一等奖"
    report = winners(library, rows, tmp_path)
    assert "award: 三等奖" in library.records()["2023-00004"]
    assert any("名单是「一等奖」" in f.message for f in report.plans[0].draft.findings)


def test_the_same_list_again_changes_nothing(library, tmp_path):
    rows = [[1, "井下照明装置", "乙矿", "赵六", "三等奖"]]
    winners(library, rows, tmp_path)
    before = library.records()
    report = winners(library, rows, tmp_path)
    assert library.records() == before
    assert [str(plan.action) for plan in report.plans] == ["已有记录，内容相同"]


def test_awards_stand_as_headings_among_the_rows(library, tmp_path):
    workbook = Workbook()
    sheet = workbook.active
    for row in (
        ["获奖名单"],
        ["序号", "项目名称", "单位", "完成人"],
        ["一等奖（1项）"],
        [1, "一种水泵叶轮拆装工具", "忠县水务有限公司", "李四"],
        ["二等奖（1项）"],
        [2, "井下照明装置", "甲矿", "王五等3人"],
    ):
        sheet.append(row)
    workbook.save(tmp_path / "名单.xlsx")
    [report] = import_files([tmp_path / "名单.xlsx"], library.options(source=SOURCE))
    assert report.winners.matched == 2
    assert "award: 一等奖" in library.records()["2023-00002"]
    assert "award: 二等奖" in library.records()["2023-00003"]


def test_a_dry_run_shows_the_change_and_writes_nothing(library, tmp_path, monkeypatch):
    before = library.records()
    book([["项目名称", "单位", "奖项"], ["井下照明装置", "乙矿", "一等奖"]], tmp_path / "名单.xlsx")
    monkeypatch.chdir(library.base)
    command = ["import", str(tmp_path / "名单.xlsx"), "--dry-run", "--source-title", "公告"]
    result = CliRunner().invoke(caselib, command)
    assert "奖项：（空） → 「一等奖」" in result.output
    assert "什么也没有写" in result.output
    assert library.records() == before


@pytest.mark.parametrize("title", ["井下照明装置", "全新的项目"])
def test_a_list_without_its_source_writes_nothing_and_says_so(library, tmp_path, title):
    before = library.records()
    book([["项目名称", "单位", "奖项"], [title, "乙矿", "一等奖"]], tmp_path / "名单.xlsx")
    [report] = import_files([tmp_path / "名单.xlsx"], library.options(create=True))
    assert "--source-title" in report.plans[0].reason
    assert library.records() == before


def test_a_list_for_the_public_notice_gives_award_and_state_and_needs_no_source(library, tmp_path):
    rows = [[1, "井下照明装置", "乙矿", "赵六", "三等奖"], [2, "全新的项目", "新单位", "钱七", "一等奖"]]
    book([["序号", "项目名称", "单位", "完成人", "获奖等级"], *rows], tmp_path / "名单.xlsx")
    import_files([tmp_path / "名单.xlsx"], library.options(status="notice", create=True))
    records = library.records()
    assert "award: 三等奖" in records["2023-00004"] and "status: notice" in records["2023-00004"]
    assert "sources" not in records["2023-00004"]
    assert "status: notice" in records["2023-00005"]
    rows[0][-1] = "三等奖"
    winners(library, rows, tmp_path)
    assert "status: announced" in library.records()["2023-00004"]
    import_files([tmp_path / "名单.xlsx"], library.options(status="notice"))
    assert "status: announced" in library.records()["2023-00004"], "what was announced never goes back"
