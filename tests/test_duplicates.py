"""`caselib duplicates`: one project in two records, one picture under two names."""

import random

import pytest
from click.testing import CliRunner
from rapidfuzz import fuzz

from generator.cli import caselib
from generator.duplicates import NEAR_TITLE, _near_titles, find_same_pictures, find_twins
from generator.importers.known_records import scan_records
from generator.importers.matching import TitleIndex, plain_key


def twins(library):
    return [(t.first.id, t.second.id) for t in find_twins(scan_records(library.folder, library.base))]


def test_the_same_project_in_two_rounds_is_named_with_both_places(library, monkeypatch):
    library.record("2023-00001", title="一种《新型》铅笔（A型）")
    library.record("2024-00007", title="一种“新型”铅笔(a型)")
    monkeypatch.chdir(library.base)
    result = CliRunner().invoke(caselib, ["duplicates"])
    assert "cases/2024/2024-00007.yml:2:1: 警告：与 cases/2023/2023-00001.yml:2 同一项目" in result.output
    assert "名称 100%，单位 100%" in result.output
    assert result.exit_code == 0
    assert CliRunner().invoke(caselib, ["duplicates", "--fail"]).exit_code == 1
    assert "0 对同一项目，0 对可能" not in CliRunner().invoke(caselib, ["duplicates", "--round", "2024"]).output


@pytest.mark.parametrize(
    ("second", "unit", "found"),
    [
        ("一种离心水泵叶轮快速拆装工具", "甲市水务公司", True),
        ("一众离心水泵叶轮快速拆装工具", "甲市水务公司", True),
        ("一种离心水泵叶轮快速拆装器具", "甲市水务有限公司", True),
        ("一种离心水泵叶轮快速拆装工具", "乙县第三人民医院", False),
        ("一种离心水泵轴承润滑装置", "甲市水务公司", False),
    ],
)
def test_titles_count_together_with_units(library, second, unit, found):
    library.record("2023-00001", title="一种离心水泵叶轮快速拆装工具", unit="甲市水务公司")
    library.record("2023-00002", title=second, unit=unit)
    assert twins(library) == ([("2023-00001", "2023-00002")] if found else [])


def test_like_texts_tell_what_units_do_not(library):
    text = "采用三爪联动拉拔结构，一人即可拆下叶轮，单次检修由三小时缩短到五十分钟。"
    library.record("2023-00001", title="叶轮快速拆装工具", unit="甲公司", summary=text)
    library.record("2023-00002", title="叶轮快速拆装工具", unit="另一家单位", summary=text)
    assert twins(library) == [("2023-00001", "2023-00002")]


def test_records_with_mistakes_are_compared_all_the_same(library):
    library.record("2023-00001", title="叶轮快速拆装工具")
    library.write("2023/2023-00002.yml", "title: '叶轮快速拆装工具'  # 注\nunit: 东山县第一小学\nbad: [\n")
    assert twins(library) == [("2023-00001", "2023-00002")]


def test_a_picture_under_two_names_is_found(library):
    library.write("2023/2023-00001/a.jpg", b"same")
    library.write("2023/2023-00002/b.jpg", b"same")
    library.write("2023/2023-00002/c.jpg", b"else")
    [same] = find_same_pictures(library.folder)
    assert same.line() == (
        "cases/2023/2023-00002/b.jpg:1:1: 警告：与 cases/2023/2023-00001/a.jpg 是同一张图片 [duplicate-picture]"
    )


def noisy_titles(count: int) -> list[str]:
    chance = random.Random(7)
    titles: list[str] = []
    for _ in range(count):
        if titles and chance.random() < 0.3:
            title = list(chance.choice(titles))
            for _ in range(chance.randrange(1, 4)):
                title[chance.randrange(len(title))] = chance.choice("甲乙丙丁戊己庚辛")
            titles.append("".join(title))
        else:
            titles.append(
                "".join(chance.choice("天地玄黄宇宙洪荒日月盈昃辰宿列张") for _ in range(chance.randrange(4, 24)))
            )
    return titles


def test_blocks_miss_no_pair():
    keys = noisy_titles(1200)
    every = {
        (max(i, j), min(i, j)) for i in range(len(keys)) for j in range(i) if fuzz.ratio(keys[i], keys[j]) >= NEAR_TITLE
    }
    assert len(every) > 20
    assert {(second, first) for second, first, _ in _near_titles(keys)} == every


def test_the_index_by_rare_pairs_misses_no_title():
    titles = noisy_titles(400)
    index = TitleIndex(titles)
    for title in titles:
        every = {n for n, other in enumerate(titles) if fuzz.ratio(plain_key(title), plain_key(other)) >= 80}
        assert {number for number, _ in index.near(title)} == every
