"""Cases as they stand in lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from generator import urls
from generator.pages.links import Links
from generator.phrases import Phrases
from generator.records.model import Entry
from generator.scheme.model import METHOD
from generator.theming.contexts import Card, MediaItem, TermLink

CARD_PEOPLE = 3


@dataclass(frozen=True)
class Cards:
    """Cards of one library, each made once. media: by id of the case."""

    links: Links
    media: Mapping[str, Sequence[MediaItem]] = field(default_factory=dict)
    _cards: dict[str, Card] = field(default_factory=dict)

    def card(self, case: Entry) -> Card:
        """The case as it stands in a list."""
        found = self._cards.get(case.id)
        if found is None:
            found = self._cards[case.id] = self._make_card(case)
        return found

    def _make_card(self, case: Entry) -> Card:
        scheme = self.links.scheme
        award: TermLink | None = None
        terms: list[tuple[str, TermLink]] = []
        mark = ""
        for dimension in scheme.dimensions:
            name = case.term(dimension.key)
            if name is None:
                continue
            link = self.links.plain_link(dimension, name)
            if dimension.role == "award":
                award = link
            elif dimension.role != METHOD:
                terms.append((self.links.label(dimension), link))
                mark = (link.mark or link.slug) if not dimension.role else mark
        for extra in scheme.stored:
            if extra.key in case.extras:
                terms.append(("", TermLink(f"{extra.label}：{case.extras[extra.key]}", "")))
        pictures = [item for item in self.media.get(case.id, ()) if not item.is_video]
        return Card(
            id=case.id,
            title=case.title,
            url=urls.case_url(case.id),
            year=self.links.year_link(case.year),
            award=award,
            terms=terms,
            unit=case.unit,
            people=people_line(case, self.links.phrases),
            summary=case.summary,
            picture=pictures[0] if pictures else None,
            figure_mark=mark,
            sample=case.sample,
        )


def people_line(case: Entry, phrases: Phrases) -> str:
    """The people of a case in one line, the first few by name."""
    people = "、".join(case.people[:CARD_PEOPLE])
    more = len(case.people) > CARD_PEOPLE
    return phrases("{names} 等 {n} 人", names=people, n=len(case.people)) if more else people
