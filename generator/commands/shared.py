"""Options and messages that commands share."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

import click

from generator.build_state import CACHE
from generator.diagnostics import Diagnostic, summary

JOBS = os.cpu_count() or 1
FOLDER = click.Path(path_type=Path, file_okay=False)

library_option = click.option(
    "--library", "folder", type=FOLDER, default=Path("cases"), show_default=True, help="资料库的文件夹。"
)
cache_option = click.option(
    "--cache", type=FOLDER, default=Path(CACHE), show_default=True, help="缓存的文件夹，可以随时删除。"
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 256), default=JOBS, show_default=True, help="同时工作的进程数。"
)
config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("mkdocs.yml"),
    show_default=True,
    help="配置文件。",
)
json_option = click.option("--json", "as_json", is_flag=True, help="进度和结果以 JSON 输出，一行一条。")
passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="从这个文件（权限 0600）读私钥的口令，而不是询问。",
)
quiet_option = click.option("--quiet", is_flag=True, help="只在出错时说话。")


def day_of(_context: click.Context, _parameter: click.Parameter, value: str | None) -> date | None:
    """The day that an option names, None where it was not given."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"「{value}」不是日期；请写成 2026-11-24 的样子") from None


def fail(message: str, code: int = 2) -> NoReturn:
    """Ends the command with one line. code: 1 for findings, 2 for wrong use."""
    click.echo(f"caselib: {message}", err=True)
    sys.exit(code)


def base_of(folder: Path) -> Path:
    """The folder that file names in messages are relative to: the current one where the library lies below it."""
    here = Path.cwd()
    return here if folder.resolve().is_relative_to(here) else folder.resolve().parent


def print_diagnostics(found: Sequence[Diagnostic], form: str = "text", most: int = 0) -> None:
    """Prints findings, at most `most` of them (0: all), and a summary. form: text, json or github."""
    shown = found[:most] if most else found
    if form == "json":
        click.echo(json.dumps([_as_row(diagnostic) for diagnostic in shown], ensure_ascii=False, indent=1))
        return
    for diagnostic in shown:
        click.echo(_as_annotation(diagnostic) if form == "github" else diagnostic.text())
    if len(shown) < len(found):
        click.echo(f"……还有 {len(found) - len(shown)} 条没有列出")
    click.echo(summary(found))


def _as_row(diagnostic: Diagnostic) -> dict[str, str | int]:
    return {
        "file": diagnostic.file,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "severity": str(diagnostic.severity),
        "code": diagnostic.code,
        "message": diagnostic.message,
        "allowed": diagnostic.allowed,
        "nearest": diagnostic.nearest,
    }


def _as_annotation(diagnostic: Diagnostic) -> str:
    """A workflow command of GitHub Actions, which escapes these characters so."""
    text = diagnostic.explanation().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    place = f"file={diagnostic.file},line={diagnostic.line},col={diagnostic.column}"
    return f"::{diagnostic.severity} {place},title={diagnostic.code}::{text}"
