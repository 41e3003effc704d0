"""The one page of the showcase: its template with what is known before anybody touches the screen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Any

from jinja2 import Environment

from generator.kiosk.content import Content
from generator.scheme.model import METHOD
from generator.theming.assets import Assets

TEMPLATE, ENTRY = "kiosk/index.html", "app.js"
_IMPORT = re.compile(r'^import [^"\n]*"(\.[^"\n]+)"', re.MULTILINE)


@dataclass(frozen=True)
class PageParts:
    """What the template shows. start: address of the start file."""

    content: Content
    data: dict[str, Any]
    assets: Assets
    start: str
    version: str
    language: str


def modules_of(assets: Assets) -> list[str]:
    """The modules that the first one leads to, so that none waits for another to be read."""
    found: list[str] = []

    def add(name: str) -> None:
        if name in found:
            return
        found.append(name)
        source = assets.files[name]
        text = (source if isinstance(source, bytes) else source.read_bytes()).decode()
        for path in _IMPORT.findall(text):
            add(normpath(join(dirname(name), path)))

    add(ENTRY)
    return found


def render_page(env: Environment, parts: PageParts) -> bytes:
    """The page as bytes."""
    scheme = parts.content.library.scheme
    dimensions = parts.data["dimensions"]
    problem = next((d for d in dimensions if d["key"] == parts.data["problem"]), None)
    map_of = next((d for d in dimensions if d["role"] == "place" and any(t["tile"] for t in d["terms"])), None)
    walls = [d for d in dimensions if d["role"] != METHOD and d is not map_of]
    walls = [d for d in walls if d["terms"] and any(term["count"] for term in d["terms"])]
    marks = {term["mark"]: None for d in dimensions for term in d["terms"] if term["mark"]}
    text = env.get_template(TEMPLATE).render(
        start=parts.data,
        start_url=parts.start,
        version=parts.version,
        language=parts.language,
        colours=scheme.brand.has_colours,
        asset=lambda name: parts.assets.root + name,
        modules=modules_of(parts.assets),
        words=scheme.words_of_name,
        walls=walls,
        map=map_of,
        columns=max((t["tile"][0] for t in map_of["terms"] if t["tile"]), default=0) + 1 if map_of else 0,
        rows=max((t["tile"][1] for t in map_of["terms"] if t["tile"]), default=0) + 1 if map_of else 0,
        problem=problem,
        marks=list(marks),
        counter=len(parts.content.cases),
    )
    return text.encode()
