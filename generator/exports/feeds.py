"""Atom feeds (RFC 4287): of each view, of the whole library, of corrections. Dates come from the records only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from heapq import nlargest
from uuid import NAMESPACE_URL, uuid5

from generator import urls
from generator.exports.published import Facts, Published
from generator.exports.safe_text import xml_text
from generator.records.model import Entry
from generator.scheme.batches import BATCH
from generator.scheme.model import Scheme
from generator.views import View

MOST = 50
# Ids stay when the address of the site changes; a round that has no date at all counts from its first day.
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:caselib:feed")


@dataclass(frozen=True)
class FeedEntry:
    """An entry of a feed: what happened to which page, and when."""

    id: str
    title: str
    page: str
    published: date
    updated: date
    summary: str
    author: str
    terms: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Feeds:
    """The feeds of a library. site: its public address with a slash at the end, or empty."""

    published: Published
    site: str = ""
    version: str = ""

    @property
    def scheme(self) -> Scheme:
        return self.published.library.scheme

    def view(self, view: View) -> bytes:
        """The feed of a round or a term: its newest cases; revoked ones as entries of their own."""
        revoked = [entry for entry in self.published.revoked if _belongs(entry, view)]
        page = view.url()
        label = (
            view.dimension.label
            if view.dimension
            else (self.scheme.words.rounds if view.round else self.scheme.words.unit)
        )
        return self._feed(
            f"{self.scheme.name}：{label} {view.label}", page, urls.feed_url(page), [*view.cases, *revoked]
        )

    def home(self) -> bytes:
        """The feed of the whole library."""
        cases = [*self.published.library.public, *self.published.revoked]
        return self._feed(self.scheme.name, urls.HOME, urls.feed_url(urls.HOME), cases)

    def changes(self) -> bytes:
        """The feed of corrections and revocations, each an entry of its own."""
        corrected = self._newest([entry for entry in self.published.entries if entry.changed or not entry.is_public])
        entries = [item for entry, facts in self.published.facts(corrected) for item in self._changes_of(entry, facts)]
        entries.sort(key=lambda item: (item.updated, item.id), reverse=True)
        return self._xml(f"{self.scheme.name}：更正与撤销", urls.CHANGES, urls.CHANGES_FEED, entries[:MOST])

    def _feed(self, title: str, page: str, address: str, cases: Iterable[Entry]) -> bytes:
        newest = self._newest(cases)
        entries = [self._entry(entry, facts) for entry, facts in self.published.facts(newest)]
        entries.sort(key=lambda item: (item.updated, item.id), reverse=True)
        return self._xml(title, page, address, entries)

    def _newest(self, cases: Iterable[Entry]) -> list[Entry]:
        return nlargest(MOST, cases, key=lambda entry: (entry.changed or self._day_announced(entry), entry.id))

    def _day_announced(self, entry: Entry) -> date:
        """The day of its batch, or else of its round."""
        return self._batch_days.get(self._batch_of(entry)) or self._days[entry.year]

    def _batch_of(self, entry: Entry) -> str:
        batch = self.scheme.role(BATCH)
        return (entry.term(batch.key) if batch else None) or ""

    @cached_property
    def _batch_days(self) -> dict[str, date]:
        """The day on which each batch was published, as far as the scheme says."""
        batch = self.scheme.role(BATCH)
        return {term.name: term.date for term in batch.terms if term.date} if batch else {}

    @cached_property
    def _days(self) -> dict[int, date]:
        return {entry.year: self._day_of_round(entry.year) for entry in self.scheme.rounds}

    def _day_of_round(self, year: int) -> date:
        """When the round was announced, as far as the scheme says; its first day where it says nothing."""
        entry = self.scheme.by_year.get(year)
        if entry and entry.dates.announced:
            return entry.dates.announced
        days = [notice.date for notice in entry.notices if notice.date] if entry else []
        return max(days, default=date(year, 1, 1))

    # entries

    def _entry(self, entry: Entry, facts: Facts) -> FeedEntry:
        published = self._day_of(entry, facts)
        revoked = not entry.is_public
        updated = max(entry.changed or published, published)
        summary = (_reasons(facts) or self.scheme.words.said("本{measure}已撤销。")) if revoked else entry.summary
        return FeedEntry(
            id=self.urn("revoked" if revoked else "case", entry.id),
            title=f"撤销：{entry.title}" if revoked else entry.title,
            page=urls.case_url(entry.id),
            published=updated if revoked else published,
            updated=updated,
            summary=summary,
            author=self.scheme.organiser if revoked else (entry.unit or self.scheme.organiser),
            terms=() if revoked else [(d.key, name) for d in self.scheme.dimensions if (name := entry.term(d.key))],
        )

    def _changes_of(self, entry: Entry, facts: Facts) -> list[FeedEntry]:
        if not entry.is_public:
            return [self._entry(entry, facts)]
        page = urls.case_url(entry.id)
        found = []
        for number, change in enumerate(facts.changes, 1):
            day = date.fromisoformat(change.date)
            summary = f"{change.what}（{change.why}）" if change.why else change.what
            identity = self.urn("change", f"{entry.id}/{number}")
            found.append(FeedEntry(identity, f"更正：{entry.title}", page, day, day, summary, self.scheme.organiser))
        return found

    def _day_of(self, entry: Entry, facts: Facts) -> date:
        """The day on which the case was published first."""
        batch = self._batch_days.get(self._batch_of(entry))
        if batch is not None:
            return batch
        days = [date.fromisoformat(source.date) for source in facts.sources if source.date]
        return min(days, default=self._day_of_round(entry.year))

    # the file

    def urn(self, kind: str, name: str) -> str:
        """A lasting id, the same wherever the site stands."""
        scheme = self.scheme
        return uuid5(_NAMESPACE, "\n".join((scheme.organiser, scheme.programme, kind, name))).urn

    def _xml(self, title: str, page: str, address: str, entries: Sequence[FeedEntry]) -> bytes:
        base = self.site or urls.root_of(address)
        last = max((entry.updated for entry in entries), default=max(map(self._day_of_round, self.scheme.by_year)))
        version = f' version="{xml_text(self.version)}"' if self.version else ""
        lines = [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
            f"<id>{self.urn('feed', address)}</id>",
            f"<title>{xml_text(title)}</title>",
            f"<updated>{_moment(last)}</updated>",
            f"<author><name>{xml_text(self.scheme.organiser)}</name></author>",
            f'<link rel="self" type="application/atom+xml" href="{xml_text(base + address)}"/>',
            f'<link rel="alternate" type="text/html" href="{xml_text(base + page)}"/>',
            f"<generator{version}>caselib</generator>",
        ]
        for entry in entries:
            lines += [
                "<entry>",
                f"<id>{entry.id}</id>",
                f"<title>{xml_text(entry.title)}</title>",
                f"<published>{_moment(entry.published)}</published>",
                f"<updated>{_moment(entry.updated)}</updated>",
                f"<author><name>{xml_text(entry.author)}</name></author>",
                f'<link rel="alternate" type="text/html" href="{xml_text(base + entry.page)}"/>',
                *(f'<category scheme="urn:caselib:{key}" term="{xml_text(name)}"/>' for key, name in entry.terms),
                *([f"<summary>{xml_text(entry.summary)}</summary>"] if entry.summary else []),
                "</entry>",
            ]
        return ("\n".join([*lines, "</feed>"]) + "\n").encode()


def _moment(day: date) -> str:
    """A day as the moment that Atom asks for: its start in China, where the notices are dated."""
    return f"{day.isoformat()}T00:00:00+08:00"


def _reasons(facts: Facts) -> str:
    return "；".join(f"{change.what}（{change.why}）" if change.why else change.what for change in facts.changes)


def _belongs(entry: Entry, view: View) -> bool:
    """Whether a case that is counted nowhere stood in `view`."""
    if view.round is not None:
        return entry.year == view.round.year
    if view.unit:
        return entry.unit == view.unit
    assert view.dimension is not None and view.term is not None
    return view.term in view.dimension.lineage(entry.term(view.dimension.key))
