"""`caselib keys`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from generator.commands.shared import FOLDER, day_of, fail, new_passphrase, passphrase_option, refuse_in_git


@click.group()
def keys() -> None:
    """签署发布用的密钥。

    例：caselib keys new ~/发布密钥
    """


@keys.command()
@click.option("--expires", metavar="日期", callback=day_of, help="最后一天，例如 2029-12-31；不写时不过期。")
@click.option("--no-passphrase", is_flag=True, help="不设口令，不询问。")
@passphrase_option
@click.argument("folder", type=FOLDER)
def new(folder: Path, expires: date | None, no_passphrase: bool, passphrase_file: Path | None) -> None:
    """在资料库之外的文件夹里新建一对密钥：release.key 签署用，只有自己能读；release.pub 公开，供人核对。

    私钥请备份在离线的地方。例：caselib keys new ~/发布密钥 --expires 2029-12-31
    """
    from generator.released.errors import ReleaseError
    from generator.releases.keys import PRIVATE_NAME, PUBLIC_NAME, new_key

    refuse_in_git(folder)
    try:
        passphrase = new_passphrase(passphrase_file, no_passphrase)
        key = new_key(folder, passphrase, expires)
    except ReleaseError as error:
        fail(str(error), 1)
    click.echo(f"已新建密钥 {key.id}{f'，{expires} 到期' if expires else ''}")
    click.echo(f"私钥 {folder / PRIVATE_NAME}：只给签署的人；公钥 {folder / PUBLIC_NAME}：随网站公布")
