"""`caselib revoke`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.commands.shared import base_of, library_option


@click.command()
@library_option
@click.option("--reason", required=True, help="撤销的原因，一句话，会公开。")
@click.option("--notice", required=True, help="撤销公告的网址。")
@click.option("--date", "day", required=True, help="撤销的日期，例如 2024-05-20。")
@click.option("--title", default="撤销公告", show_default=True, help="公告的标题。")
@click.argument("case_id", metavar="编号")
def revoke(folder: Path, reason: str, notice: str, day: str, title: str, case_id: str) -> None:
    """撤销一个已公布的项目：写明状态、原因、日期和公告，其余内容和注释不动。

    网页在原地址留作说明；列表、计数、检索里不再有它。有问题时什么也不改。
    例：caselib revoke 2023-00003 --reason 经查实不符合条件 --notice https://example.org/notice --date 2024-05-20
    """
    from generator.importers.writing import put_text
    from generator.revocation import Request, plan_revocation

    plan, wrong = plan_revocation(folder, base_of(folder), Request(case_id, reason, notice, day, title))
    if plan is None:
        for line in wrong:
            click.echo(f"caselib: {line}", err=True)
        click.echo("caselib: 没有撤销，文件没有改动", err=True)
        sys.exit(1)
    put_text(plan.path, plan.text, new=False)
    click.echo(f"{plan.file} 已撤销：{plan.title}")
    if plan.rewritten:
        click.echo("  原来的写法不能逐处修改，整个文件写成了统一的样子，注释和内容没有变")
    click.echo(f"  status: revoked；changes 和 sources 各加一条（{day}）")
    click.echo(f"  网页 cases/{case_id}.html 留作撤销说明；再次生成或发布网站之后生效")
