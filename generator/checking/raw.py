"""Reads YAML files as text with places: one pass over the events of the C parser.

Every scalar stays the text that was written; the model converts. What a record has no use for (anchors,
tags, several documents) is refused where it stands, so no file can expand or run anything.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _ruamel_yaml import CParser
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from generator.checking.diagnostics import Diagnostic

MAX_BYTES = 1 << 20
MAX_DEPTH = 16
MAX_NODES = 50_000

Step = str | int
Place = tuple[int, int]
NULLS = frozenset({"", "~", "null", "Null", "NULL"})

# What libyaml says, in the words of someone who has never heard of it.
_PROBLEMS = {
    "mapping values are not allowed in this context": "这里不能再有冒号；值里有冒号时请给值加引号，或检查上一行的缩进",
    "did not find expected key": "这里应当是一个键；检查缩进和上一行的引号",
    "could not find expected ':'": "键后面少了冒号和空格",
    "found character that cannot start any token": "这个字符不能开头；缩进用空格不用制表符，以 @ 或 ` 开头的值加引号",
    "did not find expected ',' or ']'": "方括号里少了逗号，或没有写完",
    "did not find expected ',' or '}'": "花括号里少了逗号，或没有写完",
    "did not find expected node content": "括号里的内容没有写完",
    "found unexpected end of stream": "引号没有成对",
    "found unexpected ':'": "方括号或花括号里的值含有冒号，请给它加引号",
    "found undefined tag handle": "不能使用感叹号开头的标签；值以 ! 开头时请加引号",
    "did not find expected alphabetic or numeric character": "值以 & 或 * 开头时请加引号",
    "did not find expected '-' indicator": "列表的这一项应当以「- 」开头，并与上一项对齐",
    "block sequence entries are not allowed in this context": "列表不能从这里开始；检查缩进",
    "did not find expected <document start>": "这里的内容不属于上面的记录；检查缩进",
}


@dataclass(slots=True)
class Places:
    """Where a node stands, and where its children do."""

    place: Place
    keys: dict[str, Place] = field(default_factory=dict)
    children: dict[Step, Places] = field(default_factory=dict)


@dataclass(slots=True)
class Raw:
    """A file as it was written: text values in dicts and lists, and the place of each."""

    file: str
    value: dict[str, Any]
    places: Places
    text: str = ""

    def at(self, path: Sequence[Step], *, key: bool = False) -> Place:
        """Line and column of the value at `path` (of its key with `key`), or of the nearest parent that exists."""
        here = self.places
        for depth, step in enumerate(path):
            if key and depth == len(path) - 1 and isinstance(step, str) and step in here.keys:
                return here.keys[step]
            below = here.children.get(step)
            if below is None:
                break
            here = below
        return here.place

    def at_position(self, path: Sequence[Step], value: str, position: int) -> Place:
        """Line and column of character `position` of the scalar `value` at `path`.

        Exact where the source line holds the text as it is (plain, quoted in one line, literal block);
        the start of the scalar elsewhere.
        """
        line, column = self.at(path)
        start = value.rfind("\n", 0, position) + 1
        end = value.find("\n", start)
        words = value[start : end if end >= 0 else len(value)]
        source = self.text.split("\n")
        for number in (line, line + 1 + value.count("\n", 0, position)):
            if number <= len(source) and words in source[number - 1][column - 1 if number == line else 0 :]:
                shift = source[number - 1].index(words, column - 1 if number == line else 0)
                return number, shift + position - start + 1
        return line, column


class _Composer:
    """Builds the tree of one document and notes what is refused."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.parser = CParser(text)
        self.found: list[Diagnostic] = []
        self.nodes = 0
        self.stop = False

    def note(self, event: Any, code: str, message: str, allowed: str = "") -> None:
        mark = event.start_mark
        self.found.append(Diagnostic(self.file, mark.line + 1, mark.column + 1, code, message, allowed))

    def document(self) -> tuple[Any, Places] | None:
        """Value and places of the only document; None for an empty stream."""
        parser = self.parser
        result: tuple[Any, Places] | None = None
        while parser.check_event():
            event = parser.get_event()
            if type(event) is DocumentStartEvent:
                if result is not None:
                    self.note(event, "yaml-not-plain", "一个文件只能有一个文档", "「---」只能出现在开头")
                    return result
                result = self.node(parser.get_event(), 0)
                if self.stop:
                    return result
        return result

    def node(self, event: Any, depth: int) -> tuple[Any, Places]:
        kind = type(event)
        mark = event.start_mark
        places = Places((mark.line + 1, mark.column + 1))
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            if not self.stop:
                self.note(
                    event,
                    "yaml-too-deep",
                    f"嵌套超过 {MAX_DEPTH} 层或内容超过 {MAX_NODES} 项",
                    "记录没有这么复杂；请检查括号",
                )
            self.stop = True
            return None, places
        if kind is AliasEvent:
            self.note(event, "yaml-not-plain", f"不能引用别处的内容（*{event.anchor}）", "请把内容直接写在这里")
            return None, places
        if event.anchor:
            self.note(event, "yaml-not-plain", f"不能使用锚点（&{event.anchor}）", "值以 & 开头时请加引号")
        if event.tag:
            self.note(event, "yaml-not-plain", f"不能使用标签（{event.tag}）", "值以 ! 开头时请加引号")
        if kind is ScalarEvent:
            plain_null = not event.style and event.value in NULLS
            return (None if plain_null else event.value), places
        if kind is SequenceStartEvent:
            return self.sequence(places, depth), places
        return self.mapping(places, depth), places

    def sequence(self, places: Places, depth: int) -> list[Any]:
        items: list[Any] = []
        while not self.stop:
            event = self.parser.get_event()
            if type(event) is SequenceEndEvent:
                break
            value, places.children[len(items)] = self.node(event, depth + 1)
            items.append(value)
        return items

    def mapping(self, places: Places, depth: int) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not self.stop:
            event = self.parser.get_event()
            if type(event) is MappingEndEvent:
                break
            key, _ = self.node(event, depth + 1)
            if self.stop:
                break
            if not isinstance(key, str):
                self.note(event, "yaml-not-plain", "键必须是文字")
                key = f"?{len(items)}"
            elif key in items:
                first = places.keys[key][0]
                self.note(event, "yaml-duplicate-key", f"键「{key}」重复，第 {first} 行已经写过", "请合并成一个")
            value, below = self.node(self.parser.get_event(), depth + 1)
            if key not in items:
                items[key] = value
                places.keys[key] = (event.start_mark.line + 1, event.start_mark.column + 1)
                places.children[key] = below
        return items


def _syntax(error: YAMLError, file: str) -> Diagnostic:
    if isinstance(error, MarkedYAMLError):
        problem = str(error.problem or "")
        mark = error.problem_mark
        opened = error.context_mark if problem in ("found unexpected end of stream",) else None
        mark = opened or mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return Diagnostic(file, line, column, "yaml-syntax", f"YAML 写法有误：{_PROBLEMS.get(problem, problem)}")
    return Diagnostic(file, 1, 1, "yaml-syntax", "YAML 写法有误：含有不能使用的控制字符")


def parse_yaml(text: str, file: str) -> tuple[Raw | None, list[Diagnostic]]:
    """The mapping that `text` holds, and what is wrong with it; None where there is no mapping to go on with."""
    composer = _Composer(text, file)
    try:
        result = composer.document()
    except YAMLError as error:
        return None, [*composer.found, _syntax(error, file)]
    if result is None or result[0] is None:
        if not composer.found:
            composer.found.append(Diagnostic(file, 1, 1, "file-empty", "文件里没有内容", "请填写记录，或删除这个文件"))
        return None, composer.found
    value, places = result
    if not isinstance(value, dict):
        line, column = places.place
        message = "内容应当是「键: 值」的形式"
        return None, [*composer.found, Diagnostic(file, line, column, "not-a-mapping", message, "例如 title: 项目名称")]
    return Raw(file, value, places, text), composer.found


def read_text(path: Path, file: str) -> tuple[str | None, list[Diagnostic]]:
    """Text of a regular UTF-8 file of at most MAX_BYTES, or what keeps it from being read."""

    def refuse(code: str, message: str, allowed: str = "") -> tuple[None, list[Diagnostic]]:
        return None, [Diagnostic(file, 1, 1, code, message, allowed)]

    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        return refuse("file-unreadable", "文件不见了", "可能在读取时被删除或改名；请再试一次")
    except OSError as error:
        return refuse("file-unreadable", f"文件读不到：{error.strerror}", "请检查文件的权限")
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        return refuse("file-not-regular", "这不是普通文件", "记录应当是一个文本文件")
    with os.fdopen(handle, "rb") as stream:
        if status.st_size > MAX_BYTES:
            return refuse(
                "file-too-large",
                f"文件有 {status.st_size:,} 字节",
                f"一条记录最多 {MAX_BYTES:,} 字节；图片请放进记录的文件夹",
            )
        data = stream.read(MAX_BYTES + 1)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return refuse("encoding-not-utf8", "文件是 UTF-16 编码", "请另存为 UTF-8（无 BOM）")
    if data.startswith(b"\xef\xbb\xbf"):
        return refuse("encoding-bom", "文件开头有 BOM 标记", "请另存为 UTF-8（无 BOM）")
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        guess = "像是 GB 18030（GBK）编码" if _is_gb18030(data) else "含有不是 UTF-8 的字节"
        return None, [Diagnostic(file, line, column, "encoding-not-utf8", f"文件{guess}", "请另存为 UTF-8（无 BOM）")]


def _is_gb18030(data: bytes) -> bool:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def read_record(path: Path, file: str) -> tuple[Raw | None, list[Diagnostic]]:
    """The record in `path`, shown to people as `file`, and what is wrong with it before any checking."""
    text, found = read_text(path, file)
    if text is None:
        return None, found
    return parse_yaml(text, file)
