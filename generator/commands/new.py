"""`caselib new`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.shared import base_of, fail, library_option, scheme_of

if TYPE_CHECKING:
    from generator.new_record import Question


@click.command()
@library_option
@click.option("--round", "year", type=int, help="届次（年份），不写时会问。")
@click.option("--status", type=click.Choice(["nominated", "notice", "announced"]), help="状态，不写时会问。")
def new(folder: Path, year: int | None, status: str | None) -> None:
    """一问一答地新建一条记录：只给可用的值，编号自动取下一个。

    例：caselib new --round 2023
    """
    from generator.importers.known_records import next_number, record_id, scan_records
    from generator.importers.matching import TitleIndex
    from generator.new_record import STATUS_LABELS, questions, write_new
    from generator.records.library import shown_name

    base = base_of(folder)
    scheme = scheme_of(folder, "不能新建")
    years = sorted(scheme.by_year)
    if year is not None and year not in scheme.by_year:
        fail(scheme.unknown_round(year))
    if year is None:
        year = int(_choose(scheme.words.rounds, [str(known) for known in years], str(years[-1])))
    if status is None:
        labels = list(STATUS_LABELS.values())
        chosen = _choose("状态", labels, labels[0])
        status = next(key for key, label in STATUS_LABELS.items() if label == chosen)
    click.echo(f"编号将是 {record_id(year, next_number(folder, year))}。选填的栏目直接回车跳过，按 Ctrl+C 放弃。")
    known = scan_records(folder, base)
    index = TitleIndex([record.title for record in known])
    answers: dict[str, str] = {}
    for question in questions(scheme, status, year):
        answer = _ask(question)
        if not answer:
            continue
        answers[question.key] = answer
        if question.key == "title":
            for number, likeness in sorted(index.near(answer), key=lambda entry: -entry[1])[:3]:
                record = known[number]
                told = f"  注意：与 {record.id}「{record.title}」（{record.unit}）相似 {likeness:.0f}%，"
                click.echo(f"{told}请看是否同一{scheme.words.item}。")
    path, findings = write_new(answers, scheme, folder, year, status)
    click.echo(f"已写入 {shown_name(path.resolve(), base)}。简介的各节请在文件里填写。")
    for text in findings:
        click.echo(text)
    sys.exit(0)


def _choose(label: str, values: list[str], default: str) -> str:
    """One of a few values, by number or name."""
    click.echo(f"{label}：" + "  ".join(f"{n} {value}" for n, value in enumerate(values, 1)))
    while True:
        text = click.prompt(label, default=default, prompt_suffix="：").strip()
        if text in values:
            return str(text)
        if text.isdigit() and 1 <= int(text) <= len(values):
            return values[int(text) - 1]
        click.echo(f"  没有「{text}」；可用：{'、'.join(values)}")


def _ask(question: Question) -> str:
    """The answer as a value of the record; empty where it was left out."""
    if question.choices:
        click.echo(f"{question.label}：" + "  ".join(f"{n} {name}" for n, name in enumerate(question.choices, 1)))
    needed = question.need == "required"
    hint = "，".join(filter(None, ("必填" if needed else "选填", question.help if not question.choices else "")))
    while True:
        text = click.prompt(f"{question.label}（{hint}）", default="", show_default=False, prompt_suffix="：").strip()
        if not text:
            if not needed:
                return ""
            click.echo(f"  {question.label}必填。")
            continue
        reading = question.check(text)
        if reading.value is not None:
            return reading.value
        click.echo(f"  {reading.doubt}")
