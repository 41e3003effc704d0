"""What the client of the showcase reads: a start file, and the cases in chunks that it loads when they are looked at.

Cases are numbered in the order of lists, best first. Keys are short: a chunk is read while a finger waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from generator import urls
from generator.kiosk.playlist import playlist
from generator.kiosk.settings import WEEKDAYS, KioskSettings, Story
from generator.kiosk.stories import story_of, usual_story
from generator.pages.qr import qr_code
from generator.records.library import Library
from generator.records.model import Case, Entry
from generator.scheme.model import METHOD, Dimension
from generator.theming.contexts import MediaItem
from generator.theming.covers import figure
from generator.views import count_with_parents, count_years

CARDS, STORIES = 48, 16
# The type of picture copies that the showcase carries: its browser is one that we start.
PICTURE = "webp"
NAMES_ON_CARD = 3


def encoded(value: Any) -> bytes:
    return msgspec.json.encode(value)


def media_path(url: str) -> str:
    """Path in the showcase of a picture or video of the site."""
    return f"media/{url.removeprefix('cases/')}"


@dataclass(frozen=True)
class Content:
    """The data of one library as files. site: its public address, empty where it has none. related: ids by id."""

    library: Library
    settings: KioskSettings
    media: Mapping[str, Sequence[MediaItem]]
    related: Mapping[str, Sequence[str]]
    site: str = ""

    @cached_property
    def cases(self) -> tuple[Entry, ...]:
        return self.library.public

    @cached_property
    def number(self) -> dict[str, int]:
        """Number of each case by its id."""
        return {entry.id: place for place, entry in enumerate(self.cases)}

    @cached_property
    def story(self) -> Story:
        return self.settings.story or usual_story(self.library.scheme)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each data file but the start file."""
        yield "columns.bin", self._columns()
        yield "order.bin", self._order()
        for start in range(0, len(self.cases), CARDS):
            yield f"cards/{start // CARDS}.json", encoded([self.card(e) for e in self.cases[start : start + CARDS]])
        for start in range(0, len(self.cases), STORIES):
            stories = [self.case_story(entry) for entry in self.cases[start : start + STORIES]]
            yield f"stories/{start // STORIES}.json", encoded(stories)

    # columns

    def _columns(self) -> bytes:
        """For each dimension, then for the rounds: place of the term of each case plus one, 0 for none; uint16."""
        rows = []
        for dimension in self.library.scheme.dimensions:
            rank = dimension.rank
            rows.append([rank[name] + 1 if (name := e.term(dimension.key)) else 0 for e in self.cases])
        years = {year: place for place, year in enumerate(self.years)}
        rows.append([years[entry.year] + 1 for entry in self.cases])
        return np.array(rows, "<u2").tobytes()

    def _order(self) -> bytes:
        """Number of the case of each document of the search, which are numbered by id; uint32."""
        return np.array([self.number[case_id] for case_id in sorted(self.number)], "<u4").tobytes()

    @cached_property
    def years(self) -> list[int]:
        return sorted(self.library.scheme.by_year, reverse=True)

    # cases

    def card(self, entry: Entry) -> dict[str, Any]:
        """A case as it stands in a list or in the loop."""
        scheme = self.library.scheme
        ranks = [d.rank[name] if (name := entry.term(d.key)) else -1 for d in scheme.dimensions]
        pictures = self._pictures(entry.id)
        more = len(entry.people) > NAMES_ON_CARD
        found: dict[str, Any] = {
            "id": entry.id,
            "title": entry.title,
            "unit": entry.unit,
            "people": "、".join(entry.people[:NAMES_ON_CARD]) + ("等" if more else ""),
            "year": entry.year,
            "terms": ranks,
        }
        if pictures:
            found["picture"] = pictures[0]
        else:
            found["figure"] = figure(entry.id, self._mark(entry))
        if self.settings.title is not None:
            second = self.library.load(entry.id).value(self.settings.title.field)
            if second:
                found["second"] = str(second)
        return found

    def _mark(self, entry: Entry) -> str:
        """The mark that chooses the drawing of a case: of its last plain dimension, as on its card of the site."""
        mark = ""
        for dimension in self.library.scheme.dimensions:
            name = entry.term(dimension.key)
            if name is not None and not dimension.role:
                term = dimension.by_name[name]
                mark = term.mark or term.slug
        return mark

    def _pictures(self, case_id: str) -> list[dict[str, Any]]:
        found = []
        for item in self.media.get(case_id, ()):
            if not item.is_video:
                sizes = [[size.width, media_path(size.url)] for size in item.sizes if size.type == f"image/{PICTURE}"]
                found.append(
                    {"alt": item.alt, "caption": item.caption, "w": item.width, "h": item.height, "sizes": sizes}
                )
        return found

    def case_story(self, entry: Entry) -> dict[str, Any]:
        """What the screens of a case add to its card."""
        case = self.library.load(entry.id)
        address = f"{self.site}{urls.case_url(case.id)}" if self.site else ""
        videos = [
            {"src": media_path(item.url), "alt": item.alt, "w": item.width, "h": item.height}
            for item in self.media.get(entry.id, ())
            if item.is_video
        ]
        return {
            "parts": [part._asdict() for part in story_of(case, self.library.scheme, self.story)],
            "summary": case.summary or "",
            "people": [[person.name, person.post or "", person.role == "lead"] for person in case.people],
            "pictures": self._pictures(entry.id),
            "videos": videos,
            "patents": [_patent(case, n) for n in range(len(case.patents))],
            "related": [self.number[other] for other in self.related.get(entry.id, ()) if other in self.number],
            "address": address,
            "qr": str(qr_code(address)) if address else "",
        }

    # start

    def start(self) -> dict[str, Any]:
        """All that the client needs before the first touch."""
        scheme = self.library.scheme
        counts = count_years(self.cases)
        rounds = [
            {"year": year, "label": scheme.by_year[year].label or "", "count": counts.get(year, 0)}
            for year in self.years
        ]
        problem = self.problem
        shown = playlist(self.library, self.settings.playlist)
        return {
            "name": scheme.name,
            "words": scheme.words_of_name,
            "programme": scheme.programme,
            "organiser": scheme.organiser,
            "intro": scheme.intro or "",
            "sample": scheme.sample,
            "total": len(self.cases),
            "numbers": self.numbers(),
            "rounds": rounds,
            "dimensions": [self._dimension(dimension) for dimension in scheme.dimensions],
            "problem": problem.key if problem else "",
            "cards": CARDS,
            "stories": STORIES,
            "playlist": [{"number": self.number[entry.id], **self._slide(entry)} for entry in shown],
            "seconds": self.settings.playlist.seconds,
            "interlude": self.settings.playlist.numbers,
            "idle": self.settings.idle.model_dump(),
            "hours": self._hours(),
            "second": self.settings.title.lang if self.settings.title else "",
            "day": self.day.isoformat(),
        }

    def _hours(self) -> dict[str, Any] | None:
        """The opening hours; days of the week as the browser counts them, from 0 for Sunday."""
        hours = self.settings.hours
        if hours is None:
            return None
        days = [(WEEKDAYS.index(day) + 1) % 7 for day in hours.closed]
        return {"open": hours.open, "close": hours.close, "closed": days}

    def _slide(self, entry: Entry) -> dict[str, Any]:
        return self.card(entry) | {"summary": entry.summary}

    def numbers(self) -> dict[str, Any]:
        """The sum that the loop shows: of the newest round whose awards were announced, else of the library."""
        scheme = self.library.scheme
        award = scheme.award
        if award is None:
            return {"total": len(self.cases), "year": 0, "announced": False, "parts": []}
        for year in self.years:
            told = scheme.by_year[year].announced.get(award.key)
            if told:
                parts = [[term.name, term.mark or "", told.get(term.name, 0)] for term in award.terms]
                return {"total": sum(told.values()), "year": year, "announced": True, "parts": parts}
        counts = count_with_parents(self.cases, award)
        parts = [[term.name, term.mark or "", counts.get(term.name, 0)] for term in award.terms]
        return {"total": len(self.cases), "year": 0, "announced": False, "parts": parts}

    def _dimension(self, dimension: Dimension) -> dict[str, Any]:
        counts = count_with_parents(self.cases, dimension)
        places = {term.name: place for place, term in enumerate(dimension.terms)}
        terms = [
            {
                "name": term.name,
                "slug": term.slug,
                "mark": term.mark or "",
                "count": counts.get(term.name, 0),
                "about": term.about or "",
                "tile": term.tile,
                "parent": places[term.parent] if term.parent else -1,
            }
            for term in dimension.terms
        ]
        return {"key": dimension.key, "label": dimension.label, "role": dimension.role or "", "terms": terms}

    @property
    def problem(self) -> Dimension | None:
        """The dimension that says what problem a case solves; None where no case tells."""
        scheme = self.library.scheme
        named = [scheme.by_key[self.settings.problem]] if self.settings.problem else scheme.method_dimensions[:1]
        told = [d for d in named if d.role == METHOD and any(entry.term(d.key) for entry in self.cases)]
        return told[0] if told else None

    @property
    def day(self) -> date:
        """The day of the content: the last one that cases and rounds name, else the first of the newest round."""
        days = [entry.changed for entry in self.cases if entry.changed]
        for entry in self.library.scheme.rounds:
            days += [notice.date for notice in entry.notices if notice.date]
            days += [entry.dates.announced] if entry.dates.announced else []
        return max(days, default=date(max(self.library.scheme.by_year), 1, 1))


def _patent(case: Case, place: int) -> str:
    patent = case.patents[place]
    return "　".join(part for part in (patent.kind, patent.number, patent.title) if part)
