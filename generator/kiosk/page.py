"""The one page of the showcase: its template with what is known before anybody touches the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from generator.kiosk.content import Content
from generator.scheme import METHOD

TEMPLATE = "kiosk/index.html"


@dataclass(frozen=True)
class PageParts:
    """What the template shows. assets: folder of the client, start: address of the start file."""

    content: Content
    data: dict[str, Any]
    assets: str
    start: str
    version: str


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
        asset=lambda name: parts.assets + name,
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
