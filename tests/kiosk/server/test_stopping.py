"""SIGTERM ends a screen whatever it is doing, as the first process of a container too, and takes its browser along."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from generator.server import free_port
from tests.kiosk.server.parts import Machinery, Staff, ask
from tests.kiosk.server.test_browser import running, until

HELD = """
import os, signal
from generator.kiosk.machine.stopping import told_to_stop
stopping = told_to_stop()
with stopping._cond:  # as the main thread holds it for a moment each time that it begins to wait
    os.kill(os.getpid(), signal.{name})
print(stopping.wait(20))
"""


def test_a_signal_that_comes_while_the_main_thread_holds_the_event_is_heard():
    for name in ("SIGTERM", "SIGINT"):
        command = [sys.executable, "-c", HELD.format(name=name)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr


def children(process: int) -> list[int]:
    """Processes that this one started."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_the_first_process_of_a_container_ends_when_it_is_told(staff: Staff, tmp_path: Path):
    machinery = Machinery(tmp_path / "machine", staff.root, staff.folder.path, port=free_port(8600))
    command = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child", sys.executable]
    command += ["-m", "generator", "kiosk", "run", "--no-browser", "--config", str(machinery.file)]
    container = subprocess.Popen(command)
    try:
        until("it answers", lambda: ask(machinery.settings["port"], "/-/state").status == 200)
        (first,) = children(container.pid)
        assert Path(f"/proc/{first}/status").read_text().split("NSpid:")[1].split("\n")[0].split()[-1] == "1"
        os.kill(first, signal.SIGTERM)
        assert container.wait(60) == 0
    finally:
        container.kill()


def test_a_browser_that_does_not_hear_is_ended_with_all_its_processes(staff: Staff, tmp_path: Path):
    deaf = tmp_path / "deaf"
    deaf.write_text(f"#!/bin/sh\ntrap '' TERM\nsleep 1000 &\necho $$ $! > {tmp_path}/started\nwait\nsleep 1000\n")
    deaf.chmod(0o755)
    machinery = Machinery(tmp_path / "machine", staff.root, staff.folder.path, port=free_port(8600), browser=str(deaf))
    started = tmp_path / "started"
    with running(machinery) as screen:
        until("the browser runs", lambda: started.exists() and len(started.read_text().split()) == 2)
        screen.send_signal(signal.SIGTERM)
        assert screen.wait(60) == 0
    for process in map(int, started.read_text().split()):
        with contextlib.suppress(FileNotFoundError):
            # Who ended and was not yet asked for is no longer at work.
            assert Path(f"/proc/{process}/stat").read_text().split()[2] == "Z"
