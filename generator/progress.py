"""Progress of long commands: a bar with count and rate on a terminal, a line now and then elsewhere, JSON, nothing."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Progress = Callable[[str, int, int], None]

SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def progress(*, quiet: bool = False, as_json: bool = False, stream: TextIO | None = None) -> Iterator[Progress | None]:
    """A function (stage, done, total) that shows how far a command is; None where nothing is to be shown."""
    out = stream or sys.stderr
    if quiet:
        yield None
    elif as_json:
        yield lambda stage, done, total: print(
            json.dumps({"stage": stage, "done": done, "total": total}, ensure_ascii=False), file=out, flush=True
        )
    elif out.isatty():
        with _bar(out) as show:
            yield show
    else:
        yield _Lines(out)


class _Lines:
    """A line for each stage that takes long: every few seconds, and at its end if there was one before."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.stage = ""
        self.began = self.said = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self.stage:
            self.stage, self.began, self.said = stage, now, now
        spoke_before = self.said != self.began
        if now - self.said < SECONDS_BETWEEN_LINES and not (done == total and spoke_before):
            return
        self.said = now
        rate = done / max(now - self.began, 0.001)
        print(f"{stage} {done}/{total}，每秒 {rate:.0f}", file=self.out, flush=True)


@contextmanager
def _bar(out: TextIO) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Bars(*columns, TimeRemainingColumn(), console=Console(file=out), transient=True) as bars:
        tasks: dict[str, tuple[int, float]] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = int(bars.add_task(stage, total=total, rate="")), time.monotonic()
            task, began = tasks[stage]
            rate = done / max(time.monotonic() - began, 0.001)
            bars.update(bars.task_ids[task], completed=done, total=total, rate=f"每秒 {rate:.0f}")

        yield show
