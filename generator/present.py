"""Turns cases and views into the contexts that templates show. Pure: the same library gives the same contexts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.cards import Cards
from generator.case_page import CasePages
from generator.contexts import MediaItem
from generator.index_page import IndexPages
from generator.library import Library
from generator.page_links import Links
from generator.phrases import Phrases
from generator.site_options import SiteOptions
from generator.view_page import ViewPages
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
