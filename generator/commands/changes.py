"""`caselib changes`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.shared import changed_of, library_option, ref_option, scheme_of


@click.command()
@library_option
@ref_option
@click.option("--pictures-at", default="", metavar="网址", help="仓库文件的网址，写了就在说明里显示图片。")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="写到这个文件，而不是显示出来。")
def changes(folder: Path, ref: str | None, pictures_at: str, output: Path | None) -> None:
    """说明改动对读者意味着什么：每条记录改前、改后的字段和图片（Markdown，可以贴在合并请求里）。

    例：caselib changes --base origin/main
    """
    from generator.changes import changes_text, record_changes

    scheme = scheme_of(folder, "不能比较")
    changed = changed_of(folder, True, ref)
    assert changed is not None
    text = changes_text(record_changes(changed, scheme), pictures_at)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")
