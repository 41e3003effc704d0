"""`caselib publish`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from generator.commands.shared import FOLDER, fail, quiet_option


@click.command()
@click.option("--to", required=True, metavar="位置", help="本机的文件夹，或 用户@主机:/文件夹（经 ssh 和 rsync）。")
@click.option(
    "--key",
    "key_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="公布的公钥（release.pub）；发布时必填。",
)
@click.option("--keep", type=click.IntRange(1, 99), default=3, show_default=True, help="线上的之外再保留几版。")
@click.option("--rollback", "back", is_flag=True, help="退回上一版，不用写发布的文件夹。")
@click.option("--ssh", default="ssh", show_default=True, help="连另一台机器的命令和选项，例如 'ssh -p 2222'。")
@quiet_option
@click.argument("folder", type=FOLDER, required=False)
def publish(to: str, key_path: Path | None, keep: int, back: bool, ssh: str, quiet: bool, folder: Path | None) -> None:
    """核对一份发布，放到线上，一步切换；任何时候中断，线上都是完整的旧版或新版。

    例：caselib publish releases/2023.1 --key release.pub --to /srv/www/site
    退回上一版：caselib publish --to /srv/www/site --rollback
    """
    from generator.progress import progress
    from generator.released.errors import ReleaseError
    from generator.releases.keys import earliest_day, read_public_key
    from generator.releases.places import place_of
    from generator.releases.verifying import verify

    if back == (folder is not None):
        fail("请写发布的文件夹，例如 releases/2023.1；或者用 --rollback 退回上一版，两者取一")
    if folder is not None and key_path is None:
        fail("发布之前要核对签名：请用 --key 写明公钥")
    try:
        place = place_of(to, ssh)
        if folder is None or key_path is None:
            live = place.rollback()
            if not quiet:
                click.echo(f"已退回{f' {live.release}' if live.release else '上一版'}，{to} 现在是这一版")
            return
        now = datetime.now(UTC)
        key = read_public_key(key_path)
        with progress(quiet=quiet) as show:
            # What is unpacked is checked again, file by file, so the archive is read once only.
            verified = verify(folder, key, earliest_day(now), show, archive=False)
            live = place.publish(verified, keep, now, show)
    except ReleaseError as error:
        fail(str(error), 1)
    if not quiet:
        done = "现在是" if live.changed else "已经是"
        click.echo(f"{to} {done} {live.release}（{verified.manifest.date} 发布，{len(verified.site)} 个文件）")
