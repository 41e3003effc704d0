"""What the search page of a portal runs, as one classic script: its element, and what that needs of the client."""

from __future__ import annotations

from pathlib import Path

from search.bundle import CLIENT, joined

PORTAL = Path(__file__).parent / "portal"
ENTRY = "portal-search.js"


def portal_script() -> str:
    """The modules that the element needs, each after those that it imports, in one function."""
    return joined([ENTRY], [PORTAL, CLIENT])
