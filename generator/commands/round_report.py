"""`caselib round`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from generator.commands.shared import base_of, cache_option, fail, jobs_option, library_option


@click.command("round")
@library_option
@cache_option
@jobs_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出全部内容。")
@click.argument("year", metavar="届次", type=int)
def round_report(folder: Path, cache: Path, jobs: int, as_json: bool, year: int) -> None:
    """核对一届能不能发布：公布数与入库数、缺的资料、名额和资格、重复、图片、隐私。

    可以发布时状态为 0，还不能发布时为 1，并列出原因。例：caselib round 2023
    """
    from rich.console import Console

    from generator.progress import progress
    from generator.rounds.report import UnknownRoundError, examine_round
    from generator.rounds.screen import NARROWEST, round_document, show_round

    try:
        with progress(quiet=as_json) as show:
            told = (lambda done, total: show("记录", done, total)) if show else None
            report = examine_round(folder, base_of(folder), year, cache=cache, jobs=jobs, progress=told)
    except UnknownRoundError as error:
        fail(str(error))
    if as_json:
        click.echo(json.dumps(round_document(report), ensure_ascii=False, indent=1))
    else:
        console = Console(highlight=False)
        if not console.is_terminal:
            console = Console(highlight=False, width=max(console.width, NARROWEST))
        show_round(report, console)
    sys.exit(1 if report.reasons else 0)
