"""The guide for staff: every command of it runs, in order, and leads to a copy that another office trusts."""

import json
import re
import subprocess

import pytest

from tests.guide.staff import GUIDE, PROJECTS, StaffWalk
from tests.guide.walk import ROOT, blocks

RELEASE = "caselib release 2024 --date {} --key ~/发布密钥/release.key --passphrase-file ~/口令"


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    made = StaffWalk(tmp_path_factory.mktemp("home"))
    made.done = list(made.run())
    return made


def said(walk, command):
    """What each run of the command said, in order."""
    return [done.output for done in walk.done if done.command == command]


def test_every_command_of_the_guide_ends_as_the_guide_says(walk):
    assert len(walk.done) == len([line for block in blocks(GUIDE) for line in block]) > 70
    ended = [(done.command, done.status) for done in walk.done if done.status]
    # A caption waits for a person, and a round that was not announced may not be released: the guide says both.
    assert ended == [("caselib import 收到的表 --round 2024", 1), ("caselib round 2024", 1)]
    assert [done.command for done in walk.done if "Traceback" in done.output] == []
    assert walk.written == []  # what the guide tells to write was written


def test_the_round_goes_from_recommended_over_public_notice_to_announced(walk):
    [notice] = [done.output for done in walk.done if "--status notice" in done.command]
    assert notice.count("状态：nominated → notice") == 3
    [announced] = [done.output for done in walk.done if "--source-title" in done.command]
    assert announced.count("状态：notice → announced") == 3
    before, after, corrected = said(walk, "caselib round 2024")
    assert "还不能发布" in before and "方案没有写本届的公布数" in before and "符合 区县推荐名额" in before
    assert "可以发布" in after and "公布 3 项，入库 3 项" in after
    assert "可以发布" in corrected and "公布 3 项，入库 2 项" in corrected


def test_the_public_notice_is_there_while_it_lasts_and_gone_afterwards(walk):
    assert "notice/2024.html" in said(walk, "caselib build --notice 2024")[0]
    assert not (walk.clone / "site/notice").exists()
    [earlier] = (walk.clone / ".site").glob("*/notice/2024.html")
    page = earlier.read_text("utf-8")
    assert all(title in page for title, _ in PROJECTS) and "2024年5月12日" in page


def test_the_second_release_says_what_was_corrected_revoked_and_renumbered(walk):
    assert said(walk, RELEASE.format("2024-06-01"))[0].startswith("2024.1（2024-06-01）：首次发布，共 9 项")
    notice = said(walk, "caselib diff 2024.1 2024.2")[0]
    assert "新增 0 项，更正 1 项，撤销 1 项，合并或改号 1 项。" in notice
    assert "2024-00002 现在是 2024-00012" in notice
    assert said(walk, "caselib diff 2024.1")[0].splitlines()[1:] == notice.splitlines()[1:]


def test_what_is_live_goes_back_and_forth_and_ends_as_the_second_release(walk):
    assert "已退回 2024.1" in said(walk, "caselib publish --to ~/网站 --rollback")[0]
    for place in ("网站", "展厅"):
        site = walk.home / place
        assert "重庆巫山机械有限公司" in (site / "cases/2024-00001.html").read_text("utf-8")
        assert "经核实不符合申报条件" in (site / "cases/2024-00003.html").read_text("utf-8")
        assert "2024-00012.html" in (site / "cases/2024-00002.html").read_text("utf-8")


def test_the_copy_is_genuine_for_whoever_has_the_public_key(walk):
    assert said(walk, "caselib verify ~/移动硬盘/2024.2 --key ~/发布密钥/release.pub")[0].startswith("真实、完整")
    assert "逐字节相同" in said(walk, "caselib rebuild 2024.2 --to ~/重做 --against releases/2024.2")[0]
    copy = walk.home / "移动硬盘/2024.2"
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    assert manifest["release"] == "2024.2"
    assert not list(walk.clone.rglob("release.key"))


def test_the_printed_list_has_the_projects_of_the_round(walk):
    names = {path.name for path in (walk.clone / "print").iterdir()}
    assert names == {"2024-获奖名单.docx", "2024-获奖名单.pdf", "2024-证书.pdf", "2024-年鉴.pdf"}


def refusals():
    """What the commands say, as the table of the guide quotes it."""
    table = GUIDE.read_text("utf-8").partition("## 12.")[2]
    return re.findall(r"^\| (?!命令的话里有)(.+?) \| .{6,} \|$", table, re.MULTILINE)


KEY = "--key ~/发布密钥/release.key --passphrase-file ~/口令"
PUBLIC = "--key ~/发布密钥/release.pub"
AGAIN = "caselib release 2024 --date 2024-08-01"
COPY = "~/移动硬盘/2024.2"


@pytest.mark.parametrize(
    ("spoil", "command", "words", "mend"),
    [
        ("touch cases/新.txt", f"{AGAIN} {KEY}", "有没有提交的改动", "rm cases/新.txt"),
        (":", f"{AGAIN} --number 1 {KEY}", "已经用过；下一个是", ":"),
        (":", f"caselib release 2024 --date 2024-06-30 {KEY}", "早于上一版", ":"),
        (":", f"caselib release 2023 --date 2024-08-01 {KEY}", "以后的更正也用", ":"),
        (
            "chmod 644 ~/发布密钥/release.key", f"{AGAIN} {KEY}",
            "别人也能读或改；请运行 chmod 600", "chmod 600 ~/发布密钥/release.key",
        ),
        ("(umask 077; echo 另一句 > ~/错)", f"{AGAIN} {KEY.replace('口令', '错')}", "口令不对", ":"),
        (":", f"{AGAIN} {PUBLIC}", "是公钥；签署要用私钥", ":"),
        (f"echo x > {COPY}/新", f"caselib verify {COPY} {PUBLIC}", "多出文件", f"rm {COPY}/新"),
        (f"mv {COPY}/bagit.txt ~/", f"caselib verify {COPY} {PUBLIC}", "缺少文件", f"mv ~/bagit.txt {COPY}/"),
        (
            f"cp {COPY}/bagit.txt ~/ && sed -i s/0/2/ {COPY}/bagit.txt", f"caselib verify {COPY} {PUBLIC}",
            "与清单不符（SHA-256 不同）", f"mv ~/bagit.txt {COPY}/",
        ),
        (
            "caselib keys new ~/另一对 --no-passphrase", f"caselib verify {COPY} --key ~/另一对/release.pub",
            "签名不对：清单或签名被改动过", ":",
        ),
        (
            "mkdir -p ~/有 && touch ~/有/x", f"caselib publish {COPY} {PUBLIC} --to ~/有",
            "是普通文件夹，里面有文件；请先把它改名", ":",
        ),
        (":", "caselib publish --to ~/展厅 --rollback", "没有可以退回的上一版", ":"),
        (
            "sed -i s/重庆巫山机械/巫山机械/ cases/2024/2024-00001.yml", "caselib check",
            "没有写更正", "git restore cases",
        ),
        ("rm cases/2024/2024-00001.yml", "caselib check", "不见了", "git restore cases"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_refused_in_the_words_of_the_guide(walk, spoil, command, words, mend):
    script = f". .venv/bin/activate; {spoil} >&2 || exit 9; {command}; status=$?; {mend} || exit 9; exit $status"
    done = subprocess.run(
        ["bash", "-c", script], cwd=walk.clone, env=walk.environment(), capture_output=True, text=True
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert words in done.stdout + done.stderr and "Traceback" not in done.stderr
    if command != "caselib check":
        assert words in done.stderr.splitlines()[-1]
    assert any(quoted in words or words in quoted for quoted in refusals()), "the guide has no remedy for it"


def test_every_refusal_that_the_guide_quotes_is_one_that_the_program_has():
    program = "\n".join(path.read_text("utf-8") for path in (ROOT / "generator").rglob("*.py"))
    assert len(refusals()) > 25
    assert [words for words in refusals() if words not in program] == []


def test_every_command_and_file_named_in_the_text_exists(walk):
    text = GUIDE.read_text("utf-8")
    named = sorted(set(re.findall(r"`caselib ([a-z]+)", text)))
    assert "round" in named
    for name in named:
        command = [str(walk.clone / ".venv/bin/caselib"), name, "--help"]
        assert subprocess.run(command, capture_output=True).returncode == 0, name
    for path in re.findall(r"\]\(([\w-]+\.md)\)|`(docs/[\w-]+\.md)`", text):
        assert (ROOT / (f"docs/{path[0]}" if path[0] else path[1])).is_file(), path
