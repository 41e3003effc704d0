"""What machines read in the head of a page: the picture for chats (Open Graph, Twitter) and facts (schema.org JSON-LD).

Only what the page itself shows is said, dates only where a record has them, addresses only where the site has a
public one. The frame of the pages writes what every page has: canonical link, title and description.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from markupsafe import Markup, escape

from generator import urls
from generator.phrases import Phrases, marked
from generator.scheme.model import Scheme
from generator.theming.case_contexts import CaseContext
from generator.theming.contexts import SourceLine
from generator.theming.list_contexts import IndexContext, ViewContext

LANGUAGE = "zh-CN"
Node = dict[str, Any]

# What would end a script element, or a line of JavaScript, inside JSON text.
_UNSAFE = re.compile("[<>&\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """The picture of a page in a chat: address relative to the root, size, type, what it shows."""

    url: str
    width: int
    height: int
    type: str
    alt: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the open data: name, address relative to the root, media type."""

    name: str
    url: str
    type: str


def json_ld(nodes: Sequence[Node]) -> Markup:
    """A data block with `nodes`; no text in it can end the block."""
    text = msgspec.json.encode({"@context": "https://schema.org", "@graph": nodes}).decode()
    safe = _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return Markup(f'<script type="application/ld+json">{safe}</script>')


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The whole library in one file, in each form.
DOWNLOADS = (
    Download(
        marked("全部{case}（Excel）"),
        "data/cases.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    Download(marked("全部{case}（CSV）"), "data/cases.csv", "text/csv"),
    Download(marked("全部{case}（SQLite）"), "data/cases.sqlite", "application/vnd.sqlite3"),
    Download(marked("全部{case}（JSON Lines）"), "data/cases.jsonl", "application/jsonl"),
)


class Sharing:
    """Makes the head of each page of one site. url: its public address with a final slash, perhaps empty."""

    def __init__(self, scheme: Scheme, url: str, phrases: Phrases) -> None:
        self.scheme = scheme
        self.url = url
        self.say = phrases
        place = scheme.role("place")
        self.place_label = place.named(phrases.language) if place else ""
        self.organiser: Node = {"@type": "Organization", "name": scheme.organiser}
        self.site: Node = {"@type": "WebSite", "name": scheme.name} | self._named("", "#site")
        self.part_of: Node = self._named("", "#site") or self.site

    def case(self, context: CaseContext, picture: ShownPicture | None) -> Markup:
        """Head of a case page; of a revoked case nothing is said but where the page stands."""
        path = [(self.scheme.name, urls.HOME), (context.card.year.name, context.card.year.url)]
        name = self.say("已撤销：{id}", id=context.card.id) if context.revoked else context.card.title
        trail = self._trail(path, name, context.card.url)
        if context.revoked:
            return self._blocks(trail)
        return self._picture(picture) + self._blocks([self._case_node(context, picture), *trail])

    def view(self, context: ViewContext, url: str, title: str, picture: ShownPicture | None) -> Markup:
        """Head of a page of the cases of one round or term."""
        path = [(self.scheme.name, urls.HOME), (context.group_label, context.group_url)]
        node = self._page("CollectionPage", title, url, context.about)
        return self._picture(picture) + self._blocks([node, *self._trail(path, context.heading, url)])

    def index(self, context: IndexContext, url: str, picture: ShownPicture | None) -> Markup:
        """Head of the page of all terms of a dimension, or of all rounds."""
        return self.page(context.group.label, context.about, url, picture)

    def page(self, label: str, about: str, url: str, picture: ShownPicture | None) -> Markup:
        """Head of a page that leads to lists of cases."""
        node = self._page("CollectionPage", label, url, about)
        trail = self._trail([(self.scheme.name, urls.HOME)], label, url)
        return self._picture(picture) + self._blocks([node, *trail])

    def home(self, picture: ShownPicture | None) -> Markup:
        """Head of the home page: the site, who makes it, how to search it."""
        site = self.site | {"inLanguage": LANGUAGE, "publisher": self.organiser}
        if self.scheme.intro:
            site["description"] = self.scheme.intro
        if self.url:
            target = {"@type": "EntryPoint", "urlTemplate": f"{self.url}{urls.SEARCH}?q={{search_term_string}}"}
            query = "required name=search_term_string"
            site["url"] = self.url
            site["potentialAction"] = {"@type": "SearchAction", "target": target, "query-input": query}
        return self._picture(picture) + self._blocks([site])

    def prose(self, url: str, picture: ShownPicture | None) -> Markup:
        """Head of a page of prose beside what every such page has."""
        if not self.url:
            return Markup()
        return Markup(f'<meta property="og:url" content="{escape(self.url + url)}">\n') + self._picture(picture)

    def data(self, url: str, licence: str, downloads: Sequence[Download]) -> Markup:
        """Head of the page of the open data. licence: its address, perhaps empty."""
        scheme = self.scheme
        years = sorted(scheme.by_year)
        about = scheme.intro or self._about
        node: Node = {
            "@type": "Dataset",
            "name": scheme.name,
            "description": about,
            "inLanguage": LANGUAGE,
            "creator": self.organiser,
            "publisher": self.organiser,
            "isAccessibleForFree": True,
            "temporalCoverage": f"{years[0]}/{years[-1]}" if len(years) > 1 else str(years[0]),
            **self._named(url, "#data"),
        }
        if licence:
            node["license"] = licence
        if self.url:
            node["url"] = self.url + url
            node["distribution"] = [
                {
                    "@type": "DataDownload",
                    "name": self.say(download.name),
                    "contentUrl": self.url + download.url,
                    "encodingFormat": download.type,
                }
                for download in downloads
            ]
        return self._blocks([node, *self._trail([(scheme.name, urls.HOME)], self.say("开放数据"), url)])

    # parts

    @property
    def _about(self) -> str:
        names = {"organiser": self.scheme.organiser, "programme": self.scheme.programme}
        return self.say("{organiser}“{programme}”{awarded}{item}的全部公开资料，每{measure}一条，随网站更新。", **names)

    def _blocks(self, nodes: Sequence[Node]) -> Markup:
        return json_ld(nodes) if nodes else Markup()

    def _named(self, url: str, part: str) -> Node:
        """The name of a thing for other data: the page that is about it, and the part."""
        return {"@id": f"{self.url}{url}{part}"} if self.url else {}

    def _page(self, kind: str, name: str, url: str, about: str) -> Node:
        node: Node = {"@type": kind, "name": name, "inLanguage": LANGUAGE, "isPartOf": self.part_of}
        if about:
            node["description"] = about
        if self.url:
            node["url"] = self.url + url
        return node

    def _trail(self, path: Sequence[tuple[str, str]], name: str, url: str) -> list[Node]:
        """The way from the home page to this one; it needs addresses."""
        if not self.url:
            return []
        steps = [
            {"@type": "ListItem", "position": number, "name": words, "item": self.url + address}
            for number, (words, address) in enumerate([*path, (name, url)], 1)
        ]
        return [{"@type": "BreadcrumbList", "itemListElement": steps}]

    def _case_node(self, context: CaseContext, picture: ShownPicture | None) -> Node:
        card, scheme = context.card, self.scheme
        unit = {"@type": "Organization", "name": card.unit} if card.unit else None
        place = next((link.name for label, link in card.terms if label == self.place_label), "")
        keywords = [link.name for label, link in card.terms if label and label != self.place_label]
        days = [source.date for source in context.sources if source.date]
        pictures = [self.url + item.url for item in context.media if not item.is_video] if self.url else []
        if self.url and picture is not None:
            pictures.append(self.url + picture.url)
        node: Node = {
            "@type": "CreativeWork",
            **self._named(card.url, "#case"),
            "name": card.title,
            "identifier": card.id,
            "inLanguage": LANGUAGE,
            "isPartOf": self.part_of,
            "publisher": self.organiser,
        }
        award = f"{card.year.name} {scheme.programme} {card.award.name}" if card.award else ""
        optional: Mapping[str, Any] = {
            "url": self.url + card.url if self.url else "",
            "abstract": card.summary,
            "author": [_person(person.name, person.post) for person in context.people],
            "sourceOrganization": unit,
            "award": award,
            "keywords": keywords,
            "locationCreated": {"@type": "Place", "name": place} if place else None,
            "datePublished": _day(min(days, default=None)),
            "dateModified": _day(max((change.date for change in context.changes), default=None)),
            "image": pictures,
            "citation": [_source(source) for source in context.sources],
            "creativeWorkStatus": self.say("示例数据") if card.sample else "",
        }
        return node | {name: value for name, value in optional.items() if value}

    def _picture(self, picture: ShownPicture | None) -> Markup:
        """The picture for a chat; without a public address nobody could fetch one."""
        if picture is None or not self.url:
            return Markup()
        return Markup(
            f'<meta property="og:image" content="{escape(self.url + picture.url)}">\n'
            f'<meta property="og:image:type" content="{escape(picture.type)}">\n'
            f'<meta property="og:image:width" content="{picture.width}">\n'
            f'<meta property="og:image:height" content="{picture.height}">\n'
            f'<meta property="og:image:alt" content="{escape(picture.alt)}">\n'
            '<meta name="twitter:card" content="summary_large_image">\n'
        )


def _person(name: str, post: str) -> Node:
    return {"@type": "Person", "name": name, "jobTitle": post} if post else {"@type": "Person", "name": name}


def _source(source: SourceLine) -> Node:
    node: Node = {"@type": "CreativeWork", "name": source.title}
    if source.address:
        node["url"] = source.address
    if source.date:
        node["datePublished"] = _day(source.date)
    return node


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
