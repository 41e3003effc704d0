"""What forms and tables call things: the wording variants of the common core, as data; and how wordings compare."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from generator.scheme.model import Scheme

# Field of the record -> how forms name it. What belongs to one organiser stands in the `forms` of its scheme.
CORE_LABELS: dict[str, tuple[str, ...]] = {
    "title": (
        *("项目名称", "成果名称", "作品名称", "申报项目", "申报项目名称", "项目", "名称", "获奖项目", "获奖项目名称"),
        *("参评项目", "推荐项目", "推荐项目名称", "项目题目", "创新项目名称", "活动项目名称", "申报名称", "获奖成果"),
    ),
    "unit": (
        *(
            "工作单位",
            "所属单位",
            "所在单位",
            "单位",
            "单位名称",
            "完成单位",
            "申报单位",
            "所在单位名称",
            "工作单位名称",
        ),
        *(
            "第一完成单位",
            "主要完成单位",
            "第一完成人单位",
            "完成人单位",
            "获奖单位",
            "推荐项目单位",
            "第一完成人工作单位",
        ),
    ),
    "unit_post": (
        "工作单位及职务",
        "所在单位及职务",
        "单位及职务",
        "单位职务",
        "所在单位职务",
        "工作单位和职务",
        "单位、职务",
    ),
    "lead": (
        *("第一完成人", "第一完成人姓名", "完成人", "主要完成人", "负责人", "项目负责人", "牵头人", "申报人", "获奖人"),
        *("获奖者", "项目完成人", "第一申报人", "第一负责人", "项目牵头人", "成果完成人", "领衔人", "获奖人员"),
    ),
    "members": (
        *(
            "其他参与人",
            "其他完成人",
            "其它参与人",
            "其它完成人",
            "参与人",
            "其他完成人情况",
            "其他参与人情况",
            "参与人员",
        ),
        *("其他成员", "团队成员", "合作人", "主要参与人", "项目成员", "其他参与人员", "其他人员", "项目组成员"),
    ),
    "name": ("姓名", "名字"),
    "post": (
        "岗位职务",
        "职务",
        "岗位",
        "岗位及职务",
        "职务岗位",
        "岗位/职务",
        "工作岗位",
        "岗位（职务）",
        "现任职务",
        "工种",
    ),
    "intro": (
        "项目简介",
        "成果简介",
        "简介",
        "项目介绍",
        "内容简介",
        "项目情况简介",
        "成果介绍",
        "项目简要介绍",
        "项目内容简介",
    ),
    "number": ("序号", "编号", "项目编号", "排序", "序"),
    "remark": ("备注", "说明"),
}

# A label with one of these words names a private fact: neither it nor what stands beside it is ever kept.
PRIVATE_WORDS = (
    *(
        "电话",
        "手机",
        "联系方式",
        "联络方式",
        "年龄",
        "性别",
        "地址",
        "住址",
        "身份证",
        "证件号",
        "邮箱",
        "邮件",
        "邮编",
    ),
    *(
        "邮政编码",
        "email",
        "e-mail",
        "出生",
        "民族",
        "籍贯",
        "微信",
        "qq",
        "传真",
        "填报人",
        "联系人",
        "经办人",
        "填表人",
    ),
    *("政治面貌", "银行", "账号", "户籍", "学历", "婚姻"),
)

# Parts of a form that are signed and sealed, and what stands around a table: no part of a record.
ASIDE_WORDS = (
    "意见",
    "承诺",
    "签字",
    "签名",
    "盖章",
    "审核",
    "审定",
    "公章",
    "声明",
    "填报单位",
    "申报时间",
    "填表日期",
    "填报日期",
)

# Words by which a table counts, and by which the lines below it begin.
TOTAL_WORDS = ("合计", "总计", "小计", "共计", "总数", "总量")
FOOT_WORDS = (
    "注",
    "备注",
    "填报人",
    "填表人",
    "联系人",
    "联系电话",
    "说明",
    "制表",
    "审核",
    "负责人",
    "填表说明",
    "本表",
)

# What a unit's name ends in, to part it from a post that follows in the same cell.
UNIT_ENDINGS = (
    *(
        "有限责任公司",
        "股份有限公司",
        "有限公司",
        "集团公司",
        "分公司",
        "公司",
        "集团",
        "医院",
        "学校",
        "小学",
        "中学",
        "大学",
    ),
    *(
        "学院",
        "幼儿园",
        "研究院",
        "研究所",
        "设计院",
        "卫生院",
        "工厂",
        "厂",
        "矿",
        "局",
        "中心",
        "站",
        "所",
        "院",
        "社",
        "委",
    ),
)

# Endings of names of places, which people leave out.
PLACE_ENDINGS = ("自治县", "自治州", "自治区", "新区", "区", "县", "市", "州", "盟", "旗", "地区")

# People write these for "nobody", "nothing".
NOTHING = frozenset(("无", "／", "/", "—", "－", "-", "——", "--", "无。", "暂无", "没有", "空", "略", "…", "……", "..."))

_SPACE = re.compile(r"\s+")
_BRACKETED = re.compile(r"[(\[【〔].*?[)\]】〕]")
_NUMBERING = re.compile(r"^(?:[(（]?[\d一二三四五六七八九十]{1,3}[)）、.．:：]|第[一二三四五六七八九十\d]+[、.])\s*")
_EDGE = re.compile(r"^[\s*＊·•●※:：\-—_.。、,，;；]+|[\s*＊·※:：\-—_.。、,，;；(\[【]+$")
_QUOTES = re.compile(r"[\"'“”‘’「」『』《》〈〉]")


@lru_cache(maxsize=20_000)
def plain_label(text: str) -> str:
    """A label without spaces, brackets, quotes, numbering and colons: `一、项 目 名 称（必填）：` -> `项目名称`."""
    plain = unicodedata.normalize("NFKC", text)
    plain = _QUOTES.sub("", plain)
    plain = _SPACE.sub("", plain)
    plain = _NUMBERING.sub("", plain)
    bare = _BRACKETED.sub("", plain)
    plain = _EDGE.sub("", bare or plain)
    return plain.replace("其它", "其他").casefold()


def has_word(text: str, words: Iterable[str]) -> bool:
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return any(word in plain for word in words)


@dataclass(frozen=True)
class Wording:
    """What the cells of one organiser's forms mean. `keys` maps a plain label to the key of a field."""

    keys: Mapping[str, str]
    private: frozenset[str]
    asides: frozenset[str]
    hints: tuple[str, ...]
    headings: Mapping[str, str]
    seen: dict[str, str | None] = field(default_factory=dict, compare=False)

    def key(self, text: str) -> str | None:
        """Key of the field that a cell with this text names; `private` and `aside` for what is never kept.

        None for a cell that is no label.
        """
        if not text or len(text) > 60:
            return None
        if text not in self.seen:
            if len(self.seen) > 50_000:
                self.seen.clear()
            self.seen[text] = self._key(text)
        return self.seen[text]

    def _key(self, text: str) -> str | None:
        plain = plain_label(text)
        if not plain or len(plain) > 24:
            return None
        known = self.keys.get(plain)
        if known is not None:
            return known
        if len(plain) <= 14 and (plain in self.private or any(word in plain for word in PRIVATE_WORDS)):
            return "private"
        if plain in self.asides or (len(plain) <= 12 and any(word in plain for word in ASIDE_WORDS)):
            return "aside"
        if len(plain) >= 4:
            return _nearly(plain, self.keys)
        return None

    def is_hint(self, text: str) -> bool:
        """Whether a cell holds only what was printed in the blank form."""
        plain = _compact(text)
        return bool(plain) and any(plain in hint or fuzz.ratio(plain, hint) >= 92 for hint in self.hints)

    def without_hint(self, text: str) -> str:
        """`text` without a printed hint that was left standing before or after what was written."""
        for hint in self.hints:
            pattern = r"\s*".join(map(re.escape, hint))
            text = re.sub(rf"[（(]?\s*{pattern}\s*[）)]?[^\S\n]*\n?", "", text, count=1)
        return text.strip("\n")


def _compact(text: str) -> str:
    return _SPACE.sub("", text)


def _nearly(plain: str, keys: Mapping[str, str]) -> str | None:
    """Key of the only label that `plain` nearly is."""
    close = {key for label, key in keys.items() if len(label) >= 4 and fuzz.ratio(plain, label) >= 86}
    return close.pop() if len(close) == 1 else None


def _variants(label: str) -> tuple[str, ...]:
    return (label, f"项目{label}", f"所属{label}", f"所在{label}", f"申报{label}", f"成果{label}")


@lru_cache(maxsize=16)
def _wording(scheme_json: str) -> Wording:
    scheme = Scheme.model_validate_json(scheme_json)
    keys: dict[str, str] = {}

    def add(key: str, labels: Iterable[str]) -> None:
        for label in labels:
            keys.setdefault(plain_label(label), key)

    forms = scheme.forms
    hidden = {extra.key for extra in scheme.fields if extra.private}
    for key, labels in forms.labels.items():
        add("private" if key in hidden else key, labels)
    add("private", scheme.private_labels)
    for dimension in scheme.dimensions:
        add(dimension.key, _variants(dimension.label))
    if scheme.award is not None:
        add(
            scheme.award.key,
            ("获奖等级", "获奖等次", "奖项", "等级", "等次", "奖次", "获奖情况", "获奖级别", "奖励等级", "奖级"),
        )
    for extra in scheme.stored:
        add(extra.key, (extra.label,))
    words = scheme.words
    for key, label in (("unit", words.unit), ("lead", words.lead), ("members", words.member), ("post", words.post)):
        add(key, (label,))
    add("title", (words.said("{item}名称"),))
    add("intro", (words.said("{item}简介"),))
    for key, labels in CORE_LABELS.items():
        add(key, labels)
    headings: dict[str, str] = {}
    for section in scheme.sections:
        for label in (*forms.headings.get(section.key, ()), *_variants(section.label), f"研究{section.label}"):
            headings.setdefault(plain_label(label), section.key)
    return Wording(
        keys,
        frozenset(map(plain_label, scheme.private_labels)),
        frozenset(map(plain_label, forms.asides)),
        tuple(_compact(hint) for hint in forms.hints),
        headings,
    )


def wording_of(scheme: Scheme) -> Wording:
    """The wordings of the common core and of the forms that the scheme describes."""
    return _wording(scheme.model_dump_json())
