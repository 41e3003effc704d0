"""The command `caselib`: parses, calls one function, prints."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from generator import __version__
from generator.diagnostics import Diagnostic, has_errors, summary

FOLDER = click.Path(path_type=Path, file_okay=False)
JOBS = os.cpu_count() or 1


def fail(message: str, code: int = 2) -> NoReturn:
    """Ends the command with one line."""
    click.echo(f"caselib: {message}", err=True)
    sys.exit(code)


library_option = click.option(
    "--library", "folder", type=FOLDER, default=Path("cases"), show_default=True, help="资料库的文件夹。"
)
cache_option = click.option(
    "--cache", type=FOLDER, default=Path(".cache"), show_default=True, help="缓存的文件夹，可以随时删除。"
)
jobs_option = click.option("--jobs", type=click.IntRange(1, 256), default=JOBS, show_default=True, help="同时工作的进程数。")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="caselib")
def caselib() -> None:
    """岗位创新案例库：检查记录、生成网站、检索案例。"""


def print_diagnostics(found: Sequence[Diagnostic], form: str = "text", most: int = 0) -> None:
    """Prints findings, at most `most` of them (0: all), and a summary."""
    shown = found[:most] if most else found
    if form == "json":
        rows = [
            {
                "file": d.file,
                "line": d.line,
                "column": d.column,
                "severity": str(d.severity),
                "code": d.code,
                "message": d.message,
                "allowed": d.allowed,
                "nearest": d.nearest,
            }
            for d in shown
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for diagnostic in shown:
        if form == "github":
            click.echo(
                f"::{diagnostic.severity} file={diagnostic.file},line={diagnostic.line},col={diagnostic.column},"
                f"title={diagnostic.code}::{diagnostic.explanation()}"
            )
        else:
            click.echo(diagnostic.text())
    if len(shown) < len(found):
        click.echo(f"……还有 {len(found) - len(shown)} 条没有列出")
    click.echo(summary(found))


@caselib.command()
@library_option
@cache_option
@jobs_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True, help="输出格式。"
)
@click.option("--max-errors", type=click.IntRange(0), default=0, show_default=True, help="最多列出多少条，0 表示全部。")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def check(folder: Path, cache: Path, jobs: int, form: str, max_errors: int, paths: tuple[Path, ...]) -> None:
    """检查记录，一次列出全部问题；有错误时以状态 1 结束。

    不写路径时列出整个资料库的问题，写了路径时只列出这些文件或文件夹的。例：caselib check cases/2023
    """
    from generator.reading import read_library

    _, found = read_library(folder, _base(folder), cache=cache, jobs=jobs)
    if paths:
        wanted = [path.resolve() for path in paths]
        base = _base(folder).resolve()
        found = [d for d in found if any((base / d.file).resolve().is_relative_to(path) for path in wanted)]
    print_diagnostics(found, form, max_errors)
    sys.exit(1 if has_errors(found) else 0)


def _base(folder: Path) -> Path:
    """The folder that file names in messages are relative to: the current one where the library lies below it."""
    here = Path.cwd()
    return here if folder.resolve().is_relative_to(here) else folder.resolve().parent


@caselib.command()
@click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), default=Path("mkdocs.yml"), show_default=True, help="配置文件。"
)
@click.option("--quiet", is_flag=True, help="只在出错时说话。")
def build(config: Path, quiet: bool) -> None:
    """检查并生成网站；有错误时已发布的网站不变。例：caselib build"""
    from generator.shell import ShellError, build_with_mkdocs

    try:
        report = build_with_mkdocs(config)
    except ShellError as error:
        fail(str(error), 1)
    if not quiet:
        click.echo(f"网站共 {report.files} 个文件，这次生成 {report.made} 个（第 {report.number} 版）")


def main() -> None:
    """Entry point: what a user did wrong is a line, never a traceback."""
    caselib()


if __name__ == "__main__":
    main()
