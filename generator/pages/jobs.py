"""Every page of a library as a job: where it stands, what it depends on, what it is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import msgspec

from generator import urls
from generator.build_state import JobGroup, group_of
from generator.keys import key_of
from generator.pages.alphabet import Alphabet, Alphabets
from generator.pages.corrections import Corrections
from generator.pages.moved import moved_pages
from generator.pages.notice import notice_pages
from generator.pages.present import Presenter
from generator.rankings import Rankings
from generator.records.library import Library
from generator.records.model import PUBLISHED, Entry
from generator.sharing.pictures import SharePictures
from generator.theming.list_contexts import PassageLine
from generator.theming.template_keys import TemplateKeys
from generator.views import View, Views

_NOBODY = bytes(16)


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


class _CasePage(NamedTuple):
    """A case that has a page, and what its page shows of others."""

    entry: Entry
    previous: Entry | None
    following: Entry | None
    close: Sequence[str]
    picture: str
    unit: str


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

    def groups(self) -> Iterator[JobGroup[Job]]:
        """Every page of the library."""
        yield from self._case_groups()
        for view in self.views.all():
            digests = b"".join([entry.digest for entry in view.cases])
            passages = msgspec.json.encode(self._passages(view))
            key = self._key("view.html", digests, str(self._noticed(view)), passages, *self._changed(view))
            yield JobGroup(f"page {view.url()}", key, partial(self._view_jobs, view))
        for index in self.alphabets.all():
            sizes = repr(index.sizes)
            for letter, rows in index.rows.items():
                key = self._key("alphabet.html", sizes, repr(rows))
                yield JobGroup(f"page {index.url(letter)}", key, partial(self._alphabet_jobs, index, letter))
        yield JobGroup("pages", b"", self._single_jobs)

    def _key(self, template: str, *parts: bytes | str) -> bytes:
        """Key of a group of pages whose articles are made by `template`."""
        return key_of(self.common, self.templates.key(template), self.templates.frame, *parts)

    def _single_jobs(self) -> Iterator[Job]:
        """The pages that stand alone."""
        library = self.library
        for index in self.alphabets.all():
            yield self._alphabet_start(index)
        everything = key_of(*(entry.digest for entry in library.public))
        yield self._job(urls.index_url(urls.YEARS), "index", "dimension.html", everything)
        for dimension in library.scheme.paged:
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

    def _case_groups(self) -> Iterator[JobGroup[Job]]:
        digests = {entry.id: entry.digest for entry in self.library.entries}
        groups: dict[int, list[_CasePage]] = {}
        for entry, previous, following in self._neighbours():
            picture = self.share.of_case(entry)
            page = _CasePage(
                entry,
                previous,
                following,
                self.related.get(entry.id, ()),
                picture.url if picture else "",
                self.views.unit_url(entry.unit),
            )
            groups.setdefault(group_of(entry.id), []).append(page)
        for number, pages in groups.items():
            parts: list[bytes] = []
            for entry, previous, following, close, picture_url, unit in pages:
                parts.append(entry.digest)
                parts.append(previous.digest if previous else _NOBODY)
                parts.append(following.digest if following else _NOBODY)
                parts += [digests[other] for other in close]
                parts.append(f"{entry.id} {picture_url} {unit}\n".encode())
            jobs = partial(self._case_jobs, pages, digests)
            yield JobGroup(f"cases {number}", self._key("case.html", b"".join(parts)), jobs)

    def _case_jobs(self, pages: Iterable[_CasePage], digests: Mapping[str, bytes]) -> Iterator[Job]:
        for entry, previous, following, close, picture, unit in pages:
            around = [digests[e.id] if e else b"" for e in (previous, following)] + [digests[i] for i in close]
            argument = (entry.id, previous, following, close)
            path = urls.case_url(entry.id)
            yield self._job(path, "case", "case.html", entry.digest, *around, picture, unit, argument=argument)

    def _noticed(self, view: View) -> bool:
        """Whether the page leads to a public notice, as that of the round in notice does."""
        return view.round is not None and view.round.year == self.presenter.options.notice

    def _passages(self, view: View) -> list[PassageLine]:
        """What the page tells of terms that became others, with how many cases each has."""
        return self.presenter.lists.passages(view)

    def _changed(self, view: View) -> list[bytes]:
        return [entry.digest for entry in self.presenter.lists.changed_in(view)]

    def _view_jobs(self, view: View) -> Iterator[Job]:
        counted = (self.views.counted(view.cases), view.page_count, self._changed(view))
        facts = key_of(msgspec.json.encode((*counted, self._noticed(view), self._passages(view))))
        for number in range(1, view.page_count + 1):
            cards = b"".join([entry.digest for entry in view.page(number)])
            argument = (view, number)
            yield self._job(view.url(number), "view", "view.html", facts, str(number), cards, argument=argument)

    def _alphabet_jobs(self, index: Alphabet, letter: str) -> Iterator[Job]:
        sizes = repr(index.sizes)
        for number in range(1, index.page_count(letter) + 1):
            argument = (index, letter, number)
            parts = (sizes, str(number), repr(index.page(letter, number)))
            yield self._job(index.url(letter, number), "alphabet", "alphabet.html", *parts, argument=argument)

    def _alphabet_start(self, index: Alphabet) -> Job:
        """The page of an index, which shows its first letter."""
        first = next(iter(index.rows), None)
        lines = repr(index.page(first, 1)) if first else ""
        path = urls.index_url(index.path)
        return self._job(path, "alphabet", "alphabet.html", repr(index.sizes), lines, argument=(index, first, 1))

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
