"""What time it is at least, whatever the clock of the machine says.

The clock of a screen without a network may say 1970 after a power cut, or 2040 after a slip. What was signed or
accepted on a day shows that this day has come; only that raises the bound, so a fast clock cannot spoil it for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from generator.kiosk.machine.state import Bound, State
from generator.releases.keys import ZONE

# A day may be dated in China while UTC has not reached it; a clock may be a little off.
TOLERANCE = timedelta(days=1)
FURTHEST = timedelta(days=5 * 365)
_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


def system_clock() -> datetime:
    return datetime.now(UTC)


def start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


class TrustedTime:
    """The time by which metadata is judged. clock: what the machine says, in UTC."""

    def __init__(self, state: State, clock: Callable[[], datetime] = system_clock) -> None:
        self._state = state
        self._clock = clock

    @property
    def bound(self) -> datetime:
        """A moment that has passed for certain."""
        kept = self._state.read(Bound)
        try:
            return max(_EARLIEST, datetime.fromisoformat(kept.at)) if kept else _EARLIEST
        except (ValueError, TypeError):
            return _EARLIEST

    def local(self) -> datetime:
        return self._clock()

    def now(self) -> datetime:
        """The clock, or the bound where the clock is behind it."""
        return max(self._clock(), self.bound)

    def wrong(self) -> str:
        """Why the clock cannot be right, in one line; empty where it can."""
        local, bound = self._clock(), self.bound
        day = local.astimezone(ZONE).date()
        if local < bound - TOLERANCE:
            return f"本机时钟是 {day}，比已知的 {bound.date()} 还早；按 {bound.date()} 判断，请校时"
        if local > bound + FURTHEST:
            return f"本机时钟是 {day}，比已知的 {bound.date()} 晚了五年以上，可能不对；请校时"
        return ""

    def today(self) -> date | None:
        """The day in China; None where the clock cannot be right."""
        return None if self.wrong() else self._clock().astimezone(ZONE).date()

    def passed(self, moment: datetime) -> None:
        """Raises the bound to a moment that was shown to have passed. Raises OSError."""
        if moment > self.bound:
            self._state.write(Bound(moment.isoformat()))
