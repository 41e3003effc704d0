"""The page of corrections (更正): every change to a published case, the newest first, revocations among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from generator import urls
from generator.exports.published import Published
from generator.keys import key_of
from generator.pages.links import page_links
from generator.paging import page_count, page_of
from generator.phrases import Phrases
from generator.theming.list_contexts import Correction, CorrectionsContext

PAGE_SIZE = 100


@dataclass(frozen=True)
class Corrections:
    """The corrections of a library, page by page."""

    published: Published
    phrases: Phrases

    @cached_property
    def lines(self) -> list[Correction]:
        """Every correction, the newest first. The last one of a revoked case is its revocation."""
        found = []
        changed = [entry for entry in self.published.entries if entry.changed]
        for entry, facts in self.published.facts(changed):
            changes = sorted(facts.changes, key=lambda change: change.date)
            name = entry.title if entry.is_public else self.phrases("编号 {id}", id=entry.id)
            for number, change in enumerate(changes, 1):
                revokes = not entry.is_public and number == len(changes)
                day, page = date.fromisoformat(change.date), urls.case_url(entry.id)
                found.append(Correction(day, change.what, change.why or "", name, page, revokes))
        found.sort(key=lambda line: (line.date, line.url), reverse=True)
        return found

    @property
    def page_count(self) -> int:
        return max(1, page_count(self.lines, PAGE_SIZE))

    def pages(self) -> Iterator[tuple[str, bytes, int]]:
        """Address, key of the inputs and number of each page."""
        for number in range(1, self.page_count + 1):
            yield urls.changes_url(number), key_of(str(len(self.lines)), repr(self._page(number))), number

    def _page(self, number: int) -> Sequence[Correction]:
        return page_of(self.lines, number, PAGE_SIZE)

    def context(self, number: int) -> CorrectionsContext:
        """Template changes.html, page `number`."""
        links = page_links(number, self.page_count, urls.changes_url)
        csv_url = urls.data_url("changes.csv")
        return CorrectionsContext(
            self.phrases("更正与撤销"), len(self.lines), self._page(number), links, urls.CHANGES_FEED, csv_url
        )
