"""`caselib kiosk pin`."""

from __future__ import annotations

import sys

import click

from generator.commands.shared import fail


@click.command()
@click.option("--stdin", "from_input", is_flag=True, help="从标准输入读一行 PIN，不询问。")
def pin(from_input: bool) -> None:
    """为维护页设一个 PIN（6 到 12 位数字）：给出一行，写进这台机器的设置。PIN 本身不保存在任何地方。

    例：caselib kiosk pin
    """
    from generator.kiosk.machine.pin import hash_pin, refusal_of

    if from_input:
        text = sys.stdin.readline().strip()
    else:
        text = str(click.prompt("PIN", hide_input=True, prompt_suffix="：")).strip()
    refusal = refusal_of(text)
    if refusal:
        fail(refusal, 1)
    if not from_input and text != str(click.prompt("再输一次", hide_input=True, prompt_suffix="：")).strip():
        fail("两次输入的 PIN 不同", 1)
    click.echo(f"pin: {hash_pin(text)}")
