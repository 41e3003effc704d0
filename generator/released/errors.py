"""What stops a release, in words for the person at the keyboard."""

from __future__ import annotations


class ReleaseError(Exception):
    """A release cannot be made, verified or published; the message says why in one line, in Chinese."""
