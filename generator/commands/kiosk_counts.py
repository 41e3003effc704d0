"""`caselib kiosk counts`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.kiosk_shared import machine_of, machine_option
from generator.commands.shared import fail


@click.command()
@machine_option
@click.option(
    "--csv", "target", type=click.Path(path_type=Path, dir_okay=False), help="写成 CSV 文件；- 表示直接输出。"
)
def counts(config: Path, target: Path | None) -> None:
    """每天参观多少次、每个案例打开多少次。只有次数，没有任何人的信息。

    例：caselib kiosk counts --csv 次数.csv
    """
    import apsw

    from generator.kept_files import reason_of
    from generator.kiosk.machine.counts import VISIT, counts_csv, read_rows
    from generator.kiosk.machine.state import State

    try:
        rows = read_rows(State(machine_of(config).state_folder).counts)
    except apsw.Error as error:
        fail(f"计数读不到：{error}", 1)
    if target is None:
        visits = sum(times for _, what, _, times in rows if what == VISIT)
        opened = sum(times for _, what, _, times in rows if what != VISIT)
        days = {day for day, *_ in rows if day}
        span = f"{min(days)} 到 {max(days)}：" if days else ""
        click.echo(f"{span}参观 {visits} 次，打开 {opened} 次")
    elif str(target) == "-":
        click.echo(counts_csv(rows), nl=False)
    else:
        try:
            target.write_bytes(counts_csv(rows).encode())
        except OSError as error:
            fail(f"不能写入 {target}：{reason_of(error)}", 1)
        click.echo(f"已写入 {target}（{len(rows)} 行）")
