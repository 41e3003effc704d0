"""`caselib check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.commands.shared import (
    FORMATS,
    base_of,
    cache_option,
    jobs_option,
    library_option,
    print_diagnostics,
    quiet_option,
)
from generator.diagnostics import has_errors


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
@quiet_option
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
def check(
    folder: Path, cache: Path, jobs: int, form: str, max_errors: int, quiet: bool, paths: tuple[Path, ...]
) -> None:
    """检查记录，一次列出全部问题；有错误时以状态 1 结束。

    不写路径时检查整个资料库，写了路径时只列出这些文件或文件夹的问题。例：caselib check cases/2023
    """
    from generator.progress import progress
    from generator.reading import read_library

    base = base_of(folder)
    with progress(quiet=quiet or form != "text") as show:
        told = (lambda done, total: show("记录", done, total)) if show else None
        _, found = read_library(folder, base, cache=cache, jobs=jobs, progress=told)
    if paths:
        wanted = [path.resolve() for path in paths]
        found = [d for d in found if any((base / d.file).resolve().is_relative_to(path) for path in wanted)]
    if not quiet or has_errors(found):
        print_diagnostics(found, form, max_errors)
    sys.exit(1 if has_errors(found) else 0)
