"""`caselib build`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from generator.commands.shared import config_option, fail, json_option, quiet_option


@click.command()
@config_option
@click.option("--notice", type=int, help="公示这一届（年份）：状态为 notice 的项目单列一页，不进案例库。")
@quiet_option
@json_option
def build(config: Path, notice: int | None, quiet: bool, as_json: bool) -> None:
    """检查并生成网站；有错误时已发布的网站不变。

    公示期内用 --notice，期满后照常生成，公示页随之撤下。例：caselib build --notice 2024
    """
    from generator.progress import progress
    from generator.shell import Shell, ShellError

    try:
        with progress(quiet=quiet, as_json=as_json) as show:
            report = Shell(config).build(show, notice)
    except ShellError as error:
        fail(str(error), 1)
    if as_json:
        click.echo(json.dumps({"files": report.files, "made": report.made, "number": report.number}))
    elif not quiet:
        click.echo(f"网站共 {report.files} 个文件，这次生成 {report.made} 个（第 {report.number} 版）")
        if notice:
            click.echo(f"公示页是其中的 notice/{notice}.html；公示期满后，不加 --notice 再生成一次，它就撤下")
