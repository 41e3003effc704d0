"""`caselib kiosk renew`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from generator.commands.kiosk_shared import date_option, keyring_of, keys_option, to_option
from generator.commands.shared import fail, passphrase_option, quiet_option


@click.command()
@to_option
@keys_option
@date_option
@passphrase_option
@quiet_option
def renew(to: Path, key_folders: tuple[Path, ...], day: date, passphrase_file: Path | None, quiet: bool) -> None:
    """内容不变，为更新文件夹续签（每季一次）：屏幕由此知道它仍是最新的。

    例：caselib kiosk renew --to 更新 --keys ~/展屏密钥 --date 2027-02-01
    """
    from generator.kiosk.updates.folder import UpdateFolder
    from generator.kiosk.updates.staff import renew as sign
    from generator.released.errors import ReleaseError

    try:
        ends = sign(UpdateFolder(to), keyring_of(key_folders, passphrase_file), day)
    except ReleaseError as error:
        fail(str(error), 1)
    if not quiet:
        click.echo(f"已续签，屏幕在 {ends} 之前接受")
