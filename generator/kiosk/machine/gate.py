"""Who may see and do what the technicians' page offers: whoever gave the PIN, for a few minutes, one act a token.

The server answers GET only, so an act must not follow from opening an address: the PIN and the tokens travel in headers
of their own, which no link, picture or other page can set, beside a cookie that no script can read.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie

from generator.kiosk.machine.pin import matches
from generator.kiosk.machine.state import Attempts, State

COOKIE = "caselib-kiosk"
COOKIE_PATH = "/-/technician"
PIN_HEADER, TOKEN_HEADER = "X-Kiosk-Pin", "X-Kiosk-Token"
SESSION = 600.0
FREE_TRIES = 5
FIRST_WAIT, LONGEST_WAIT = 60.0, 3600.0


class Gate:
    """One session at a time. kept: hash of the PIN, empty where none was set. clock: seconds that never go back."""

    def __init__(self, kept: str, state: State, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept = kept
        self._state = state
        self._clock = clock
        self._lock = threading.Lock()
        self._secret = ""
        self._token = ""
        self._until = 0.0
        self._wrong = (state.read(Attempts) or Attempts()).wrong
        # A start counts as the last wrong try: pulling the plug does not shorten the wait, nor does a wrong clock.
        self._last_wrong = clock()

    @property
    def has_pin(self) -> bool:
        return bool(self._kept)

    def wait(self) -> float:
        """Seconds until the next try is heard; 0 where it may come now."""
        if self._wrong < FREE_TRIES:
            return 0.0
        pause = min(FIRST_WAIT * 2.0 ** (self._wrong - FREE_TRIES), LONGEST_WAIT)
        return max(0.0, self._last_wrong + pause - self._clock())

    def open(self, pin: str) -> str | None:
        """Cookie of a new session for whoever gave the right PIN; None for a wrong one, or while tries must wait."""
        with self._lock:
            if self.wait():
                return None
            # Counted before it is judged, so that a power cut takes no try back.
            self._count(self._wrong + 1)
            if not matches(pin, self._kept):
                return None
            self._count(0)
            self._secret, self._until = secrets.token_urlsafe(32), self._clock() + SESSION
            return f"{COOKIE}={self._secret}; Path={COOKIE_PATH}; HttpOnly; SameSite=Strict"

    def _count(self, wrong: int) -> None:
        self._wrong, self._last_wrong = wrong, self._clock()
        try:
            self._state.write(Attempts(wrong))
        except OSError:
            # A full disk: the count in memory still holds.
            return

    def is_open(self, headers: Mapping[str, str]) -> bool:
        """Whether the request belongs to the session. headers: names in any case are not folded here."""
        try:
            cookies = SimpleCookie(headers.get("Cookie", ""))
        except CookieError:
            return False
        given = cookies.get(COOKIE)
        return (
            bool(self._secret)
            and self._clock() < self._until
            and given is not None
            and hmac.compare_digest(given.value.encode(), self._secret.encode())
        )

    def new_token(self) -> str:
        """The token of the next act; the one before is void."""
        with self._lock:
            self._token = secrets.token_urlsafe(16)
            return self._token

    def spend(self, token: str) -> bool:
        """Whether this is the token of the next act; it is void from now on."""
        with self._lock:
            right = bool(self._token) and hmac.compare_digest(token.encode(), self._token.encode())
            self._token = "" if right else self._token
            return right

    def close(self) -> None:
        with self._lock:
            self._secret = self._token = ""
