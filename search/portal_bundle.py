"""What the search page of a portal runs, as one classic script: its element, and what that needs of the client."""

from __future__ import annotations

from pathlib import Path

from search.bundle import _EXPORT, _IMPORT, _LATER, CLIENT

PORTAL = Path(__file__).parent / "portal"
ENTRY = "portal-search.js"


def portal_script() -> str:
    """The modules that the element needs, each after those that it imports, in one function."""
    done: dict[str, str] = {}
    begun: set[str] = set()

    def add(name: str) -> None:
        if name in begun:
            return
        begun.add(name)
        own = PORTAL / name
        text = (own if own.exists() else CLIENT / name).read_text(encoding="utf-8")
        for needed in _IMPORT.findall(text) + _LATER.findall(text):
            add(needed)
        done[name] = _EXPORT.sub("", _LATER.sub("", _IMPORT.sub("", text)))

    add(ENTRY)
    return '(function () {\n"use strict"\n' + "\n".join(done.values()) + "\n})()\n"
