"""Findings in input files: collected, sorted and formatted; never raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz import fuzz, process


class Severity(StrEnum):
    """How much a finding weighs: an error stops a build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


_E, _W = Severity.ERROR, Severity.WARNING

# Every code there is, its weight, and the name of its kind in a summary.
CODES: dict[str, tuple[Severity, str]] = {
    "file-unreadable": (_E, "文件读不到"),
    "file-not-regular": (_E, "不是普通文件"),
    "file-outside": (_E, "链接指向资料库之外"),
    "file-too-large": (_E, "文件过大"),
    "file-empty": (_E, "空文件"),
    "file-name": (_E, "文件名不合规则"),
    "encoding-bom": (_E, "文件开头有 BOM"),
    "encoding-not-utf8": (_E, "不是 UTF-8 编码"),
    "yaml-syntax": (_E, "YAML 语法错误"),
    "yaml-duplicate-key": (_E, "键重复"),
    "yaml-not-plain": (_E, "用了不允许的 YAML 写法"),
    "yaml-too-deep": (_E, "嵌套过深或内容过多"),
    "not-a-mapping": (_E, "内容不是「键: 值」"),
    "field-unknown": (_E, "没有这个字段"),
    "field-missing": (_E, "缺少必填字段"),
    "field-type": (_E, "值的类型不对"),
    "field-too-long": (_E, "内容过长"),
    "field-format": (_E, "值的格式不对"),
    "value-unknown": (_E, "值不在允许之列"),
    "term-unknown": (_E, "值不在方案中"),
    "term-alias": (_W, "用了别名"),
    "id-not-file-name": (_E, "编号与文件名不同"),
    "id-duplicate": (_E, "编号重复"),
    "id-not-round": (_E, "编号与年份不符"),
    "year-not-folder": (_E, "年份与文件夹不同"),
    "round-unknown": (_E, "方案中没有这一年"),
    "source-missing": (_E, "没有来源"),
    "sample-in-library": (_E, "示例混入真实数据"),
    "real-in-sample": (_E, "真实数据混入示例库"),
    "media-missing": (_E, "图片或视频不存在"),
    "media-path": (_E, "图片或视频的路径不对"),
    "media-unsafe": (_E, "图片或视频不能使用"),
    "private-data": (_E, "含个人隐私信息"),
    "markdown-html": (_E, "正文含 HTML"),
    "markdown-link": (_E, "链接地址不安全"),
    "incomplete": (_W, "资料不全"),
    "pending": (_W, "公布的记录里留有待确认的标记"),
    "released-missing": (_E, "公布过的记录不见了"),
    "released-address": (_E, "公布过的网页不见了"),
    "released-withdrawn": (_E, "公布过的记录退回了公布之前"),
    "released-change-missing": (_E, "公布之后改动没有写更正"),
    "released-change-gone": (_E, "公布过的更正不见了"),
    "released-change-why": (_E, "更正没有写原因"),
    "release-ledger": (_E, "发布登记表读不到"),
    "scheme-missing": (_E, "没有方案文件"),
    "scheme-clash": (_E, "方案中有重复"),
    "scheme-reference": (_E, "方案引用了不存在的值"),
    "scheme-reading": (_E, "方案里的读音不对"),
    "concordance-cycle": (_E, "沿革转了一圈"),
    "concordance-form": (_E, "沿革的写法不对"),
    "term-period": (_E, "取值不在使用的年份里"),
    "moved-target": (_E, "移到的编号没有记录"),
    "moved-chain": (_E, "编号转来转去"),
    "moved-taken": (_E, "原编号仍在使用"),
    "rule-form": (_E, "规则的写法不对"),
    "rule-reference": (_E, "规则引用了不存在的值"),
    "brand-contrast": (_E, "颜色看不清"),
    "brand-logo": (_E, "标志不能使用"),
    "round-dates": (_E, "届次的日期前后颠倒"),
    "portal-library": (_E, "总库里的库有误"),
    "template-error": (_E, "印刷模板有误"),
    "kiosk-case": (_W, "轮播里有不能放的记录"),
}


@dataclass(frozen=True, order=True, slots=True)
class Diagnostic:
    """One finding in an input file; lines and columns count from 1, columns in characters.

    path: keys and positions that lead to the value it is about; empty where it is about the file.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    allowed: str = ""
    nearest: str = ""
    path: tuple[str | int, ...] = field(default=(), compare=False)

    @property
    def severity(self) -> Severity:
        return CODES[self.code][0]

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def text(self) -> str:
        """One line: file:line:column: weight: what; what is allowed; nearest [code]."""
        weight = "错误" if self.is_error else "警告"
        return f"{self.file}:{self.line}:{self.column}: {weight}：{self.explanation()} [{self.code}]"

    def explanation(self) -> str:
        """The finding without its place: what is wrong; what is allowed; the nearest right value."""
        parts = [self.message]
        if self.allowed:
            parts.append(self.allowed)
        if self.nearest:
            parts.append(f"是否应为「{self.nearest}」？")
        return "；".join(parts)


def nearest(value: str, choices: Iterable[str]) -> str:
    """The choice that looks most like `value`, empty if none is close."""
    names = list(choices)
    for name in names:
        if value and len(value) > 1 and (name.startswith(value) or value.startswith(name)):
            return name
    # One wrong character of two is a slip in Chinese; half of the letters of a Latin word is another word.
    cutoff = 60 if value.isascii() else 50
    found = process.extractOne(value, names, scorer=fuzz.ratio, score_cutoff=cutoff)
    return str(found[0]) if found else ""


def listing(values: Sequence[str], most: int = 12) -> str:
    """Values as a reader lists them, cut after `most`."""
    shown = "、".join(values[:most])
    return f"{shown} 等 {len(values)} 个" if len(values) > most else shown


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(d.is_error for d in diagnostics)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """One line that counts, then a line for each kind when there is more than one finding."""
    errors = sum(d.is_error for d in diagnostics)
    head = f"{errors} 个错误，{len(diagnostics) - errors} 个警告"
    kinds = Counter(d.code for d in diagnostics)
    if len(diagnostics) < 2:
        return head
    lines = [
        f"  {CODES[code][1]}（{code}）：{count}" for code, count in sorted(kinds.items(), key=lambda k: (-k[1], k[0]))
    ]
    return "\n".join([head, *lines])
