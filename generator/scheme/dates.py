"""When a round takes entries, reviews them, shows them in public and announces them; never read from a clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from generator.checking.fields import Day, Model, described
from generator.phrases import marked

# Stages in their order: key and name.
STAGES = (
    ("entries", marked("申报")),
    ("review", marked("评审")),
    ("notice", marked("公示")),
    ("announced", marked("公布")),
)


class Stage(NamedTuple):
    """A stage of a round, its first and its last day as far as they are known."""

    key: str
    label: str
    start: date | None
    end: date | None


class Period(Model):
    """Two days, both included; either may be unknown."""

    start: Day | None = described("起")
    end: Day | None = described("止")


class RoundDates(Model):
    """The days of a round, as far as they were published."""

    entries: Period | None = described("申报")
    review: Period | None = described("评审")
    notice: Period | None = described("公示", "评选结果公开征求异议的日期")
    announced: Day | None = described("公布")

    def stages(self) -> Iterator[Stage]:
        """The stages of which a day is known, in their order; the announcement has one day."""
        for key, label in STAGES:
            value = getattr(self, key)
            if isinstance(value, Period) and (value.start or value.end):
                yield Stage(key, label, value.start, value.end)
            elif isinstance(value, date):
                yield Stage(key, label, value, value)


def misplaced_dates(dates: RoundDates) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """What cannot be in the days of a round: where it stands below `dates`, what is wrong, what is right."""
    before: tuple[str, date] | None = None
    for key, label, start, end in dates.stages():
        if start and end and end < start:
            yield (key, "end"), f"{label}的止日 {end} 早于起日 {start}", "请检查两个日期"
        first = start or end
        if before and first and first < before[1]:
            where = (key,) if key == "announced" else (key, "start" if start else "end")
            yield where, f"{label}日期 {first} 早于{before[0]}的 {before[1]}", "各阶段依次是申报、评审、公示、公布"
        # The next stage may begin while this one runs, but nothing is announced before objections are in.
        last = end if key == "notice" and end else first
        before = (label, last) if last else before
