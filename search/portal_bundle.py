"""What the search page of a portal runs, as one classic script: its element, and what that needs of the client."""

from __future__ import annotations

from pathlib import Path

from search.bundle import CLIENT, Texts, joined, with_texts

PORTAL = Path(__file__).parent / "portal"
ENTRY = "portal-search.js"


def portal_script(texts: Texts | None = None) -> str:
    """The modules that the element needs, each after those that it imports, in one function.

    texts: as those of `bundle.script`.
    """
    whole = joined([ENTRY], [PORTAL, CLIENT])
    return whole if texts is None else with_texts(whole, texts)
