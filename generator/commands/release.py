"""`caselib release`."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from generator.commands.shared import (
    asked_passphrase,
    config_option,
    day_of,
    fail,
    json_option,
    passphrase_option,
    quiet_option,
)


@click.command()
@config_option
@click.option("--date", "day", metavar="日期", callback=day_of, required=True, help="发布日期，例如 2026-11-24。")
@click.option(
    "--key",
    "key_path",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="签署的私钥，由 caselib keys new 新建。",
)
@passphrase_option
@click.option("--number", type=click.IntRange(1, 9999), help="本届的第几次发布；不写时取下一个。")
@quiet_option
@json_option
@click.argument("year", type=int)
def release(
    config: Path,
    day: date,
    key_path: Path,
    passphrase_file: Path | None,
    number: int | None,
    quiet: bool,
    as_json: bool,
    year: int,
) -> None:
    """把已提交、已检查、已录齐的一届做成正式发布：网站归档、数据库、清单、发布说明和签名。

    写到 releases/届次.序号，并在资料库里写一份登记表，提交它并打上标签。届次之后的更正也用本命令，序号加一。
    例：caselib release 2023 --date 2026-11-24 --key ~/发布密钥/release.key
    """
    from generator.progress import progress
    from generator.released.errors import ReleaseError
    from generator.releases.building import Releases
    from generator.releases.difference import words
    from generator.releases.keys import earliest_day, read_signing_key

    try:
        key = read_signing_key(key_path, lambda: asked_passphrase(passphrase_file, "私钥"))
        today = earliest_day(datetime.now(UTC))
        with progress(quiet=quiet, as_json=as_json) as show:
            built = Releases(config).release(year, day, key, today, number, show)
    except ReleaseError as error:
        fail(str(error), 1)
    if as_json:
        facts = {"release": str(built.name), "folder": str(built.folder), "manifest_sha256": built.digest}
        click.echo(json.dumps({**facts, "ledger": str(built.ledger), "key": key.public.id}, ensure_ascii=False))
    elif not quiet:
        click.echo(words(built.difference, built.words)[0])
        click.echo(f"已写入 {built.folder}，由密钥 {key.public.id} 签署，清单的 SHA-256 是 {built.digest}")
        click.echo("下一步，提交登记表并打标签：")
        here = Path.cwd()
        ledger = built.ledger.relative_to(here) if built.ledger.is_relative_to(here) else built.ledger
        click.echo(f"git add {ledger} && git commit -m {built.name} && git tag {built.name}")
