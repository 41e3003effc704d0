"""What stops an update, in words for staff and technicians."""

from __future__ import annotations

from generator.released.errors import ReleaseError


class UpdateError(ReleaseError):
    """An update cannot be made, or is not accepted; the message says why in one line, in Chinese.

    code: for health and tests, for example "expired"; empty where only people read it.
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code
