"""Options that the commands of the showcase share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.shared import FOLDER, asked_passphrase, day_of, fail

if TYPE_CHECKING:
    from generator.kiosk.machine.settings import Machine
    from generator.kiosk.updates.roles import Keyring

machine_option = click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("/etc/caselib-kiosk/machine.yml"),
    show_default=True,
    help="这台机器的设置。",
)
to_option = click.option("--to", type=FOLDER, required=True, help="更新文件夹：整个放到网站上，或复制到 U 盘。")
keys_option = click.option(
    "--keys",
    "key_folders",
    type=FOLDER,
    multiple=True,
    required=True,
    help="私钥所在的文件夹，可以写多次（例如另插的 U 盘）。",
)


def _signing_day(context: click.Context, parameter: click.Parameter, value: str) -> date:
    """A day that has come: screens take the day of a signature as proof that it has."""
    from generator.releases.keys import latest_day

    day = day_of(context, parameter, value)
    assert day is not None
    if day > latest_day(datetime.now(UTC)):
        raise click.BadParameter(f"{day} 还没有到；请核对日期和本机的时钟")
    return day


date_option = click.option(
    "--date", "day", metavar="日期", callback=_signing_day, required=True, help="签署的日期，例如 2026-11-24。"
)


def machine_of(path: Path) -> Machine:
    """The settings of the machine; ends the command with every mistake in them."""
    from generator.checking.diagnostics import summary
    from generator.kiosk.machine.settings import read_machine

    if not path.exists():
        fail(f"没有 {path}；样本见 deploy/kiosk/machine.yml")
    machine, found = read_machine(path)
    for diagnostic in found:
        click.echo(diagnostic.text(), err=True)
    if machine is None:
        fail(f"{path} 有误（{summary(found)}），没有启动", 1)
    return machine


def keyring_of(folders: tuple[Path, ...], passphrase_file: Path | None) -> Keyring:
    """The keys in these folders, which ask for their passphrases when they are needed."""
    from generator.kiosk.updates.roles import Keyring

    return Keyring(folders, lambda name: asked_passphrase(passphrase_file, f"私钥 {name} "))
