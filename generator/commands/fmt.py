"""`caselib fmt`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.commands.shared import base_of, changed_of, changed_option, fail, library_option, ref_option, scheme_of


@click.command()
@library_option
@click.option("--check", "only_check", is_flag=True, help="只看哪些不合规范，不改；有时以状态 1 结束。")
@changed_option
@ref_option
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
def fmt(folder: Path, only_check: bool, only_changed: bool, ref: str | None, paths: tuple[Path, ...]) -> None:
    """把记录写成统一的样子：键的顺序、分节的写法；注释留着，内容不变。

    顺便改正 BOM、GB 18030 编码和别名。不写路径时是整个资料库。例：caselib fmt cases/2023/2023-00001.yml
    """
    from generator.importers.writing import put_bytes
    from generator.records.formatting import format_file
    from generator.records.library import record_files

    base = base_of(folder)
    scheme = scheme_of(folder, "不能整理")
    since = changed_of(folder, only_changed, ref)
    wanted = [path.resolve() for path in paths]
    changed = broken = seen = 0
    for location in record_files(folder, base)[0]:
        path = location.folder / f"{location.id}.yml"
        if wanted and not any(path.resolve().is_relative_to(entry) for entry in wanted):
            continue
        if since is not None and location.id not in since.ids:
            continue
        seen += 1
        result = format_file(path, location.file, scheme)
        for diagnostic in result.found:
            broken += diagnostic.is_error
            click.echo(diagnostic.text())
        if result.changed:
            changed += 1
            notes = f"：{'；'.join(result.notes)}" if result.notes else ""
            click.echo(f"{location.file} {'不合规范' if only_check else '已整理'}{notes}")
            if not only_check:
                put_bytes(path, result.after)
    if wanted and not seen:
        fail("写的路径里没有记录；记录在 cases/<届次>/<编号>.yml")
    left = f"，{broken} 处有误没有动" if broken else ""
    click.echo(
        f"{seen} 条记录，{changed} 条{'不合规范；运行 caselib fmt 整理' if only_check and changed else '有改动'}{left}"
    )
    sys.exit(1 if broken or (only_check and changed) else 0)
