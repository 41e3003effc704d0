"""`caselib kiosk`."""

from __future__ import annotations

import click

from generator.commands.kiosk_build import build
from generator.commands.kiosk_bundle import bundle
from generator.commands.kiosk_counts import counts
from generator.commands.kiosk_keys import keys
from generator.commands.kiosk_pin import pin
from generator.commands.kiosk_renew import renew
from generator.commands.kiosk_run import browser, run
from generator.commands.kiosk_update import update


@click.group()
def kiosk() -> None:
    """展厅触摸屏：整天离线播放获奖案例，可以触摸浏览。

    例：caselib kiosk run
    """


for command in (build, run, browser, update, pin, counts, bundle, renew, keys):
    kiosk.add_command(command)
