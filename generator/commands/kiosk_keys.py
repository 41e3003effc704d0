"""`caselib kiosk keys`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.kiosk_shared import date_option, keyring_of, keys_option, to_option
from generator.commands.shared import FOLDER, fail, new_passphrase, passphrase_option, refuse_in_git

if TYPE_CHECKING:
    from generator.kiosk.updates.staff import KeyPlan

ROLES = ("root", "targets", "snapshot", "timestamp")
PUBLIC = click.Path(path_type=Path, dir_okay=False)


@click.group()
def keys() -> None:
    """签署展屏更新用的密钥：新建、查看、更换。

    例：caselib kiosk keys list --to 更新
    """


def _plan(_context: click.Context, parameter: click.Parameter, value: str) -> KeyPlan:
    """How many keys and how many of them sign, written as 2/3."""
    from generator.kiosk.updates.staff import KeyPlan

    found = re.fullmatch(r"([1-9])/([1-9])", value)
    if found is None:
        raise click.BadParameter(f"「{value}」应写成 签署要的把数/总把数，例如 2/3")
    return KeyPlan(int(found[2]), int(found[1]))


@keys.command()
@to_option
@date_option
@click.option("--root", default="2/3", show_default=True, callback=_plan, help="root 签署要的把数/总把数。")
@click.option("--targets", default="1/2", show_default=True, callback=_plan, help="targets，同上。")
@click.option("--snapshot", default="1/1", show_default=True, callback=_plan, help="snapshot，同上。")
@click.option("--timestamp", default="1/1", show_default=True, callback=_plan, help="timestamp，同上。")
@click.option("--no-passphrase", is_flag=True, help="不设口令，不询问。")
@passphrase_option
@click.argument("folder", type=FOLDER)
def new(
    to: Path,
    day: date,
    root: KeyPlan,
    targets: KeyPlan,
    snapshot: KeyPlan,
    timestamp: KeyPlan,
    no_passphrase: bool,
    passphrase_file: Path | None,
    folder: Path,
) -> None:
    """新建四种密钥，写进资料库之外的文件夹，并在更新文件夹里写下第一版 root。只做一次。

    例：caselib kiosk keys new ~/展屏密钥 --to 更新 --date 2026-11-24
    """
    from generator.kiosk.updates.folder import UpdateFolder
    from generator.kiosk.updates.staff import make_keys
    from generator.released.errors import ReleaseError

    refuse_in_git(folder)
    plans = dict(zip(ROLES, (root, targets, snapshot, timestamp), strict=True))
    try:
        passphrase = new_passphrase(passphrase_file, no_passphrase)
        names = make_keys(folder, UpdateFolder(to), plans, day, passphrase)
    except ReleaseError as error:
        fail(str(error), 1)
    for role, made in names.items():
        click.echo(f"{role}：{'、'.join(made)}（签署要 {plans[role].threshold} 把）")
    click.echo(f"请把 root 的私钥分开放在离线的地方；装屏幕时用 {to / 'metadata' / '1.root.json'} 作信任的起点")


@keys.command("list")
@to_option
def show(to: Path) -> None:
    """列出更新文件夹里每种密钥、签署要的把数和到期日。

    例：caselib kiosk keys list --to 更新
    """
    from generator.kiosk.updates.folder import UpdateFolder
    from generator.kiosk.updates.staff import describe
    from generator.released.errors import ReleaseError

    try:
        for state in describe(UpdateFolder(to)):
            keys = "、".join(state.keys)
            click.echo(f"{state.role} 第 {state.version} 版：{keys}，签署要 {state.threshold} 把，{state.expires} 到期")
    except ReleaseError as error:
        fail(str(error), 1)


@keys.command()
@to_option
@keys_option
@date_option
@click.option("--role", type=click.Choice(ROLES), default="root", show_default=True, help="换哪一种密钥。")
@click.option("--add", type=PUBLIC, multiple=True, help="加上的公钥（*.pub），可以写多次。")
@click.option("--drop", type=PUBLIC, multiple=True, help="去掉的公钥（*.pub），可以写多次。")
@click.option("--threshold", type=click.IntRange(1, 9), help="以后签署要几把；不写时不变。")
@passphrase_option
def rotate(
    to: Path,
    key_folders: tuple[Path, ...],
    day: date,
    role: str,
    add: tuple[Path, ...],
    drop: tuple[Path, ...],
    threshold: int | None,
    passphrase_file: Path | None,
) -> None:
    """更换密钥：写新的一版 root，由 root 的密钥签署（换 root 自己时新旧都要够数），屏幕自己跟上。

    不写 --add 和 --drop 时只为 root 续签。新密钥用 caselib kiosk keys make 新建。

    例：caselib kiosk keys rotate --to 更新 --keys ~/展屏密钥 --role targets --drop targets-1.pub --add targets-3.pub
    --date 2026-11-24
    """
    from generator.kiosk.updates.folder import UpdateFolder
    from generator.kiosk.updates.roles import read_public
    from generator.kiosk.updates.staff import rotate as change
    from generator.released.errors import ReleaseError

    try:
        state = change(
            UpdateFolder(to),
            keyring_of(key_folders, passphrase_file),
            day,
            role,
            [read_public(path) for path in add],
            [read_public(path) for path in drop],
            threshold,
        )
    except ReleaseError as error:
        fail(str(error), 1)
    click.echo(f"{role} 现在是 {'、'.join(state.keys)}，签署要 {state.threshold} 把；请把更新文件夹重新放到网站和 U 盘")


@keys.command()
@click.option("--no-passphrase", is_flag=True, help="不设口令，不询问。")
@passphrase_option
@click.argument("folder", type=FOLDER)
@click.argument("name")
def make(no_passphrase: bool, passphrase_file: Path | None, folder: Path, name: str) -> None:
    """新建一把密钥，准备换上，例如 targets-3；换上用 rotate。

    例：caselib kiosk keys make ~/展屏密钥 targets-3
    """
    from generator.released.errors import ReleaseError
    from generator.releases.keys import PRIVATE_SUFFIX, PUBLIC_SUFFIX, new_key

    refuse_in_git(folder)
    if not re.fullmatch(r"[a-z]+-[0-9]{1,3}", name):
        fail(f"「{name}」不是密钥的名称；请写成 targets-3 的样子")
    try:
        new_key(folder, new_passphrase(passphrase_file, no_passphrase), None, name)
    except ReleaseError as error:
        fail(str(error), 1)
    click.echo(f"私钥 {folder / (name + PRIVATE_SUFFIX)}，公钥 {folder / (name + PUBLIC_SUFFIX)}")
