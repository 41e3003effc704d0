"""`caselib edit`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.shared import config_option, fail


@click.command()
@config_option
@click.option("--port", type=click.IntRange(0, 65535), default=8100, show_default=True, help="端口；被占用时用下一个。")
@click.option("--no-browser", is_flag=True, help="不自动打开浏览器，只显示地址。")
@click.argument("record", required=False)
def edit(config: Path, port: int, no_browser: bool, record: str | None) -> None:
    """在浏览器里填表、预览和保存记录；写记录的编号就直接打开它，按 Ctrl+C 结束。

    只在本机能打开。把申报表（.docx）拖进网页就填好表，图片也可以拖进去。例：caselib edit 2023-00001
    """
    from generator.editing.editor import Editor, EditorError

    try:
        editor = Editor(config, port, record or "")
    except EditorError as error:
        fail(str(error), 1)
    try:
        click.echo(f"编辑器在 {editor.address}\n只在这台电脑上能打开；按 Ctrl+C 结束")
        if not no_browser:
            click.launch(editor.address)
        editor.run()
    except KeyboardInterrupt:
        click.echo("已结束")
    finally:
        editor.close()
