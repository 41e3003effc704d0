"""The guide for editors: every command of it runs, in order, and leads to a record that the review lets pass."""

import re
import signal
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.guide.walk import GUIDE, Walk, blocks


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    made = Walk(tmp_path_factory.mktemp("home"))
    made.done = {}
    for done in made.run():
        made.done.setdefault(done.command, []).append(done)
    return made


def said(walk, command):
    [done] = walk.done[command]
    return done.output


def test_every_command_of_the_guide_ends_as_the_guide_says(walk):
    commands = [line for block in blocks() for line in block]
    assert len(commands) > 20
    ended = {done.command: done.status for entries in walk.done.values() for done in entries if done.status}
    # Doubts and mistakes are told by the status; the guide goes on to mend them.
    assert ended == {"caselib import 收到的表": 1, "caselib import 收到的表 --dry-run": 1, "caselib check --changed": 1}
    assert [done.command for entries in walk.done.values() for done in entries if "Traceback" in done.output] == []


def test_the_messages_are_those_that_the_guide_speaks_of(walk):
    assert "待确认  图片" in said(walk, "caselib import 收到的表")
    assert "是否应为「巫山县」？ [term-unknown]" in said(walk, "caselib check --changed")
    assert "district" not in said(walk, "caselib fmt")
    assert "已转正" in said(walk, 'caselib media add 2023-00007 照片.jpg --alt "工人用三爪工具拆下水泵叶轮"')
    assert "#### 新增：2023-00007 一种离心泵快速拆装工具" in said(walk, "caselib changes")
    assert "- 增加：减轻劳动强度，消除隐患。\n" in said(walk, "caselib changes")  # the caption is no part of it
    assert "0 对同一项目" in said(walk, "caselib duplicates --changed")
    assert (walk.clone / "preview/index.html").exists()


def test_what_was_pushed_passes_the_review_of_the_platform(walk, tmp_path):
    clone = tmp_path / "review"
    subprocess.run(["git", "clone", "-q", str(walk.home / "origin.git"), str(clone)], check=True)
    subprocess.run(["git", "checkout", "-q", "巫山县-2023"], cwd=clone, check=True)
    assert "重庆巫山机械有限公司" in (clone / "cases/2023/2023-00007.yml").read_text("utf-8")
    caselib = str(walk.clone / ".venv/bin/caselib")
    done = subprocess.run(
        ["deploy/review.sh", "origin/main", "text", "review"],
        cwd=clone, env={"PATH": "/usr/bin:/bin", "CASELIB": caselib, "LANG": "C.UTF-8"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "✅ 可以合并"), done.stdout + done.stderr


def test_after_the_list_of_winners_the_record_is_announced(walk):
    text = walk.record.read_text("utf-8")
    assert "award: 二等奖" in text and "2023 年获奖名单" in text
    assert "status: nominated" not in text


def test_the_form_opens_at_the_record_that_the_guide_names_and_ends_when_told(walk):
    [command] = re.findall(r"^    caselib (edit \S+)$", GUIDE.read_text("utf-8"), re.MULTILINE)
    with subprocess.Popen(
        [str(walk.clone / ".venv/bin/caselib"), *command.split(), "--port", "0", "--no-browser"],
        cwd=walk.clone, env=walk.environment(), stdout=subprocess.PIPE, text=True,
    ) as editor:  # fmt: skip
        assert editor.stdout is not None
        assert re.search(r"^编辑器在 http://127\.0\.0\.1:\d+/\S*#2023-00007$", editor.stdout.readline())
        editor.stdout.readline()
        editor.send_signal(signal.SIGINT)
        assert editor.stdout.read() == "已结束\n"
    assert editor.returncode == 0


def test_every_command_named_in_the_text_exists(walk):
    for words in re.findall(r"`caselib ([a-z]+)", GUIDE.read_text("utf-8")):
        command = [str(walk.clone / ".venv/bin/caselib"), words, "--help"]
        assert subprocess.run(command, capture_output=True).returncode == 0, words


def test_the_pictures_are_there_and_small():
    names = re.findall(r"!\[[^]]{20,}\]\((guide/[a-z]+\.webp)\)", GUIDE.read_text("utf-8"))
    here = sorted(f"guide/{path.name}" for path in (GUIDE.parent / "guide").iterdir())
    assert here == sorted(names) and len(names) == 6
    for name in names:
        path = Path(GUIDE.parent / name)
        with Image.open(path) as image:
            assert image.format == "WEBP" and image.width <= 1600
        assert path.stat().st_size < 120_000
