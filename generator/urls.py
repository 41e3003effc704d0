"""Every address of the site is formed here. Addresses are relative to the root of the site, without a leading slash."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

from generator.scheme.model import Dimension, Scheme, Term

HOME = "index.html"
SEARCH = "search.html"
NOT_FOUND = "404.html"
YEARS = "years"
UNITS = "units"
TITLES = "titles"
METHODS = "methods"
NOTICE = "notice"
RANKINGS = "rankings"
DATA = "data/"
API = "api/v1/"
CHANGES = "changes.html"
CHANGES_FEED = "changes.atom"


def case_url(case_id: str) -> str:
    return f"cases/{case_id}.html"


def media_url(case_id: str, name: str) -> str:
    """Address of a picture or video of a case."""
    return f"cases/{case_id}/{name}"


def _numbered(stem: str, page: int) -> str:
    return f"{stem}.html" if page == 1 else f"{stem}-{page}.html"


def year_url(year: int, page: int = 1) -> str:
    return _numbered(f"{YEARS}/{year}", page)


def notice_url(year: int, page: int = 1) -> str:
    """Address of the public notice of a round, which stands only while it lasts."""
    return _numbered(f"{NOTICE}/{year}", page)


def term_link(dimension: Dimension, term: Term) -> str:
    """Where the name of a term leads: its page, else a search for it, else nowhere ("")."""
    if dimension.pages:
        return term_url(dimension, term)
    return f"{SEARCH}?{urlencode({dimension.key: term.slug})}" if dimension.filter else ""


def term_url(dimension: Dimension, term: Term, page: int = 1) -> str:
    return _numbered(f"{dimension.path}/{term.slug}", page)


def unit_url(unit: str, page: int = 1) -> str:
    """Address of the cases of a unit; units have no slug, so it comes from the name as it was published."""
    name = hashlib.blake2b(unit.encode(), digest_size=5).hexdigest()
    return _numbered(f"{UNITS}/{name}", page)


def list_addresses(scheme: Scheme) -> list[str]:
    """First page of every list that the scheme gives an address to: rounds, dimensions, their terms."""
    rounds = [index_url(YEARS), *(year_url(year) for year in scheme.by_year)]
    terms = [term_url(dimension, term) for dimension in scheme.paged for term in dimension.terms]
    return [*rounds, *(index_url(dimension.path) for dimension in scheme.paged), *terms]


def changes_url(page: int = 1) -> str:
    """Address of the list of corrections."""
    return _numbered(CHANGES.removesuffix(".html"), page)


def ranking_url(key: str, month: str = "") -> str:
    """Address of a ranking: of a month as 2022-05, of the list of its months without one."""
    return f"{RANKINGS}/{key}/{month or 'index'}.html"


def letter_url(path: str, slug: str, page: int = 1) -> str:
    """Address of the part of an index that begins with one letter."""
    return _numbered(f"{path}/{slug}", page)


def csv_url(page: str) -> str:
    """Address of the table with the cases of the page at `page`."""
    return f"{page.removesuffix('.html')}.csv"


def feed_url(page: str) -> str:
    """Address of the Atom feed of the page at `page`."""
    return f"{page.removesuffix('.html')}.atom"


def api_url(page: str) -> str:
    """Address of the JSON document of the page at `page`: a case, a view, the terms of a dimension."""
    return f"{API}{page.removesuffix('.html')}.json"


def data_url(name: str) -> str:
    """Address of a file with the whole library."""
    return f"{DATA}{name}"


def index_url(path: str) -> str:
    """Address of the page that lists all terms of a dimension, or all years."""
    return f"{path}/index.html"


def root_of(url: str) -> str:
    """What leads from the page at `url` to the root of the site: "", "../" and so on."""
    return "../" * url.count("/")
