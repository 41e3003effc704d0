"""Turns cases and views into the contexts that templates show. Pure: the same library gives the same contexts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.pages.cards import Cards
from generator.pages.case import CasePages
from generator.pages.index import IndexPages
from generator.pages.links import Links
from generator.pages.view import ViewPages
from generator.phrases import Phrases
from generator.records.library import Library
from generator.site_options import SiteOptions
from generator.theming.contexts import MediaItem
from generator.views import Views


@dataclass(frozen=True)
class Presenter:
    """Makes the context of every page of one library. cases, lists, indexes: by the kind of page."""

    links: Links
    cards: Cards
    cases: CasePages
    lists: ViewPages
    indexes: IndexPages
    options: SiteOptions

    @classmethod
    def of(
        cls,
        library: Library,
        views: Views,
        phrases: Phrases,
        options: SiteOptions | None = None,
        media: Mapping[str, Sequence[MediaItem]] | None = None,
    ) -> Presenter:
        """Of a library in the language of `phrases`. media: by id of the case."""
        options = options or SiteOptions()
        links = Links(library, views, phrases)
        cards = Cards(links, media or {})
        return cls(
            links, cards, CasePages(cards, options), ViewPages(cards, options), IndexPages(cards, options), options
        )
