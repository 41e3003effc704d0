"""Options and messages that commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from generator.build_state import CACHE
from generator.checking.diagnostics import Diagnostic, summary

if TYPE_CHECKING:
    from generator.changed import Changed
    from generator.scheme.model import Scheme
    from generator.scheme.words import Words

# How findings can be written.
FORMATS = ("text", "json", "github", "gitlab", "sarif")
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

changed_option = click.option(
    "--changed", "only_changed", is_flag=True, help="只看改动过的记录（用 git 与 --base 比较，没有提交的也算）。"
)
ref_option = click.option(
    "--base", "ref", metavar="分支", help="与哪个分支或提交比较，例如 origin/main；不写时是主分支。"
)


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


def asked_passphrase(passphrase_file: Path | None, name: str) -> bytes:
    """The passphrase of the private key that people call `name`: from the file, or asked for. Raises ReleaseError."""
    from generator.releases.keys import read_secret

    if passphrase_file is not None:
        return read_secret(passphrase_file, "口令文件").strip()
    return str(click.prompt(f"{name}的口令", hide_input=True, prompt_suffix="：")).encode()


def new_passphrase(passphrase_file: Path | None, no_passphrase: bool) -> bytes | None:
    """The passphrase for new keys, None for none; ends the command where it was typed differently."""
    from generator.releases.keys import read_secret

    if passphrase_file is not None:
        return read_secret(passphrase_file, "口令文件").strip() or None
    if no_passphrase:
        return None
    text = click.prompt("口令（直接回车表示不设）", default="", show_default=False, hide_input=True, prompt_suffix="：")
    if text and text != click.prompt("再输一次", hide_input=True, prompt_suffix="："):
        fail("两次输入的口令不同，没有新建")
    return str(text).encode() or None


def refuse_in_git(folder: Path) -> None:
    """Ends the command where private keys would come into a git repository."""
    if any((parent / ".git").exists() for parent in (folder.resolve(), *folder.resolve().parents)):
        fail(f"{folder} 在 git 库里；私钥不能放进资料库，请换一个文件夹")


def base_of(folder: Path) -> Path:
    """The folder that file names in messages are relative to: the current one where the library lies below it."""
    here = Path.cwd()
    return here if folder.resolve().is_relative_to(here) else folder.resolve().parent


def scheme_of(folder: Path, consequence: str) -> Scheme:
    """The scheme of the library in `folder`; ends the command, saying `consequence`, where it has an error."""
    from generator.records.library import SCHEME_FILE, shown_name
    from generator.scheme.reading import read_scheme

    path = folder / SCHEME_FILE
    scheme, found = read_scheme(path, shown_name(path, base_of(folder)))
    if scheme is None:
        for diagnostic in found:
            click.echo(diagnostic.text(), err=True)
        fail(f"方案有误，{consequence}", 1)
    return scheme


def words_of(folder: Path) -> Words:
    """What the scheme of the library in `folder` calls things; the common words where it cannot be read."""
    from generator.records.library import SCHEME_FILE
    from generator.scheme.reading import read_scheme
    from generator.scheme.words import Words

    scheme, _ = read_scheme(folder / SCHEME_FILE, SCHEME_FILE)
    return scheme.words if scheme else Words()


def changed_of(folder: Path, only_changed: bool, ref: str | None) -> Changed | None:
    """What differs from `ref` where only that is asked for; ends the command where git cannot say."""
    from generator.changed import GitError, changed_since

    if not only_changed and ref is None:
        return None
    try:
        return changed_since(folder, ref)
    except GitError as error:
        return fail(str(error))


def print_diagnostics(found: Sequence[Diagnostic], form: str = "text", most: int = 0) -> None:
    """Prints findings, at most `most` of them (0: all), and a summary. form: one of FORMATS."""
    from generator.checking import formats as finding_formats

    shown = found[:most] if most else found
    writers = {
        "json": finding_formats.as_json,
        "gitlab": finding_formats.as_code_quality,
        "sarif": finding_formats.as_sarif,
    }
    if form in writers:
        click.echo(writers[form](shown))
        return
    for diagnostic in shown:
        click.echo(finding_formats.as_annotation(diagnostic) if form == "github" else diagnostic.text())
    if len(shown) < len(found):
        click.echo(f"……还有 {len(found) - len(shown)} 条没有列出")
    click.echo(summary(found))
    first = next((diagnostic for diagnostic in found if diagnostic.is_error), None)
    if first is not None and form == "text":
        click.echo(f"怎样改、错和对的例子：caselib explain {first.code}")
