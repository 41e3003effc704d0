"""Options and messages that commands share."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from generator.build_state import CACHE
from generator.diagnostics import Diagnostic, summary

if TYPE_CHECKING:
    from generator.scheme import Scheme

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
quiet_option = click.option("--quiet", is_flag=True, help="只在出错时说话。")


def fail(message: str, code: int = 2) -> NoReturn:
    """Ends the command with one line. code: 1 for findings, 2 for wrong use."""
    click.echo(f"caselib: {message}", err=True)
    sys.exit(code)


def base_of(folder: Path) -> Path:
    """The folder that file names in messages are relative to: the current one where the library lies below it."""
    here = Path.cwd()
    return here if folder.resolve().is_relative_to(here) else folder.resolve().parent


def scheme_of(folder: Path, consequence: str) -> Scheme:
    """The scheme of the library in `folder`; ends the command, saying `consequence`, where it has an error."""
    from generator.library import SCHEME_FILE, shown_name
    from generator.scheme import read_scheme

    path = folder / SCHEME_FILE
    scheme, found = read_scheme(path, shown_name(path, base_of(folder)))
    if scheme is None:
        for diagnostic in found:
            click.echo(diagnostic.text(), err=True)
        fail(f"方案有误，{consequence}", 1)
    return scheme


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
