"""`caselib kiosk run` and `caselib kiosk browser`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.kiosk_shared import machine_of, machine_option
from generator.commands.shared import fail


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.command()
@machine_option
@click.option("--no-browser", is_flag=True, help="不启动浏览器（由 caselib kiosk browser 启动）。")
def run(config: Path, no_browser: bool) -> None:
    """在展厅的机器上运行：本机网页、自动更新、健康检查，并用全屏浏览器打开展示。

    只在本机地址上回答。按 Ctrl+C 结束。例：caselib kiosk run --config /etc/caselib-kiosk/machine.yml
    """
    from generator.kiosk.machine.stopping import told_to_stop

    stopping = told_to_stop()
    from generator.kiosk.machine.running import Running

    machine = machine_of(config)
    try:
        running = Running(machine, config, _say, stopping, with_browser=not no_browser)
    except OSError as error:
        fail(f"不能在端口 {machine.port} 上提供网页：{error.strerror}；是否已有一个在运行？", 1)
    running.run()


@click.command()
@machine_option
def browser(config: Path) -> None:
    """只启动全屏浏览器，并看着它：停了、死了就重新启动。与 caselib kiosk run --no-browser 一起用。

    例：caselib kiosk browser --config /etc/caselib-kiosk/machine.yml
    """
    from generator.kiosk.machine.browsing import watch_browser
    from generator.kiosk.machine.stopping import told_to_stop
    from generator.released.errors import ReleaseError

    stopping = told_to_stop()
    try:
        watch_browser(machine_of(config), _say, stopping)
    except ReleaseError as error:
        fail(str(error), 1)
