"""Imports files: reads each into drafts, joins those of one project, plans the records, writes them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from generator.importers.application_form import is_form, read_forms
from generator.importers.conversion import as_docx
from generator.importers.draft import Draft, Finding, Outcome, apply_given, sorted_findings
from generator.importers.known_records import KnownRecord, next_number, scan_records
from generator.importers.matching import TitleIndex, plain_key, same_unit, unit_likeness
from generator.importers.options import Options
from generator.importers.pictures import take_pictures
from generator.importers.safe_files import UnreadableFileError, kind_of
from generator.importers.scrub import Scrubber
from generator.importers.sheet_reader import read_sheets
from generator.importers.summary_table import SummaryTable, read_tables
from generator.importers.winners import Winners, match_winners
from generator.importers.word_reader import read_document
from generator.importers.writing import Action, Plan, plan_existing, plan_new, write_plan
from generator.records.library import shown_name

SUFFIXES = frozenset(
    (
        ".docx",
        ".doc",
        ".odt",
        ".rtf",
        ".pdf",
        ".xlsx",
        ".xls",
        ".ods",
        ".csv",
        ".tsv",
        ".txt",
        ".docm",
        ".xlsm",
        ".wps",
        ".et",
    )
)
KINDS = ("auto", "form", "table", "winners")


@dataclass
class FileReport:
    """What became of one file. error: why it was not read; the notes are about the file as a whole."""

    file: str
    kind: str = ""
    error: str = ""
    notes: list[str] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    winners: Winners | None = None

    @property
    def needs_a_person(self) -> bool:
        return (
            bool(self.error)
            or any(plan.needs_a_person for plan in self.plans)
            or (self.winners is not None and self.winners.needs_a_person)
        )


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files of `paths`, those in folders among them, in order; temporary files of office programs left out."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders.sort()
                files = (Path(folder) / name for name in sorted(names))
                found += [f for f in files if f.suffix.lower() in SUFFIXES and not f.name.startswith((".", "~$"))]
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def import_files(paths: Sequence[Path], options: Options) -> list[FileReport]:
    """A report for each file; the records are written unless it is a dry run."""
    reports = [read_file(path, options) for path in paths]
    known = scan_records(options.folder, options.base)
    _plan_all(list(zip(paths, reports, strict=True)), known, options)
    return reports


@contextmanager
def _docx(path: Path, kind: str) -> Iterator[Path]:
    with nullcontext(path) if kind == "docx" else as_docx(path, kind) as made:
        yield made


def read_file(path: Path, options: Options) -> FileReport:
    """The drafts in one file, or why it could not be read; nothing is planned or written."""
    shown, _ = Scrubber().clean(path.name)
    report = FileReport(shown)
    try:
        kind = kind_of(path)
        if kind in ("xlsx", "xls", "ods", "text"):
            sheets, notes = read_sheets(path, kind)
            report.notes = [Scrubber().clean(note)[0] for note in notes]
            for sheet in sheets:
                sheet.name, _ = Scrubber().clean(sheet.name)
            _take_tables(report, read_tables(sheets, [], options.scheme, shown), options)
        else:
            with _docx(path, kind) as document:
                content = read_document(document)
            form = options.kind == "form" or (options.kind == "auto" and is_form(content, options.scheme))
            if form:
                report.kind = "申报表"
                report.drafts = read_forms(content, options.scheme, shown)
            else:
                _take_tables(report, read_tables(content.tables, content.blocks, options.scheme, shown), options)
        if not report.error and not any(draft.value for draft in report.drafts) and report.winners is None:
            report.drafts = []
            report.notes = []
            report.error = "是一张空表，没有填写" if report.kind else _nothing_found(options)
    except UnreadableFileError as error:
        report.error = str(error)
    except RecursionError:
        report.error = "里面的内容嵌套太深，没有读"
    return report


def _nothing_found(options: Options) -> str:
    return options.scheme.words.said("没有找到申报表、推荐汇总表或{awarded}名单；表上要有「{item}名称」一栏")


def _take_tables(report: FileReport, tables: list[SummaryTable], options: Options) -> None:
    """The rows of tables as drafts, or as winners where the table names awards."""
    for table in tables:
        report.notes += [Scrubber().clean(note)[0] for note in table.notes]
        if options.kind == "winners" or (options.kind == "auto" and table.has_awards):
            report.kind = options.scheme.words.said("{awarded}名单")
            report.winners = report.winners or Winners()
            report.winners.drafts += table.drafts
        else:
            report.kind = report.kind or "推荐汇总表"
            report.drafts += table.drafts


def _plan_all(entries: list[tuple[Path, FileReport]], known: list[KnownRecord], options: Options) -> None:
    """Plans and writes the records of every file in order."""
    here = [record for record in known if record.path.parent.name == str(options.year)]
    by_key: dict[str, list[KnownRecord]] = {}
    for record in here:
        by_key.setdefault(plain_key(record.title), []).append(record)
    index = TitleIndex([record.title for record in known])
    number = next_number(options.folder, options.year)
    fresh: dict[tuple[str, str], Draft] = {}
    homes: dict[int, tuple[Path, FileReport]] = {}
    for path, report in entries:
        for draft in report.drafts:
            if not draft.value:
                continue
            if not draft.value.get("title"):
                reason = options.scheme.words.said("没有{item}名称，不能成为一条记录")
                plan = Plan(draft, "", options.folder, Action.REFUSED, reason=reason)
                report.plans.append(plan)
                continue
            key = (plain_key(draft.value["title"]), plain_key(draft.value.get("unit") or ""))
            twin = fresh.get(key) or next(
                (d for k, d in fresh.items() if k[0] == key[0] and not (k[1] and key[1])), None
            )
            if twin is not None:
                _join(twin, draft)
                item = options.scheme.words.item
                report.notes.append(f"「{draft.value['title']}」与 {twin.origin} 是同一个{item}，并成一条记录")
                continue
            fresh[key] = draft
            homes[id(draft)] = (path, report)
    for (title, _), draft in fresh.items():
        path, report = homes[id(draft)]
        apply_given(draft, options.given)
        same = [r for r in by_key.get(title, ()) if same_unit(r.unit, draft.value.get("unit") or "")]
        if same:
            plan = plan_existing(draft, same[0], options.mode)
        else:
            _warn_of_twins(draft, index, known)
            pictures = take_pictures(path, draft) if options.pictures and draft.pictures else []
            plan = plan_new(draft, options.folder, options.year, number, options.status, pictures)
            number += plan.action is Action.NEW
        _write(plan, options)
        report.plans.append(plan)
    for _, report in entries:
        if report.winners is not None:
            number = match_winners(report.winners, here, options, number)
            for plan in report.winners.plans:
                _write(plan, options)
                report.plans.append(plan)


def _write(plan: Plan, options: Options) -> None:
    if plan.writes and not options.dry_run:
        try:
            write_plan(plan, options.scheme)
        except FileExistsError:
            plan.action, plan.reason = Action.REFUSED, f"{plan.id} 刚刚被别人用了，没有改动；请再运行一次"
        except OSError as error:
            plan.action, plan.reason = Action.REFUSED, f"写不进去：{error.strerror}"
    # The contents are in place now, and 200 forms hold many.
    plan.pictures.clear()


def _join(draft: Draft, other: Draft) -> None:
    """Adds to `draft` what only `other`, another paper of the same project, has."""
    for key, value in other.value.items():
        mine = draft.value.get(key)
        if not mine:
            draft.take(key, value, f"{other.origin} {other.places.get(key, '')}")
            draft.doubts.pop(key, None)
            label = draft.label(key)
            draft.findings = [
                f for f in draft.findings if f.label != label or f.outcome not in (Outcome.MISSING, Outcome.DOUBTFUL)
            ]
        elif isinstance(value, str) and plain_key(str(mine)) != plain_key(value):
            draft.doubt(
                key, f"{other.origin} 写的是「{value[:60]}」，收录的是「{str(mine)[:60]}」", other.places.get(key, "")
            )
    draft.findings += [finding for finding in other.findings if finding.outcome is Outcome.DROPPED]


def _warn_of_twins(draft: Draft, index: TitleIndex, known: Sequence[KnownRecord]) -> None:
    """Points at records that may be the same project under nearly the same title."""
    title, unit = draft.value["title"], draft.value.get("unit") or ""
    near = sorted(index.near(title), key=lambda entry: -entry[1])
    for number, likeness in near[:3]:
        record = known[number]
        alike = unit_likeness(unit, record.unit)
        if likeness < 100 and alike < 60:
            continue
        message = (
            f"与 {record.id}「{record.title}」（{record.unit or '单位未写'}）名称相似 {likeness:.0f}%；请看是否重复"
        )
        draft.doubt("title", message, "", label="是否重复")


def report_lines(report: FileReport, base: Path, *, dry_run: bool) -> Iterator[str]:
    """The report of one file, for a person."""
    yield f"■ {report.file}{f'（{report.kind}）' if report.kind else ''}"
    if report.error:
        yield f"  没有导入：{report.error}"
    for note in report.notes:
        yield f"  提示：{note}"
    in_full = report.kind == "申报表"
    for plan in report.plans:
        yield from _plan_lines(plan, base, dry_run, in_full)
    if report.winners is None and not in_full:
        absent = Counter(f.label for plan in report.plans for f in plan.draft.of(Outcome.MISSING))
        yield from (f"    缺      {label}：{count} 条" for label, count in absent.items())
    if report.winners is not None:
        yield from report.winners.lines()


def _plan_lines(plan: Plan, base: Path, dry_run: bool, in_full: bool) -> Iterator[str]:
    title = plan.draft.value.get("title", "")
    shown = _shown(plan.path, base)
    if plan.action is Action.REFUSED:
        yield f"  ✗ {title or plan.draft.origin}：没有写：{plan.reason}"
    else:
        will = "（试运行，没有写）" if dry_run and plan.writes else ""
        yield f"  → {shown}　{plan.action}{will}"
    findings = sorted_findings(plan.draft)
    if in_full:
        yield from (f"    {_finding_line(finding)}" for finding in findings)
    else:
        taken = [finding.label for finding in findings if finding.outcome is Outcome.TAKEN]
        # Of a record that is there, the changes below say more.
        yield f"    {title}" if plan.before else f"    收录    {title}：{'、'.join(taken)}"
        shown_ones = [finding for finding in findings if finding.outcome in (Outcome.DROPPED, Outcome.DOUBTFUL)]
        yield from (f"    {_finding_line(finding)}" for finding in shown_ones)
    if plan.changes:
        yield "    与已有记录的不同："
        yield from (f"      {change}" for change in plan.changes)
        if plan.action is Action.KEPT:
            yield "      没有改动已有记录；只补空着的字段请加 --fill，全部按这次的改写请加 --overwrite"
    for problem in plan.problems:
        if problem.code != "field-missing" or not plan.draft.doubts:
            yield f"    检查  第 {problem.line} 行：{problem.explanation()} [{problem.code}]"


def _shown(path: Path, base: Path) -> str:
    return shown_name(path.resolve(), base)


def _finding_line(finding: Finding) -> str:
    words = [finding.label]
    if finding.shown:
        shown = " ".join(finding.shown.split())
        words.append(f"：{shown[:60]}{'…' if len(shown) > 60 else ''}")
    if finding.message:
        words.append(f"（{finding.message}）" if finding.shown else f"：{finding.message}")
    width = 6 - len(finding.outcome) * 2
    place = f"　[{finding.place}]" if finding.place else ""
    return f"{finding.outcome}{' ' * width}  {''.join(words)}{place}"


def report_row(report: FileReport, base: Path) -> dict[str, object]:
    """The report of one file as data."""
    return {
        "file": report.file,
        "kind": report.kind,
        "error": report.error,
        "notes": report.notes,
        "records": [
            {
                "id": plan.id,
                "path": _shown(plan.path, base),
                "action": str(plan.action),
                "reason": plan.reason,
                "changes": plan.changes,
                "findings": [
                    {
                        "outcome": str(finding.outcome),
                        "label": finding.label,
                        "message": finding.message,
                        "place": finding.place,
                        "value": finding.shown,
                    }
                    for finding in sorted_findings(plan.draft)
                ],
            }
            for plan in report.plans
        ],
        "to_confirm": [
            {"row": draft.origin, "title": draft.value["title"], "candidates": [c.record.id for c in candidates]}
            for draft, candidates in (report.winners.to_confirm if report.winners else ())
        ],
        "unmatched": [draft.value["title"] for draft in (report.winners.unmatched if report.winners else ())],
    }


def totals(reports: Sequence[FileReport], *, dry_run: bool) -> str:
    """One line that counts, and what to do next."""
    plans = [plan for report in reports for plan in report.plans]
    new = sum(plan.action is Action.NEW for plan in plans)
    changed = sum(plan.action is Action.CHANGED for plan in plans)
    kept = sum(plan.action in (Action.KEPT, Action.SAME) for plan in plans)
    failed = sum(bool(report.error) for report in reports) + sum(plan.action is Action.REFUSED for plan in plans)
    doubts = sum(len(plan.draft.of(Outcome.DOUBTFUL)) for plan in plans)
    head = f"{len(reports)} 个文件：新记录 {new} 条，改写 {changed} 条，已有未动 {kept} 条，没有导入 {failed} 处"
    head += f"；待确认 {doubts} 处"
    if dry_run:
        return f"{head}\n这是试运行，什么也没有写；去掉 --dry-run 再运行一次就写入。"
    if new or changed:
        more = "记录里以「# 待确认」开头的行写着要看的地方，改好后删去该行；" if doubts else ""
        return f"{head}\n{more}然后运行 caselib check。"
    return head
