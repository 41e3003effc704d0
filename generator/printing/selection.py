"""Which cases a printed document holds: the announced ones of a round, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from generator.checking.diagnostics import nearest
from generator.exports.published import Published
from generator.printing.errors import PrintError
from generator.records.library import Library
from generator.records.model import Entry
from generator.scheme.model import Round, Scheme
from generator.views import View, Views


@dataclass(frozen=True)
class Selection:
    """A round with its announced cases, best first.

    day: that the documents bear; without one they leave it to be filled in. site: public address, or empty.
    """

    published: Published
    view: View
    day: date | None
    site: str

    @property
    def scheme(self) -> Scheme:
        return self.published.library.scheme

    @property
    def library(self) -> Library:
        return self.published.library

    @property
    def round(self) -> Round:
        assert self.view.round is not None
        return self.view.round

    @property
    def cases(self) -> Sequence[Entry]:
        return self.view.cases

    def by_award(self) -> list[tuple[str, list[Entry]]]:
        """Name and cases of each award that has some, best first, then those without one; "" names them."""
        award = self.scheme.award
        if award is None:
            return [("", list(self.cases))]
        names: list[str | None] = [*award.names, None]
        groups = [(name or "", [case for case in self.cases if case.term(award.key) == name]) for name in names]
        return [(name, cases) for name, cases in groups if cases]


def select(library: Library, year: int, day: date | None = None, site: str = "") -> Selection:
    """The announced cases of the round `year`. Raises PrintError where there is no such round, or no case in it.

    day: that the documents bear, the day of the announcement by default.
    """
    found = next((view for view in Views(library).years if view.round and view.round.year == year), None)
    if found is None or found.round is None:
        raise PrintError(library.scheme.unknown_round(year))
    if not found.cases:
        text = "{year} 这一{round}还没有公布的{item}，没有可以印的；记录的 status 要是 announced"
        raise PrintError(library.scheme.words.said(text, year=year))
    return Selection(Published(library), found, day or found.round.dates.announced, site)


def chosen(selection: Selection, ids: Sequence[str]) -> list[Entry]:
    """The cases with these ids in the order of the round, all of them without ids. Raises PrintError for each other."""
    known = {case.id: case for case in selection.cases}
    wrong = [_why_not(selection, case_id, list(known)) for case_id in ids if case_id not in known]
    if wrong:
        raise PrintError(*wrong)
    wanted = set(ids) or set(known)
    return [case for case in selection.cases if case.id in wanted]


def _why_not(selection: Selection, case_id: str, known: list[str]) -> str:
    entry = selection.library.by_id.get(case_id)
    if entry is None:
        close = nearest(case_id, known)
        return f"没有编号 {case_id}" + (f"；是否应为 {close}？" if close else "；编号形如 2023-00001")
    if entry.status == "revoked":
        return f"{case_id} 已经撤销，不能印"
    if entry.year != selection.round.year:
        return f"{case_id} 属于 {entry.year} 这一{selection.scheme.words.round}，不是 {selection.round.year}"
    return f"{case_id} 还没有公布（status: {entry.status}），不能印"
