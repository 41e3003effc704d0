"""`caselib forms`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.shared import base_of, fail, library_option, scheme_of


@click.command()
@library_option
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("forms"),
    show_default=True,
    help="写到哪个文件夹。",
)
@click.option("--of", "case_id", metavar="编号", help="写出这条记录填好的申报表，例如请单位核对、补充。")
@click.option("--overwrite", is_flag=True, help="已有同名文件时改写。")
def forms(folder: Path, output: Path, case_id: str | None, overwrite: bool) -> None:
    """按方案写出空白的申报表（.docx）和推荐汇总表（.xlsx），填好后用 caselib import 导入。

    例：caselib forms --output 表格
    例：caselib forms --of 2023-00003
    """
    from generator.forms.application import application_form
    from generator.forms.filled import filled_form
    from generator.forms.table import summary_table
    from generator.importers.writing import put_bytes

    base = base_of(folder)
    scheme = scheme_of(folder, "不能写表格")
    if case_id is None:
        made = {"申报表.docx": application_form(scheme), "推荐汇总表.xlsx": summary_table(scheme)}
    else:
        content, wrong = filled_form(folder, base, scheme, case_id)
        if content is None:
            for line in wrong:
                click.echo(line, err=True)
            fail("没有写表格", 1)
        made = {f"申报表-{case_id}.docx": content}
    taken = [name for name in made if (output / name).exists()]
    if taken and not overwrite:
        fail(f"{output} 里已有 {'、'.join(taken)}；要改写请加 --overwrite")
    output.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        put_bytes(output / name, content)
        click.echo(f"已写入 {output / name}")
