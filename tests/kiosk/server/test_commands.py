"""The commands of the showcase's machine and of the staff who update it, as they are typed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner
from tuf.api.metadata import Metadata

from generator.cli import caselib
from generator.commands.kiosk import kiosk
from generator.kiosk.machine.pin import matches
from generator.kiosk.machine.settings import read_machine
from generator.packaged import ROOT
from tests.kiosk.server.parts import Machinery, Staff, content_folder

DAY = "2026-11-20"


def run(*arguments: object, **options):
    return CliRunner().invoke(caselib, ["kiosk", *map(str, arguments)], **options)


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Keys and an update folder made by the commands."""
    monkeypatch.chdir(tmp_path)
    done = run("keys", "new", "keys", "--to", "up", "--date", DAY, "--no-passphrase")
    assert done.exit_code == 0, done.output
    content_folder(tmp_path / "kiosk", "aaaa0001")
    return tmp_path


def test_every_command_has_help_in_chinese_with_an_example():
    for path, command in [
        *((name, command) for name, command in kiosk.commands.items()),
        *((f"keys {name}", command) for name, command in kiosk.commands["keys"].commands.items()),
    ]:
        text = run(*path.split(), "--help").output
        assert f"例：caselib kiosk {path}" in text or path == "keys", path
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, f"{path} {option.name} has no help"


def test_a_bundle_is_the_same_bytes_whoever_makes_it(office):
    assert run("bundle", "kiosk", "--to", "up", "--keys", "keys", "--date", DAY).exit_code == 0
    again = office / "again"
    again.mkdir()
    (again / "metadata").mkdir()
    (again / "metadata/1.root.json").write_bytes((office / "up/metadata/1.root.json").read_bytes())
    for path in (office / "kiosk").rglob("*"):
        os.utime(path, (1, 1))
    assert run("bundle", "kiosk", "--to", "again", "--keys", "keys", "--date", DAY).exit_code == 0
    one, two = (
        {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (office / "up", again)
    )
    assert one == two


def test_the_same_content_is_only_signed_anew(office):
    run("bundle", "kiosk", "--to", "up", "--keys", "keys", "--date", DAY)
    done = run("bundle", "kiosk", "--to", "up", "--keys", "keys", "--date", "2026-11-21")
    assert "没有变，只续签" in done.output
    assert run("renew", "--to", "up", "--keys", "keys", "--date", "2026-11-22").output.startswith(
        "已续签，屏幕在 2027-02-22"
    )
    assert sorted(path.name for path in (office / "up/metadata").iterdir()) == [
        "1.root.json",
        "1.snapshot.json",
        "1.targets.json",
        "timestamp.json",
    ]


def test_earlier_contents_do_not_pile_up(office):
    for number in range(1, 5):
        content_folder(office / f"kiosk{number}", f"0000000{number}")
        run("bundle", f"kiosk{number}", "--to", "up", "--keys", "keys", "--date", DAY)
    assert len(list((office / "up/targets").iterdir())) == 4  # two files of the newest content and of the one before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bundle", "kiosk", "--to", "nowhere", "--keys", "keys", "--date", DAY), "先运行 caselib kiosk keys new"),
        (("bundle", "kiosk", "--to", "up", "--keys", "none", "--date", DAY), "没有密钥的文件夹 none"),
        (("bundle", "keys", "--to", "up", "--keys", "keys", "--date", DAY), "里没有 index.html"),
        (("renew", "--to", "up", "--keys", "keys", "--date", DAY), "还没有内容"),
        (("bundle", "kiosk", "--to", "up", "--keys", "keys", "--date", "2026-11-01"), "请核对 --date"),
        (("keys", "new", "keys2", "--to", "up", "--date", DAY, "--no-passphrase"), "已经有密钥"),
        (("keys", "rotate", "--to", "up", "--keys", "keys", "--date", DAY, "--role", "snapshot", "--drop",
          "keys/snapshot-1.pub"), "有 0 把密钥"),
        (("keys", "rotate", "--to", "up", "--keys", "keys", "--date", DAY, "--role", "snapshot", "--drop",
          "keys/targets-1.pub"), "没有密钥「targets-1」；有的是 snapshot-1"),
        (("keys", "make", "keys", "../x"), "不是密钥的名称"),
        (("keys", "make", "keys", "root-1", "--no-passphrase"), "密钥不会改写"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(office, arguments, said):
    done = run(*arguments)
    assert done.exit_code in (1, 2) and said in done.output and "Traceback" not in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_keys_that_are_missing_are_counted_and_named_and_nothing_is_written(office):
    for name in ("root-2", "root-3"):
        (office / f"keys/{name}.key").rename(office / f"{name}.key")
    before = sorted((office / "up").rglob("*"))
    done = run("keys", "rotate", "--to", "up", "--keys", "keys", "--date", DAY)
    assert "root 要 2 把密钥签署，在给出的文件夹里只有 1 把；可用的是 root-1、root-2、root-3" in done.output
    assert sorted((office / "up").rglob("*")) == before
    (office / "stick").mkdir()
    (office / "root-2.key").rename(office / "stick/root-2.key")
    done = run("keys", "rotate", "--to", "up", "--keys", "keys", "--keys", "stick", "--date", DAY)
    assert done.output.startswith("root 现在是 root-1、root-2、root-3")
    assert "root 第 2 版" in run("keys", "list", "--to", "up").output


def test_a_key_with_a_passphrase_asks_for_it_and_only_the_needed_ones_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text("一句口令\n")
    (tmp_path / "secret").chmod(0o600)
    content_folder(tmp_path / "kiosk", "aaaa0001")
    run("keys", "new", "keys", "--to", "up", "--date", DAY, "--passphrase-file", "secret")
    done = run("bundle", "kiosk", "--to", "up", "--keys", "keys", "--date", DAY, input="一句口令\n" * 4)
    assert done.exit_code == 0
    asked = [line for line in done.output.split("：") if "私钥" in line]
    assert len(asked) == 4 and not any("root" in line for line in asked)
    done = run("renew", "--to", "up", "--keys", "keys", "--date", DAY, input="falsch\n")
    assert done.exit_code == 1 and "口令不对" in done.output


def test_a_day_that_has_not_come_is_not_signed(office):
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    done = run("bundle", "kiosk", "--to", "up", "--keys", "keys", "--date", day)
    assert done.exit_code == 2 and "还没有到" in done.output


def test_keys_do_not_come_into_a_git_repository(tmp_path):
    (tmp_path / ".git").mkdir()
    done = run("keys", "new", tmp_path / "keys", "--to", tmp_path / "up", "--date", DAY, "--no-passphrase")
    assert done.exit_code == 2 and "私钥不能放进资料库" in done.output


def test_an_update_from_a_named_folder(staff: Staff, machinery: Machinery, tmp_path):
    staff.put("aaaa0001")
    done = run("update", "--config", machinery.file, "--from", staff.folder.path)
    assert done.exit_code == 0 and "已取得并核对 aaaa0001" in done.output
    other = Staff(tmp_path / "other", "别的协会")
    other.put("cccc0003")
    done = run("update", "--config", machinery.file, "--from", other.folder.path)
    assert done.exit_code == 1 and "可能是别的主办单位的更新" in done.output
    assert len(done.output.splitlines()) == 1
    lonely = Machinery(tmp_path / "lonely", staff.root, tmp_path / "no-stick")
    assert "没有可以看的地方" in run("update", "--config", lonely.file).output


def test_a_full_disk_stops_an_update_with_one_line(staff: Staff, machinery: Machinery):
    staff.put("aaaa0001", files=300)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from generator.cli import main; main()"
    )
    command = [sys.executable, "-c", code, "kiosk", "update", "--config", str(machinery.file)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "文件超过允许的大小" in line
    assert machinery.look().code == ""


def test_too_little_room_is_told_before_anything_is_fetched(staff: Staff, machinery: Machinery, monkeypatch):
    staff.put("aaaa0001")
    usage = shutil.disk_usage(machinery.base)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    outcome = machinery.look()
    assert outcome.code == "disk" and "磁盘空间不够" in outcome.message


def test_the_settings_are_checked_with_place_and_remedy(tmp_path):
    path = tmp_path / "machine.yml"
    path.write_text("ports: 8180\nstate: var/lib\npin: '123456'\nport: 99999\naddress: ftp://x\nusb: [media]\n")
    machine, found = read_machine(path)
    assert machine is None
    told = {(d.line, d.code): d for d in found}
    assert set(told) == {
        (1, "field-unknown"),
        (2, "field-format"),
        (3, "field-format"),
        (4, "field-format"),
        (5, "field-format"),
        (6, "field-format"),
    }
    assert told[(1, "field-unknown")].nearest == "port"
    assert "caselib kiosk pin" in told[(3, "field-format")].text()
    done = run("run", "--config", path)
    assert done.exit_code == 1 and "没有启动" in done.output and "Traceback" not in done.output


def test_the_sample_of_the_settings_is_right():
    machine, found = read_machine(ROOT / "deploy/kiosk/machine.yml")
    assert found == [] and machine is not None and machine.port == 8180


def test_a_pin_becomes_a_line_for_the_settings(tmp_path):
    done = run("pin", "--stdin", input="482916\n")
    line = done.output.strip()
    (tmp_path / "machine.yml").write_text(line + "\n")
    machine, found = read_machine(tmp_path / "machine.yml")
    assert found == [] and matches("482916", machine.pin) and "482916" not in line
    assert run("pin", "--stdin", input="123456\n").exit_code == 1
    assert "两次输入的 PIN 不同" in run("pin", input="482916\n482917\n").output


def test_counts_leave_as_a_table(shown, machinery: Machinery, tmp_path):
    shown.ask("/-/alive?page=1&phase=attract")
    shown.ask("/-/alive?page=1&phase=visit&opened=2023-00001")
    assert "参观 1 次，打开 1 次" in run("counts", "--config", machinery.file).output
    target = tmp_path / "次数.csv"
    assert run("counts", "--config", machinery.file, "--csv", target).exit_code == 0
    assert target.read_bytes().decode("utf-8-sig").splitlines()[0] == "日期,事项,编号,次数"
    assert run("counts", "--config", machinery.file, "--csv", "-").output.count("\n") == 3
    assert run("counts", "--config", machinery.file, "--csv", "/proc/x").exit_code == 1


def test_a_machine_without_settings_says_where_a_sample_is(tmp_path):
    done = run("run", "--config", tmp_path / "none.yml")
    assert done.exit_code == 2 and "deploy/kiosk/machine.yml" in done.output


def test_metadata_is_what_other_tools_of_tuf_read(office):
    run("bundle", "kiosk", "--to", "up", "--keys", "keys", "--date", DAY)
    root = Metadata.from_file(str(office / "up/metadata/1.root.json"))
    for role in ("targets", "snapshot"):
        metadata = Metadata.from_file(str(office / f"up/metadata/1.{role}.json"))
        root.signed.verify_delegate(role, metadata.signed_bytes, metadata.signatures)
    assert json.loads((office / "up/metadata/timestamp.json").read_text())["signed"]["x-signed-on"] == DAY
