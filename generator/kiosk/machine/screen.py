"""All that one screen knows while it runs; the server, the swaps, the updates and the watchdog share it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from generator.kiosk.machine.counts import Counts
from generator.kiosk.machine.gate import Gate
from generator.kiosk.machine.heartbeats import Heartbeats
from generator.kiosk.machine.journal import Journal
from generator.kiosk.machine.settings import Machine
from generator.kiosk.machine.state import State
from generator.kiosk.machine.trusted_time import TrustedTime
from generator.kiosk.machine.versions import Versions


class Screen:
    """One screen. say: writes a line to the log. clock: seconds that never go back."""

    def __init__(
        self, machine: Machine, say: Callable[[str], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.machine = machine
        self.clock = clock
        self.started = clock()
        self.session = secrets.token_hex(8)
        self.state = State(machine.state_folder)
        self.journal = Journal(say)
        self.time = TrustedTime(self.state)
        self.versions = Versions(self.state)
        self.heartbeats = Heartbeats(clock)
        self.counts = Counts(self.state.counts, self.time.today, lambda line: self.journal.change("counts", line))
        self.gate = Gate(machine.pin, self.state, clock)
        # What people and the swap ask for; the loop and the supervisor of the browser look at it.
        self.restarts = 0
        self.wanted_check = False

    def restart_browser(self) -> None:
        self.restarts += 1

    def check_for_updates(self) -> None:
        """Looks for an update soon; a version that failed before gets another chance."""
        self.versions.forgive()
        self.wanted_check = True
