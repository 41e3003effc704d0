"""The public notice (公示) of a round: its nominees on pages of their own, outside the library, its counts and exports.

A build shows it where it is told which round, and never by a clock: `caselib build --notice 2024`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator import urls
from generator.keys import key_of
from generator.pages.cards import people_line
from generator.pages.links import Links, page_links, source_line
from generator.paging import page_count, page_of
from generator.records.library import Library
from generator.records.model import Entry
from generator.scheme.model import METHOD
from generator.theming.round_contexts import NoticeContext, NoticeRow

if TYPE_CHECKING:
    from generator.scheme.model import Dimension, Scheme

PAGE_SIZE = 300


def notice_problem(library: Library, year: int) -> str:
    """Why the round `year` cannot be shown in public notice, in one line; empty where it can, or for year 0."""
    if not year:
        return ""
    entry, said = library.scheme.by_year.get(year), library.scheme.words.said
    if entry is None:
        known = "、".join(str(known) for known in sorted(library.scheme.by_year))
        return said("方案中没有 {year} 这一{round}，不能公示；可用：{known}", year=year, known=known)
    if entry.dates.notice is None or entry.dates.notice.end is None:
        where = "dates: {notice: {start: 起日, end: 止日}}"
        return said("方案没有写 {year} {round}公示到哪一天；请在这一{round}写 {where}", year=year, where=where)
    if not notice_entries(library, year):
        return said("{year} {round}没有公示中的记录（status: notice），没有可以公示的{item}", year=year)
    return ""


def notice_entries(library: Library, year: int) -> list[Entry]:
    """The projects of the round that are in public notice, best first."""
    return sorted((e for e in library.entries if e.year == year and e.status == "notice"), key=library.order)


def notice_pages(library: Library, year: int) -> Iterator[tuple[str, bytes, int]]:
    """Address, key of the inputs and number of each page of the notice; none for year 0."""
    entries = notice_entries(library, year) if year else []
    for number in range(1, page_count(entries, PAGE_SIZE) + 1):
        key = key_of(str(len(entries)), *(entry.digest for entry in page_of(entries, number, PAGE_SIZE)))
        yield urls.notice_url(year, number), key, number


def notice_context(links: Links, year: int, number: int) -> NoticeContext:
    """Template notice.html, page `number` of the notice of the round."""
    library = links.library
    scheme, entry = library.scheme, library.scheme.by_year[year]
    entries = notice_entries(library, year)
    columns = _columns(scheme, entries)
    rows = [
        NoticeRow(
            place,
            found.id,
            found.title,
            found.unit,
            people_line(found, links.phrases),
            [(links.label(column), found.term(column.key) or "") for column in columns],
        )
        for place, found in enumerate(page_of(entries, number, PAGE_SIZE), (number - 1) * PAGE_SIZE + 1)
    ]
    period = entry.dates.notice
    return NoticeContext(
        year=str(year),
        label=entry.label or "",
        url=urls.year_url(year),
        start=period.start if period else None,
        end=period.end if period else None,
        objection=entry.objection or "",
        total=len(entries),
        columns=[links.label(column) for column in columns],
        rows=rows,
        pages=page_links(number, page_count(entries, PAGE_SIZE), lambda n: urls.notice_url(year, n)),
        notices=[source_line(notice) for notice in entry.notices],
        regulations=source_line(entry.regulations) if entry.regulations else None,
    )


def _columns(scheme: Scheme, entries: list[Entry]) -> list[Dimension]:
    """The dimensions of which at least one project tells; how a difficulty was met is nothing to object to."""
    return [d for d in scheme.dimensions if d.role != METHOD and any(entry.term(d.key) for entry in entries)]
