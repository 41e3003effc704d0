"""Every page of a library as a job: where it stands, what it depends on, what it is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from generator import urls
from generator.alphabet import Alphabet, Alphabets
from generator.build_state import key_of
from generator.corrections_page import Corrections
from generator.library import Library
from generator.model import PUBLISHED, Entry
from generator.moved_page import moved_pages
from generator.notice_page import notice_pages
from generator.present import Presenter
from generator.rankings import Rankings
from generator.share_pictures import SharePictures
from generator.template_keys import TemplateKeys
from generator.views import Views


@dataclass(frozen=True, slots=True)
class Job:
    """A file to make: its path, the key of its inputs, what it is made from.

    article: of a page, the key of all but its frame.
    """

    path: str
    key: bytes
    kind: str
    argument: Any = None
    article: bytes = b""


@dataclass(frozen=True)
class PageJobs:
    """What the pages of one library depend on. related: ids of similar cases. common: key of what all depend on."""

    library: Library
    views: Views
    presenter: Presenter
    alphabets: Alphabets
    related: Mapping[str, Sequence[str]]
    share: SharePictures
    corrections: Corrections
    rankings: Rankings
    templates: TemplateKeys
    common: bytes

    def jobs(self) -> Iterator[Job]:
        """Every page of the library."""
        yield from self._case_jobs()
        yield from self._view_jobs()
        for index in self.alphabets.all():
            yield from self._alphabet_jobs(index)
        library = self.library
        everything = key_of(*(entry.digest for entry in library.public))
        yield self._job(urls.index_url(urls.YEARS), "index", "dimension.html", everything)
        for dimension in library.scheme.dimensions:
            yield self._job(urls.index_url(dimension.path), "index", "dimension.html", everything, argument=dimension)
        if library.scheme.method_dimensions:
            yield self._job(urls.index_url(urls.METHODS), "methods", "methods.html", everything)
        yield from self._ranking_jobs()
        for path, key, number in self.corrections.pages():
            yield self._job(path, "changes", "changes.html", key, argument=number)
        for path, key, move in moved_pages(library):
            yield self._job(path, "moved", "moved.html", key, argument=move)
        notice = self.presenter.options.notice
        for path, key, number in notice_pages(library, notice):
            yield self._job(path, "notice", "notice.html", key, argument=number)
        revoked = (entry.digest for entry in library.entries if entry.status == "revoked")
        yield self._job(urls.HOME, "home", "home.html", everything, str(notice), *revoked)
        yield self._job(urls.SEARCH, "search", "search.html", everything)
        yield self._job(urls.NOT_FOUND, "not-found", "404.html")

    def _job(self, path: str, kind: str, template: str, *parts: bytes | str, argument: Any = None) -> Job:
        """The job of a page whose article is made by `template` from what `parts` are the keys of."""
        article = key_of(self.common, self.templates.key(template), *parts)
        return Job(path, key_of(article, self.templates.frame), kind, argument, article)

    def _ranking_jobs(self) -> Iterator[Job]:
        for ranking in self.library.scheme.rankings:
            months = self.rankings.months[ranking.key]
            listed = repr([(month.month, month.total, month.standings[0].name) for month in months])
            undated = str(self.rankings.undated(ranking))
            path = urls.ranking_url(ranking.key)
            yield self._job(path, "ranking", "ranking.html", listed, undated, argument=(ranking, None))
            for month in months:
                path, facts = urls.ranking_url(ranking.key, month.month), repr(month)
                yield self._job(path, "ranking", "ranking.html", listed, facts, argument=(ranking, month))

    def _case_jobs(self) -> Iterator[Job]:
        digests = {entry.id: entry.digest for entry in self.library.entries}
        for entry, previous, following in self._neighbours():
            close = self.related.get(entry.id, [])
            around = [digests[e.id] if e else b"" for e in (previous, following)] + [digests[i] for i in close]
            picture = self.share.of_case(entry)
            shown = (picture.url if picture else "", self.views.unit_url(entry.unit))
            argument = (entry.id, previous, following, close)
            path = urls.case_url(entry.id)
            yield self._job(path, "case", "case.html", entry.digest, *around, *shown, argument=argument)

    def _view_jobs(self) -> Iterator[Job]:
        for view in self.views.all():
            changed = [entry.digest for entry in self.presenter.changed_in(view)]
            counted = (self.views.counted(view.cases), view.page_count, changed)
            # The page of a round leads to its public notice.
            noticed = view.round is not None and view.round.year == self.presenter.options.notice
            facts = key_of(msgspec.json.encode((*counted, noticed, self.presenter.passages(view))))
            for number in range(1, view.page_count + 1):
                cards = b"".join([entry.digest for entry in view.page(number)])
                argument = (view, number)
                yield self._job(view.url(number), "view", "view.html", facts, str(number), cards, argument=argument)

    def _alphabet_jobs(self, index: Alphabet) -> Iterator[Job]:
        """A page for each letter; the first letter also is the page of the index."""
        letters = repr([(letter, len(lines)) for letter, lines in index.letters.items()])
        pages = [(letter, number) for letter in index.letters for number in range(1, index.page_count(letter) + 1)]
        for letter, number in pages:
            argument = (index, letter, number)
            parts = (letters, str(number), repr(index.page(letter, number)))
            yield self._job(index.url(letter, number), "alphabet", "alphabet.html", *parts, argument=argument)
        first = next(iter(index.letters), None)
        lines = repr(index.page(first, 1)) if first else ""
        path = urls.index_url(index.path)
        yield self._job(path, "alphabet", "alphabet.html", letters, lines, argument=(index, first, 1))

    def _neighbours(self) -> Iterator[tuple[Entry, Entry | None, Entry | None]]:
        """Each case that has a page, with its neighbours in the round."""
        shown = [entry for entry in self.library.entries if entry.status in PUBLISHED]
        listed = [entry for entry in shown if entry.is_public]
        place = {entry.id: number for number, entry in enumerate(listed)}
        for entry in shown:
            number = place.get(entry.id)
            previous = listed[number - 1] if number else None
            following = listed[number + 1] if number is not None and number + 1 < len(listed) else None
            same = [e if e is not None and e.year == entry.year else None for e in (previous, following)]
            yield entry, same[0], same[1]
