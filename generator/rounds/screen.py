"""The report of a round on one screen, and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich import box
from rich.columns import Columns
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from generator.checking.diagnostics import CODES
from generator.new_record import STATUS_LABELS
from generator.rounds.report import DimensionNumbers, RoundReport, TermNumbers
from generator.rounds.rule_check import RuleOutcome
from generator.scheme.model import METHOD
from generator.scheme.words import Words

MOST = 5
NARROWEST = 100  # columns of a screen that is none: a file, a pipe
NUMBERS = (
    ("征集", "called"),
    ("申报", "entries"),
    ("推荐", "nominations"),
    ("记录", "records"),
    ("公布", "announced"),
    ("撤销", "revoked"),
    ("入库", "recorded"),
)
ROWS = 12  # of a table of places, before it stands in several columns
RED, QUIET, GREEN = "bold red", "dim", "green"


def show_round(report: RoundReport, console: Console) -> None:
    """Prints the screen."""
    for part in _parts(report):
        console.print(part)


def _parts(report: RoundReport) -> Iterator[RenderableType]:
    blocked = bool(report.reasons)
    yield Text.assemble(
        (f"{report.year} {report.words.round} {report.label}".strip() + "　", "bold"),
        ("还不能发布" if blocked else "可以发布", RED if blocked else GREEN),
    )
    if report.stages:
        yield Text("　".join(f"{s.label} {_days(s.start, s.end)}" for s in report.stages), QUIET)
    if report.errors:
        yield from _errors(report)
    else:
        yield from _numbers(report)
        yield from _rules(report)
        yield from _likeness(report)
    yield from _list("不能发布的原因", report.reasons, RED)
    yield from _list("请留意", report.hints, "bold")


def _days(start: object, end: object) -> str:
    return str(start) if start == end else f"{start or ''} 至 {end or ''}".strip()


def _indented(text: str, columns: int) -> RenderableType:
    return Padding(Text(text), (0, 0, 0, columns), expand=False)


def _list(heading: str, lines: Sequence[str], style: str) -> Iterator[RenderableType]:
    if lines:
        yield Text(heading, style)
        for number, line in enumerate(lines, 1):
            yield _indented(f"{number}. {line}", 2)


def _errors(report: RoundReport) -> Iterator[RenderableType]:
    kinds: dict[str, int] = {}
    for diagnostic in report.errors:
        kinds[diagnostic.code] = kinds.get(diagnostic.code, 0) + 1
    yield Text(f"资料库有错误，数不出来：{'，'.join(f'{CODES[code][1]} {n} 处' for code, n in kinds.items())}", RED)
    for diagnostic in report.errors[:MOST]:
        yield _indented(diagnostic.text(), 2)
    if len(report.errors) > MOST:
        yield _indented(f"……还有 {len(report.errors) - MOST} 个，caselib check 列出全部", 2)


# numbers


def _numbers(report: RoundReport) -> Iterator[RenderableType]:
    measure = report.words.measure
    announced = "公布数没有写" if report.announced is None else f"公布 {report.announced} {measure}"
    states = "、".join(f"{STATUS_LABELS.get(key, '撤销')} {number}" for key, number in report.states.items())
    yield Text(f"{announced}，入库 {report.recorded} {measure}（记录：{states}）")
    small = [d for d in report.dimensions if d.role not in ("place", METHOD)]
    yield Columns([_table(d.label, d.terms, d.unpublished) for d in sorted(small, key=lambda d: d.role != "award")])
    for places in report.dimensions:
        if places.role == "place":
            yield from _places(places, report.words)
    yield from _gaps(report)


def _columns(terms: Sequence[TermNumbers]) -> list[tuple[str, str]]:
    """The columns of numbers that say something: what was revoked, and records of any state, only where there are."""
    known = [(label, key) for label, key in NUMBERS if any(getattr(term, key) is not None for term in terms)]
    needless = set()
    if not any(term.revoked for term in terms):
        needless.add("revoked")
    if all(term.records == term.recorded + term.revoked for term in terms):
        needless.add("records")
    return [(label, key) for label, key in known if key not in needless]


def _cells(term: TermNumbers, columns: Sequence[tuple[str, str]]) -> list[Text]:
    cells = [Text("" if (value := getattr(term, key)) is None else str(value)) for _, key in columns]
    if term.announced is not None and term.announced != term.recorded + term.revoked:
        cells[-1].stylize(RED)
    return cells


def _table(
    label: str, terms: Sequence[TermNumbers], unpublished: int, columns: Sequence[tuple[str, str]] = ()
) -> Table:
    columns = columns or _columns(terms)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(label)
    for name, _ in columns:
        table.add_column(name, justify="right")
    for term in terms:
        table.add_row(term.name, *_cells(term, columns))
    if unpublished:
        table.add_row("未公布", *[""] * (len(columns) - 1), str(unpublished), style=QUIET)
    return table


def _places(places: DimensionNumbers, words: Words) -> Iterator[RenderableType]:
    """The places that have a number, in as many columns as the screen holds; the others are only counted."""
    terms = [term for term in places.terms if term.has_any]
    columns = _columns(terms)
    parts = [terms[start : start + ROWS] for start in range(0, len(terms), ROWS)]
    if parts:
        yield Columns([_table(places.label, part, 0, columns) for part in parts])
    rest = len(places.terms) - len(terms)
    if rest:
        yield Text(f"{'其余 ' if terms else ''}{rest} 个{places.label}没有{words.item}", QUIET)


def _gaps(report: RoundReport) -> Iterator[RenderableType]:
    """How many cases lack each field, those places first that lack most."""
    if not report.recorded:
        return
    rows = sorted((row for row in report.gaps if row.lacking), key=lambda row: -sum(row.lacking.values()))
    if not rows:
        yield Text("资料齐全，没有缺项")
        return
    labels = list(dict.fromkeys(label for row in rows for label in row.lacking))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("缺的资料", "入库"):
        table.add_column(heading, justify="left" if heading == "缺的资料" else "right")
    for label in labels:
        table.add_column(label, justify="right", overflow="fold")
    for row in rows[:ROWS]:
        table.add_row(row.place, str(row.cases), *[str(row.lacking.get(label) or "") for label in labels])
    if len(rows) > ROWS:
        rest = rows[ROWS:]
        sums = [str(sum(row.lacking.get(label, 0) for row in rest) or "") for label in labels]
        table.add_row(f"其余 {len(rest)} 处", str(sum(row.cases for row in rest)), *sums, style=QUIET)
    yield table


# rules, doubles, pictures


def _rules(report: RoundReport) -> Iterator[RenderableType]:
    if report.outcomes:
        yield Text("名额和资格", "bold")
    for outcome in report.outcomes:
        verdict, style = _verdict(outcome)
        line, column = report.rule_places.get(outcome.rule.key, (1, 1))
        place = f"{report.scheme_file}:{line}:{column}"
        head = Text.assemble("  ", (verdict, style), f" {outcome.rule.label}")
        if outcome.breaches:
            head.append(f"：{outcome.rule.message}")
        elif outcome.partial and not outcome.unknown:
            head.append("（只核对了库里有的记录）")
        head.append(f"  {place}", QUIET)
        yield head
        lines = [f"{breach.where}：{breach.detail}" for breach in outcome.breaches] + list(outcome.unknown)
        for text in lines[:MOST]:
            yield _indented(text, 6)
        if len(lines) > MOST:
            yield _indented(f"……还有 {len(lines) - MOST} 处，--json 列出全部", 6)


def _verdict(outcome: RuleOutcome) -> tuple[str, str]:
    if outcome.breaches:
        return ("不符", RED) if outcome.rule.severity == "error" else ("提示", "bold yellow")
    return ("未核", "yellow") if outcome.unknown else ("符合", GREEN)


def _likeness(report: RoundReport) -> Iterator[RenderableType]:
    yield Text.assemble(("重复", "bold"), f"  {len(report.twins)} 对可能是同一{report.words.item}")
    for twins in report.twins[:MOST]:
        yield _indented(twins.line(report.words), 6)
    if len(report.twins) > MOST:
        yield _indented(f"……还有 {len(report.twins) - MOST} 对，--json 列出全部", 6)
    pictures = report.pictures
    if pictures is not None:
        measure = report.words.measure
        counts = (
            f"  {pictures.with_pictures} {measure}有图片（共 {pictures.files} 张），{pictures.without} {measure}没有，"
        )
        yield Text.assemble(("图片", "bold"), counts, f"{len(pictures.twice)} 张用了两次")
        for same in pictures.twice[:MOST]:
            yield _indented(same.line(), 6)
    yield Text.assemble(("隐私", "bold"), f"  {len(report.private)} 处")


# for programs


def round_document(report: RoundReport) -> dict[str, Any]:
    """The report as JSON data; what could not be counted because of errors is left out."""
    found: dict[str, Any] = {
        "year": report.year,
        "label": report.label,
        "releasable": not report.reasons,
        "reasons": report.reasons,
        "hints": report.hints,
        "errors": [diagnostic.text() for diagnostic in report.errors],
        "private": len(report.private),
    }
    if report.errors:
        return found
    pictures = report.pictures
    assert pictures is not None
    return found | {
        "dates": {s.key: [day and day.isoformat() for day in (s.start, s.end)] for s in report.stages},
        "announced": report.announced,
        "recorded": report.recorded,
        "states": dict(report.states),
        "dimensions": [_dimension_document(dimension) for dimension in report.dimensions],
        "missing": [{"place": g.place, "cases": g.cases, "lacking": dict(g.lacking)} for g in report.gaps],
        "rules": [_rule_document(outcome, report) for outcome in report.outcomes],
        "duplicates": [
            {"ids": [t.first.id, t.second.id], "exact": t.is_exact, "title": t.title, "unit": t.unit, "text": t.text}
            for t in report.twins
        ],
        "pictures": {
            "with": pictures.with_pictures,
            "without": pictures.without,
            "files": pictures.files,
            "twice": [[same.first, same.second] for same in pictures.twice],
        },
    }


def _dimension_document(dimension: DimensionNumbers) -> dict[str, Any]:
    terms = []
    for term in dimension.terms:
        numbers = {key: getattr(term, key) for _, key in NUMBERS if getattr(term, key) is not None}
        terms.append({"name": term.name, "slug": term.slug, **numbers})
    return {"key": dimension.key, "label": dimension.label, "terms": terms, "unpublished": dimension.unpublished}


def _rule_document(outcome: RuleOutcome, report: RoundReport) -> dict[str, Any]:
    line, column = report.rule_places.get(outcome.rule.key, (1, 1))
    return {
        "key": outcome.rule.key,
        "message": outcome.rule.message,
        "severity": outcome.rule.severity,
        "place": {"file": report.scheme_file, "line": line, "column": column},
        "breaches": [{"where": b.where, "detail": b.detail, "ids": list(b.ids)} for b in outcome.breaches],
        "unknown": list(outcome.unknown),
    }
