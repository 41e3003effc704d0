"""The guides of staff and technicians say what is true: their commands run, their files are there, units are sound."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.kiosk.machine import gate, swaps
from generator.kiosk.updates.roles import VALID_DAYS
from tests.guide.walk import ROOT, blocks
from tests.kiosk.server.parts import content_folder

UPDATES, TECHNICIAN = ROOT / "docs/kiosk-updates.md", ROOT / "docs/kiosk-technician.md"
DEPLOY = ROOT / "deploy/kiosk"
# What `caselib kiosk build` writes is a matter of its own tests.
BUILD = "caselib kiosk build --output ~/展屏内容"


def test_every_command_of_the_guide_to_updates_runs_in_order(tmp_path):
    environment = os.environ | {"HOME": str(tmp_path), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    (tmp_path / "口令").write_text("一句口令\n")
    (tmp_path / "口令").chmod(0o600)
    commands = [line for block in blocks(UPDATES) for line in block]
    assert BUILD in commands and len(commands) == 8
    for command in commands:
        if command == BUILD:
            content_folder(tmp_path / "展屏内容", "aaaa0001")
            continue
        secret = "" if " list " in command else " --passphrase-file ~/口令"
        done = subprocess.run(
            ["bash", "-c", command + secret], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    listed = done.stdout
    assert listed.startswith("root 现在是 root-1、root-2、root-3")
    done = subprocess.run(
        ["bash", "-c", "caselib kiosk keys list --to ~/更新"], env=environment, capture_output=True, text=True
    )
    assert "targets-2、targets-3" in done.stdout and "root 第 3 版" in done.stdout


def test_the_guides_name_the_terms_that_the_program_keeps():
    text = UPDATES.read_text("utf-8")
    assert f"{VALID_DAYS['timestamp']} 天" in text and "三年" in text and "两年" in text
    assert (VALID_DAYS["root"] // 365, VALID_DAYS["targets"] // 365, swaps.TRIAL) == (3, 2, 30)
    assert gate.SESSION >= 180  # the page leaves by itself before the session ends


def test_the_installer_installs_what_lies_beside_it():
    script = (DEPLOY / "install.sh").read_text("utf-8")
    named = set(re.findall(r"\$here/([\w.-]+)", script)) - {"wheels", "root.json"}
    assert named == {path.name for path in DEPLOY.iterdir()} - {"install.sh"}
    assert subprocess.run(["sh", "-n", DEPLOY / "install.sh"]).returncode == 0


def test_the_installer_needs_root_and_a_whole_stick(tmp_path):
    shutil.copytree(DEPLOY, tmp_path / "stick")
    done = subprocess.run(["sh", tmp_path / "stick/install.sh"], capture_output=True, text=True)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "没有装好" in done.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd's tools")
@pytest.mark.parametrize("unit", ["caselib-kiosk.service", "caselib-kiosk-browser.service"])
def test_systemd_understands_the_units(tmp_path, unit):
    text = (DEPLOY / unit).read_text("utf-8")
    # The programs of an installed screen are not on this machine.
    for program in ("/opt/caselib-kiosk/bin/caselib", "/usr/bin/cage"):
        text = text.replace(f"ExecStart={program}", "ExecStart=/bin/true")
    (tmp_path / unit).write_text(text)
    for other in ("caselib-kiosk.service",):
        if other != unit:
            shutil.copy(DEPLOY / other, tmp_path)
            text = (tmp_path / other).read_text("utf-8").replace("/opt/caselib-kiosk/bin/caselib", "/bin/true")
            (tmp_path / other).write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", tmp_path / unit], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_machine_of_a_screen_needs_only_its_own_packages():
    code = (
        "import sys; from generator.cli import caselib\n"
        "from generator.kiosk.machine import running, browsing, update_check\n"
        "from generator.commands import kiosk_counts, kiosk_pin\n"
        "files = {name: getattr(module, '__file__', None) or '' for name, module in sys.modules.items()}\n"
        "print(*sorted({n.partition('.')[0] for n, f in files.items() if 'site-packages' in f}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements-kiosk.txt").read_text(), re.MULTILINE))
    known = {"ruamel": "ruamel-yaml", "_ruamel_yaml": "ruamel-yaml-clib", "_cffi_backend": "cffi"}
    used = {known.get(name, name.replace("_", "-")) for name in done.stdout.split()}
    ours = {name for name in used if name.startswith(("--editable", "-distutils"))}
    optional = {"brotli", "-brotli"}  # urllib3 takes it where it is
    assert used - ours - optional <= locked


def test_the_lock_of_the_screen_holds_the_versions_of_the_program():
    ours, all_of = (
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements-kiosk.txt", "requirements.txt")
    )
    assert ours.items() <= all_of.items()
