"""`caselib preview`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.commands.shared import changed_of, changed_option, config_option, fail, quiet_option, ref_option


@click.command()
@config_option
@changed_option
@ref_option
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("preview"),
    show_default=True,
    help="写到哪个文件夹。",
)
@quiet_option
@click.argument("ids", nargs=-1, metavar="[编号]...")
def preview(config: Path, only_changed: bool, ref: str | None, output: Path, quiet: bool, ids: tuple[str, ...]) -> None:
    """只生成几个案例的网页，供审核时看；还没有公布的也照公布后的样子显示。

    写编号，或用 --changed 取改动过的记录。例：caselib preview 2023-00001
    """
    from generator.checking.diagnostics import nearest
    from generator.preview.site import OutputTakenError, write_preview
    from generator.progress import progress
    from generator.shell import Shell, ShellError
    from generator.store import StoreError

    if not ids and not only_changed and ref is None:
        fail("请写编号，或用 --changed 取改动过的记录")
    try:
        with progress(quiet=quiet, as_json=False) as show:
            library, options = Shell(config).ready(show)
            changed = changed_of(library.folder, only_changed, ref)
            for case_id in ids:
                if case_id not in library.by_id:
                    close = nearest(case_id, list(library.by_id))
                    fail(f"没有编号为「{case_id}」的记录{f'；是否应为「{close}」？' if close else ''}")
            wanted = dict.fromkeys([*ids, *(i for i in (changed.ids if changed else ()) if i in library.by_id)])
            pages = write_preview(library, options, list(wanted), output)
    except (ShellError, OutputTakenError, StoreError) as error:
        fail(str(error), 1)
    if not quiet:
        for page in pages:
            click.echo(f"{output / page}")
        click.echo(f"{len(pages)} 个{library.scheme.words.case}的预览在 {output / 'index.html'}，用浏览器打开")
    sys.exit(0)
