"""`caselib check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.checking.diagnostics import has_errors
from generator.commands.shared import (
    FORMATS,
    base_of,
    cache_option,
    changed_of,
    changed_option,
    jobs_option,
    library_option,
    print_diagnostics,
    quiet_option,
    ref_option,
)


@click.command()
@library_option
@cache_option
@jobs_option
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="输出格式；github、gitlab、sarif 在合并请求里标出行。",
)
@click.option("--max-errors", type=click.IntRange(0), default=0, show_default=True, help="最多列出多少条，0 表示全部。")
@changed_option
@ref_option
@click.option(
    "--summary",
    type=click.Path(path_type=Path, dir_okay=False),
    help="把全部问题列成一张表（Markdown），接在这个文件的末尾。",
)
@quiet_option
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
def check(
    folder: Path,
    cache: Path,
    jobs: int,
    form: str,
    max_errors: int,
    only_changed: bool,
    ref: str | None,
    summary: Path | None,
    quiet: bool,
    paths: tuple[Path, ...],
) -> None:
    """检查记录，一次列出全部问题；有错误时以状态 1 结束。

    不写路径时检查整个资料库，写了路径时只列出这些文件或文件夹的问题；--changed 只列出改动过的记录的问题，
    编号重复和方案的问题总会列出。例：caselib check cases/2023
    """
    from generator.checking.formats import as_table
    from generator.progress import progress
    from generator.reading import read_library

    base = base_of(folder)
    changed = changed_of(folder, only_changed, ref)
    with progress(quiet=quiet or form != "text") as show:
        told = (lambda done, total: show("记录", done, total)) if show else None
        _, found = read_library(folder, base, cache=cache, jobs=jobs, progress=told)
    if paths:
        wanted = [path.resolve() for path in paths]
        found = [d for d in found if any((base / d.file).resolve().is_relative_to(path) for path in wanted)]
    if changed is not None:
        everything = len(found)
        found = changed.concerned(found, base)
        rest = f"其他记录的 {everything - len(found)} 个问题没有列出"
        if changed.scheme:
            rest = "方案也改了，列出所有记录的问题"
        click.echo(f"改动了 {len(changed.ids)} 条记录；{rest}", err=True)
    if summary is not None:
        with summary.open("a", encoding="utf-8") as stream:
            stream.write(as_table(found))
    if not quiet or has_errors(found):
        print_diagnostics(found, form, max_errors)
    sys.exit(1 if has_errors(found) else 0)
