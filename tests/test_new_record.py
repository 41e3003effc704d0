"""`caselib new`: asks in Chinese, offers what the scheme allows, takes the next free number."""

import pytest
from click.testing import CliRunner

from generator.cli import caselib


@pytest.fixture
def new(library, monkeypatch):
    monkeypatch.chdir(library.base)

    def run(*answers, options=()):
        return CliRunner().invoke(caselib, ["new", *options], input="".join(f"{answer}\n" for answer in answers))

    return run


NOMINATED = ("--round", "2023", "--status", "nominated")


def test_answers_make_a_record_that_passes_the_check(library, new):
    library.record("2023-00041")
    answers = ["一种夹具", "2", "其它", "西山", "西山机械厂", "张 三", "班长", "李四、王 五", "一句话。"]
    result = new(*answers, options=NOMINATED)
    assert result.exit_code == 0, result.output
    assert "编号将是 2023-00042" in result.output
    text = (library.folder / "2023/2023-00042.yml").read_text()
    assert (
        text
        == """\
id: 2023-00042
title: 一种夹具
year: 2023
kind: 设计
field: 其他
place: 西山县
unit: 西山机械厂
people:
  - {name: 张三, role: lead, post: 班长}
  - {name: 李四, role: member}
  - {name: 王五, role: member}
summary: 一句话。
body:
  background:
  solution:
status: nominated
"""
    )
    assert library.check() == []


def test_an_announced_record_is_asked_for_award_and_source(library, new):
    answers = ["一种夹具", "", "", "1", "乙等", "某厂", "", "", "", "", "公告", "https://example.org/a", "2023年9月2日"]
    result = new(*answers, options=("--round", "2023", "--status", "announced"))
    assert result.exit_code == 0, result.output
    text = (library.folder / "2023/2023-00001.yml").read_text()
    assert "award: 乙等" in text
    assert 'sources:\n  - {title: 公告, address: "https://example.org/a", date: 2023-09-02}' in text
    assert library.check() == []


def test_a_wrong_term_is_asked_again_with_the_nearest(library, new):
    result = new("一种夹具", "", "", "东山线", "东山县", "", "", "", "", "", options=NOMINATED)
    assert "没有「东山线」这个地方；是否应为「东山县」？" in result.output
    assert "地方：1 东山县  2 西山县  3 南山区" in result.output
    assert "place: 东山县" in (library.folder / "2023/2023-00001.yml").read_text()


def test_what_is_required_is_asked_until_it_is_given(library, new):
    result = new("", "一种夹具", "", "", "", "1", "", "", "", "", "", options=NOMINATED)
    assert "项目名称必填" in result.output
    assert "地方必填" in result.output


@pytest.mark.parametrize("private", ["厂电话 13812345678", "联系电话：见附件"])
def test_private_data_is_not_taken(library, new, private):
    result = new("一种夹具", "", "", "1", private, "某厂", "", "", "", "", options=NOMINATED)
    assert "不能公开" in result.output
    text = (library.folder / "2023/2023-00001.yml").read_text()
    assert "unit: 某厂" in text
    assert private not in text


def test_too_long_a_summary_is_told_by_its_length(library, new):
    result = new("一种夹具", "", "", "1", "", "", "", "", "字" * 101, "短", options=NOMINATED)
    assert "有 101 个字，最多 100 个字" in result.output


def test_a_project_that_is_there_already_is_pointed_at(library, new):
    library.record("2023-00001", title="一种新型铅笔装置")
    result = new("一种新型铅笔装制", "", "", "1", "", "", "", "", "", options=NOMINATED)
    assert "与 2023-00001「一种新型铅笔装置」" in result.output


def test_giving_up_writes_nothing(library, new):
    result = new("一种夹具", options=NOMINATED)
    assert result.exit_code == 1
    assert not list(library.folder.glob("2023/*"))


def test_a_round_that_the_scheme_has_not_is_refused(new):
    result = new(options=("--round", "1999"))
    assert result.exit_code == 2
    assert "2023、2024" in result.output
