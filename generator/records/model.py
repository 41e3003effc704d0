"""The case: what a checked record holds. The record type of a scheme is made from this core and the scheme.

Names in braces in the labels of the core are words of the scheme (`scheme_words.Words`).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Annotated, Any, cast, get_args, get_type_hints

import msgspec
from pydantic import BaseModel, Field, create_model

from generator.checking.fields import Address, Day, Flag, Line, Model, OneOf, Prose, Year, described, need_of
from generator.scheme.fields import CARD, GROUPS, LIST, ExtraField, FieldPart, field_text
from generator.scheme.model import DECIDED, Dimension, Scheme
from generator.scheme.words import Words

PERSON_ROLES = {"lead": "{lead}", "member": "{member}"}
STATUSES = {"nominated": "推荐", "notice": "公示", "announced": "公布", "revoked": "撤销"}
# Not awarded yet: no award and no public source are asked for.
UNPUBLISHED = ("nominated", "notice")
# These have a page for ever; of a revoked case only some fields stay public, besides its dimensions.
PUBLISHED = ("announced", "revoked")
REVOKED_KEYS = ("id", "title", "year", "unit", "sources", "status", "changes", "sample")
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif")
VIDEOS = (".mp4", ".webm")


class Person(Model):
    """Someone who took part. Names and posts only; nothing else of a person is ever stored."""

    name: Annotated[str, Line(40)] = described("姓名", "也可以是团队名称", need="required")
    role: Annotated[str, OneOf(list(PERSON_ROLES), list(PERSON_ROLES.values()))] = described(
        "作用", "lead {lead}，member {member}", need="required"
    )
    post: Annotated[str, Line(60)] | None = described("{post}")


class Media(Model):
    """A picture or a video. `file` is relative to the folder of the record."""

    file: Annotated[str, Line(200)] = described("文件", "例如 2023-00142/figure.jpg", need="required")
    alt: Annotated[str, Line(300)] = described("替代文字", "说明画面内容，给看不见图片的人", need="required")
    caption: Annotated[str, Line(300)] | None = described("图注")

    @property
    def is_video(self) -> bool:
        return PurePosixPath(self.file).suffix.lower() in VIDEOS


class Patent(Model):
    """A patent that protects the result."""

    number: Annotated[str, Line(60)] | None = described("专利号")
    kind: Annotated[str, Line(40)] | None = described("专利类型")
    title: Annotated[str, Line(200)] | None = described("专利名称")
    status: Annotated[str, Line(40)] | None = described("专利状况")
    date: Day | None = described("批准时间")


class Source(Model):
    """Where the award or the facts were published."""

    title: Annotated[str, Line(300)] = described("标题", need="required")
    address: Address | None = described("网址")
    date: Day | None = described("日期")


class Change(Model):
    """A correction after publication."""

    date: Day = described("日期", need="required")
    what: Annotated[str, Line(200)] = described("改了什么", need="required")
    why: Annotated[str, Line(200)] | None = described("原因")


class Case(Model):
    """The common core of an awarded project; `record_model` adds what the scheme declares."""

    id: str = described("编号", "{rounds}-序号，等于文件名，永不改变", need="required", pattern=r"^\d{4}-\d{5,7}$")
    title: Annotated[str, Line(200)] = described("{item}名称", need="required")
    year: Year = described("{rounds}", "第几年的评选", need="required")
    unit: Annotated[str, Line(200)] | None = described("{unit}", need="complete")
    people: tuple[Person, ...] = described("{people}", "{lead}在前", need="complete", default=(), max_length=100)
    summary: Annotated[str, Line(100)] | None = described("{item}简介", "不超过 100 字", need="complete")
    media: tuple[Media, ...] = described("图片与视频", default=(), max_length=60)
    patents: tuple[Patent, ...] = described("专利", default=(), max_length=60)
    sources: tuple[Source, ...] = described("来源", "公布的网页；不是示例的记录必填", default=(), max_length=60)
    status: Annotated[str, OneOf(list(STATUSES), list(STATUSES.values()))] = described(
        "状态", "nominated 推荐，notice 公示，announced 公布，revoked 撤销", default="announced"
    )
    changes: tuple[Change, ...] = described("更正", "公布之后的改动", default=(), max_length=200)
    sample: Flag = described("示例", "编造的记录写 true，不得放进真实资料库", default=False)

    def value(self, key: str) -> Any:
        """Value of the field, dimension or extra field `key`; None where the record has none."""
        return getattr(self, key, None)

    def section(self, key: str) -> str | None:
        """Markdown of the section `key`, None where it is not filled in."""
        return getattr(self.value("body"), key, None)


class Entry(msgspec.Struct, frozen=True):
    """What lists, counts and orders need of a case; light enough to hold all of them.

    terms: name of the term by key of the dimension, only where published. people: names, the lead first.
    title_sound, unit_sound: order by pinyin (generator.records.sounds).
    months: month (2022-05) of each field that a ranking goes by, where the record has a day there.
    extras: further fields that lists show, as text, by key.
    digest: of the record and its media; equal digests mean equal cases.
    """

    id: str
    title: str
    year: int
    terms: dict[str, str]
    unit: str
    people: list[str]
    summary: str
    status: str
    sample: bool
    pictures: int
    patents: int
    changed: date | None
    digest: bytes
    title_sound: str = ""
    unit_sound: str = ""
    months: dict[str, str] = {}
    extras: dict[str, str] = {}

    @property
    def is_public(self) -> bool:
        """Whether the case is listed and counted."""
        return self.status == "announced"

    def term(self, key: str) -> str | None:
        """Name of the term of the dimension `key`, None where it was not published."""
        return self.terms.get(key)


def entry_of(case: Case, scheme: Scheme, digest: bytes, sound: Callable[[str], str]) -> Entry:
    """The light form of `case`. sound: gives the order by pinyin of a text."""
    people = sorted(case.people, key=lambda person: person.role != "lead")
    keys = {ranking.date for ranking in scheme.rankings}
    return Entry(
        id=case.id,
        title=case.title,
        year=case.year,
        terms={d.key: name for d in scheme.dimensions if (name := case.value(d.key)) is not None},
        unit=case.unit or "",
        people=[person.name for person in people],
        summary=case.summary or "",
        status=case.status,
        sample=case.sample,
        pictures=sum(not item.is_video for item in case.media),
        patents=len(case.patents),
        changed=max((change.date for change in case.changes), default=None),
        digest=digest,
        title_sound=sound(case.title),
        unit_sound=sound(case.unit or ""),
        months={key: day.isoformat()[:7] for key in keys if (day := case.value(key)) is not None},
        extras={
            extra.key: text
            for extra in scheme.stored
            if CARD in extra.shown and (text := field_text(case.value(extra.key)))
        },
    )


_EXTRA_TYPES = {"text": Annotated[str, Prose(5000)], "boolean": Flag, "date": Day, "number": float}
MOST_ITEMS = 100


def _extra_type(extra: ExtraField | FieldPart) -> Any:
    """Type of the value of a further field, or of a part of its groups."""
    if isinstance(extra, ExtraField) and extra.type == GROUPS:
        parts = {part.key: _field(_extra_type(part), part.label, part.need, None) for part in extra.parts}
        group = create_model(f"Group_{extra.key}", __base__=Model, **cast(Any, parts))
        return Annotated[tuple[group, ...], Field(max_length=MOST_ITEMS)]
    if extra.type == LIST:
        item: Any = Annotated[str, OneOf(extra.values)] if extra.values else Annotated[str, Line(200)]
        return Annotated[tuple[item, ...], Field(max_length=MOST_ITEMS)]
    return Annotated[str, OneOf(extra.values)] if extra.type == "enum" else _EXTRA_TYPES[extra.type]


def _field(kind: Any, label: str, need: str, description: str | None) -> tuple[Any, Any]:
    """Type and definition of a field that the scheme declares."""
    declared = described(label, description or "", need=need)
    return (kind, declared) if need == "required" else (kind | None, declared)


def _with_lifetimes(dimension: Dimension) -> list[str]:
    """What forms call the terms of a dimension some of which are not used in every round; nothing where all are."""
    if not dimension.concordance:
        return []
    lifetimes = [dimension.history.lifetime(name) for name in dimension.names]
    return [f"{name}（{when}）" if when else name for name, when in zip(dimension.names, lifetimes, strict=True)]


BODY_LABEL = "{item}简介（分节）"


def _with_words(model: type[BaseModel], words: Words) -> dict[str, Any]:
    """The fields of `model` whose labels hold words of the scheme, with those words put in."""
    found: dict[str, Any] = {}
    for name, kind in get_type_hints(model, include_extras=True).items():
        known = model.model_fields.get(name)
        if known is None:
            continue
        told = copy(known)
        told.title, told.description = words.said(known.title or ""), words.said(known.description or "") or None
        if name == "role":
            kind = Annotated[str, OneOf(list(PERSON_ROLES), [words.said(label) for label in PERSON_ROLES.values()])]
            told.metadata = []
        if (told.title, told.description) != (known.title, known.description):
            found[name] = (kind, told)
    return found


def _make_model(scheme: Scheme) -> type[Case]:
    added: dict[str, Any] = _with_words(Case, scheme.words)
    person = create_model("Person", __base__=Person, __doc__=Person.__doc__, **_with_words(Person, scheme.words))
    added["people"] = (tuple[person, ...], added["people"][1])
    for dimension in scheme.dimensions:
        kind: Any = Annotated[str, OneOf(dimension.names, _with_lifetimes(dimension))]
        added[dimension.key] = _field(kind, dimension.label, dimension.need, dimension.about)
        if dimension.role in DECIDED and dimension.need == "required":
            # What is only nominated has none yet; validation asks for it once it is announced.
            declared = described(dimension.label, dimension.about or "", need="required", default=None)
            added[dimension.key] = (kind | None, declared)
    if scheme.sections:
        sections = {s.key: _field(Annotated[str, Prose(20_000)], s.label, s.need, None) for s in scheme.sections}
        body = create_model("Body", __base__=Model, **cast(Any, sections))
        added["body"] = (
            body | None,
            described(
                scheme.words.said(BODY_LABEL),
                "空一行就分段，每行以「- 」开头就是列表（Markdown）",
                need="complete",
            ),
        )
    for extra in scheme.stored:
        added[extra.key] = _field(_extra_type(extra), extra.label, extra.need, extra.about)
    return cast(type[Case], create_model("Record", __base__=Case, **added))


def record_model(scheme: Scheme) -> type[Case]:
    """The type of the scheme's records: the core, a field for each dimension, the sections, the extra fields."""
    known = _models.get(id(scheme))
    if known is None:
        # The scheme is kept with its model, so that its identity stays its own.
        known = _models[id(scheme)] = (scheme, _make_model(scheme))
    return known[1]


_models: dict[int, tuple[Scheme, type[Case]]] = {}


@lru_cache(maxsize=64)
def wanted(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Name and label of each field that a complete record has but a valid one may lack."""
    fields = model.model_fields.items()
    return tuple((name, entry.title or name) for name, entry in fields if need_of(model, name) == "complete")


def missing(case: Case) -> list[str]:
    """Labels of what a complete record would have and this one has not; of the sections only where it has any."""
    found = [label for name, label in wanted(type(case)) if not case.value(name)]
    body = case.value("body")
    if body is not None:
        kind: type[BaseModel] = type(body)
        found += [label for name, label in wanted(kind) if not getattr(body, name)]
    return found


@lru_cache(maxsize=64)
def labels(model: type[BaseModel]) -> dict[str, str]:
    """Chinese label of each field of the record and of its parts."""
    found: dict[str, str] = {}
    for part in (person_type(model), Media, Patent, Source, Change, model):
        found |= {name: entry.title for name, entry in part.model_fields.items() if entry.title}
    return found


# Labels of the fields of every record, the names of words in braces.
CORE_LABELS = {name: str(entry.title) for name, entry in Case.model_fields.items()} | {"body": BODY_LABEL}


def person_type(model: type[BaseModel]) -> type[BaseModel]:
    """The type of the people of a record."""
    return cast(type[BaseModel], get_args(model.model_fields["people"].annotation)[0])
