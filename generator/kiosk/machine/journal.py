"""What a screen tells its log: one line when something changes, not one for every time that it is still so."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

KEPT = 30


class Journal:
    """Lines for the log of the system. say: writes a line. No line ever tells what a visitor did."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say
        self._lock = threading.Lock()
        self._last: dict[str, str] = {}
        self.recent: deque[str] = deque(maxlen=KEPT)

    def tell(self, line: str) -> None:
        with self._lock:
            self.recent.append(line)
            self._say(line)

    def change(self, about: str, line: str) -> None:
        """Tells `line` unless it is what was last told about this matter; an empty line ends the matter silently."""
        with self._lock:
            if self._last.get(about, "") == line:
                return
            self._last[about] = line
        if line:
            self.tell(line)
