"""What became of the terms of a dimension between rounds: renamed, merged, split, added, dropped.

A record keeps the term of its round. Where a term became exactly one other, its cases count under that one too; where
it became several, nobody can say which, and its cases stay its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Annotated

from generator.checking.diagnostics import Diagnostic, listing, nearest
from generator.checking.fields import Line, Model, Prose, Year, described
from generator.checking.raw import Raw, Step
from generator.phrases import Phrases, marked

CHINESE = Phrases({})
CYCLE, FORM, PERIOD = "concordance-cycle", "concordance-form", "term-period"


class Passage(Model):
    """What terms became from one round on. A term that stands on both sides goes on."""

    was: tuple[Annotated[str, Line(60)], ...] = described("原来的取值", "新设的不写", default=())
    became: tuple[Annotated[str, Line(60)], ...] = described("后来的取值", "停用的不写", default=())
    since: Year = described("从哪一届起", need="required")
    about: Annotated[str, Prose(600)] | None = described("说明", "例如依据的文件")

    @property
    def ending(self) -> list[str]:
        """The terms that are used no longer."""
        return [name for name in dict.fromkeys(self.was) if name not in self.became]

    @property
    def starting(self) -> list[str]:
        """The terms that there were none of before."""
        return [name for name in dict.fromkeys(self.became) if name not in self.was]

    @property
    def kind(self) -> str:
        """What happened to terms that became others, in a word."""
        if len(self.became) > 1:
            return marked("拆分") if len(self.was) == 1 else marked("调整")
        return marked("合并") if len(self.was) > 1 else marked("更名")


@dataclass(frozen=True)
class Concordance:
    """The passages of one dimension."""

    passages: Sequence[Passage] = ()

    @cached_property
    def ends(self) -> Mapping[str, Passage]:
        """The passage that ended a term, by its name."""
        return {name: passage for passage in self.passages for name in passage.ending}

    @cached_property
    def starts(self) -> Mapping[str, Passage]:
        """The passage that a term began with, by its name."""
        return {name: passage for passage in self.passages for name in passage.starting}

    def successor(self, name: str) -> str | None:
        """The one term that `name` became; None where it goes on, became several or was dropped."""
        passage = self.ends.get(name)
        return passage.became[0] if passage and len(passage.became) == 1 else None

    def now(self, name: str) -> str:
        """The term under which cases of `name` are counted at last."""
        while (following := self.successor(name)) is not None:
            name = following
        return name

    def covers(self, name: str, year: int) -> bool:
        """Whether a record of the round `year` may have the term."""
        start, end = self.starts.get(name), self.ends.get(name)
        return (start is None or year >= start.since) and (end is None or year < end.since)

    def of(self, name: str) -> list[Passage]:
        """Every passage that tells of the term, the earliest first."""
        found = [passage for passage in self.passages if name in passage.was or name in passage.became]
        return sorted(found, key=lambda passage: passage.since)

    def in_year(self, name: str, year: int) -> list[str]:
        """The terms of the round `year` that came from `name`, or that it came from; nearest in time first."""
        found: list[str] = []
        seen, waiting = {name}, [name]
        while waiting:
            here = waiting.pop(0)
            if here != name and self.covers(here, year):
                found.append(here)
                continue
            end, start = self.ends.get(here), self.starts.get(here)
            # Forward from a term that has ended by then, back from one that has not begun.
            later = end.became if end is not None and year >= end.since else ()
            earlier = start.was if start is not None and year < start.since else ()
            fresh = [other for other in (*later, *earlier) if other not in seen]
            seen.update(fresh)
            waiting += fresh
        return found

    def lifetime(self, name: str, say: Phrases = CHINESE) -> str:
        """The rounds in which the term is used, in words; empty where it always is."""
        start, end = self.starts.get(name), self.ends.get(name)
        if start and end:
            return say("{since}—{last} 年", since=start.since, last=end.since - 1)
        if start:
            return say("{since} 年起", since=start.since)
        return say("{until} 年前", until=end.since) if end else ""


def misuse(concordance: Concordance, label: str, name: str, year: int) -> tuple[str, str, str]:
    """What is wrong with a term in a round that it is not used in: message, what is right, the nearest right one."""
    right = concordance.in_year(name, year)
    start = concordance.starts.get(name)
    early = start is not None and year < start.since
    passage = start if early else concordance.ends[name]
    assert passage is not None
    when = f"从 {passage.since} 年起才有" if early else f"只用到 {passage.since - 1} 年"
    allowed = f"{year} 年用「{'」或「'.join(right)}」" if right else f"{year} 年没有与它相当的取值"
    return f"{label}「{name}」{when}，不能用于 {year} 年", allowed, right[0] if len(right) == 1 else ""


def concordance_findings(
    passages: Sequence[Passage], names: Sequence[str], raw: Raw, path: tuple[Step, ...]
) -> Iterator[Diagnostic]:
    """What is wrong with the passages of a dimension with the terms `names`. path: of the list in the file."""

    def found(code: str, where: tuple[Step, ...], message: str, allowed: str = "", close: str = "") -> Diagnostic:
        line, column = raw.at((*path, *where))
        return Diagnostic(raw.file, line, column, code, message, allowed, close)

    wrong = False
    ended: dict[str, Passage] = {}
    begun: dict[str, Passage] = {}
    for number, passage in enumerate(passages):
        for side in ("was", "became"):
            given: Sequence[str] = getattr(passage, side)
            for place, name in enumerate(given):
                if name not in names:
                    wrong = True
                    message = f"沿革里的取值「{name}」不存在"
                    allowed = f"可用值：{listing(list(names), 30)}；原来的取值也要留在 terms 里"
                    yield found("scheme-reference", (number, side, place), message, allowed, nearest(name, names))
                if name in given[:place]:
                    yield found(FORM, (number, side, place), f"「{name}」在同一条沿革里写了两次", "请删去一个")
        if not passage.ending and not passage.starting:
            message = "这一条沿革没有改变什么" if passage.was else "这一条沿革没有写取值"
            yield found(FORM, (number,), message, "was 写原来的取值，became 写后来的取值")
        for side, name, known in (
            *(("was", name, ended) for name in passage.ending),
            *(("became", name, begun) for name in passage.starting),
        ):
            if name in known:
                what = "停用" if side == "was" else "出现"
                message = f"「{name}」{what}了两次：{known[name].since} 年和 {passage.since} 年"
                allowed = "一个取值只能停用一次" if side == "was" else f"并入已有的「{name}」时，把它也写进 was"
                yield found(FORM, (number, side, getattr(passage, side).index(name)), message, allowed)
            known.setdefault(name, passage)
    if wrong:
        return
    cycle = _cycle(passages)
    if cycle:
        last = next(n for n, p in reversed(list(enumerate(passages))) if cycle[-2] in p.was and cycle[-1] in p.became)
        message = f"沿革转了一圈：{' → '.join(cycle)}"
        yield found(CYCLE, (last,), message, "改回旧名时，请另立一个取值（名称和网址都是新的）")
        return
    for where, message, allowed in _untimely(passages, begun, ended):
        yield found(PERIOD, where, message, allowed)


def _untimely(
    passages: Sequence[Passage], begun: Mapping[str, Passage], ended: Mapping[str, Passage]
) -> Iterator[tuple[tuple[Step, ...], str, str]]:
    """Place, message and remedy of each term that a passage tells of before it was there or after it was gone."""
    for number, passage in enumerate(passages):
        for side in ("was", "became"):
            for place, name in enumerate(getattr(passage, side)):
                start, end = begun.get(name), ended.get(name)
                if start is not None and start is not passage and passage.since <= start.since:
                    message = f"「{name}」从 {start.since} 年起才有，{passage.since} 年的沿革里不能有它"
                    yield (number, side, place), message, f"since 应晚于 {start.since}"
                elif end is not None and passage not in (start, end) and passage.since >= end.since:
                    message = f"「{name}」只用到 {end.since - 1} 年，{passage.since} 年的沿革里不能有它"
                    yield (number, side, place), message, f"since 应早于 {end.since}"


def _cycle(passages: Sequence[Passage]) -> list[str]:
    """Terms each of which became the next, the first also last; empty where none comes back to itself."""
    following = {name: passage.became for passage in passages for name in passage.ending}
    try:
        TopologicalSorter(following).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []
