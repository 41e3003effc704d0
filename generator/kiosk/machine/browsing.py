"""The browser of a screen as a service of its own: it goes on while the server is started again, and the other way."""

from __future__ import annotations

import http.client
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

from generator.kiosk.machine.browser import Pulse, Supervisor, browser_command, find_browser
from generator.kiosk.machine.settings import Machine
from generator.released.errors import ReleaseError
from generator.server import HOST

TICK = 2.0
ANSWER = 5.0


def ask_pulse(port: int) -> Pulse | None:
    """The pulse of the page, as the server at this port tells; None where it does not answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER)
    try:
        connection.request("GET", "/health")
        browser = json.loads(connection.getresponse().read())["browser"]
        age = browser["seconds"]
        return Pulse(None if age is None else float(age), int(browser["restarts"]))
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None
    finally:
        connection.close()


def watch_browser(machine: Machine, say: Callable[[str], object], stopping: threading.Event) -> None:
    """Keeps the browser alive until `stopping` is set. Raises ReleaseError where there is no browser."""
    program = find_browser(machine.browser or "")
    if program is None:
        raise ReleaseError(f"没有找到浏览器{f' {machine.browser}' if machine.browser else ''}；请安装 chromium")
    profile = Path(machine.profile)
    command = browser_command(program, f"http://{HOST}:{machine.port}/", profile, machine.flags)
    supervisor = Supervisor(command, profile, lambda: ask_pulse(machine.port), say, machine.silent)
    compositor = os.getppid()
    try:
        # Without the compositor that started this command there is no screen to show anything on.
        while not stopping.wait(TICK) and os.getppid() == compositor:
            supervisor.tick()
    finally:
        supervisor.stop()
