"""A screen at work: serves, updates, swaps and watches until it is told to stop."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from pathlib import Path

from generator.kiosk.machine.browser import Pulse, Supervisor, browser_command, find_browser
from generator.kiosk.machine.notify import notify
from generator.kiosk.machine.screen import Screen
from generator.kiosk.machine.screen_server import ScreenServer
from generator.kiosk.machine.settings import Machine
from generator.kiosk.machine.swaps import Swaps
from generator.kiosk.machine.updates_process import UpdatesProcess
from generator.server import HOST

TICK = 1.0
# The server answers itself in time, or systemd starts it again.
ANSWER = 10.0


class Running:
    """One screen. config: the file of the machine, for the process that looks for updates. stopping: ends run().

    with_browser: whether the browser is started here; otherwise another service does that.
    """

    def __init__(
        self,
        machine: Machine,
        config: Path,
        say: Callable[[str], object],
        stopping: threading.Event,
        *,
        with_browser: bool,
    ) -> None:
        self.screen = Screen(machine, say)
        self.stopping = stopping
        self.swaps = Swaps(self.screen)
        self.updates = UpdatesProcess(self.screen, config)
        self.server = ScreenServer(self.screen, machine.port)
        self.supervisor = self._supervisor(machine) if with_browser else None

    def _supervisor(self, machine: Machine) -> Supervisor | None:
        journal = self.screen.journal
        program = find_browser(machine.browser or "")
        if program is None:
            journal.tell(f"没有找到浏览器，只提供 {self.server.address}")
            return None
        profile = Path(machine.profile)
        command = browser_command(program, self.server.address, profile, machine.flags)
        return Supervisor(command, profile, self._pulse, journal.tell, machine.silent, self.screen.clock)

    def _pulse(self) -> Pulse:
        return Pulse(self.screen.heartbeats.age(), self.screen.restarts)

    def run(self) -> None:
        """Works until `stopping` is set."""
        self.swaps.start()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        live = self.screen.versions.live
        shown = f"展示 {live.facts.version[:12]}（{live.facts.date}）" if live else "还没有展示内容，等待更新"
        self.screen.journal.tell(f"{self.server.address} {shown}")
        notify("READY=1")
        try:
            while not self.stopping.wait(TICK):
                self.tick()
        finally:
            notify("STOPPING=1")
            self.updates.stop()
            if self.supervisor is not None:
                self.supervisor.stop()
            self.server.shutdown()
            self.server.server_close()

    def tick(self) -> None:
        """One look at everything; whatever fails in one part leaves the others at work."""
        self.screen.journal.change("clock", self.screen.time.wrong())
        for part in (self.swaps, self.updates, self.supervisor):
            if part is None:
                continue
            try:
                part.tick()
            except Exception as error:  # the screen must not go dark for a mistake of ours
                self.screen.journal.change(type(part).__name__, f"内部错误：{type(error).__name__}: {error}")
        if answers(self.server.server_address[1]):
            notify("WATCHDOG=1")


def answers(port: int) -> bool:
    """Whether the server on this port answers a page's call."""
    connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER)
    try:
        connection.request("GET", "/-/state")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
