"""`caselib rebuild`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.commands.shared import FOLDER, config_option, fail, quiet_option


@click.command()
@config_option
@click.option("--to", type=FOLDER, required=True, help="写到哪个新文件夹。")
@click.option("--against", type=FOLDER, help="逐字节对照的原件。")
@quiet_option
@click.argument("name")
def rebuild(config: Path, to: Path, against: Path | None, quiet: bool, name: str) -> None:
    """从检出的标签重新生成一版发布（不签名），可以与原件逐字节对照；不同时以状态 1 结束。

    先检出标签：git checkout 2023.1。例：caselib rebuild 2023.1 --to /tmp/重做 --against releases/2023.1
    """
    from generator.progress import progress
    from generator.released.errors import ReleaseError
    from generator.released.names import parse_name
    from generator.releases.building import Releases
    from generator.releases.manifest import differing_files

    try:
        with progress(quiet=quiet) as show:
            built = Releases(config).rebuild(parse_name(name), to, show)
        different = differing_files(to, against) if against else []
    except ReleaseError as error:
        fail(str(error), 1)
    for path in different:
        click.echo(f"不同：{path}")
    if not quiet:
        same = f"，与 {against} 逐字节相同" if against and not different else ""
        click.echo(f"已重新生成 {name} 到 {built.folder}{same}；清单的 SHA-256 是 {built.digest}")
    sys.exit(1 if different else 0)
