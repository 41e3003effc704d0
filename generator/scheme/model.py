"""The scheme: everything an organiser decides, as checked data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Annotated

from generator.checking.diagnostics import listing, nearest
from generator.checking.fields import (
    NEEDS,
    Address,
    Count,
    Day,
    Flag,
    Key,
    Language,
    Line,
    Model,
    OneOf,
    Prose,
    Slug,
    Year,
    described,
)
from generator.scheme.batches import BATCH
from generator.scheme.brand import Brand
from generator.scheme.concordance import Concordance, Passage, misuse
from generator.scheme.dates import RoundDates
from generator.scheme.fields import ExtraField
from generator.scheme.layouts import Layout
from generator.scheme.prints import Printed
from generator.scheme.rankings import Ranking
from generator.scheme.rules import Rule
from generator.scheme.words import Words

# Keys of the common core (model.Case); a scheme adds others and cannot take these.
CORE_KEYS = frozenset(
    (
        *("id", "title", "year", "unit", "people", "summary", "body", "media", "patents", "sources", "status"),
        *("changes", "sample", "value", "section", "page"),
        *("q", "sort", "picture", "patent"),  # parameters of the search
    )
)
# First parts of addresses that every site has; a dimension cannot take these.
TAKEN_PATHS = frozenset(
    (
        *("admin", "api", "assets", "cases", "data", "methods", "notice", "rankings", "search", "share", "titles"),
        *("units", "years"),
    )
)
# Numbers that were published: by key of the dimension and name of the term.
Numbers = dict[Key, dict[str, Count]]
# Numbers that a round may have, and what they are called.
NUMBERS = {"called": "征集数", "entries": "申报数", "nominations": "推荐数", "announced": "公布数"}
# An award ranks, a place stands on the map; dimensions of methods say how a difficulty was met: they are filled by
# editors, never published with the award, and shown together on a page of their own.
METHOD = "method"
ROLES = ("award", "place", METHOD, BATCH)
# What the organiser decides when results are published: no form asks for it, and a nominee has none yet.
DECIDED = ("award", BATCH)


class Notice(Model):
    """An official publication: a notice, a list, the rules."""

    title: Annotated[str, Line(200)] = described("标题", need="required")
    number: Annotated[str, Line(60)] | None = described("文号")
    address: Address | None = described("网址")
    date: Day | None = described("日期")


class Round(Model):
    """One yearly round and what was announced for it."""

    year: Year = described("届次", "用年份表示", need="required")
    label: Annotated[str, Line(60)] | None = described("名称")
    results: tuple[Year, ...] = described("成果年份", "哪几年的成果", default=())
    dates: RoundDates = described("日期", default=RoundDates())
    called: Numbers = described("征集数", "计划征集的项目数：维度的字段名、取值、数目", default_factory=dict)
    entries: Numbers = described("申报数", "维度的字段名、取值、数目", default_factory=dict)
    nominations: Numbers = described("推荐数", "维度的字段名、取值、数目", default_factory=dict)
    announced: Numbers = described("公布数", "公布的项目数：维度的字段名、取值、数目", default_factory=dict)
    regulations: Notice | None = described("评选办法")
    notices: tuple[Notice, ...] = described("通知与公告", default=())
    objection: Annotated[str, Prose(600)] | None = described("怎样提出异议", "公示期间写在公示页上")

    @property
    def total(self) -> int | None:
        """How many projects were announced; None where that is not known."""
        return max((sum(counts.values()) for counts in self.announced.values()), default=None)


class Term(Model):
    """One value of a dimension. `tile` is its place on the schematic map: column, row, from 0."""

    name: Annotated[str, Line(60)] = described("名称", need="required")
    slug: Slug = described("网址中的写法", need="required")
    aliases: tuple[Annotated[str, Line(60)], ...] = described("别名", default=())
    mark: Slug | None = described("标志")
    about: Annotated[str, Prose(1000)] | None = described("说明")
    tile: tuple[Count, Count] | None = described("示意图上的位置")
    parent: Annotated[str, Line(60)] | None = described("上级")
    round: Year | None = described("批次的届次", "只用于 role: batch 的维度")
    date: Day | None = described("批次公布的日期", "只用于 role: batch 的维度")


class Dimension(Model):
    """One way in which cases are sorted: its terms in their order, best first where `role` is award."""

    key: Key = described("字段名", need="required")
    label: Annotated[str, Line(20)] = described("名称", need="required")
    path: Slug = described("网址中的写法", need="required")
    role: Annotated[str, OneOf(ROLES)] | None = described("作用")
    need: Annotated[str, OneOf(NEEDS)] = described("是否必填", default="optional")
    about: Annotated[str, Prose(1000)] | None = described("说明")
    pages: Flag = described("有没有网页", "false 表示没有索引页和列表页，也不在导航里", default=True)
    filter: Flag = described("能否筛选", "检索页的筛选", default=True)
    terms: tuple[Term, ...] = described("取值", need="required", min_length=1)
    concordance: tuple[Passage, ...] = described("沿革", "取值在各届之间更名、合并、拆分", default=())
    labels: dict[Language, Annotated[str, Line(40)]] = described(
        "其他文字的名称", "例如 en: Place", default_factory=dict
    )

    def named(self, language: str) -> str:
        """What it is called where the interface is in `language`."""
        return self.labels.get(language, self.label)

    @cached_property
    def by_name(self) -> dict[str, Term]:
        return {term.name: term for term in self.terms}

    @cached_property
    def by_alias(self) -> dict[str, Term]:
        return {alias: term for term in self.terms for alias in term.aliases}

    @cached_property
    def rank(self) -> dict[str | None, int]:
        """Place of each name in the order of the scheme, from 0; None comes after all."""
        places: dict[str | None, int] = {term.name: place for place, term in enumerate(self.terms)}
        places[None] = len(self.terms)
        return places

    @property
    def names(self) -> list[str]:
        return [term.name for term in self.terms]

    def lineage(self, name: str | None) -> Sequence[Term]:
        """The terms that a case with this term counts under, its own first; none for None.

        These are those above it and, where it became exactly one other, that one and what stands above that.
        """
        return self._lineages[name] if name is not None else ()

    @cached_property
    def _lineages(self) -> dict[str, tuple[Term, ...]]:
        return {name: tuple(self._reached(name, later=True)) for name in self.by_name}

    def above(self, name: str | None) -> Sequence[Term]:
        """The term with this name and all that stand above it, whatever they became since."""
        return list(self._reached(name, later=False)) if name is not None else ()

    def _reached(self, name: str, *, later: bool) -> Iterator[Term]:
        seen, waiting = {name}, [name]
        for here in waiting:  # grows while it is walked through
            term = self.by_name[here]
            yield term
            onward = (term.parent, self.history.successor(here) if later else None)
            fresh = [other for other in onward if other is not None and other not in seen]
            seen.update(fresh)
            waiting += fresh

    @cached_property
    def history(self) -> Concordance:
        """What became of the terms."""
        return Concordance(self.concordance)

    def names_in(self, year: int) -> list[str]:
        """The terms that a record of the round `year` may have."""
        return [name for name in self.names if self.covers(name, year)]

    def covers(self, name: str, year: int) -> bool:
        """Whether a record of the round `year` may have the term."""
        return self.history.covers(name, year) and self.by_name[name].round in (None, year)

    def misuse(self, name: str, year: int, label: str = "") -> tuple[str, str, str]:
        """What is wrong with a term in a round that it is not of: message, what is right, the nearest right one."""
        label = label or self.label
        batch = self.by_name[name].round
        if self.history.covers(name, year) and batch is not None:
            names = self.names_in(year)
            allowed = f"可用值：{listing(names)}" if names else f"方案里没有 {year} 届的{self.label}"
            return f"{label}「{name}」是 {batch} 届的，不能用于 {year} 届", allowed, nearest(name, names)
        return misuse(self.history, label, name, year)

    @property
    def is_asked(self) -> bool:
        """Whether forms ask for it: not what the organiser decides, nor how a difficulty was met."""
        return self.role not in (*DECIDED, METHOD)

    @cached_property
    def lasting(self) -> tuple[Term, ...]:
        """The terms that did not become exactly one other: their counts add up, each case in one of them."""
        return tuple(term for term in self.terms if self.history.successor(term.name) is None)

    @cached_property
    def former(self) -> tuple[Term, ...]:
        """The terms that are used no longer."""
        return tuple(term for term in self.terms if term.name in self.history.ends)


def now_key(dimension: Dimension) -> str:
    """Key of the column that holds the term of today, in tables of a dimension whose terms have changed."""
    return f"{dimension.key}_now"


class Methods(Model):
    """How the page is called that reads across cases by the dimensions of methods."""

    label: Annotated[str, Line(20)] = described("名称", default="方法和经验")
    about: Annotated[str, Prose(1000)] | None = described("说明")


class Section(Model):
    """A part of the introduction."""

    key: Key = described("字段名", need="required")
    label: Annotated[str, Line(20)] = described("名称", need="required")
    need: Annotated[str, OneOf(NEEDS)] = described("是否必填", default="complete")


class Forms(Model):
    """What the organiser's forms and tables call things, beside the common wordings; read by `caselib import`."""

    application: Annotated[str, Line(100)] | None = described("申报表的标题")
    summary: Annotated[str, Line(100)] | None = described("汇总表的标题")
    labels: dict[str, tuple[Annotated[str, Line(60)], ...]] = described(
        "栏目名称", "字段名与表上的各种写法", default_factory=dict
    )
    headings: dict[Key, tuple[Annotated[str, Line(60)], ...]] = described("简介里的标题", default_factory=dict)
    hints: tuple[Annotated[str, Prose(400)], ...] = described("空表里的提示语", default=())
    asides: tuple[Annotated[str, Line(60)], ...] = described("不收录的栏目", "签字、盖章、意见等", default=())
    prefixes: tuple[Annotated[str, Line(20)], ...] = described("地名前可省的部分", default=())
    most: Count = described("申报表简介最多的字数", default=800)


class Scheme(Model):
    """One organiser's award: names, rounds, dimensions, sections, further fields."""

    name: Annotated[str, Line(60)] = described("案例库名称", need="required")
    name_parts: tuple[Annotated[str, Line(60)], ...] = described("名称的各段", "大字标题只在段与段之间换行", default=())
    programme: Annotated[str, Line(60)] = described("活动名称", need="required")
    organiser: Annotated[str, Line(60)] = described("主办单位", need="required")
    intro: Annotated[str, Prose(400)] | None = described("一句话介绍")
    sample: Flag = described("示例库", "true 表示库中全部是示例数据", default=False)
    words: Words = described("用词", "网页、表格和提示里怎么称呼", default=Words())
    rounds: tuple[Round, ...] = described("届次", need="required", min_length=1)
    dimensions: tuple[Dimension, ...] = described("维度", need="required", min_length=1)
    sections: tuple[Section, ...] = described("简介的各部分", default=())
    revocation: Annotated[str, Line(40)] | None = described("撤销的说法", "例如 撤销认定；不写时是 撤销获奖")
    methods: Methods = described("方法和经验", "role 为 method 的维度合成的一页", default=Methods())
    fields: tuple[ExtraField, ...] = described("更多字段", default=())
    private: tuple[Annotated[str, Line(40)], ...] = described("不公开的项目", "申报表里有、记录里不许有", default=())
    readings: dict[Annotated[str, Line(40)], Annotated[str, Line(200)]] = described(
        "读音", "多音字的词和它的拼音，例如 重钢: chong gang", default_factory=dict
    )
    forms: Forms = described("表格的写法", default=Forms())
    rules: tuple[Rule, ...] = described("名额和资格", "caselib round 按这些规则核对一届", default=())
    rankings: tuple[Ranking, ...] = described("每月排名", "按月数各单位或各取值的项目", default=())
    layouts: tuple[Layout, ...] = described("主办单位的表样", "网站的 XLSX 下载，每届一个文件", default=())
    brand: Brand = described("外观", "颜色、标志、页脚", default=Brand())
    print: Printed = described("印刷品的文字", "名单、证书、年鉴", default=Printed())

    @cached_property
    def stored(self) -> tuple[ExtraField, ...]:
        """The further fields that a record may hold."""
        return tuple(extra for extra in self.fields if not extra.private)

    @cached_property
    def private_labels(self) -> tuple[str, ...]:
        """What no record may hold, as forms call it."""
        return (*self.private, *(extra.label for extra in self.fields if extra.private))

    @cached_property
    def by_key(self) -> dict[str, Dimension]:
        return {dimension.key: dimension for dimension in self.dimensions}

    def unknown_round(self, year: int) -> str:
        """What is wrong with a year of which the scheme has no round, and which there are."""
        return f"方案中没有 {year} 这一{self.words.round}；可用：{'、'.join(map(str, sorted(self.by_year)))}"

    @cached_property
    def by_year(self) -> dict[int, Round]:
        return {entry.year: entry for entry in self.rounds}

    def role(self, name: str) -> Dimension | None:
        """The dimension that has the role `name`, if the scheme has one."""
        return next((dimension for dimension in self.dimensions if dimension.role == name), None)

    @cached_property
    def paged(self) -> tuple[Dimension, ...]:
        """The dimensions that have pages of their own, in the order of the scheme."""
        return tuple(dimension for dimension in self.dimensions if dimension.pages)

    @cached_property
    def method_dimensions(self) -> list[Dimension]:
        """The dimensions by which methods are read across cases."""
        return [dimension for dimension in self.dimensions if dimension.role == METHOD]

    @property
    def words_of_name(self) -> list[str]:
        """The name in parts between which a title may break."""
        rest = self.name.removeprefix("".join(self.name_parts))
        return [*self.name_parts, *([rest] if rest else [])]

    @cached_property
    def award(self) -> Dimension | None:
        return self.role("award")
