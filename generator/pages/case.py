"""The page of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from generator import urls
from generator.markup import render_markup
from generator.pages.cards import Cards
from generator.pages.cite import cite
from generator.pages.links import Links, source_line
from generator.pages.qr import qr_code
from generator.records.model import CORE_LABELS, Case, Entry, wanted
from generator.scheme.fields import FACTS, field_text
from generator.scheme.model import METHOD
from generator.site_options import SiteOptions
from generator.theming.case_contexts import CaseContext, ChangeLine, Fact, PatentLine, PersonLine, SectionPart


@dataclass(frozen=True)
class CasePages:
    """Contexts of the pages of cases."""

    cards: Cards
    options: SiteOptions

    @property
    def links(self) -> Links:
        return self.cards.links

    def context(
        self, case: Case, previous: Entry | None, following: Entry | None, related: Sequence[Entry]
    ) -> CaseContext:
        """Template case.html. previous, following: neighbours in the round."""
        scheme = self.links.scheme
        card = self.cards.card(self.links.library.by_id[case.id])
        sections = [
            SectionPart(section.key, section.label, Markup(render_markup(text)))
            for section in scheme.sections
            if (text := case.section(section.key))
        ]
        return CaseContext(
            card=card,
            facts=self._facts(case),
            people=[PersonLine(person.name, person.post or "", person.role == "lead") for person in case.people],
            sections=sections,
            media=self.cards.media.get(case.id, ()),
            patents=[
                PatentLine(p.number or "", p.kind or "", p.title or "", p.status or "", p.date) for p in case.patents
            ],
            sources=[source_line(source) for source in case.sources],
            changes=[ChangeLine(c.date, c.what, c.why or "") for c in sorted(case.changes, key=lambda c: c.date)],
            missing=self._missing(case),
            previous=self.cards.card(previous) if previous else None,
            next=self.cards.card(following) if following else None,
            related=[self.cards.card(other) for other in related],
            citation=cite(case, scheme, self.options.url),
            revoked=case.status == "revoked",
            json_url=urls.api_url(urls.case_url(case.id)),
            edit_address=_filled(self.options.edit_address, case),
            report_address=_filled(self.options.report_address, case),
            qr=qr_code(f"{self.options.url}{urls.case_url(case.id)}") if self.options.url else Markup(),
        )

    def _facts(self, case: Case) -> list[Fact]:
        scheme = self.links.scheme
        facts = [Fact(self.links.core_label("year"), str(case.year), urls.year_url(case.year))]
        for dimension in scheme.dimensions:
            name = case.value(dimension.key)
            if name is None:
                # A method is told by those who know it; the notice of an award never has it.
                if dimension.role != METHOD:
                    facts.append(Fact(self.links.label(dimension)))
            else:
                link = self.links.plain_link(dimension, name)
                now = dimension.history.now(name)
                later = self.links.plain_link(dimension, now) if now != name else None
                facts.append(Fact(self.links.label(dimension), name, link.url, link.mark, later))
        facts.append(Fact(self.links.core_label("unit"), case.unit or "", self.links.views.unit_url(case.unit or "")))
        for extra in scheme.stored:
            value = case.value(extra.key)
            if value is not None and FACTS in extra.shown:
                facts.append(Fact(extra.label, self._shown(value)))
        facts.append(Fact(self.links.core_label("id"), case.id))
        return facts

    def _shown(self, value: object) -> str:
        if isinstance(value, bool):
            return self.links.phrases("是") if value else self.links.phrases("否")
        return field_text(value)

    def _missing(self, case: Case) -> list[str]:
        """Labels of what the record of a complete case would hold and this one does not."""
        return [self._wanted_label(name, label) for name, label in wanted(type(case)) if not case.value(name)]

    def _wanted_label(self, name: str, label: str) -> str:
        dimension = self.links.scheme.by_key.get(name)
        return (
            self.links.label(dimension) if dimension else self.links.core_label(name) if name in CORE_LABELS else label
        )


def _filled(address: str, case: Case) -> str:
    """The address with {id} and {year} of the case in place."""
    return address.replace("{id}", case.id).replace("{year}", str(case.year)) if address else ""
