"""`caselib kiosk update`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.kiosk_shared import machine_of, machine_option
from generator.commands.shared import fail, quiet_option


@click.command()
@machine_option
@click.option("--from", "place", metavar="位置", help="只看这个文件夹或网址，例如 U 盘上的更新文件夹。")
@quiet_option
def update(config: Path, place: str | None, quiet: bool) -> None:
    """在展厅的机器上看有没有新内容：核对签名，备好，等没有人用的时候由 caselib kiosk run 换上。

    不写 --from 时先看 U 盘，再看设置里的网址。没有接受更新时以 1 结束，展示照常。
    例：caselib kiosk update --from /media/usb/caselib-kiosk
    """
    from generator.kiosk.machine.update_check import look

    machine = machine_of(config)
    only = []
    if place is not None:
        only = [place if "://" in place else Path(place).absolute().as_uri()]
    outcomes = look(machine, only)
    if not outcomes:
        fail("没有可以看的地方：没有插带更新的 U 盘，设置里也没有 address", 1)
    for outcome in outcomes:
        if outcome.code:
            click.echo(f"caselib: {outcome.source}：{outcome.message}", err=True)
        elif not quiet:
            click.echo(f"{outcome.source}：{outcome.message}")
    if outcomes[-1].code:
        raise SystemExit(1)
