"""`caselib kiosk bundle`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from generator.commands.kiosk_shared import date_option, keyring_of, keys_option, to_option
from generator.commands.shared import FOLDER, fail, passphrase_option, quiet_option


@click.command()
@to_option
@keys_option
@date_option
@passphrase_option
@quiet_option
@click.argument("content", type=FOLDER)
def bundle(
    to: Path, key_folders: tuple[Path, ...], day: date, passphrase_file: Path | None, quiet: bool, content: Path
) -> None:
    """把 caselib kiosk build 生成的内容打包、签署，放进更新文件夹；内容没有变时只续签。

    例：caselib kiosk bundle kiosk --to 更新 --keys ~/展屏密钥 --date 2026-11-24
    """
    from generator.kiosk.updates.folder import UpdateFolder
    from generator.kiosk.updates.staff import bundle as make
    from generator.kiosk.updates.staff import describe
    from generator.progress import progress
    from generator.released.errors import ReleaseError

    folder = UpdateFolder(to)
    try:
        with progress(quiet=quiet) as show:
            facts, changed = make(content, folder, keyring_of(key_folders, passphrase_file), day, show)
        ends = describe(folder)[-1].expires
    except ReleaseError as error:
        fail(str(error), 1)
    if not quiet:
        what = "已放进更新文件夹" if changed else "没有变，只续签"
        click.echo(f"{facts.organiser} {facts.version[:12]}（{facts.cases} 项）{what}")
        click.echo(f"屏幕在 {ends} 之前接受；到期前请再运行，或用 caselib kiosk renew 续签")
