"""`caselib verify`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from generator.commands.shared import FOLDER, day_of, fail, quiet_option


@click.command()
@click.option(
    "--key",
    "key_path",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="公布的公钥（release.pub）。",
)
@click.option(
    "--on", "day", metavar="日期", callback=day_of, help="查旧档用：看密钥在这一天是否到期；不写时看本机时钟。"
)
@quiet_option
@click.argument("folder", type=FOLDER)
def verify(key_path: Path, day: date | None, quiet: bool, folder: Path) -> None:
    """核对一份发布是否真实、完整：签名、清单和每个文件；不用联网。不对时以状态 1 结束。

    例：caselib verify releases/2023.1 --key release.pub
    """
    from generator.progress import progress
    from generator.released.errors import ReleaseError
    from generator.releases.keys import earliest_day, read_public_key
    from generator.releases.verifying import verify as verify_release

    try:
        key = read_public_key(key_path)
        with progress(quiet=quiet) as show:
            verified = verify_release(folder, key, day or earliest_day(datetime.now(UTC)), show)
    except ReleaseError as error:
        fail(f"{folder}：{error}", 1)
    if not quiet:
        manifest = verified.manifest
        click.echo(f"真实、完整：{manifest.name} {manifest.release}，{manifest.date} 发布，由密钥 {key.id} 签署")
        click.echo(f"{len(manifest.files)} 个文件，网站归档内 {len(verified.site)} 个文件，都与清单相同")
