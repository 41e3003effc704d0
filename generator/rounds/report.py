"""What staff ask of a round before it is released: its numbers, gaps, rules, doubles, pictures; and whether it may be.

Counts come from `views`, as those of every page and export do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.checking.diagnostics import Diagnostic
from generator.checking.raw import read_record
from generator.duplicates import SamePicture, Twins, find_same_pictures, find_twins
from generator.importers.known_records import KnownRecord, scan_records
from generator.reading import Progress, read_library
from generator.records.library import SCHEME_FILE, Library, shown_name
from generator.records.model import STATUSES, Entry, missing
from generator.rounds.rule_check import RoundRecords, RuleOutcome, judge
from generator.scheme.dates import Stage
from generator.scheme.model import Dimension
from generator.scheme.words import Words
from generator.views import View, Views, count_as_said

PRIVATE = "private-data"


@dataclass(frozen=True, slots=True)
class TermNumbers:
    """A term in the round: what is recorded, and what was published of it as far as that is known.

    recorded: announced cases, which count. revoked: those that were announced and count no more. records: any state.
    """

    name: str
    slug: str
    recorded: int
    revoked: int
    records: int
    announced: int | None
    entries: int | None
    nominations: int | None
    called: int | None = None
    is_parent: bool = False

    @property
    def has_any(self) -> bool:
        return bool(self.records or self.announced or self.entries or self.nominations or self.called)


@dataclass(frozen=True, slots=True)
class DimensionNumbers:
    """The round by the terms of a dimension. unpublished: recorded cases without a term."""

    key: str
    label: str
    role: str
    terms: Sequence[TermNumbers]
    unpublished: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the announced cases of a place lack: how many lack each field, by its label."""

    place: str
    cases: int
    lacking: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Pictures:
    """Announced cases with and without a picture, all pictures, and those that stand twice in the library."""

    with_pictures: int
    without: int
    files: int
    twice: Sequence[SamePicture]


@dataclass(frozen=True)
class RoundReport:
    """A round as staff see it. errors: of the whole library; with one there are no numbers.

    rule_places: line and column of each rule in the scheme file `scheme_file`, by its key.
    """

    year: int
    label: str
    stages: Sequence[Stage]
    errors: Sequence[Diagnostic]
    recorded: int = 0
    announced: int | None = None
    states: Mapping[str, int] = field(default_factory=dict)
    dimensions: Sequence[DimensionNumbers] = ()
    gaps: Sequence[Gaps] = ()
    outcomes: Sequence[RuleOutcome] = ()
    twins: Sequence[Twins] = ()
    pictures: Pictures | None = None
    scheme_file: str = SCHEME_FILE
    words: Words = field(default_factory=Words)
    rule_places: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def private(self) -> list[Diagnostic]:
        """The findings of private data in records of the round."""
        return [d for d in self.errors if d.code == PRIVATE and Path(d.file).parent.name == str(self.year)]

    @property
    def reasons(self) -> list[str]:
        """Why the round may not be released; empty where it may."""
        return list(_reasons(self))

    @property
    def hints(self) -> list[str]:
        """What someone should look at, though the round may be released."""
        return list(_hints(self))


class UnknownRoundError(Exception):
    """The scheme has no such round; the message says which there are."""


def examine_round(
    folder: Path,
    base: Path,
    year: int,
    *,
    cache: Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> RoundReport:
    """Reads the library in `folder` and reports on its round `year`. UnknownRoundError where the scheme has none."""
    library, found = read_library(folder, base, cache=cache, jobs=jobs, progress=progress)
    errors = [diagnostic for diagnostic in found if diagnostic.is_error]
    if library is None:
        return RoundReport(year, "", (), errors)
    if year not in library.scheme.by_year:
        raise UnknownRoundError(library.scheme.unknown_round(year))
    return report_round(library, base, year)


def report_round(library: Library, base: Path, year: int) -> RoundReport:
    """The report of a round of a valid library. base: the folder that file names in messages are relative to."""
    scheme = library.scheme
    entry = scheme.by_year[year]
    view = next(view for view in Views(library).years if view.round is entry)
    entries = [found for found in library.entries if found.year == year]
    twins = _twins_of(year, scan_records(library.folder, base))
    records = RoundRecords(scheme, entry, entries, library.load, twins)
    states = Counter(found.status for found in entries)
    path = library.folder / SCHEME_FILE
    return RoundReport(
        year=year,
        label=entry.label or "",
        stages=list(entry.dates.stages()),
        errors=(),
        recorded=len(view.cases),
        announced=entry.total,
        states={status: states[status] for status in STATUSES},
        dimensions=[_numbers(view, entries, dimension) for dimension in scheme.dimensions],
        gaps=_gaps(view, records),
        outcomes=judge(records),
        twins=twins,
        pictures=_pictures(view, library.folder, year),
        scheme_file=shown_name(path, base),
        words=scheme.words,
        rule_places=_rule_places(path),
    )


def _numbers(view: View, records: Sequence[Entry], dimension: Dimension) -> DimensionNumbers:
    entry = view.round
    assert entry is not None
    counts, all_counts = count_as_said(view.cases, dimension), count_as_said(records, dimension)
    revoked_counts = count_as_said([e for e in records if e.status == "revoked"], dimension)
    stages = ("announced", "entries", "nominations", "called")
    told = [getattr(entry, kind).get(dimension.key, {}) for kind in stages]
    parents = {term.parent for term in dimension.terms}
    terms = []
    for term in dimension.terms:
        if not dimension.covers(term.name, entry.year):
            continue
        announced, sent, chosen, called = (numbers.get(term.name) for numbers in told)
        terms.append(
            TermNumbers(
                name=term.name,
                slug=term.slug,
                recorded=counts.get(term.name, 0),
                revoked=revoked_counts.get(term.name, 0),
                records=all_counts.get(term.name, 0),
                announced=announced,
                entries=sent,
                nominations=chosen,
                called=called,
                is_parent=term.name in parents,
            )
        )
    return DimensionNumbers(dimension.key, dimension.label, dimension.role or "", terms, counts.get(None, 0))


def _gaps(view: View, records: RoundRecords) -> list[Gaps]:
    """What is missing, by place in the order of the scheme; one row for all where the scheme has no places."""
    place = records.scheme.role("place")
    cases: Counter[str] = Counter()
    lacking: dict[str, Counter[str]] = {}
    for entry in view.cases:
        name = (entry.term(place.key) if place else None) or ""
        cases[name] += 1
        lacking.setdefault(name, Counter()).update(missing(records.case(entry)))
    rank = place.rank if place else {}
    order = sorted(cases, key=lambda name: rank.get(name or None, 0))
    return [Gaps(name or (f"{place.label}未公布" if place else "全部"), cases[name], lacking[name]) for name in order]


def _twins_of(year: int, records: Sequence[KnownRecord]) -> list[Twins]:
    """Pairs of like projects of which the later stands in the round."""
    start = f"{year}-"
    earlier = [record for record in records if record.id[:4] <= str(year)]
    if not any(record.id.startswith(start) for record in earlier):
        return []
    return [twins for twins in find_twins(earlier) if twins.second.id.startswith(start)]


def _pictures(view: View, folder: Path, year: int) -> Pictures:
    with_pictures = sum(bool(entry.pictures) for entry in view.cases)
    inside = f"{folder.name}/{year}/"
    twice = [same for same in find_same_pictures(folder) if same.second.startswith(inside)]
    files = sum(entry.pictures for entry in view.cases)
    return Pictures(with_pictures, len(view.cases) - with_pictures, files, twice)


def _rule_places(path: Path) -> dict[str, tuple[int, int]]:
    raw, _ = read_record(path, path.name)
    rules: Any = raw.value.get("rules") if raw else None
    return {rule["key"]: raw.at(("rules", n)) for n, rule in enumerate(rules or ())} if raw else {}


def _reasons(report: RoundReport) -> Iterator[str]:
    said = report.words.said
    if report.errors:
        yield f"资料库有 {len(report.errors)} 个错误，先改正（caselib check）"
    if report.private:
        yield said("本{round}有 {n} 处个人隐私信息", n=len(report.private))
    if report.errors:
        return
    if report.announced is None:
        yield said("方案没有写本{round}的公布数（announced），无法核对")
    elif report.announced != report.recorded + report.states["revoked"]:
        yield _difference(report, "", report.announced, report.recorded, report.states["revoked"])
    for dimension in report.dimensions:
        yield from _differences(report, dimension)
    if waiting := report.states["notice"]:
        yield said("还有 {n} {measure}在公示（status: notice），没有公布也没有撤下", n=waiting)
    for outcome in report.outcomes:
        if outcome.blocks:
            yield f"{outcome.rule.message}：{len(outcome.breaches)} 处 [{outcome.rule.key}]"


def _differences(report: RoundReport, dimension: DimensionNumbers) -> Iterator[str]:
    """Terms of which another number is recorded than was announced."""
    total = report.announced
    told = [term for term in dimension.terms if term.announced is not None]
    whole = total is not None and sum(term.announced or 0 for term in told) == total
    for term in dimension.terms:
        # Where the numbers of a dimension make up the whole, a term that is not among them was not announced.
        announced = 0 if term.announced is None and whole and not term.is_parent else term.announced
        if announced is not None and announced != term.recorded + term.revoked:
            yield _difference(report, f"{dimension.label}「{term.name}」", announced, term.recorded, term.revoked)


def _difference(report: RoundReport, what: str, announced: int, recorded: int, revoked: int) -> str:
    """What was announced once is recorded now or was revoked since; in words where it is not so."""
    text = "{what}公布 {announced} {measure}，入库 {recorded} {measure}" + (
        "，撤销 {revoked} {measure}" if revoked else ""
    )
    return report.words.said(text, what=what, announced=announced, recorded=recorded, revoked=revoked)


def _hints(report: RoundReport) -> Iterator[str]:
    if report.errors:
        return
    days = {stage.key for stage in report.stages}
    if "notice" not in days:
        yield "方案没有写公示日期（dates.notice）"
    if "announced" not in days:
        yield "方案没有写公布日期（dates.announced）"
    for outcome in report.outcomes:
        if outcome.breaches and not outcome.blocks:
            yield f"{outcome.rule.message}：{len(outcome.breaches)} 处 [{outcome.rule.key}]"
        if outcome.unknown:
            more = f"，等 {len(outcome.unknown)} 处" if len(outcome.unknown) > 1 else ""
            yield f"{outcome.rule.label}没有全部核对：{outcome.unknown[0]}{more} [{outcome.rule.key}]"
    if report.twins:
        yield report.words.said("{n} 对可能是同一{item}", n=len(report.twins))
    if report.pictures and report.pictures.twice:
        yield f"{len(report.pictures.twice)} 张图片用了两次"
    lacking = sum(sum(gaps.lacking.values()) for gaps in report.gaps)
    if lacking:
        yield f"{lacking} 处资料没有填"
