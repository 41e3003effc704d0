"""Revokes an announced record (撤销): its state, why and when, and where that was published; the rest stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from generator.checking.diagnostics import has_errors, nearest
from generator.checking.fields import Address, Day, Line, Model, described
from generator.checking.files import check
from generator.checking.raw import Places, Raw, parse_yaml, read_record
from generator.records.edit import edit_record
from generator.records.library import SCHEME_FILE, record_files, shown_name
from generator.records.model import Case
from generator.records.privacy import find_private
from generator.records.validate import Location, validate_case
from generator.scheme.model import Scheme
from generator.scheme.reading import read_scheme

WHAT = "撤销{awarded}"
TITLE = "撤销公告"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, as it was written: the record, why, where that was published and under which title, when."""

    id: str
    reason: str
    notice: str
    day: str
    title: str = TITLE

    def change(self, scheme: Scheme) -> dict[str, str]:
        """The correction, as the scheme calls it."""
        what = scheme.revocation or scheme.words.said(WHAT)
        return {"date": self.day, "what": what, "why": self.reason}

    @property
    def source(self) -> dict[str, str]:
        return {"title": self.title, "address": self.notice, "date": self.day}


class _Options(Model):
    """The options of the command as `Change` and `Source` will hold them, each under its own name."""

    date: Day = described("--date", need="required")
    reason: Annotated[str, Line(200)] = described("--reason", need="required")
    notice: Address = described("--notice", need="required")
    title: Annotated[str, Line(300)] = described("--title", need="required")


@dataclass(frozen=True, slots=True)
class Revocation:
    """A record as it will be written. rewritten: in the canonical style, for it could not be edited in place."""

    path: Path
    file: str
    title: str
    text: str
    rewritten: bool


def plan_revocation(folder: Path, base: Path, request: Request) -> tuple[Revocation | None, list[str]]:
    """The record revoked, or None and everything that keeps it from being so, a line each. Nothing is written."""
    scheme, found = read_scheme(folder / SCHEME_FILE, shown_name(folder / SCHEME_FILE, base))
    if scheme is None:
        return None, [diagnostic.text() for diagnostic in found]
    wrong = list(_wrong_options(request, scheme))
    locations = {location.id: location for location in record_files(folder, base)[0]}
    location = locations.get(request.id)
    if location is None:
        close = nearest(request.id, locations)
        return None, [f"没有记录「{request.id}」" + (f"；是否应为「{close}」？" if close else ""), *wrong]
    path = location.folder / f"{location.id}.yml"
    raw, found = read_record(path, location.file)
    case = None
    if raw is not None:
        case, problems = validate_case(raw, scheme, location)
        found += problems
    if raw is None or case is None or has_errors(found):
        return None, [*(d.text() for d in found if d.is_error), *wrong]
    wrong += _wrong_state(case, location, request)
    if wrong:
        return None, wrong
    added = {"changes": request.change(scheme), "sources": request.source}
    edited = edit_record(raw, scheme, {"status": "revoked"}, added)
    again, found = parse_yaml(edited.text, location.file)
    assert again is not None
    found += validate_case(again, scheme, location)[1]
    if has_errors(found):
        return None, [diagnostic.text() for diagnostic in found if diagnostic.is_error]
    return Revocation(path, location.file, case.title, edited.text, edited.rewritten), []


def _wrong_options(request: Request, scheme: Scheme) -> Iterator[str]:
    """What is wrong with the values that were given, by the name of the option."""
    given = {"date": request.day, "reason": request.reason, "notice": request.notice, "title": request.title}
    places = Places((1, 1), children={key: Places((1, 1)) for key in given})
    for diagnostic in check(_Options, given, Raw("", given, places), labelled=True)[1]:
        yield diagnostic.explanation()
    for name, text in (("--reason", request.reason), ("--title", request.title), ("--notice", request.notice)):
        for _, kind in find_private(text, scheme.private_labels):
            yield f"{name} 里含有个人隐私信息（{kind}）；电话、身份证号、住址等一律不得写入，请删去"


def _wrong_state(case: Case, location: Location, request: Request) -> Iterator[str]:
    """Why a record in its state, or on that day, cannot be revoked."""
    if case.status == "revoked":
        yield f"{location.file} 已经撤销，不能再撤销一次"
    elif case.status != "announced":
        yield f"{location.file} 还没有公布（status: {case.status}），不用撤销；不予公布的改为 nominated 或删去"
    published = min((source.date for source in case.sources if source.date), default=None)
    try:
        day = date.fromisoformat(request.day)
    except ValueError:
        return  # said already
    if published and day < published:
        yield f"撤销日期 {day} 早于公布日期 {published}；请检查 --date"
