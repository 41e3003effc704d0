"""`caselib explain`."""

from __future__ import annotations

import click

from generator.commands.shared import fail


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """说明一种问题：为什么这样规定，怎样改，错和对的例子。代码在每条提示的末尾。

    不写代码时列出全部。例：caselib explain term-unknown
    """
    from generator.checking.diagnostics import CODES, nearest
    from generator.checking.explaining import explained, overview

    if code is None:
        for line in overview():
            click.echo(line)
        click.echo("例如：caselib explain term-unknown")
        return
    given = code.strip("[]")
    if given not in CODES:
        close = nearest(given, list(CODES))
        fail(f"没有代码「{code}」{f'；是否应为「{close}」？' if close else ''}；不写代码时列出全部")
    click.echo(explained(given))
