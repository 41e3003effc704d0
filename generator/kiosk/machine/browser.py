"""The browser of the screen: how Chromium is started so that nothing leads out of it, and when it is started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.server import HOST

# Beside the policy in deploy/kiosk/chromium-policy.json, which holds whatever the flags are.
FLAGS = (
    "--kiosk",
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--hide-crash-restore-bubble",
    "--disable-session-crashed-bubble",
    "--disable-infobars",
    "--disable-translate",
    "--disable-features=Translate,TouchpadOverscrollHistoryNavigation,OverscrollHistoryNavigation,MediaRouter,"
    "GlobalMediaControls,HardwareMediaKeyHandling,AutofillServerCommunication,OptimizationHints,InterestFeed",
    "--overscroll-history-navigation=0",
    "--disable-pinch",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-print-preview",
    "--disable-crash-reporter",
    "--disable-breakpad",
    "--metrics-recording-only",
    "--password-store=basic",
    "--autoplay-policy=no-user-gesture-required",
    "--touch-events=enabled",
    # No name is ever looked up, so nothing can be asked of another machine.
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
    "--proxy-server=direct://",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
GRACE = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
# A browser that lived so long did not fail at its start.
STEADY = 120.0


def find_browser(wanted: str = "") -> str | None:
    """Path of the browser: `wanted`, or the first one that is installed; None where there is none."""
    return next((path for name in ([wanted] if wanted else NAMES) if (path := shutil.which(name))), None)


def browser_command(program: str, address: str, profile: Path, further: Sequence[str] = ()) -> list[str]:
    """The command that shows `address`. profile: folder for what the browser keeps, emptied at every start."""
    return [program, *FLAGS, f"--user-data-dir={profile}", *further, address]


@dataclass(frozen=True, slots=True)
class Pulse:
    """Of the page in the browser. age: seconds since it called, None before the first call.

    restarts: how often someone asked for another start of the browser.
    """

    age: float | None
    restarts: int


class Supervisor:
    """Keeps the browser alive. pulse: None where the server does not answer, so that nothing can be said.

    command: starts the browser. silent: seconds without a call after which it counts as frozen.
    """

    def __init__(
        self,
        command: Sequence[str],
        profile: Path,
        pulse: Callable[[], Pulse | None],
        tell: Callable[[str], object],
        silent: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._command = list(command)
        self._profile = profile
        self._pulse = pulse
        self._tell = tell
        self._silent = silent
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._not_before = 0.0
        self._restarts: int | None = None

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    def tick(self) -> None:
        """Looks at the browser, and starts or ends it where needed."""
        now = self._clock()
        pulse = self._pulse()
        if self._process is None:
            if now >= self._not_before and pulse is not None:
                self._start(now, pulse)
            return
        ended = self._process.poll()
        if ended is not None:
            self._again(now, f"浏览器自己停了（代码 {ended}）")
        elif pulse is None:
            # The server is starting again: its silence says nothing of the page.
            self._started = now
        elif self._restarts is not None and pulse.restarts > self._restarts:
            self._pause = FIRST_PAUSE
            self._again(now, "按要求重新启动浏览器", pause=0.0)
        elif now - self._started > self._silent and (pulse.age is None or pulse.age > self._silent):
            self._again(now, f"浏览器 {self._silent:.0f} 秒没有动静")
        self._restarts = pulse.restarts if pulse else None

    def _start(self, now: float, pulse: Pulse) -> None:
        # What a visitor left, and a profile damaged by a power cut, go together.
        shutil.rmtree(self._profile, ignore_errors=True)
        self._started, self._restarts = now, pulse.restarts
        try:
            self._profile.mkdir(parents=True, exist_ok=True)
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            self._again(now, f"浏览器不能启动：{error.strerror or error}")

    def _again(self, now: float, why: str, pause: float | None = None) -> None:
        """Ends what is left of the browser and plans the next start; every failure in a row waits longer."""
        self.stop()
        if now - self._started > STEADY:
            self._pause = FIRST_PAUSE
        wait = self._pause if pause is None else pause
        self._not_before = now + wait
        self._tell(f"{why}，{wait:.0f} 秒后重新启动" if wait else why)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def stop(self) -> None:
        """Ends the browser with all its processes."""
        process, self._process = self._process, None
        if process is None:
            return
        # The second signal is for children that outlive the browser.
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
