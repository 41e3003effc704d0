"""The vocabulary of a scheme's rules: quotas, eligibility, repetition; `rule_check` judges a round by them.

Each rule has its own message and its place in scheme.yml. What it refers to is checked when the scheme is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from generator.checking.diagnostics import Diagnostic, listing, nearest
from generator.checking.fields import Count, Line, Model, OneOf, Prose, RecordId, Slug, Year, described
from generator.checking.raw import Raw, Step

UNIT = "unit"
# What is counted: what came in; what was recommended, which is every record of the round, whatever became of it; what
# was awarded.
COUNTS = ("entries", "nominations", "announced")
# With which other records of the library one of the round may not be the same project.
AMONG = ("earlier", "round", "all")
SEVERITIES = ("error", "warning")
Percent = Annotated[int, Field(ge=0, le=100)]

# Keys that belong to each kind of rule: those it needs, those it may have.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "quota": (("count", "by"), ("terms", "where", "at_most", "at_least")),
    "require": ((), ("where", "require", "present")),
    "mention": (("mention",), ("where",)),
    "distinct": (("among",), ("excepted",)),
}
_OWN = ("count", "by", "terms", "where", "at_most", "at_least", "require", "present", "mention", "among", "excepted")


class Bound(Model):
    """A number that a count is held against: `number`, or `percent` of what `of` says, in whole projects."""

    entries: Count | None = described("申报数", "只用于申报数不少于此数的地方；先写大的")
    number: Count | None = described("项数")
    percent: Percent | None = described("百分比")
    of: Annotated[str, OneOf(("entries", "all"))] | None = described(
        "百分比以什么为准", "entries 申报数，all 同一处的全部项目"
    )


class Rule(Model):
    """One rule of the organiser. Which keys it has depends on its kind, see KINDS."""

    key: Slug = described("名称", "小写字母、数字和连字符", need="required")
    kind: Annotated[str, OneOf(tuple(KINDS))] = described("种类", need="required")
    label: Annotated[str, Line(40)] = described("叫法", "例如 推荐名额", need="required")
    message: Annotated[str, Line(200)] = described("违反时的说明", need="required")
    severity: Annotated[str, OneOf(SEVERITIES)] = described(
        "轻重", "error 违反时不能发布，warning 只提示", default="error"
    )
    about: Annotated[str, Prose(600)] | None = described("依据")
    rounds: tuple[Year, ...] = described("适用的届次", "不写时全部适用", default=())
    count: Annotated[str, OneOf(COUNTS)] | None = described("数什么", "entries 申报，nominations 推荐，announced 公布")
    by: tuple[Annotated[str, Line(40)], ...] = described("按什么分", "维度的字段名，或 unit", default=())
    terms: tuple[Annotated[str, Line(60)], ...] = described("只用于这些取值", default=())
    where: dict[str, str] = described("只用于这样的项目", "字段名与值", default_factory=dict)
    at_most: tuple[Bound, ...] = described("最多", "用第一条合适的", default=())
    at_least: tuple[Bound, ...] = described("最少", "用第一条合适的", default=())
    require: dict[str, str] = described("应当是", "字段名与值", default_factory=dict)
    present: tuple[Annotated[str, Line(40)], ...] = described("应当填写", default=())
    mention: tuple[Annotated[str, Line(60)], ...] = described("文中有这些词时", default=())
    among: Annotated[str, OneOf(AMONG)] | None = described("不得相同", "earlier 与以前各届，round 与同届，all 与两者")
    excepted: tuple[tuple[RecordId, RecordId], ...] = described("已核实不是同一项目的", "两个编号", default=())


@dataclass(frozen=True)
class Vocabulary:
    """What rules may refer to.

    terms: names of each dimension by its key. values: the values that a field may have, None where any text will do.
    fields: further keys that can only be present or absent.
    """

    terms: Mapping[str, Sequence[str]]
    values: Mapping[str, Sequence[str] | None]
    years: Sequence[int]
    fields: Sequence[str] = field(default=())


def rule_problems(rules: Sequence[Rule], raw: Raw, known: Vocabulary) -> Iterator[Diagnostic]:
    """What is wrong with the rules of a scheme beyond the form of each value."""
    seen: set[str] = set()
    for number, rule in enumerate(rules):
        here = _Place(raw, ("rules", number))
        if rule.key in seen:
            yield here.found("scheme-clash", "key", f"规则「{rule.key}」与前面的重复", "每个名称只能用一次")
        seen.add(rule.key)
        yield from _form(rule, here)
        yield from _references(rule, here, known)


@dataclass(frozen=True)
class _Place:
    """A rule in the file."""

    raw: Raw
    path: tuple[Step, ...]

    def found(self, code: str, key: Step, message: str, allowed: str = "", close: str = "", *more: Step) -> Diagnostic:
        """A finding at `key` of the rule, or further down; at the rule where it has no such key."""
        line, column = self.raw.at((*self.path, key, *more), key=True)
        return Diagnostic(self.raw.file, line, column, code, message, allowed, close)


def _form(rule: Rule, here: _Place) -> Iterator[Diagnostic]:
    """Keys that a rule of its kind lacks or may not have, and bounds that say nothing."""
    needed, allowed = KINDS[rule.kind]
    for key in needed:
        if not getattr(rule, key):
            yield here.found("rule-form", key, f"规则「{rule.key}」是 {rule.kind}，却没有写 {key}", "请补上这一项")
    for key in _OWN:
        if getattr(rule, key) and key not in (*needed, *allowed):
            message = f"规则「{rule.key}」是 {rule.kind}，不能有 {key}"
            yield here.found("rule-form", key, message, f"可用：{'、'.join((*needed, *allowed))}")
    if rule.kind == "quota" and not (rule.at_most or rule.at_least):
        yield here.found("rule-form", "kind", f"规则「{rule.key}」没有写数目", "请写 at_most 或 at_least")
    if rule.kind == "require" and not (rule.require or rule.present):
        yield here.found("rule-form", "kind", f"规则「{rule.key}」没有写要求", "请写 require 或 present")
    if rule.count == "entries" and (len(rule.by) > 1 or UNIT in rule.by or rule.where):
        message = f"规则「{rule.key}」数的是申报数，只能按一个维度分"
        yield here.found("rule-form", "count", message, "申报数来自届次的 entries，不是数出来的")
    for key in ("at_most", "at_least"):
        for number, bound in enumerate(getattr(rule, key)):
            wrong = _wrong_bound(rule, bound)
            if wrong:
                yield here.found("rule-form", key, f"规则「{rule.key}」的 {key}：{wrong[0]}", wrong[1], "", number)


def _wrong_bound(rule: Rule, bound: Bound) -> tuple[str, str] | None:
    """What is wrong with a bound, and what is right."""
    if (bound.number is None) == (bound.percent is None):
        return "项数和百分比要写一个，也只能写一个", "写 number 或 percent"
    if (bound.percent is None) != (bound.of is None):
        return "百分比要写明以什么为准", "of: entries 申报数，或 of: all 同一处的全部项目"
    if bound.of == "all" and not rule.where:
        return "以全部项目为准的百分比要写明数哪些项目", "写 where: {字段名: 值}"
    if (bound.of == "entries" or bound.entries is not None) and (len(rule.by) > 1 or UNIT in rule.by):
        return "申报数只有按一个维度分时才有", "by 里只写一个维度"
    return None


def _references(rule: Rule, here: _Place, known: Vocabulary) -> Iterator[Diagnostic]:
    """Fields, values, terms and rounds that are not there."""

    def unknown(key: str, value: str, names: Sequence[str], what: str, *more: Step) -> Iterator[Diagnostic]:
        if value not in names:
            message = f"规则「{rule.key}」里的{what}「{value}」不存在"
            close = nearest(value, names)
            yield here.found("rule-reference", key, message, f"可用值：{listing(list(names), 30)}", close, *more)

    groups = [*known.terms, UNIT]
    for number, key in enumerate(rule.by):
        yield from unknown("by", key, groups, "字段", number)
    dimension = next((key for key in rule.by if key in known.terms), None)
    for number, name in enumerate(rule.terms):
        if dimension is None:
            if number == 0 and rule.kind == "quota":
                yield here.found("rule-form", "terms", f"规则「{rule.key}」没有按维度分，不能写 terms", "请删去")
        else:
            yield from unknown("terms", name, known.terms[dimension], "取值", number)
    for part in ("where", "require"):
        for key, value in getattr(rule, part).items():
            yield from unknown(part, key, list(known.values), "字段", key)
            allowed = known.values.get(key)
            if allowed is not None:
                yield from unknown(part, value, allowed, "取值", key)
    for number, key in enumerate(rule.present):
        yield from unknown("present", key, [*known.values, *known.fields], "字段", number)
    for number, year in enumerate(rule.rounds):
        yield from unknown("rounds", str(year), [str(known_year) for known_year in known.years], "届次", number)
