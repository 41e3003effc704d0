"""The portal's own pages: home, search across libraries, the page of unknown addresses; what search engines read.

What they tell of a library comes from the documents that the library itself publishes under api/v1/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from generator import urls
from generator.pages.moved import NGINX_MAP, REDIRECTS
from generator.pages.search import MANIFEST
from generator.phrases import Phrases
from generator.portal.config import Portal, PortalLibrary
from generator.theming.assets import Assets
from generator.theming.contexts import (
    LibraryCard,
    PageContext,
    PortalContext,
    PortalSearchContext,
    SiteContext,
    TermLink,
)
from generator.theming.render import Renderer, environment

ROBOTS = "robots.txt"
SITEMAP = "sitemap.xml"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(frozen=True)
class BuiltLibrary:
    """A library of the portal as it stands built in `site`."""

    library: PortalLibrary
    site: Path

    @property
    def root(self) -> str:
        """What leads from the portal's root to the library's."""
        return f"{self.library.path}/"

    def document(self, path: str) -> Any:
        return json.loads((self.site / path).read_bytes())

    def has(self, path: str) -> bool:
        return (self.site / path).is_file()


def portal_files(
    portal: Portal, parts: Sequence[BuiltLibrary], assets: Assets, theme: Sequence[Path], phrases: Phrases
) -> Iterator[tuple[str, bytes]]:
    """Path and content of every page of the portal itself."""
    cards = [_card(part) for part in parts]
    site = _site_context(portal, cards)
    renderer = Renderer(environment(theme, phrases), site, assets.root)
    organisers = "、".join(dict.fromkeys(card.organiser for card in cards))
    home = PortalContext(cards, sum(card.total for card in cards), _announced(cards), organisers)
    description = site.intro or phrases("{organiser}的{awarded}{item}，一处检索。", organiser=organisers)
    search = PortalSearchContext(
        libraries=[
            (part.library.path, part.root + MANIFEST, part.root, card) for part, card in zip(parts, cards, strict=True)
        ],
        marks=" ".join(f'href="#{mark}"' for mark in sorted({mark for part in parts for mark in _marks(part)})),
        total=home.total,
    )
    for url, template, context, title in (
        (urls.HOME, "portal/home.html", home, portal.name),
        (urls.SEARCH, "portal/search.html", search, phrases("检索")),
        (urls.NOT_FOUND, "portal/404.html", None, phrases("没有这一页")),
    ):
        page = PageContext(url, title, description, "", template)
        yield url, renderer.render(template, context, page)[0]
    yield from _search_engine_files(portal, parts, cards)
    # Where libraries have merged or renumbered records; their addresses are whole in these files.
    for name in (NGINX_MAP, REDIRECTS):
        lines = b"".join((part.site / name).read_bytes() for part in parts if part.has(name))
        if lines:
            yield name, lines


def _card(part: BuiltLibrary) -> LibraryCard:
    """What the portal says of a library. Addresses lead from the portal's root."""
    start, years = part.document("api/v1/index.json"), part.document("api/v1/years/index.json")
    ways = [(entry["label"], entry["document"]) for entry in start["dimensions"]]
    rounds = [TermLink(y["name"], part.root + y["page"], y["total"], announced=y["announced"]) for y in years["terms"]]
    return LibraryCard(
        name=part.library.name or start["name"],
        url=part.root + urls.HOME,
        organiser=start["organiser"],
        programme=start["programme"],
        about=part.library.about or "",
        total=start["total"],
        rounds=rounds,
        ways=[TermLink(label, part.root + _page_of(document)) for label, document in ways],
        search_url=part.root + urls.SEARCH,
        sample=start["sample"],
    )


def _page_of(document: str) -> str:
    """The page that a document of the API is about."""
    return document.removeprefix(urls.API).removesuffix(".json") + ".html"


def _announced(cards: Sequence[LibraryCard]) -> int | None:
    """How many projects were announced in all; None where that is not known of every round."""
    told = [link.announced for card in cards for link in card.rounds]
    return None if any(number is None for number in told) else sum(number or 0 for number in told)


def _marks(part: BuiltLibrary) -> Iterator[str]:
    """Names of the symbols that results of the library show."""
    for facet in part.document(MANIFEST)["facets"]:
        for _, _, mark, *_ in facet["terms"]:
            if mark:
                yield mark.removeprefix("#")


def _site_context(portal: Portal, cards: Sequence[LibraryCard]) -> SiteContext:
    return SiteContext(
        name=portal.name,
        programme="",
        organiser=portal.organiser,
        intro=portal.intro or "",
        sample=all(card.sample for card in cards),
        groups=[],
        words=[portal.name],
        url=portal.url or "",
        footer=[(fact.label, fact.text, fact.address or "") for fact in portal.footer],
        libraries=[TermLink(card.name, card.url, card.total) for card in cards],
    )


def _search_engine_files(
    portal: Portal, parts: Sequence[BuiltLibrary], cards: Sequence[LibraryCard]
) -> Iterator[tuple[str, bytes]]:
    """robots.txt, and an index of the sitemaps; of libraries of samples nothing is to be read."""
    if not portal.url:
        return
    hidden = [part.root for part, card in zip(parts, cards, strict=True) if card.sample]
    if len(hidden) == len(parts):
        yield ROBOTS, b"User-agent: *\nDisallow: /\n"
        return
    rules = "".join(f"Disallow: /{root}\n" for root in hidden) or "Allow: /\n"
    yield ROBOTS, f"User-agent: *\n{rules}Sitemap: {portal.url}{SITEMAP}\n".encode()
    own = "".join(f"<url><loc>{escape(portal.url + url)}</loc></url>\n" for url in (urls.HOME, urls.SEARCH))
    yield "sitemap-portal.xml", f"{_XML}<urlset {_SPACE}>\n{own}</urlset>\n".encode()
    names = ["sitemap-portal.xml", *(f"{part.root}{SITEMAP}" for part in parts if part.has(SITEMAP))]
    lines = "".join(f"<sitemap><loc>{escape(portal.url + name)}</loc></sitemap>\n" for name in names)
    yield SITEMAP, f"{_XML}<sitemapindex {_SPACE}>\n{lines}</sitemapindex>\n".encode()
