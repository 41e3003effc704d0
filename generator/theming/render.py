"""Templates to pages: the article by its template, the page around it once for each kind of page and depth."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from generator import urls
from generator.phrases import Phrases
from generator.theming.contexts import Card, PageContext, SiteContext
from generator.theming.frames import MARKS, Frame, cut
from generator.theming.template_phrases import PhraseEnvironment

# Rows of lists that a process keeps, about 2 kB each.
KEPT = 12_000
# Results that a process keeps of a macro about a mark, a day or a fact.
REMEMBERED = 4096
_REFERENCE = re.compile('href="#([a-z0-9-]+)"')


def environment(theme: Sequence[Path], phrases: Phrases, cache: Path | None = None) -> PhraseEnvironment:
    """Jinja environment of the theme folders, the first of which wins; errors in a template are errors.

    phrases: what the templates say. cache: folder of compiled templates, which hold the texts.
    """
    if cache is not None:
        cache = cache / phrases.key.hex()
        cache.mkdir(parents=True, exist_ok=True)
    env = PhraseEnvironment(
        loader=FileSystemLoader([str(folder) for folder in theme]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=FileSystemBytecodeCache(str(cache)) if cache else None,
    )
    env.use(phrases)
    env.globals["once"] = _Once(env)
    env.globals["remembered"] = _remembered
    env.globals["symbols_in"] = _Symbols(theme)
    return env


def _remembered(macro: Macro) -> Callable[..., str]:
    """`macro`, which keeps what it gave for the same arguments; they are hashable."""
    return lru_cache(maxsize=REMEMBERED)(macro)


class _Once:
    """Calls a macro about a case once for each root, however many pages show the result."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.made: dict[tuple[str, str, str], Markup] = {}

    def __call__(self, template: str, macro: str, card: Card, root: str) -> Markup:
        key = (macro, card.id, root)
        found = self.made.get(key)
        if found is None:
            if len(self.made) >= KEPT:
                self.made.clear()
            found = self.made[key] = getattr(self.env.get_template(template).module, macro)(card, root)
        return found


class _Symbols:
    """The symbols (marks/<name>.svg of the theme) that a text refers to, each once, in the order of use."""

    def __init__(self, theme: Sequence[Path]) -> None:
        self.folders = [folder / "marks" for folder in reversed(theme)]

    @cached_property
    def files(self) -> dict[str, str]:
        return {path.stem: path.read_text("utf-8") for folder in self.folders for path in sorted(folder.glob("*.svg"))}

    def __call__(self, text: str) -> Markup:
        names = dict.fromkeys(_REFERENCE.findall(text))
        return Markup("".join(self.files[name] for name in names if name in self.files))


class Renderer:
    """Renders pages of one site. asset_root: folder of the assets below the root of the site, with a final slash."""

    def __init__(self, env: Environment, site: SiteContext, asset_root: str) -> None:
        self.env = env
        self.site = site
        self.asset_root = asset_root
        self._frame = lru_cache(maxsize=None)(self._make_frame)
        self._template = lru_cache(maxsize=None)(env.get_template)

    def root_of(self, url: str) -> str:
        """What leads from the page at `url` to the root; the error page is shown at any depth and needs the path."""
        return urlsplit(self.site.url).path or "/" if url == urls.NOT_FOUND else urls.root_of(url)

    def asset(self, root: str) -> Callable[[str], str]:
        """Function from the path of an asset to its address as seen from a page whose root is `root`."""
        return lambda path: f"{root}{self.asset_root}{path}"

    def _make_frame(self, template: str, section: str, root: str) -> Frame:
        page = PageContext(MARKS["url"], MARKS["title"], MARKS["description"], section, template, Markup(MARKS["head"]))
        text = self.env.get_template("frame.html").render(
            site=self.site, page=page, root=root, asset=self.asset(root), article=Markup(MARKS["article"])
        )
        return cut(text)

    def frame(self, template: str, section: str, url: str) -> Frame:
        """The frame of the page at `url`."""
        return self._frame(template, section, self.root_of(url))

    def render(self, template: str, context: Any, page: PageContext) -> tuple[bytes, tuple[tuple[int, int], ...]]:
        """The whole page and where its values stand in it (`Frame.fill`).

        context: a dataclass of generator.theming.contexts, or None; it is shown by `template`.
        """
        root = self.root_of(page.url)
        values = {entry.name: getattr(context, entry.name) for entry in fields(context)} if context else {}
        article = self._template(template).render(
            **values, site=self.site, page=page, root=root, asset=self.asset(root)
        )
        return self.frame(template, page.section, page.url).fill(
            {
                "title": escape(page.title).encode(),
                "description": escape(page.description).encode(),
                "url": escape(page.url).encode(),
                "head": page.head.encode(),
                "article": article.encode(),
            }
        )
