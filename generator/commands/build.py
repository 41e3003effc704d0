"""`caselib build`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.shared import config_option, fail, quiet_option


@click.command()
@config_option
@quiet_option
def build(config: Path, quiet: bool) -> None:
    """检查并生成网站；有错误时已发布的网站不变。

    例：caselib build
    """
    from generator.shell import Shell, ShellError

    try:
        report = Shell(config).build()
    except ShellError as error:
        fail(str(error), 1)
    if not quiet:
        click.echo(f"网站共 {report.files} 个文件，这次生成 {report.made} 个（第 {report.number} 版）")
