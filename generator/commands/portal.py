"""`caselib portal`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from generator.commands.shared import fail, json_option, quiet_option


@click.group()
def portal() -> None:
    """总库：几个主办单位的案例库并排放在一个网站上，一处检索。

    例：caselib portal build
    """


@portal.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("portal.yml"),
    show_default=True,
    help="总库的配置文件。",
)
@quiet_option
@json_option
def build(config: Path, quiet: bool, as_json: bool) -> None:
    """按 portal.yml 生成总库：各库各在一个文件夹，另有总库的首页和检索页；有错误时已发布的总库不变。

    例：caselib portal build --config portal.yml
    """
    from generator.portal.building import build_portal
    from generator.portal.config import read_portal
    from generator.progress import progress
    from generator.shell import ShellError
    from generator.store import StoreError

    described, found = read_portal(config)
    if described is None:
        for diagnostic in found:
            click.echo(diagnostic.text(), err=True)
        fail("总库的配置有误，没有生成总库", 1)
    try:
        with progress(quiet=quiet, as_json=as_json) as show:
            report = build_portal(config, described, show)
    except (ShellError, StoreError) as error:
        fail(str(error), 1)
    if as_json:
        click.echo(json.dumps({"files": report.files, "made": report.made, "number": report.number}))
    elif not quiet:
        where = config.parent / described.output
        click.echo(
            f"总库有 {len(described.libraries)} 个案例库，共 {report.files} 个文件，"
            f"这次换了 {report.made} 个（第 {report.number} 版），在 {where}"
        )
