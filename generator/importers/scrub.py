"""Takes private data out of texts; what it was is never part of any result."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from generator.records.privacy import find_private

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_NAMES = (
    *(
        "性别",
        "年龄",
        "联系电话",
        "联系方式",
        "电话",
        "手机",
        "手机号",
        "手机号码",
        "身份证",
        "身份证号",
        "身份证号码",
        "通讯地址",
    ),
    *(
        "家庭住址",
        "住址",
        "联系地址",
        "电子邮箱",
        "邮箱",
        "E-mail",
        "Email",
        "email",
        "出生年月",
        "出生日期",
        "微信",
        "微信号",
        "QQ",
    ),
    *("传真", "邮编", "联系人", "填报人", "座机", "办公电话"),
)
# Wider than what the check refuses: here a slip costs a look by a person, there a record.
_PATTERNS = (
    ("电子邮箱", re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")),
    (
        "身份证号码",
        re.compile(
            r"(?<![\dA-Za-z.])[1-9]\d{5}[ \-]?(?:19|20)\d{2}[ \-]?(?:0[1-9]|1[0-2])\d{2}[ \-]?\d{3}[\dXx](?![\dA-Za-z])"
        ),
    ),
    (
        "身份证号码",
        re.compile(r"(?<![\dA-Za-z.])[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![\dA-Za-z.])"),
    ),
    ("手机号码", re.compile(r"(?<![\dA-Za-z.])(?:\(?\+?86\)?[ \-]?)?1[3-9]\d(?:[ \-.]{0,2}\d){8}(?![\dA-Za-z])")),
    (
        "电话号码",
        re.compile(r"(?<![\dA-Za-z.])(?:\(0\d{2,3}\) ?|0\d{2,3}[ \-—–]{1,2})\d{7,8}(?:[\-转]\d{1,5})?(?![\dA-Za-z])"),
    ),
    ("电话号码", re.compile(r"(?:(?:办公|联系)?电话|手机|致电|拨打|联系人|联系方式)[^\d\n。；]{0,6}\d[\d \-]{5,14}\d")),
    ("年龄", re.compile(r"(?:现年|年龄|今年)\s*[:：]?\s*\d{2}\s*周?岁?|(?<=[男女][,，、 ])\s*\d{2}\s*周?岁")),
    ("性别", re.compile(r"(?<=[\u4e00-\u9fff·][,，、(（ ])[男女](?=[,，、)）]\s*(?:现年)?\d{0,2}|$)")),
)
_LABELLED = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(_NAMES, key=len, reverse=True)))})"
    r"\s*(?:号码)?\s*[:：]\s*[^\s，。；、,;）)】]*(?:[ \-]\d[\d\-]*)*"
)
# The word that names what is cut out goes with it.
_LABEL_BEFORE = re.compile(
    r"(?:(?:办公|联系|固定)?电话|手机号码|手机号|手机|座机|传真|电子邮箱|邮箱|身份证号码|身份证号|身份证|证号)\s*[:：是为]?\s*$"
)
_EMPTY = re.compile(r"[（(【\[]\s*[,，、;；:：]*\s*[）)】\]]")
_DOUBLE = re.compile(r"([,，、;；])(?:\s*[,，、;；])+")


@dataclass
class Scrubber:
    """Cleans texts of one file. `secrets` are values that stood in private cells; they go from every text."""

    labels: tuple[str, ...] = ()
    secrets: set[str] = field(default_factory=set)

    def keep_out(self, values: Iterable[str]) -> None:
        """Notes what stood in a private cell, so that it is found elsewhere too."""
        for value in values:
            compact = re.sub(r"\s+", "", value.translate(_WIDTH))
            if len(compact) >= 6:
                self.secrets.add(compact)

    def clean(self, text: str) -> tuple[str, list[str]]:
        """`text` without private data, and the kinds of what went. Nothing that the check would refuse is left."""
        kinds: list[str] = []
        for secret in sorted(self.secrets, key=len, reverse=True):
            pattern = r"\s*".join(map(re.escape, secret))
            text, count = _cut(text, re.compile(pattern))
            kinds += ["不公开的内容"] * count
        text, count = _cut(text, _LABELLED)
        kinds += ["不公开的内容"] * count
        for kind, pattern_ in _PATTERNS:
            text, count = _cut(text, pattern_)
            kinds += [kind] * count
        for _ in range(50):
            found = next(find_private(text, self.labels), None)
            if found is None:
                break
            # Whatever is left goes with its whole clause: a person will look.
            position, kind = found
            start = max(text.rfind(mark, 0, position) for mark in "\n。；;，,") + 1
            ends = [end for mark in "\n。；;，," if (end := text.find(mark, position)) >= 0]
            text = text[:start] + text[min(ends, default=len(text)) :]
            kinds.append(kind)
        else:
            return "", [*kinds, "不公开的内容"]
        if kinds:
            text = _EMPTY.sub("", text)
            text = _DOUBLE.sub(r"\1", text)
            text = re.sub(r"[，,、；;]\s*(?=[。\n]|$)", "", text)
        return text, list(dict.fromkeys(kinds))


def _cut(text: str, pattern: re.Pattern[str]) -> tuple[str, int]:
    """`text` without what `pattern` finds in its half-width form, and how often."""
    spans = [match.span() for match in pattern.finditer(text.translate(_WIDTH)) if match.group()]
    for start, end in reversed(spans):
        label = _LABEL_BEFORE.search(text, 0, start)
        text = text[: label.start() if label else start] + text[end:]
    return text, len(spans)
