"""Runs `caselib kiosk update` beside the server: when its time has come, a stick is plugged in, or someone asks."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from generator.kiosk.machine.screen import Screen
from generator.kiosk.machine.state import LastUpdate
from generator.kiosk.machine.update_check import sources, usb_mark

# Seconds. A look that takes longer than LIMIT is ended, whatever it waits for.
LIMIT = 2 * 3600.0
FIRST = 5.0


class UpdatesProcess:
    """One look at a time, in a process of its own: what a source does to it cannot reach the server."""

    def __init__(self, screen: Screen, config: Path) -> None:
        self.screen = screen
        self._command = [sys.executable, "-m", "generator", "kiosk", "update", "--config", str(config), "--quiet"]
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._next = screen.clock() + FIRST
        self._stick: tuple[object, ...] = ()

    def tick(self) -> None:
        now = self.screen.clock()
        if self._process is not None:
            self._watch(self._process, now)
            return
        stick = usb_mark(self.screen.machine)
        due = now >= self._next or self.screen.wanted_check or (stick and stick != self._stick)
        self._stick = stick
        if due:
            self.screen.wanted_check = False
            self._next = now + self.screen.machine.every * 60
            if sources(self.screen.machine):
                self._start(now)

    def _start(self, now: float) -> None:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        environment.pop("NOTIFY_SOCKET", None)
        try:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment
            )
        except OSError as error:
            self.screen.journal.change("update", f"更新程序不能启动：{error.strerror or error}")
            return
        self._started = now

    def _watch(self, process: subprocess.Popen[bytes], now: float) -> None:
        if process.poll() is None:
            if now - self._started > LIMIT:
                self.stop()
                self.screen.journal.change("update", "更新：太久没有结束，已停止")
            return
        self._process = None
        last = self.screen.state.read(LastUpdate)
        if last is not None:
            self.screen.journal.change("update", f"更新（{last.source}）：{last.message}")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()
