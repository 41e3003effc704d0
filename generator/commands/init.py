"""`caselib init`."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from generator.commands.shared import FOLDER, fail

MOST = 60


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--name", help="案例库的名称，不写时会问。")
@click.option("--organiser", help="主办单位，不写时会问。")
@click.option("--programme", help="活动名称，不写时会问。")
@click.option("--scheme", "start", help="从哪个方案开始；empty 是空白的，其余是现成的例子。不写时会问。")
@click.option("--round", "year", type=click.IntRange(1949, 2999), help="第一届的年份，不写时会问。")
def init(
    folder: Path, name: str | None, organiser: str | None, programme: str | None, start: str | None, year: int | None
) -> None:
    """新建一个案例库：方案、示例记录、网站的配置和说明、合并请求的检查。

    文件夹要是新的或空的（可以有 .git）。例：caselib init 我的案例库
    """
    from generator.checking.diagnostics import nearest
    from generator.new_library import Answers, NewLibraryError, make_library, may_hold, starts

    if not may_hold(folder):
        fail(f"{folder} 里已有文件，没有改动；请写一个新的或空的文件夹")
    if start is not None and start not in starts():
        close = nearest(start, starts())
        hint = f"；是否应为「{close}」？" if close else ""
        fail(f"没有方案「{start}」；可用：{'、'.join(starts())}{hint}")
    answers = Answers(
        name=_text("案例库的名称", name),
        organiser=_text("主办单位", organiser),
        programme=_text("活动名称", programme),
        start=start or _start(starts()),
        round=year or click.prompt("第一届的年份", type=click.IntRange(1949, 2999), prompt_suffix="："),
    )
    try:
        make_library(folder, answers)
    except NewLibraryError as error:
        fail(str(error), 1)
    except OSError as error:
        fail(f"不能写入 {folder}：{error.strerror}", 1)
    here = folder.resolve() == Path.cwd()
    click.echo(f"已新建 {folder}：方案在 cases/scheme.yml，接下来的几步在 README.md。")
    click.echo("打开网站：" + ("" if here else f"cd {quote(str(folder))} && ") + "caselib serve（或 make site）")


def _text(label: str, given: str | None) -> str:
    """A text of one line: as given, or asked for until it is one."""
    while True:
        text = (given if given is not None else click.prompt(label, prompt_suffix="：")).strip()
        problem = (
            "不能空着" if not text else f"有 {len(text)} 个字，最多 {MOST} 个字" if len(text) > MOST else ""
        ) or ("" if text.isprintable() else "只能写一行文字")
        if not problem:
            return str(text)
        if given is not None:
            fail(f"{label}{problem}")
        click.echo(f"  {label}{problem}")


def _start(names: tuple[str, ...]) -> str:
    """The scheme to start from, by number or name."""
    from generator.new_library import EMPTY, start_file
    from generator.scheme.reading import read_scheme

    for number, name in enumerate(names, 1):
        scheme, _ = read_scheme(start_file(name), name)
        about = "空白方案" if name == EMPTY or scheme is None else f"{scheme.organiser} {scheme.programme}"
        click.echo(f"  {number} {name}　{about}")
    while True:
        text = click.prompt("从哪个方案开始（编号或名称）", default=EMPTY, prompt_suffix="：").strip()
        if text in names:
            return str(text)
        if text.isdigit() and 1 <= int(text) <= len(names):
            return names[int(text) - 1]
        click.echo(f"  没有「{text}」；可用：{'、'.join(names)}")
