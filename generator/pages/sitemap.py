"""What search engines read first: sitemap.xml, split at the limits of sitemaps.org, and robots.txt.

Days of change come from the records, never from the clock. Addresses are those of the canonical links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from urllib.parse import quote
from xml.sax.saxutils import escape

from generator import urls
from generator.rankings import Rankings
from generator.records.library import Library
from generator.records.model import Entry
from generator.views import Views

SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
MOST_ADDRESSES = 50_000
MOST_BYTES = 50_000_000

_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_SAFE = "/:?#[]@!$&()*+,;=%-._~"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

Page = tuple[str, date | None]

_PLAIN = re.compile(r"[\w/.\-]+", re.ASCII)


def search_engine_files(library: Library, views: Views, site_url: str, prose: Sequence[str]) -> list[tuple[str, bytes]]:
    """robots.txt and the sitemaps of a site with a public address; a library of samples asks not to be read.

    prose: addresses of the pages of the shell, relative to the root.
    """
    if not site_url:
        return []
    if library.scheme.sample:
        return [(ROBOTS, b"User-agent: *\nDisallow: /\n")]
    files = sitemaps(site_url, site_pages(library, views, prose))
    return [(ROBOTS, f"User-agent: *\nAllow: /\nSitemap: {_absolute(site_url, SITEMAP)}\n".encode()), *files]


def site_pages(library: Library, views: Views, prose: Sequence[str]) -> Iterator[Page]:
    """Every page worth finding, with the day of its last change where a record says so."""
    everything = _last(library.public)
    yield urls.HOME, everything
    for url in prose:
        if url != urls.HOME:
            yield url, None
    methods = [urls.METHODS] if library.scheme.method_dimensions else []
    for path in (urls.YEARS, *(dimension.path for dimension in library.scheme.paged), *methods):
        yield urls.index_url(path), everything
    yield urls.CHANGES, everything
    rankings = Rankings(views).months
    for key, months in rankings.items():
        for month in ("", *(entry.month for entry in months)):
            yield urls.ranking_url(key, month), None
    for view in views.all():
        for number in range(1, view.page_count + 1):
            yield view.url(number), _last(view.page(number))
    for entry in library.entries:
        if entry.is_public:
            yield urls.case_url(entry.id), entry.changed


def _last(entries: Iterable[Entry]) -> date | None:
    return max((entry.changed for entry in entries if entry.changed), default=None)


def sitemaps(
    site_url: str, pages: Iterable[Page], most_addresses: int = MOST_ADDRESSES, most_bytes: int = MOST_BYTES
) -> list[tuple[str, bytes]]:
    """sitemap.xml; where one file would be too large, an index of that name and the parts sitemap-1.xml, …"""
    parts: list[list[str]] = [[]]
    days: list[date | None] = [None]
    frame = len(_sitemap(()))
    size = frame
    for url, day in pages:
        line = f"<url><loc>{_absolute(site_url, url)}</loc>{_day(day)}</url>\n"
        if len(parts[-1]) == most_addresses or size + len(line) > most_bytes:
            parts.append([])
            days.append(None)
            size = frame
        parts[-1].append(line)
        size += len(line)
        if day is not None:
            days[-1] = max(days[-1] or day, day)
    if len(parts) == 1:
        return [(SITEMAP, _sitemap(parts[0]))]
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    lines = [
        f"<sitemap><loc>{_absolute(site_url, name)}</loc>{_day(day)}</sitemap>\n"
        for name, day in zip(names, days, strict=True)
    ]
    index = f"{_HEAD}<sitemapindex {_SPACE}>\n{''.join(lines)}</sitemapindex>\n".encode()
    return [(SITEMAP, index), *((name, _sitemap(part)) for name, part in zip(names, parts, strict=True))]


def _sitemap(lines: Sequence[str]) -> bytes:
    return f"{_HEAD}<urlset {_SPACE}>\n{''.join(lines)}</urlset>\n".encode()


@lru_cache(maxsize=64)
def _quoted_site(site_url: str) -> str:
    return escape(quote(site_url, safe=_SAFE))


def _absolute(site_url: str, url: str) -> str:
    """The public address, in ASCII, as XML text."""
    if _PLAIN.fullmatch(url):
        return _quoted_site(site_url) + url
    return escape(quote(site_url + url, safe=_SAFE))


def _day(day: date | None) -> str:
    return f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
