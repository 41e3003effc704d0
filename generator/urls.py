"""Every address of the site is formed here. Addresses are relative to the root of the site, without a leading slash."""

from __future__ import annotations

from generator.scheme import Dimension, Term

HOME = "index.html"
SEARCH = "search.html"
NOT_FOUND = "404.html"
YEARS = "years"


def case_url(case_id: str) -> str:
    return f"cases/{case_id}.html"


def case_json_url(case_id: str) -> str:
    return f"cases/{case_id}.json"


def media_url(case_id: str, name: str) -> str:
    """Address of a picture or video of a case."""
    return f"cases/{case_id}/{name}"


def _numbered(stem: str, page: int) -> str:
    return f"{stem}.html" if page == 1 else f"{stem}-{page}.html"


def year_url(year: int, page: int = 1) -> str:
    return _numbered(f"{YEARS}/{year}", page)


def term_url(dimension: Dimension, term: Term, page: int = 1) -> str:
    return _numbered(f"{dimension.path}/{term.slug}", page)


def index_url(path: str) -> str:
    """Address of the page that lists all terms of a dimension, or all years."""
    return f"{path}/index.html"


def root_of(url: str) -> str:
    """What leads from the page at `url` to the root of the site: "", "../" and so on."""
    return "../" * url.count("/")
