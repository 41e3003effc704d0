"""`caselib print`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from generator.commands.shared import base_of, cache_option, config_option, fail, jobs_option, library_option

if TYPE_CHECKING:
    from generator.printing.documents import Press

output_option = click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("print"),
    show_default=True,
    help="写到哪个文件夹；已有的同名文件会换成新的。",
)
day_option = click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="落款的日期，例如 2023-09-02；不写时用这一届的公布日期，方案没有写就空着。",
)
site_option = click.option("--site", default="", help="网站的公开网址；不写时用配置文件里的 site_url。")
year_argument = click.argument("year", type=int, metavar="届次")


def printing_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of everything that is printed of a round."""
    for option in (day_option, output_option, jobs_option, cache_option, library_option):
        command = option(command)
    return command


def site_options(command: Callable[..., None]) -> Callable[..., None]:
    """Where the addresses in codes come from."""
    return site_option(config_option(command))


@click.group("print")
def print_documents() -> None:
    """印刷品：公布名单（DOCX、PDF）、证书、年鉴；只收公布的项目，撤销的不收。

    文字在方案的 print 里，模板可以改，见 docs/printing.md。例：caselib print list 2023
    """


@print_documents.command("list")
@printing_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["both", "docx", "pdf"]),
    default="both",
    show_default=True,
    help="要 Word 文件、PDF，还是两种都要。",
)
@year_argument
def award_list(year: int, form: str, output: Path, **given: Any) -> None:
    """公布名单：按公文格式（GB/T 9704），一个奖项一张表。

    例：caselib print list 2023
    """
    press = _press(year, "", given)
    _write(press, output, lambda: press.award_list(["docx", "pdf"] if form == "both" else [form]))


@print_documents.command("certificates")
@printing_options
@site_options
@click.option("--separate", is_flag=True, help="每个项目一个文件；不写时全部在一个文件里，每页一张。")
@year_argument
@click.argument("ids", nargs=-1, metavar="[编号]...")
def certificates(
    year: int, ids: tuple[str, ...], separate: bool, output: Path, site: str, config: Path, **given: Any
) -> None:
    """证书：每个项目一张，有编号和通向项目网页的二维码；不写编号时印这一届全部。

    例：caselib print certificates 2023 2023-00001
    """
    press = _press(year, _site(site, config), given)
    _write(press, output, lambda: press.certificates(ids, separate=separate))


@print_documents.command("yearbook")
@printing_options
@site_options
@year_argument
def yearbook(year: int, output: Path, site: str, config: Path, **given: Any) -> None:
    """年鉴：一届的全部案例，有目录、书签、页码、图片、来源和单位索引。

    例：caselib print yearbook 2023
    """
    press = _press(year, _site(site, config), given)
    _write(press, output, press.yearbook)


@print_documents.command("templates")
@library_option
@click.argument("names", nargs=-1, metavar="[模板]...")
def templates(folder: Path, names: tuple[str, ...]) -> None:
    """把自带的模板抄到资料库的 print 文件夹里，供修改；已有的不动。

    例：caselib print templates certificate.typ
    """
    from generator.importers.writing import put_bytes
    from generator.printing.documents import HOUSE
    from generator.printing.typeset import TEMPLATES

    known = {path.name: path for path in sorted(TEMPLATES.glob("*.typ"))}
    unknown = [name for name in names if name not in known]
    if unknown:
        fail(f"没有模板 {'、'.join(unknown)}；可用：{'、'.join(known)}")
    if not folder.is_dir():
        fail(f"没有资料库的文件夹 {folder}")
    for name in names or known:
        target = folder / HOUSE / name
        if target.exists():
            click.echo(f"{target} 已经有了，没有动")
            continue
        target.parent.mkdir(exist_ok=True)
        put_bytes(target, known[name].read_bytes())
        click.echo(f"已写入 {target}")


def _site(site: str, config: Path) -> str:
    """The public address of the site: as given, or from the configuration."""
    from generator.shell import ShellError, site_address

    if not site:
        try:
            return site_address(config)
        except ShellError as error:
            fail(str(error), 1)
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", site):
        fail(f"--site 要写完整网址，例如 https://example.org/；现在是「{site}」")
    return site


def _press(year: int, site: str, given: dict[str, Any]) -> Press:
    """What prints the round; the command ends where the library has errors or no such round."""
    from generator.printing.documents import Press, PrintOptions
    from generator.printing.errors import PrintError
    from generator.reading import read_library

    folder, cache, jobs = given["folder"], given["cache"], given["jobs"]
    base = base_of(folder)
    library, found = read_library(folder, base, cache=cache, jobs=jobs)
    if library is None:
        for diagnostic in found:
            if diagnostic.is_error:
                click.echo(diagnostic.text(), err=True)
        fail("资料库有错误，没有印；改好后再来", 1)
    told: datetime | None = given["day"]
    day: date | None = told.date() if told else None
    try:
        return Press(library, year, PrintOptions(base, cache, site, day, jobs))
    except PrintError as error:
        _stop(error.lines)


def _write(press: Press, output: Path, make: Any) -> None:
    """Writes the files that `make` yields, and says what a person must know of them."""
    from generator.importers.writing import put_bytes
    from generator.printing.errors import PrintError
    from generator.printing.words import notes

    made: Iterator[tuple[str, bytes]] = make()
    count = 0
    try:
        for name, content in made:
            target = output / name
            target.parent.mkdir(parents=True, exist_ok=True)
            put_bytes(target, content)
            count += 1
            if count <= 5:
                click.echo(f"已写入 {target}")
    except PrintError as error:
        _stop(error.lines)
    if count > 5:
        click.echo(f"……共 {count} 个文件")
    selection = press.selection
    told = "{year} 这一{round}公布的{item} {n} {measure}"
    click.echo(selection.scheme.words.said(told, year=press.year, n=len(selection.cases)))
    note = notes(selection.scheme, selection.round, len(selection.cases))
    for warning in dict.fromkeys([*([note] if note else []), *press.warnings]):
        click.echo(f"注意：{warning}", err=True)


def _stop(lines: tuple[str, ...]) -> NoReturn:
    for line in lines[:-1]:
        click.echo(f"caselib: {line}", err=True)
    fail(lines[-1], 1)
