"""`caselib reviewers`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.shared import base_of, changed_of, fail, library_option, ref_option, scheme_of


@click.command()
@library_option
@ref_option
@click.option("--codeowners", is_flag=True, help="写出 CODEOWNERS 的内容（方案和程序的审核人），而不是改动的审核人。")
def reviewers(folder: Path, ref: str | None, codeowners: bool) -> None:
    """列出改动应当由谁审核：按记录的地区，在资料库的 reviewers.yml 里写明各地区的平台账号，一行一个。

    例：caselib reviewers --base origin/main
    """
    from generator import reviewers as people
    from generator.records.library import REVIEWERS_FILE, shown_name

    scheme = scheme_of(folder, "看不出地区")
    path = folder / REVIEWERS_FILE
    named, found = people.read_reviewers(path, shown_name(path, base_of(folder)), scheme)
    if named is None:
        fail("\n".join(diagnostic.text() for diagnostic in found), 1)
    if codeowners:
        click.echo(people.codeowners(named, f"{folder.as_posix().strip('/')}/"), nl=False)
        return
    changed = changed_of(folder, True, ref)
    assert changed is not None
    for account in people.reviewers_of(changed, named, scheme):
        click.echo(account)
