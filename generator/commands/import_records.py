"""`caselib import`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.shared import base_of, fail, library_option, scheme_of

if TYPE_CHECKING:
    from generator.importers.run import FileReport
    from generator.scheme.model import Scheme


@click.command("import")
@library_option
@click.option("--round", "year", type=int, help="届次（年份），不写时是方案里最新的一届。")
@click.option(
    "--as",
    "kind",
    type=click.Choice(["auto", "form", "table", "winners"]),
    default="auto",
    show_default=True,
    help="文件是什么：form 申报表，table 推荐汇总表，winners 获奖名单；auto 由内容判断。",
)
@click.option(
    "--status",
    type=click.Choice(["nominated", "notice", "announced"]),
    default="nominated",
    show_default=True,
    help="新记录的状态：nominated 推荐，notice 公示，announced 公布；名单加 notice 是拟获奖名单，只到公示。",
)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="栏目=值",
    help="表上没有或要改的值，例如 --set 工作单位=某公司；可以写多次。",
)
@click.option("--dry-run", is_flag=True, help="只看会怎样，什么也不写。")
@click.option("--fill", is_flag=True, help="已有的记录：补上空着的字段。")
@click.option("--overwrite", is_flag=True, help="已有的记录：按这次的内容改写。")
@click.option("--create", is_flag=True, help="获奖名单里没有对应记录的，新建记录。")
@click.option(
    "--accept", multiple=True, metavar="行号=编号", help="确认获奖名单的一行就是这条记录，例如 --accept 7=2023-00012。"
)
@click.option("--source-title", help="公布结果的网页或文件的标题；获奖名单需要。")
@click.option("--source-address", help="公布结果的网址。")
@click.option("--source-date", help="公布的日期，例如 2023-09-02。")
@click.option("--no-pictures", is_flag=True, help="不取文件里的图片。")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="报告的格式。"
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def import_records(
    folder: Path,
    year: int | None,
    kind: str,
    status: str,
    given: tuple[str, ...],
    dry_run: bool,
    fill: bool,
    overwrite: bool,
    create: bool,
    accept: tuple[str, ...],
    source_title: str | None,
    source_address: str | None,
    source_date: str | None,
    no_pictures: bool,
    form: str,
    paths: tuple[Path, ...],
) -> None:
    """把申报表、推荐汇总表、获奖名单变成记录，逐项报告收录、舍去、待确认和缺的内容。

    可以写许多文件或文件夹。电话、年龄、性别、地址、身份证号、邮箱一律舍去。已有的记录不会改动，除非加
    --fill 或 --overwrite。有待确认的内容时以状态 1 结束。例：caselib import 申报表.docx --dry-run
    """
    from generator.importers.options import Options
    from generator.importers.run import find_files, import_files
    from generator.importers.writing import Mode

    base = base_of(folder)
    scheme = scheme_of(folder, "不能导入")
    if year is not None and year not in scheme.by_year:
        fail(scheme.unknown_round(year))
    source = {"title": source_title, "address": source_address, "date": source_date}
    if any(source.values()) and not source_title:
        fail("写了来源的网址或日期，还要写标题：--source-title")
    mode = Mode.OVERWRITE if overwrite else Mode.FILL if fill else Mode.KEEP
    options = Options(
        folder=folder,
        base=base,
        scheme=scheme,
        year=year or max(scheme.by_year),
        kind=kind,
        status=status,
        mode=mode,
        dry_run=dry_run,
        create=create,
        pictures=not no_pictures,
        given=tuple(_given(entry, scheme) for entry in given),
        source=tuple((key, value) for key, value in source.items() if value),
        accepted=tuple(_accepted(entry) for entry in accept),
    )
    files = find_files(paths)
    if not files:
        fail("文件夹里没有可以导入的文件（.docx、.xlsx、.xls、.ods、.csv）")
    reports = import_files(files, options)
    _print(reports, base, form, dry_run)
    sys.exit(1 if any(report.needs_a_person for report in reports) else 0)


def _given(entry: str, scheme: Scheme) -> tuple[str, str]:
    """Key and value of `--set`; keys and labels of dimensions and further fields, and the unit, can be given."""
    from generator.checking.diagnostics import nearest
    from generator.importers.values import match_term, read_extra
    from generator.scheme.words import Words

    name, mark, text = entry.partition("=")
    name, text = name.strip(), text.strip()
    if not mark or not text:
        fail(f"--set 要写成 栏目=值，例如 --set {scheme.words.unit}=某公司；现在是「{entry}」")
    for dimension in scheme.dimensions:
        if name in (dimension.key, dimension.label):
            reading = match_term(dimension, text, scheme.forms.prefixes)
            if reading.value is None:
                fail(f"--set {name}：{reading.doubt}；可用：{'、'.join(dimension.names)}")
            return dimension.key, reading.value
    for extra in scheme.stored:
        if name in (extra.key, extra.label):
            reading = read_extra(extra, text)
            if reading.value is None:
                fail(f"--set {name}：{reading.doubt or '值不对'}")
            return extra.key, reading.value
    if name in ("unit", scheme.words.unit, Words().unit):
        return "unit", text
    names = [*(d.label for d in scheme.dimensions), *(extra.label for extra in scheme.stored), scheme.words.unit]
    close = nearest(name, names)
    return fail(f"--set 里没有「{name}」这一栏；可用：{'、'.join(names)}{f'；是否应为「{close}」？' if close else ''}")


def _accepted(entry: str) -> tuple[int, str]:
    row, _, case_id = entry.partition("=")
    if not row.strip().isdigit() or not case_id.strip():
        fail(f"--accept 要写成 行号=编号，例如 --accept 7=2023-00012；现在是「{entry}」")
    return int(row), case_id.strip()


def _print(reports: list[FileReport], base: Path, form: str, dry_run: bool) -> None:
    from generator.importers.run import report_lines, report_row, totals

    if form == "json":
        click.echo(json.dumps([report_row(report, base) for report in reports], ensure_ascii=False, indent=1))
        return
    for report in reports:
        for line in report_lines(report, base, dry_run=dry_run):
            click.echo(line)
    click.echo(totals(reports, dry_run=dry_run))
