"""What the page in the browser tells of itself: that it lives, what it does, which version it shows, what broke."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ATTRACT, VISIT = "attract", "visit"
PHASES = (ATTRACT, VISIT, "countdown", "technician", "waiting")
LONGEST_ERROR = 200
ERRORS_A_MINUTE = 6
ERRORS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Beat:
    """One call of a page. at: seconds of `clock`. frame: milliseconds of the slowest frame, 0 where not said."""

    at: float
    page: str
    phase: str
    version: str
    frame: int = 0


class Heartbeats:
    """The newest beat, and the errors of pages. clock: seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self.last: Beat | None = None
        self.loaded_at: float | None = None
        self.errors: deque[str] = deque(maxlen=ERRORS_KEPT)
        self.error_count = 0
        self._told: deque[float] = deque(maxlen=ERRORS_A_MINUTE)
        self._first_of: dict[str, float] = {}
        self._loads: list[float] = []

    def beat(self, page: str, phase: str, version: str, frame: int = 0) -> bool:
        """Remembers a call; says whether it begins a visit."""
        now = self.clock()
        with self._lock:
            before = self.last
            self.last = Beat(now, page[:64], phase if phase in PHASES else VISIT, version[:64], frame)
            self._first_of.setdefault(self.last.version, now)
            return self.last.phase == VISIT and before is not None and before.phase == ATTRACT

    def loaded(self) -> None:
        """The browser asked for the page itself."""
        with self._lock:
            self._loads.append(self.clock())
            self.loaded_at = self._loads[-1]

    def restart_trial(self) -> None:
        """Forgets which versions have shown themselves and when pages were loaded."""
        with self._lock:
            self._first_of.clear()
            self._loads.clear()

    def shown(self, version: str) -> bool:
        """Whether a page of this version has called since the trial began."""
        return version in self._first_of

    def first_load(self) -> float | None:
        """When a page was first loaded since the trial began."""
        return self._loads[0] if self._loads else None

    def age(self) -> float | None:
        """Seconds since the last call; None where there was none."""
        last = self.last
        return None if last is None else self.clock() - last.at

    def report(self, errors: Sequence[str]) -> list[str]:
        """The errors that are worth a line in the log: cut, printable, and not too many in a minute."""
        told: list[str] = []
        with self._lock:
            for error in errors:
                self.error_count += 1
                text = "".join(mark if mark.isprintable() else " " for mark in error[:LONGEST_ERROR])
                now = self.clock()
                if len(self._told) == ERRORS_A_MINUTE and now - self._told[0] < 60:
                    continue
                self._told.append(now)
                self.errors.append(text)
                told.append(text)
        return told
