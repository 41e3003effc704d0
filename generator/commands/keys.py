"""`caselib keys`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from generator.commands.shared import FOLDER, day_of, fail, passphrase_option


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
    from generator.releases.errors import ReleaseError
    from generator.releases.keys import PRIVATE_NAME, PUBLIC_NAME, new_key, read_secret

    if any((parent / ".git").exists() for parent in (folder.resolve(), *folder.resolve().parents)):
        fail(f"{folder} 在 git 库里；私钥不能放进资料库，请换一个文件夹")
    try:
        passphrase = b""
        if passphrase_file is not None:
            passphrase = read_secret(passphrase_file, "口令文件").strip()
        elif not no_passphrase:
            text = click.prompt(
                "口令（直接回车表示不设）", default="", show_default=False, hide_input=True, prompt_suffix="："
            )
            if text and text != click.prompt("再输一次", hide_input=True, prompt_suffix="："):
                fail("两次输入的口令不同，没有新建")
            passphrase = text.encode()
        key = new_key(folder, passphrase or None, expires)
    except ReleaseError as error:
        fail(str(error), 1)
    click.echo(f"已新建密钥 {key.id}{f'，{expires} 到期' if expires else ''}")
    click.echo(f"私钥 {folder / PRIVATE_NAME}：只给签署的人；公钥 {folder / PUBLIC_NAME}：随网站公布")
