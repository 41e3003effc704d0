"""`caselib diff`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from generator.commands.shared import base_of, cache_option, fail, jobs_option, library_option, words_of


@click.command()
@library_option
@cache_option
@jobs_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.argument("before")
@click.argument("after", required=False)
def diff(folder: Path, cache: Path, jobs: int, as_json: bool, before: str, after: str | None) -> None:
    """比较两次发布：新增、更正、撤销了哪些，数目变了多少；文字可以直接用在通告里。

    只写一版时，与现在的资料库比较。例：caselib diff 2023.1 2023.2
    """
    from generator.released.errors import ReleaseError
    from generator.released.ledger import read_ledger
    from generator.released.names import parse_name
    from generator.releases.difference import as_data, compare, words
    from generator.releases.registering import register_present

    try:
        old = read_ledger(folder, parse_name(before))
        if after is None:
            new = register_present(folder, base_of(folder), cache, jobs)
        else:
            new = read_ledger(folder, parse_name(after))
            if new.name < old.name:
                raise ReleaseError(f"先写较早的一版：caselib diff {new.name} {old.name}")
    except ReleaseError as error:
        fail(str(error), 1)
    difference = compare(old, new)
    if as_json:
        click.echo(json.dumps(as_data(difference), ensure_ascii=False, indent=1))
        return
    for line in words(difference, words_of(folder)):
        click.echo(line)
