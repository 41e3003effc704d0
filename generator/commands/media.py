"""`caselib media`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.shared import base_of, fail, library_option, scheme_of

if TYPE_CHECKING:
    from generator.media.adding import Addition


@click.group()
def media() -> None:
    """图片和视频：放进记录的文件夹，并写入记录。

    例：caselib media add 2023-00001 照片.jpg
    """


@media.command()
@library_option
@click.option("--alt", "alts", multiple=True, help="替代文字，按图片的顺序各写一次；不写时会问。")
@click.option("--caption", "captions", multiple=True, help="图注，按图片的顺序各写一次；可以不写。")
@click.option("--reuse", is_flag=True, help="图片已经用在另一条记录里时也加入。")
@click.argument("record")
@click.argument("pictures", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
def add(
    folder: Path,
    alts: tuple[str, ...],
    captions: tuple[str, ...],
    reuse: bool,
    record: str,
    pictures: tuple[Path, ...],
) -> None:
    """把图片或视频加入一条记录（编号或文件路径）：检查、转正、缩小、清除拍摄地点等信息，并写入 media。

    原来的文件不动。例：caselib media add 2023-00001 照片.jpg --alt "工人用夹具固定零件"
    """
    from generator.media.adding import Addition, add_picture
    from generator.records.media import inspect_content

    scheme = scheme_of(folder, "不能加图片")
    base = base_of(folder)
    path = _record_path(folder, record)
    for option, given in (("--alt", alts), ("--caption", captions)):
        if given and len(given) != len(pictures):
            fail(f"{option} 写了 {len(given)} 次，图片有 {len(pictures)} 张；请按图片的顺序各写一次")
    if not alts and not sys.stdin.isatty():
        fail('请用 --alt 写替代文字（说明画面内容），每张图片一次，例如 --alt "工人用夹具固定零件"')
    refused = 0
    for number, picture in enumerate(pictures):
        problems = inspect_content(picture)[1]
        if problems:
            done = Addition(problems=tuple(problems))
        else:
            alt = alts[number] if alts else _ask(picture)
            caption = captions[number] if captions else ""
            done = add_picture(path, picture, alt, scheme, caption=caption, base=base, reuse=reuse)
        refused += not done.added
        _print(picture, done)
    if refused:
        click.echo(f"{len(pictures) - refused} 张已加入，{refused} 张没有加入")
    sys.exit(1 if refused else 0)


def _ask(picture: Path) -> str:
    question = f"「{picture.name}」的画面内容（替代文字，一句话，给看不见图片的人听）"
    return str(click.prompt(question, prompt_suffix="："))


def _print(picture: Path, done: Addition) -> None:
    for diagnostic in done.found:
        click.echo(diagnostic.text())
    if done.found:
        click.echo("记录有误，先改正再加图片")
    for problem in done.problems:
        click.echo(f"「{picture.name}」{problem.message}；{problem.allowed}")
    if done.added and done.clean is not None:
        clean = done.clean
        facts = "；".join([f"{clean.width} × {clean.height}，{len(clean.content) / 1000:.0f} kB", *clean.notes])
        click.echo(f"「{picture.name}」已加入，文件 {done.file}（{facts}）")


def _record_path(folder: Path, record: str) -> Path:
    """File of the record that is named by its id or its path."""
    from generator.checking.diagnostics import nearest
    from generator.records.library import record_files

    paths = {
        location.id: location.folder / f"{location.id}.yml" for location in record_files(folder, base_of(folder))[0]
    }
    for case_id, path in paths.items():
        if record == case_id or Path(record).resolve() == path.resolve():
            return path
    close = nearest(Path(record).stem, list(paths))
    return fail(f"{folder} 里没有记录「{record}」{f'；是否应为「{close}」？' if close else ''}")
