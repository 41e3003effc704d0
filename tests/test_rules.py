"""Rules of a scheme: what is wrong with them, said with its place; and how a round is judged by them."""

from __future__ import annotations

import pytest

from generator.records.model import record_model
from generator.rounds.report import report_round
from generator.rounds.rule_check import RuleOutcome
from tests.conftest import LibraryFolder

QUOTA = """\
rules:
  - key: quota
    kind: quota
    label: 推荐名额
    message: 推荐数超过名额
    count: nominations
    by: [place]
    at_most: [{entries: 10, number: 3}, {percent: 70, of: entries}]
"""
FIELDS = """\
fields:
  - {key: non_public, label: 非公企业, type: boolean}
  - {key: honour, label: 称号, type: enum, values: [省劳模, 市劳模]}
"""


def with_rules(library: LibraryFolder, rules: str, first_round: str = "") -> None:
    """The small scheme with `rules`, two further fields, and `first_round` among the keys of 2023."""
    text = (library.folder / "scheme.yml").read_text("utf-8")
    text = text.replace("{year: 2023, label", f"{{year: 2023, {first_round}label")
    library.write("scheme.yml", text + FIELDS + rules)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "code", "words"),
    [
        ("by: [place]", "by: [plase]", 7, 10, "rule-reference", "place、award、unit；是否应为「place」"),
        ("by: [place]", "by: [place]\n    terms: [东山]", 8, 13, "rule-reference", "是否应为「东山县」？"),
        ("by: [place]", "by: [place]\n    where: {nonpublic: true}", 8, 13, "rule-reference", "是否应为「non_public」"),
        ("by: [place]", "by: [place]\n    where: {non_public: 是}", 8, 13, "rule-reference", "可用值：true、false"),
        ("by: [place]", "by: [place]\n    where: {honour: 县劳模}", 8, 13, "rule-reference", "可用值：省劳模、市劳模"),
        ("by: [place]", "by: [place]\n    rounds: [2022]", 8, 14, "rule-reference", "届次「2022」不存在"),
        ("kind: quota", "kind: quote", 3, 11, "value-unknown", "是否应为「quota」？"),
        ("count: nominations", "count: nominees", 6, 12, "value-unknown", "是否应为「nominations」？"),
        ("    count: nominations\n", "", 2, 5, "rule-form", "却没有写 count"),
        ("    by: [place]\n", "", 2, 5, "rule-form", "却没有写 by"),
        ("by: [place]", "by: [place]\n    mention: [涉密]", 8, 5, "rule-form", "不能有 mention"),
        ("{entries: 10, number: 3}", "{entries: 10}", 8, 15, "rule-form", "项数和百分比要写一个"),
        ("{percent: 70, of: entries}", "{percent: 70}", 8, 41, "rule-form", "百分比要写明以什么为准"),
        ("{percent: 70, of: entries}", "{percent: 70, of: all}", 8, 41, "rule-form", "要写明数哪些项目"),
        ("{percent: 70, of: entries}", "{percent: 170, of: entries}", 8, 51, "field-format", "超出范围"),
        ("by: [place]", "by: [place, unit]", 8, 15, "rule-form", "申报数只有按一个维度分时才有"),
        ("count: nominations\n    by: [place]", "count: entries\n    by: [unit]", 6, 5, "rule-form", "只能按一个维度"),
        ("    at_most: [{entries: 10, number: 3}, {percent: 70, of: entries}]\n", "", 3, 5, "rule-form", "没有写数目"),
        ("kind: quota", "kinds: quota", 3, 5, "field-unknown", "是否应为「kind」？"),
        ("    message: 推荐数超过名额\n", "", 2, 5, "field-missing", "message"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_is_named_with_line_and_column(library, old, new, line, column, code, words) -> None:
    before = len((library.folder / "scheme.yml").read_text("utf-8").splitlines()) + len(FIELDS.splitlines())
    assert old in QUOTA
    with_rules(library, QUOTA.replace(old, new))
    read, found = library.read()
    assert read is None
    wrong = next(d for d in found if d.code == code and words in d.text())
    assert (wrong.line - before, wrong.column) == (line, column)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("kind: require, where: {field: 其他}", "没有写要求"),
        ("kind: require, present: [honor]", "是否应为「honour」？"),
        ("kind: mention", "却没有写 mention"),
        ("kind: distinct", "却没有写 among"),
        ("kind: distinct, among: earlier, excepted: [[2023-1, 2023-00002]]", "写法不对"),
        ("kind: distinct, among: always", "可用值：earlier、round、all"),
    ],
)
def test_each_kind_of_rule_says_what_it_needs(library, rule: str, words: str) -> None:
    with_rules(library, f"rules:\n  - {{key: a, label: 甲, message: 不对, {rule}}}\n")
    _, found = library.read()
    assert any(words in d.text() for d in found), [d.text() for d in found]


def test_a_rule_stands_once(library) -> None:
    with_rules(library, QUOTA + QUOTA.removeprefix("rules:\n"))
    [found] = library.check()
    assert (found.code, "规则「quota」与前面的重复" in found.text()) == ("scheme-clash", True)


# judging


def outcome(library: LibraryFolder, key: str, year: int = 2023) -> RuleOutcome:
    report = report_round(library.library(), library.base, year)
    [found] = [outcome for outcome in report.outcomes if outcome.rule.key == key]
    return found


def nominate(library: LibraryFolder, count: int, place: str = "东山县", start: int = 1, **changes: str) -> None:
    for number in range(start, start + count):
        library.record(f"2023-{number:05}", title=f"项目{number}", place=place, status="nominated", award="", **changes)


@pytest.mark.parametrize(
    ("entries", "sent", "limit"),
    [(10, 3, None), (10, 4, 3), (40, 4, 3), (9, 6, None), (9, 7, 6), (4, 2, None), (4, 3, 2), (0, 1, 0)],
)
def test_the_quota_depends_on_how_many_entered(library, entries: int, sent: int, limit: int | None) -> None:
    with_rules(library, QUOTA, f"entries: {{place: {{东山县: {entries}}}}}, ")
    nominate(library, sent)
    found = outcome(library, "quota")
    if limit is None:
        assert found.breaches == ()
        assert not found.partial
    else:
        [breach] = found.breaches
        assert breach.where == "东山县"
        assert f"推荐 {sent} 项，最多 {limit} 项" in breach.detail
        assert len(breach.ids) == sent
        assert found.blocks


def test_a_place_whose_entries_are_not_known_is_not_judged(library) -> None:
    with_rules(library, QUOTA, "entries: {place: {东山县: 40}}, ")
    nominate(library, 2)
    nominate(library, 9, "西山县", 10)
    found = outcome(library, "quota")
    assert found.breaches == ()
    assert found.unknown == ("西山县：没有写申报数，推荐 9 项无法核对",)


def test_numbers_that_the_scheme_gives_go_before_counted_ones(library) -> None:
    with_rules(library, QUOTA, "entries: {place: {东山县: 40}}, nominations: {place: {东山县: 4}}, ")
    nominate(library, 2)
    [breach] = outcome(library, "quota").breaches
    assert "推荐 4 项，最多 3 项" in breach.detail


UNIT_QUOTA = """\
rules:
  - {key: units, kind: quota, label: 单位, message: 过多, count: nominations, by: [place, unit], at_most: [{number: 2}]}
"""


def test_a_unit_is_counted_in_each_place_and_in_every_state(library) -> None:
    with_rules(library, UNIT_QUOTA)
    nominate(library, 2, unit="联合公司")
    nominate(library, 2, "西山县", 10, unit="联合公司")
    assert outcome(library, "units").breaches == ()
    library.record("2023-00020", unit="联合公司", status="announced")
    [breach] = outcome(library, "units").breaches
    assert (breach.where, breach.ids) == ("东山县 联合公司", ("2023-00001", "2023-00002", "2023-00020"))


def test_with_only_the_winners_recorded_a_kept_maximum_says_so_and_a_minimum_is_not_judged(library) -> None:
    share = "{key: share, kind: quota, label: 占比, message: 不足, count: nominations, by: [place], "
    share += "where: {non_public: 'true'}, at_least: [{percent: 20, of: all}]}"
    with_rules(library, UNIT_QUOTA + f"  - {share}\n")
    library.record("2023-00001")
    assert outcome(library, "units").partial
    found = outcome(library, "share")
    assert found.breaches == ()
    assert any(text.startswith("东山县：库里没有全部推荐项目") for text in found.unknown)
    nominate(library, 5, start=10)
    assert [b.detail for b in outcome(library, "share").breaches if b.where == "东山县"] == [
        "推荐 0 项，至少 2 项（共 6 项的 20%）"
    ]
    nominate(library, 2, start=20, text="non_public: true\n")
    assert [b for b in outcome(library, "share").breaches if b.where == "东山县"] == []


def test_too_few_entries_are_named_for_each_place_of_the_rule(library) -> None:
    least = "{key: least, kind: quota, label: 申报, message: 申报不足, count: entries, by: [place], "
    least += "terms: [东山县, 西山县, 南山区], at_least: [{number: 5}]}"
    with_rules(library, f"rules:\n  - {least}\n", "entries: {place: {东山县: 5, 西山县: 4}}, ")
    library.record()
    found = outcome(library, "least")
    assert [(b.where, b.detail) for b in found.breaches] == [("西山县", "申报 4 项，至少 5 项")]
    assert found.unknown == ("南山区：没有写申报数",)


def test_a_record_must_be_what_the_rule_requires_where_it_applies(library) -> None:
    rule = "{key: r, kind: require, label: 要求, message: 牵头人应是劳模, where: {field: 其他}, "
    with_rules(library, f"rules:\n  - {rule} require: {{non_public: 'true'}}, present: [honour, summary]}}\n")
    library.record("2023-00001", field="其他", text="non_public: true\nhonour: 省劳模\nsummary: 简介\n")
    library.record("2023-00002", field="其他", title="缺称号", text="non_public: false\nsummary: 简介\n")
    library.record("2023-00003", field="机械/电机")
    library.record("2023-00004", field="其他", status="revoked")
    [breach] = outcome(library, "r").breaches
    assert (breach.where, breach.detail) == ("2023-00002「缺称号」", "非公企业应为「是」、称号没有填写")


def test_words_of_a_text_are_shown_to_a_person_and_do_not_block(library) -> None:
    rule = "{key: m, kind: mention, severity: warning, label: 计划, message: 请核实, mention: [科技计划, 涉密]}"
    with_rules(library, f"rules:\n  - {rule}\n")
    library.record("2023-00001", text="body:\n  background: |\n    属于市科技计划项目。\n")
    library.record("2023-00002", title="别的")
    found = outcome(library, "m")
    assert [b.ids for b in found.breaches] == [("2023-00001",)]
    assert "写有「科技计划」" in found.breaches[0].detail
    assert not found.blocks


@pytest.mark.parametrize(
    ("among", "twin", "broken"),
    [
        ("earlier", "2023-00002", False),
        ("round", "2023-00002", True),
        ("all", "2023-00002", True),
        ("earlier", "2022-00001", True),
        ("round", "2022-00001", False),
        ("all", "2022-00001", True),
    ],
)
def test_a_project_may_not_win_again(library, among: str, twin: str, broken: bool) -> None:
    rule = f"{{key: d, kind: distinct, label: 重复, message: 已获奖, among: {among}}}"
    text = (library.folder / "scheme.yml").read_text("utf-8").replace("  - {year: 2024}", "  - {year: 2022}")
    library.write("scheme.yml", text)
    with_rules(library, f"rules:\n  - {rule}\n")
    library.record("2023-00007", title="《自动换针架》")
    library.record(twin, title="自动换针架")
    found = outcome(library, "d")
    assert bool(found.breaches) == broken
    if broken:
        assert found.breaches[0].ids == ("2023-00007", twin) if twin < "2023-00007" else (twin, "2023-00007")
    pair = sorted((twin, "2023-00007"))
    text = (library.folder / "scheme.yml").read_text("utf-8")
    library.write("scheme.yml", text.replace(f"among: {among}", f"among: {among}, excepted: [[{pair[1]}, {pair[0]}]]"))
    assert outcome(library, "d").breaches == ()


def test_a_rule_of_other_rounds_is_left_out(library) -> None:
    with_rules(library, QUOTA + "    rounds: [2024]\n")
    library.record()
    assert report_round(library.library(), library.base, 2023).outcomes == []
    assert record_model(library.library().scheme)
