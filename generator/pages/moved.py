"""What stands at the addresses of records that were merged or renumbered: a page that leads on, without a script.

Servers that can answer with a lasting redirect get the same list: moved.map for nginx, _redirects for hosts of pages.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from generator import urls
from generator.keys import key_of
from generator.phrases import Phrases
from generator.records.library import Library
from generator.records.moves import Move
from generator.theming.contexts import PageContext
from generator.theming.round_contexts import MovedContext

NGINX_MAP = "moved.map"
REDIRECTS = "_redirects"


def moved_pages(library: Library) -> Iterator[tuple[str, bytes, Move]]:
    """Address, key of the inputs and move of each page that leads on."""
    for move in library.moved:
        target = library.by_id[move.to]
        yield urls.case_url(move.id), key_of(move.model_dump_json(), target.title, target.status), move


def moved_context(library: Library, move: Move) -> MovedContext:
    """Template moved.html."""
    target = library.by_id[move.to]
    return MovedContext(
        id=move.id,
        to=move.to,
        url=urls.case_url(move.to),
        title=target.title if target.is_public else "",
        date=move.date,
        why=move.why or "",
    )


def moved_page(context: MovedContext, site_url: str, phrases: Phrases) -> PageContext:
    """What the frame shows: the canonical address is the one that the page leads to."""
    here = urls.case_url(context.id)
    relative = escape(posixpath.relpath(context.url, posixpath.dirname(here)))
    head = Markup('<meta http-equiv="refresh" content="0; url={}">').format(relative)
    if not site_url:
        head += Markup('<link rel="canonical" href="{}">').format(relative)
    title = phrases("已移到：{title}", title=context.title or phrases("编号 {id}", id=context.to))
    description = phrases("编号 {id} 现在是 {to}。", id=context.id, to=context.to)
    return PageContext(context.url, title, description, urls.YEARS, head=head)


def redirect_files(library: Library, site_url: str) -> list[tuple[str, bytes]]:
    """The same redirects for servers; none where nothing was moved."""
    if not library.moved:
        return []
    root = urlsplit(site_url).path or "/"
    pairs = []
    for move in library.moved:
        for url in (urls.case_url, _document):
            pairs.append((f"{root}{url(move.id)}", f"{root}{url(move.to)}"))
    nginx = "".join(f"{old} {new};\n" for old, new in pairs)
    return [
        (NGINX_MAP, nginx.encode()),
        (REDIRECTS, "".join(f"{old} {new} 301\n" for old, new in pairs).encode()),
    ]


def _document(case_id: str) -> str:
    return urls.api_url(urls.case_url(case_id))
