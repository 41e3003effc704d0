"""`caselib serve`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.shared import config_option, fail


@click.command()
@config_option
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="端口；被占用时用下一个。")
def serve(config: Path, port: int) -> None:
    """生成网站并在本机打开；保存记录后网页自动更新，按 Ctrl+C 结束。

    例：caselib serve --port 8080
    """
    from generator.preview.serving import Preview
    from generator.shell import ShellError

    preview = Preview(config, port, say=click.echo)
    try:
        preview.start()
    except ShellError as error:
        fail(str(error), 1)
    click.echo(f"网站在 {preview.address} ，按 Ctrl+C 结束")
    try:
        preview.watch()
    except KeyboardInterrupt:
        click.echo("已结束")
    finally:
        preview.stop()
