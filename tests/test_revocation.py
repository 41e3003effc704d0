"""`caselib revoke`, and what stays of a revoked record."""

from __future__ import annotations

import json
import random
from typing import Any

import apsw
import pytest
from click.testing import CliRunner, Result
from lxml import html

from generator.checking.raw import parse_yaml
from generator.cli import caselib
from generator.records.edit import edit_record
from generator.records.formatting import comments_of
from generator.scheme.reading import read_scheme
from generator.site_options import SiteOptions
from tests.conftest import LibraryFolder
from tests.samples.pictures import picture
from tests.test_notice import texts

ASKED = {
    "--reason": "经查实不符合条件",
    "--notice": "https://example.org/revoked",
    "--date": "2024-05-20",
}
RECORD = """\
# 巡查时发现有误，见来信
id: 2023-00003
title: '《"自动"换针架》'   # 原名如此
year: 2023
place: 东山县
award: 乙等
unit: 东山县第一小学
people:
- {name: 张三,   role: lead}
- name: 李四     # 借调
  role: member

sources:
- {title: "公告", address: "https://example.org/a", date: 2023-09-02}
# 状态由主办单位定
status:   announced   # 公布
"""
AFTER = """\
# 巡查时发现有误，见来信
id: 2023-00003
title: '《"自动"换针架》'   # 原名如此
year: 2023
place: 东山县
award: 乙等
unit: 东山县第一小学
people:
- {name: 张三,   role: lead}
- name: 李四     # 借调
  role: member

sources:
- {title: "公告", address: "https://example.org/a", date: 2023-09-02}
- {title: 撤销公告, address: "https://example.org/revoked", date: 2024-05-20}
# 状态由主办单位定
status:   revoked   # 公布
changes:
  - {date: 2024-05-20, what: 撤销获奖, why: 经查实不符合条件}
"""


@pytest.fixture
def revoke(library: LibraryFolder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(library.base)

    def invoke(case_id: str = "2023-00003", **changes: str) -> Result:
        options = ASKED | {f"--{key}": value for key, value in changes.items()}
        words = [word for pair in options.items() for word in pair]
        return CliRunner().invoke(caselib, ["revoke", case_id, *words])

    return invoke


def test_a_record_keeps_every_other_byte(library, revoke) -> None:
    path = library.write("2023/2023-00003.yml", RECORD)
    done = revoke()
    assert done.exit_code == 0, done.output
    assert path.read_text("utf-8") == AFTER
    assert "cases/2023/2023-00003.yml 已撤销" in done.output
    assert library.check() == []


def test_line_ends_of_windows_stay(library, revoke) -> None:
    path = library.write("2023/2023-00003.yml", RECORD.replace("\n", "\r\n"))
    assert revoke().exit_code == 0
    assert path.read_bytes() == AFTER.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# 状态由主办单位定\nstatus:   announced   # 公布\n", ""),
        ("status:   announced   # 公布\n", 'status: "announced"\nchanges:\n  - date: 2023-10-01\n    what: 改 #3 机\n'),
        ("status:   announced   # 公布\n", "status: announced\nchanges: [{date: 2023-10-01, what: 改名}]  # 一次\n"),
        ("status:   announced   # 公布\n", "status: announced\nchanges: []\n"),
        ("status:   announced   # 公布\n", "status: announced\nchanges:\n"),
        ("status:   announced   # 公布\n", "status: announced\n# 完"),
        ("status:   announced   # 公布\n", "body:\n  background: |\n    一段。\n    # 不是注释\nstatus: announced"),
        ("year: 2023\n", "year: 2023\nstatus:\n  announced\n"),
    ],
)  # fmt: skip
def test_however_a_record_is_written_its_values_and_comments_stay(library, revoke, old: str, new: str) -> None:
    text = RECORD.replace(old, new)
    if "status:\n" in text:
        text = text.replace("# 状态由主办单位定\nstatus:   announced   # 公布\n", "")
    path = library.write("2023/2023-00003.yml", text)
    before = parse_yaml(text, "")[0]
    done = revoke()
    assert done.exit_code == 0, done.output
    after = parse_yaml(path.read_text("utf-8"), "")[0]
    assert before is not None
    assert after is not None
    change = {"date": "2024-05-20", "what": "撤销获奖", "why": "经查实不符合条件"}
    source = {"title": "撤销公告", "address": "https://example.org/revoked", "date": "2024-05-20"}
    wanted: dict[str, Any] = {**before.value, "status": "revoked"}
    wanted["changes"] = [*(before.value.get("changes") or []), change]
    wanted["sources"] = [*before.value["sources"], source]
    assert after.value == wanted
    assert words_of_comments(after) == words_of_comments(before)


def words_of_comments(raw: Any) -> list[str]:
    found = comments_of(raw)
    lists = [found.start, *found.before.values(), found.end]
    return sorted([line for lines in lists for line in lines] + list(found.beside.values()))


def test_random_records_keep_all_they_hold(library) -> None:
    scheme, _ = read_scheme(library.folder / "scheme.yml", "scheme.yml")
    assert scheme is not None
    chance = random.Random(5)
    in_place = 0
    for _ in range(300):
        lines = RECORD.splitlines()
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(lines) + 1)
            lines.insert(at, chance.choice(("", "# 注", "#", "summary: 简介 # 甲", "  # 缩进的注", "changes:")))
        text = "\n".join(lines) + chance.choice(("\n", "", "\n\n"))
        raw, found = parse_yaml(text, "x")
        if raw is None or found:
            continue
        edited = edit_record(raw, scheme, {"status": "revoked"}, {"sources": {"title": "甲: 乙, [丙] #1"}})
        again, found = parse_yaml(edited.text, "x")
        assert again is not None
        assert not found
        assert again.value["sources"][-1] == {"title": "甲: 乙, [丙] #1"}
        rest = {k: v for k, v in again.value.items() if k not in ("status", "sources")}
        assert rest == {k: v for k, v in raw.value.items() if k not in ("status", "sources")}
        assert words_of_comments(again) == words_of_comments(raw)
        if not edited.rewritten:
            in_place += 1
            assert [line for line in text.splitlines() if "status" not in line] == [
                line for line in edited.text.splitlines() if "status" not in line and "[丙]" not in line
            ]
    assert in_place > 100


def test_an_edit_in_place_that_would_say_something_else_is_not_made(library) -> None:
    scheme, _ = read_scheme(library.folder / "scheme.yml", "scheme.yml")
    raw, _ = parse_yaml("id: 2023-00003\nbody:\n  background: |\n    一段。\n    # 不是注释\n", "x")
    assert scheme is not None
    assert raw is not None
    edited = edit_record(raw, scheme, {"status": "revoked"}, {})
    again, _ = parse_yaml(edited.text, "x")
    assert again is not None
    assert again.value == {**raw.value, "status": "revoked"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"date": "2024年5月20日"}, "「--date」的值「2024年5月20日」不是日期；请写成 2023-09-02 的样子"),
        ({"date": "2024-02-30"}, "「--date」的值「2024-02-30」不是日期"),
        ({"date": "2023-01-01"}, "撤销日期 2023-01-01 早于公布日期 2023-09-02；请检查 --date"),
        ({"notice": "example.org/x"}, "「--notice」的值「example.org/x」不是网址"),
        ({"reason": ""}, "「--reason」是空的"),
        ({"reason": "很长" * 101}, "「--reason」有 202 个字；最多 200 个字"),
        ({"reason": "一\n二"}, "「--reason」的值「一\n二」要写在一行里"),
        ({"reason": "请致电 13800138000"}, "--reason 里含有个人隐私信息（手机号码）"),
        ({"title": "见 a@example.org"}, "--title 里含有个人隐私信息"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_changes(library, revoke, changes: dict[str, str], words: str) -> None:
    path = library.write("2023/2023-00003.yml", RECORD)
    done = revoke(**changes)
    assert done.exit_code == 1
    assert words in done.output
    assert "没有撤销，文件没有改动" in done.output
    assert "Traceback" not in done.output
    assert path.read_text("utf-8") == RECORD


def test_everything_that_is_wrong_is_said_at_once(library, revoke) -> None:
    library.write("2023/2023-00003.yml", RECORD)
    done = revoke(date="x", notice="y", reason="")
    for words in ("--date", "--notice", "--reason"):
        assert words in done.output


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("revoked", "已经撤销，不能再撤销一次"),
        ("nominated", "还没有公布（status: nominated）"),
        ("notice", "还没有公布"),
    ],
)
def test_only_what_was_announced_can_be_revoked(library, revoke, status: str, words: str) -> None:
    library.record("2023-00003", status=status)
    done = revoke()
    assert done.exit_code == 1
    assert words in done.output


def test_an_unknown_record_is_named_with_the_nearest(library, revoke) -> None:
    library.record("2023-00013")
    done = revoke("2023-0013")
    assert "没有记录「2023-0013」；是否应为「2023-00013」？" in done.output


def test_a_record_with_mistakes_is_not_touched(library, revoke) -> None:
    path = library.record("2023-00003", award="丙等")
    before = path.read_bytes()
    done = revoke()
    assert done.exit_code == 1
    assert "奖项「丙等」不在方案中" in done.output
    assert path.read_bytes() == before


def full_record(library: LibraryFolder) -> None:
    """A record with everything that must not stay of it, beside another of the same unit."""
    folder = library.folder / "2023/2023-00003"
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(picture("stack-2"))
    library.record(
        "2023-00003",
        title="撤下的换针架",
        unit="撤下的单位",
        kind="发明",
        summary="撤下的简介",
        people="[{name: 撤下人, role: lead, post: 撤下岗位}]",
        text="body:\n  background: |\n    撤下的背景。\npatents:\n  - {number: ZL209912345678.9, title: 撤下的专利}\n"
        "media:\n  - {file: 2023-00003/a.png, alt: 撤下的图}\n",
    )
    library.record("2023-00004", title="留下的换针架", unit="撤下的单位")
    library.record("2023-00005", title="留下的铅笔", unit="撤下的单位")


GONE = ("撤下的简介", "撤下人", "撤下岗位", "撤下的背景", "撤下的专利", "ZL209912345678.9", "撤下的图")


def test_a_revoked_record_is_a_notice_at_its_address_and_counts_nowhere(library, revoke) -> None:
    full_record(library)
    site = library.build(site=SiteOptions(url="https://example.org/"))
    assert (site / "cases/2023-00003/").is_dir()
    assert revoke().exit_code == 0
    site = library.build(site=SiteOptions(url="https://example.org/"))
    page = (site / "cases/2023-00003.html").read_text("utf-8")
    for words in ("本项已撤销", "2023-00003", "撤销获奖", "经查实不符合条件", "https://example.org/revoked"):
        assert words in page
    assert "撤下的换针架" not in page
    for path, text in texts(site):
        for word in GONE:
            assert word not in text, (path, word)
    assert not (site / "cases/2023-00003").exists(), "its pictures are gone"
    unit = next(path for path in (site.resolve() / "units").glob("*.html") if path.name != "index.html")
    assert html.fromstring(unit.read_bytes()).xpath('//*[contains(@class, "case-intro-count")]/b')[0].text == "2"
    places = html.fromstring((site / "places/dongshan.html").read_bytes())
    assert len(places.xpath('//li[@class="case-row"]')) == 2
    assert "2023-00003" not in (site / "sitemap.xml").read_text("utf-8")
    assert "2023-00003" not in (site / "data/cases.csv").read_text("utf-8")
    assert "2023-00003" not in (site / "data/cases.jsonl").read_text("utf-8")
    assert "项已撤销" in (site / "index.html").read_text("utf-8")


def test_the_home_page_follows_a_revocation_that_changes_no_count(library) -> None:
    library.record("2023-00001")
    library.record("2023-00002", title="甲", status="nominated")
    assert "项已撤销" not in (library.build() / "index.html").read_text("utf-8")
    library.record("2023-00002", title="甲", status="revoked")
    assert "1 项已撤销" in (library.build() / "index.html").read_text("utf-8")


def test_a_revoked_record_stays_in_the_database_and_the_feeds_with_its_state(library, revoke) -> None:
    full_record(library)
    assert revoke().exit_code == 0
    site = library.build()
    database = apsw.Connection(str(site / "data/cases.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
    row = database.execute("SELECT title, status, changed FROM cases WHERE id = '2023-00003'").fetchone()
    assert row == ("撤下的换针架", "revoked", "2024-05-20")
    assert database.execute("SELECT cases, revoked FROM totals").fetchone() == (2, 1)
    document = json.loads((site / "api/v1/cases/2023-00003.json").read_text("utf-8"))
    assert document["status"] == "revoked"
    for feed in ("changes.atom", "years/2023.atom", "places/dongshan.atom"):
        assert "撤销：撤下的换针架" in (site / feed).read_text("utf-8")
