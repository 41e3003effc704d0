"""A small library as it was last reviewed, page by page. `make golden` writes the pages anew, for review as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.site_options import SiteOptions
from tests.test_site import fill

GOLDEN = Path(__file__).parent / "golden"
PAGES = [
    "index.html",
    "404.html",
    "cases/2023-00001.html",
    "cases/2023-00002.html",
    "cases/2023-00003.html",
    "years/2023.html",
    "places/index.html",
    "places/nanshan.html",
    "titles/index.html",
    "places/dongshan.csv",
    "years/2023.atom",
    "api/v1/cases/2023-00001.json",
    "api/v1/years/2023.json",
    "sitemap.xml",
]


def settled(text: str) -> str:
    """`text` without what changes with every style sheet and with the fonts of the machine: names by content."""
    text = re.sub(r"assets/[0-9a-f]{12}/", "assets/…/", text)
    return re.sub(r"(share/[\w-]+)-[0-9a-f]{8}\.", r"\1-….", text)


def test_the_pages_of_a_small_library_are_as_reviewed(library, request: pytest.FixtureRequest) -> None:
    fill(library)
    site = library.build(site=SiteOptions(url="https://example.org/"))
    found = {path: settled((site / path).read_text("utf-8")) for path in PAGES}
    if request.config.getoption("--rewrite-golden"):
        for path, text in found.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_text(text, "utf-8")
    expected = {path: (GOLDEN / path).read_text("utf-8") for path in PAGES}
    for path in PAGES:
        assert found[path] == expected[path], f"{path} differs; look at it, then `make golden`"
