"""The watchdog of the browser, with real processes; and the whole screen with a real Chromium."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from generator.kiosk.machine.browser import FLAGS, LONGEST_PAUSE, Pulse, Supervisor, browser_command, find_browser
from generator.kiosk.machine.browsing import ask_pulse
from generator.server import free_port
from tests.kiosk.server.parts import Clock, Machinery, Staff, ask

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


class Watched:
    """A supervisor of a process that does nothing."""

    def __init__(self, profile: Path, command: list[str] | None = None) -> None:
        self.clock, self.lines, self.pulse = Clock(), [], Pulse(None, 0)
        self.supervisor = Supervisor(command or SLEEPER, profile, lambda: self.pulse, self.lines.append, 60, self.clock)

    def tick(self, seconds: float = 0) -> int | None:
        self.clock.now += seconds
        self.supervisor.tick()
        return self.supervisor.process_id


@pytest.fixture
def watched(tmp_path) -> Iterator[Watched]:
    made = Watched(tmp_path / "profile")
    yield made
    made.supervisor.stop()


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_browser_that_dies_is_started_again(watched):
    first = watched.tick()
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert watched.tick(1) is None
    assert "自己停了" in watched.lines[0]
    second = watched.tick(10)
    assert second not in (None, first) and alive(second)


def test_a_page_that_is_silent_too_long_is_started_again(watched):
    first = watched.tick()
    watched.pulse = Pulse(2.0, 0)
    assert watched.tick(100) == first
    watched.pulse = Pulse(61.0, 0)
    assert watched.tick(1) is None
    assert not alive(first) and watched.lines == ["浏览器 60 秒没有动静，2 秒后重新启动"]
    # The new one has the same time to show itself, whatever the old one's last call was.
    watched.pulse = Pulse(64.0, 0)
    second = watched.tick(3)
    assert watched.tick(50) == second
    assert watched.tick(20) is None


def test_a_server_that_is_away_says_nothing_of_the_page(watched):
    first = watched.tick()
    watched.pulse = None
    assert watched.tick(1000) == first
    watched.pulse = Pulse(None, 0)
    assert watched.tick(59) == first
    assert watched.tick(2) is None


def test_failures_in_a_row_wait_longer_and_a_steady_browser_starts_afresh(tmp_path):
    watched = Watched(tmp_path / "profile", ["/nonexistent/browser"])
    starts = []
    for _ in range(300):
        before = len(watched.lines)
        watched.tick(1)
        if len(watched.lines) > before:
            starts.append(watched.clock.now)
    gaps = [after - before for before, after in pairwise(starts)]
    assert gaps == sorted(gaps) and gaps[-1] == LONGEST_PAUSE and gaps[0] <= 3
    assert "不能启动" in watched.lines[0]


def test_people_can_ask_for_a_new_start(watched):
    first = watched.tick()
    watched.tick(1)
    watched.pulse = Pulse(1.0, 1)
    assert watched.tick(1) is None
    assert watched.tick(0) not in (None, first)
    assert not alive(first)


def test_nothing_of_the_last_browser_stays(watched, tmp_path):
    (tmp_path / "profile").mkdir()
    (tmp_path / "profile/Cookies").write_text("visitor")
    watched.tick()
    assert list((tmp_path / "profile").iterdir()) == []


def test_the_browser_is_started_so_that_nothing_leads_out(tmp_path):
    command = browser_command("chromium", "http://127.0.0.1:8180/", tmp_path, ("--lang=zh-CN",))
    assert command[-2:] == ["--lang=zh-CN", "http://127.0.0.1:8180/"]
    assert "--kiosk" in FLAGS and any("NOTFOUND" in flag for flag in FLAGS)
    assert find_browser("no-such-browser") is None and find_browser() is not None


# The whole


@contextmanager
def running(machinery: Machinery, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`caselib kiosk run` in a session of its own, so that a test can cut the power of all of it."""
    command = [sys.executable, "-m", "generator", "kiosk", *(arguments or ("run",)), "--config", str(machinery.file)]
    log = machinery.base / "log"
    with log.open("a") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream, text=True, start_new_session=True)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def until(what: str, check, seconds: float = 90):
    """What `check` returns once it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError, ValueError, KeyError, http.client.HTTPException):
            found = check()
            if found:
                return found
        time.sleep(0.1)
    raise AssertionError(f"never: {what}")


CHROMIUM = ("--headless=new", "--no-sandbox", "--disable-gpu")


def machinery_of(staff: Staff, base: Path, **settings: object) -> Machinery:
    return Machinery(base, staff.root, staff.folder.path, port=free_port(8600), flags=list(CHROMIUM), **settings)


def health(machinery: Machinery) -> dict:
    return ask(machinery.settings["port"], "/health").body


def browser_of(machinery: Machinery) -> int | None:
    """The process of the browser with this profile; None while there is none."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                line = (entry / "cmdline").read_bytes().decode().split("\0")
                if f"--user-data-dir={machinery.settings['profile']}" in line and "--type=" not in " ".join(line):
                    return int(entry.name)
    return None


def test_a_screen_starts_empty_takes_an_update_swaps_and_heals_its_browser(staff: Staff, tmp_path: Path):
    machinery = machinery_of(staff, tmp_path / "machine", silent=10)
    port = machinery.settings["port"]
    with running(machinery):
        until("the page that waits calls", lambda: health(machinery)["browser"]["phase"] == "waiting")
        staff.put("aaaa0001")

        def shows(version: str) -> bool:
            found = health(machinery)
            return found["browser"]["version"] == version and not found["content"]["on_trial"]

        until("the first content is shown", lambda: shows("aaaa0001"))
        staff.put("bbbb0002")
        until("the second content is shown", lambda: shows("bbbb0002"))
        staff.put("cccc0003", alive=False)
        until("the third content is refused", lambda: health(machinery)["refused"] == ["cccc0003"], 120)
        until("the second content is back", lambda: shows("bbbb0002"))
        first = until("a browser runs", lambda: browser_of(machinery))
        os.kill(first, signal.SIGKILL)
        until("the browser is back", lambda: browser_of(machinery) not in (None, first))
        until("its page calls", lambda: health(machinery)["browser"]["seconds"] < 2 and shows("bbbb0002"))
        frozen = until("a browser runs", lambda: browser_of(machinery))
        for entry in Path("/proc").iterdir():  # its renderers freeze, as they do when memory is short
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    line = (entry / "cmdline").read_bytes().decode()
                    if "--type=renderer" in line and machinery.settings["profile"] in line:
                        os.kill(int(entry.name), signal.SIGSTOP)
        until("a frozen browser is started again", lambda: browser_of(machinery) not in (None, frozen))
        until("its page calls", lambda: health(machinery)["browser"]["seconds"] < 2)
        assert ask(port, "/").status == 200
    assert browser_of(machinery) is None
    log = (machinery.base / "log").read_text()
    assert "Traceback" not in log and "内部错误" not in log, log


def test_the_server_is_killed_under_the_browser_and_both_go_on(staff: Staff, tmp_path: Path):
    staff.put("aaaa0001")
    machinery = machinery_of(staff, tmp_path / "machine")
    machinery.look()
    with running(machinery, "browser"):
        with running(machinery, "run", "--no-browser") as server:
            until("the page calls", lambda: health(machinery)["browser"]["version"] == "aaaa0001")
            browser = until("a browser runs", lambda: browser_of(machinery))
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        assert ask_pulse(machinery.settings["port"]) is None
        assert browser_of(machinery) == browser
        with running(machinery, "run", "--no-browser"):
            until("the same page calls again", lambda: health(machinery)["browser"]["version"] == "aaaa0001")
            assert browser_of(machinery) == browser
    assert browser_of(machinery) is None


def test_systemd_is_told_when_the_server_is_ready_and_as_long_as_it_answers(staff, tmp_path, monkeypatch):
    link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    link.bind(str(tmp_path / "notify"))
    link.settimeout(30)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    machinery = machinery_of(staff, tmp_path / "machine")
    with running(machinery, "run", "--no-browser") as server:
        assert link.recv(100) == b"READY=1"
        assert link.recv(100) == b"WATCHDOG=1"
        server.send_signal(signal.SIGTERM)
        while (told := link.recv(100)) == b"WATCHDOG=1":
            continue
        assert told == b"STOPPING=1"


def test_a_second_run_on_the_same_port_ends_with_one_line(staff, tmp_path):
    machinery = machinery_of(staff, tmp_path / "machine")
    with running(machinery, "run", "--no-browser"):
        until("it answers", lambda: ask(machinery.settings["port"], "/-/state").status == 200)
        command = [sys.executable, "-m", "generator", "kiosk", "run", "--config", str(machinery.file)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "是否已有一个在运行" in done.stderr


def test_the_state_of_a_look_is_json_that_programs_read(staff, machinery):
    staff.put("aaaa0001")
    machinery.look()
    kept = json.loads((machinery.machine.state_folder / "update.json").read_text())
    assert kept["code"] == "" and kept["version"] == "aaaa0001"
