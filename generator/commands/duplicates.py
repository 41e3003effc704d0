"""`caselib duplicates`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.commands.shared import base_of, changed_of, changed_option, library_option, ref_option, words_of


@click.command()
@library_option
@click.option("--round", "year", type=int, help="只列出这一届的记录与其他记录的重复。")
@click.option("--fail", "fails", is_flag=True, help="有重复时以状态 1 结束。")
@changed_option
@ref_option
def duplicates(folder: Path, year: int | None, fails: bool, only_changed: bool, ref: str | None) -> None:
    """列出可能重复的项目（同届和历届）与用了两次的图片，写明两处位置和相似程度。

    例：caselib duplicates --round 2024
    """
    from generator.duplicates import find_same_pictures, find_twins
    from generator.importers.known_records import scan_records

    changed = changed_of(folder, only_changed, ref)
    records = scan_records(folder, base_of(folder))
    words = words_of(folder)
    count = exact = 0
    for twins in find_twins(records):
        if year is not None and str(year) not in (twins.first.id[:4], twins.second.id[:4]):
            continue
        if changed is not None and not {twins.first.id, twins.second.id} & set(changed.ids):
            continue
        count += 1
        exact += twins.is_exact
        click.echo(twins.line(words))
    pictures = [
        picture
        for picture in find_same_pictures(folder)
        if changed is None or any(Path(name).parent.name in changed.ids for name in (picture.first, picture.second))
    ]
    for picture in pictures:
        click.echo(picture.line())
    told = "{all} 条记录：{exact} 对同一{item}，{near} 对可能是同一{item}，{pictures} 张图片用了两次"
    click.echo(words.said(told, all=len(records), exact=exact, near=count - exact, pictures=len(pictures)))
    sys.exit(1 if fails and (count or pictures) else 0)
