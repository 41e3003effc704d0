"""Two releases compared: in words for a notice, as data for programs."""

import json

import pytest

from generator.released.ledger import Ledger, last_ledger, ledger_names, ledger_path
from generator.released.names import ReleaseName
from generator.releases.difference import compare, words
from generator.releases.registering import register
from generator.scheme.words import Words
from generator.views import Views
from tests.releases.conftest import caselib

CHANGE = "changes:\n  - {date: 2024-04-02, what: 更正, why: 单位来函}\n"


def ledger(library, number: int) -> Ledger:
    found = library.library()
    return register(found, Views(found), ReleaseName(2023, number), f"2024-0{number}-01", "")


def said(before: Ledger | None, after: Ledger) -> str:
    return "\n".join(words(compare(before, after), Words()))


@pytest.fixture
def first(library) -> Ledger:
    library.record("2023-00001", title="铅笔一", award="甲等", text="body:\n  background: |\n    很慢。\n")
    library.record("2023-00002", title="铅笔二", field="其他")
    library.record("2023-00003", title="铅笔三")
    return ledger(library, 1)


def test_the_first_release_counts_and_lists_all(first):
    text = said(None, first)
    assert text.startswith("2023.1（2024-01-01）：首次发布，共 3 项。")
    assert "2023 届 3 项（公布名单 5 项）：甲等 1 项，乙等 2 项。" in text
    assert "新增 3 项：\n  2023-00001《铅笔一》（东山县第一小学，甲等）" in text


def test_the_same_content_is_no_difference(library, first):
    again = ledger(library, 2)
    assert compare(first, again).is_empty
    assert said(first, again).startswith("2023.2（2024-02-01）：与 2023.1（2024-01-01）相比，没有改动。")


def test_added_corrected_revoked_and_restored_are_told_apart(library, first):
    library.record("2023-00003", title="铅笔三", status="revoked", text=CHANGE)
    library.record("2024-00001", title="钢笔")
    second = ledger(library, 2)
    found = compare(first, second)
    kinds = [[line.id for line in lines] for lines in (found.added, found.corrected, found.revoked, found.restored)]
    assert kinds == [["2024-00001"], [], ["2023-00003"], []]
    text = said(first, second)
    assert "新增 1 项，更正 0 项，撤销 1 项" in text
    assert "全库公布的案例 3 项，撤销 1 项。" in text
    assert "2023 届 2 项（减 1）（公布名单 5 项）：甲等 1 项，乙等 1 项（减 1）。" in text
    assert "2024 届 1 项（增 1）" in text
    assert "撤销 1 项：\n  2023-00003《铅笔三》（东山县第一小学，乙等）\n    2024-04-02 更正（单位来函）" in text
    library.record("2023-00003", title="铅笔三", text=CHANGE + "  - {date: 2024-05-02, what: 恢复, why: 复核}\n")
    third = ledger(library, 3)
    assert [line.id for line in compare(second, third).restored] == ["2023-00003"]
    assert "恢复 1 项：" in said(second, third)


def test_a_correction_says_what_was_and_what_is(library, first):
    library.record(
        "2023-00001",
        title="铅笔一号",
        award="乙等",
        people="[{name: 张三, role: lead}, {name: 李四, role: member}]",
        text="body:\n  background: |\n    太慢。\n  solution: |\n    做架子。\n" + CHANGE,
    )
    library.record("2023-00002", title="铅笔二", kind="设计", text=CHANGE)
    text = said(first, ledger(library, 2))
    for line in (
        "    项目名称由「铅笔一」改为「铅笔一号」",
        "    奖项由「甲等」改为「乙等」",
        "    完成人由「张三」改为「张三、李四」",
        "    「背景」有改动",
        "    「办法」有改动",
        "    种类改为「设计」",
        "    类别删去「其他」",
        "    2024-04-02 更正（单位来函）",
    ):
        assert line in text.splitlines(), (line, text)
    assert "来源" not in text


def test_long_values_are_named_and_not_shown(library, first):
    library.record("2023-00002", title="长" * 70, field="其他", text=CHANGE)
    assert "    项目名称有改动" in said(first, ledger(library, 2)).splitlines()


def test_a_term_that_was_renamed_is_no_correction(library, first):
    scheme = (library.folder / "scheme.yml").read_text("utf-8")
    library.write("scheme.yml", scheme.replace("{name: 乙等, slug", "{name: 二等, aliases: [乙等], slug"))
    library.write("scheme.yml", (library.folder / "scheme.yml").read_text("utf-8").replace("乙等: 3", "二等: 3"))
    second = ledger(library, 2)
    assert compare(first, second).is_empty
    assert "二等 2 项" in said(first, second)


def test_releases_are_in_order_of_round_and_number(tmp_path):
    (tmp_path / "releases").mkdir()
    for name in ("2024.1", "2023.10", "2023.2", "x", "2023", "2023.02"):
        (tmp_path / "releases" / f"{name}.jsonl").write_text("")
    assert [str(name) for name in ledger_names(tmp_path)] == ["2023.2", "2023.10", "2024.1"]
    assert last_ledger(tmp_path, ReleaseName(2023, 2)) is None


def test_the_command_compares_two_releases_and_the_present(released):
    base = released.repository.base
    done = caselib(["diff", "2023.1", "2023.2"], base)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "2023.2（2024-05-01）：与 2023.1（2024-03-01）相比，新增 0 项，更正 1 项，撤销 1 项。"
    )
    data = json.loads(caselib(["diff", "2023.1", "2023.2", "--json"], base).stdout)
    assert (data["before"], data["after"], data["total"]) == ("2023.1", "2023.2", {"before": 5, "after": 4})
    [line] = data["corrected"]
    assert (line["id"], line["page"]) == ("2023-00004", "cases/2023-00004.html")
    assert line["changed"] == [{"label": "工作单位", "before": "东山县第一小学", "after": "东山县中心小学"}]
    assert line["changes"] == [{"date": "2024-04-02", "what": "更正单位名称", "why": "单位来函"}]
    assert caselib(["diff", "2023.2"], base).stdout.startswith("现在的资料库：与 2023.2（2024-05-01）相比，没有改动。")


def test_the_command_says_which_releases_there_are(released):
    base = released.repository.base
    for arguments, words_said in (
        (["2023.1", "2023.9"], "没有 2023.9 的登记表；已登记：2023.1、2023.2"),
        (["第一版", "2023.2"], "「第一版」不是发布编号"),
        (["2023.2", "2023.1"], "先写较早的一版：caselib diff 2023.1 2023.2"),
    ):
        done = caselib(["diff", *arguments], base)
        assert (done.returncode, done.stderr.count("\n"), words_said in done.stderr) == (1, 1, True), done.stderr


def test_a_merged_record_leads_on_and_stays_for_ever(library, first):
    path = ledger_path(library.folder, ReleaseName(2023, 1))
    path.parent.mkdir()
    path.write_bytes(first.content)
    (library.folder / "2023/2023-00003.yml").unlink()
    assert [d.code for d in library.check()] == ["released-missing"]
    library.write("moved.yml", "moved:\n  - {id: 2023-00003, to: 2023-00002, date: 2024-02-01, why: 重复录入}\n")
    assert library.check() == []
    second = ledger(library, 2)
    assert [line.id for line in compare(first, second).moved] == ["2023-00003"]
    assert "合并或改号 1 项：\n  2023-00003 现在是 2023-00002《铅笔二》" in said(first, second)
    library.record("2023-00002", title="铅笔二号", field="其他", text=CHANGE)
    ledger_path(library.folder, ReleaseName(2023, 2)).write_bytes(second.content)
    assert not compare(second, ledger(library, 3)).moved, "the title of another record is no move"
    (library.folder / "moved.yml").unlink()
    assert [d.code for d in library.check()] == ["released-missing"], "nor does the old address vanish later"


def test_a_renumbered_record_is_no_addition_and_its_corrections_are_named(library, first):
    (library.folder / "2023/2023-00003.yml").unlink()
    source = '[{title: 公告, address: "https://example.org/2023-00003", date: 2023-09-02}]'
    library.record("2023-00013", title="铅笔三", sources=source)
    library.record("2023-00014", title="钢笔")
    library.write("moved.yml", "moved:\n  - {id: 2023-00003, to: 2023-00013, date: 2024-02-01, why: 编号用错}\n")
    second = ledger(library, 2)
    found = compare(first, second)
    assert [[line.id for line in lines] for lines in (found.added, found.corrected, found.moved)] == [
        ["2023-00014"], [], ["2023-00003"],
    ]  # fmt: skip
    library.record("2023-00013", title="铅笔三号", sources=source)
    [line] = compare(first, ledger(library, 2)).corrected
    assert (line.id, [part.words() for part in line.changed]) == (
        "2023-00013",
        ["项目名称由「铅笔三」改为「铅笔三号」"],
    )
