"""One canonical style of a record: the order of keys, literal blocks for the sections, a line for each person.

Comments stay with the key they stand at. No value ever changes, aliases of terms excepted where that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _ruamel_yaml import CParser
from pydantic import BaseModel
from ruamel.yaml.events import ScalarEvent

from generator.checking.diagnostics import Diagnostic, has_errors
from generator.checking.raw import NULLS, Places, Raw, Step, parse_yaml, read_text
from generator.records.model import Change, Media, Patent, Person, Source
from generator.scheme.model import Scheme

NodePath = tuple[Step, ...]

# Lists whose items stand on one line each; everything else is written as a block.
ONE_LINE_ITEMS = frozenset(("people", "patents", "sources", "changes"))
_PARTS: dict[str, type[BaseModel]] = {
    "people": Person,
    "media": Media,
    "patents": Patent,
    "sources": Source,
    "changes": Change,
}
_FIRST = frozenset("-?:,[]{}#&*!|>'\"%@`=<")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x00": "\\0"}


@dataclass(slots=True)
class Comments:
    """Comment lines by the path of the node they belong to; those before the first node and after the last apart."""

    start: list[str] = field(default_factory=list)
    before: dict[NodePath, list[str]] = field(default_factory=dict)
    beside: dict[NodePath, str] = field(default_factory=dict)
    end: list[str] = field(default_factory=list)

    def below(self, path: NodePath) -> bool:
        """Whether a comment stands inside the node at `path`."""
        depth = len(path)
        return any(len(p) > depth and p[:depth] == path for p in (*self.before, *self.beside))


def key_order(scheme: Scheme) -> list[str]:
    """Keys of a record in the order in which they are written."""
    return [
        *("id", "title", "year"),
        *(dimension.key for dimension in scheme.dimensions),
        *("unit", "people", "summary", "body"),
        *(extra.key for extra in scheme.stored),
        *("media", "patents", "sources", "status", "changes", "sample"),
    ]


def format_record(text: str, file: str, scheme: Scheme, *, mend_aliases: bool = True) -> tuple[str, list[Diagnostic]]:
    """`text` in the canonical style, and what keeps it from being read; unchanged where there is an error.

    mend_aliases: writes the name of a term in place of its alias.
    """
    raw, found = parse_yaml(text, file)
    if raw is None or has_errors(found):
        return text, found
    comments = comments_of(raw)
    value = dict(raw.value)
    if mend_aliases:
        for dimension in scheme.dimensions:
            given = value.get(dimension.key)
            if isinstance(given, str) and given in dimension.by_alias:
                value[dimension.key] = dimension.by_alias[given].name
    made = record_text(value, scheme, comments)
    for _ in range(8 if comments.before or comments.beside else 0):
        # A comment may move to the item that it opens, which then fits on one line.
        again = parse_yaml(made, file)[0]
        assert again is not None
        comments = comments_of(again)
        settled = record_text(value, scheme, comments)
        if settled == made:
            break
        made = settled
    return made, found


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file as it is and as it should be. notes: what was mended beside the style; found: why it was left alone."""

    before: bytes
    after: bytes
    notes: tuple[str, ...] = ()
    found: tuple[Diagnostic, ...] = ()

    @property
    def changed(self) -> bool:
        return self.before != self.after


def format_file(path: Path, file: str, scheme: Scheme) -> Formatted:
    """The record in `path`, shown to people as `file`, in the canonical style and in UTF-8."""
    text, found = read_text(path, file)
    before = path.read_bytes() if text is not None or _can_decode(found) else b""
    notes: list[str] = []
    if text is None:
        if not _can_decode(found):
            return Formatted(before, before, (), tuple(found))
        text, how = _decoded(before)
        if text is None:
            return Formatted(before, before, (), tuple(found))
        notes.append(how)
    text = text.replace("\r\n", "\n")
    made, found = format_record(text, file, scheme)
    if has_errors(found):
        return Formatted(before, before, (), tuple(found))
    for dimension in scheme.dimensions:
        old = parse_yaml(text, file)[0]
        given = old.value.get(dimension.key) if old is not None else None
        if isinstance(given, str) and given in dimension.by_alias:
            notes.append(f"{dimension.label}「{given}」改为「{dimension.by_alias[given].name}」")
    return Formatted(before, made.encode(), tuple(notes))


def _can_decode(found: Sequence[Diagnostic]) -> bool:
    return bool(found) and found[0].code in ("encoding-bom", "encoding-not-utf8")


def _decoded(data: bytes) -> tuple[str | None, str]:
    """Text of a file in another encoding, where that is sure, and what it was."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codes = (("utf-16", "由 UTF-16 转为 UTF-8"),)
    elif data.startswith(b"\xef\xbb\xbf"):
        codes = (("utf-8-sig", "去掉开头的 BOM"),)
    else:
        codes = (("gb18030", "由 GB 18030 转为 UTF-8"),)
    for code, how in codes:
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        # GB 18030 gives some text for nearly any bytes; Chinese that people write is in the common block.
        rare = sum(not (c.isascii() or "\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef") for c in text)
        if code != "gb18030" or rare * 50 <= len(text):
            return text, how
    return None, ""


def record_text(value: Mapping[str, Any], scheme: Scheme, comments: Comments | None = None) -> str:
    """A record as text in the canonical style. value: texts, None, lists and mappings; what it holds stays as it is."""
    for literal in (True, False):
        text = "".join(f"{line}\n" for line in _Writer(scheme, comments or Comments(), literal).record(value))
        again, _ = parse_yaml(text, "")
        if again is not None and again.value == value:
            return text
    raise ValueError("a value that YAML cannot hold")


class _Writer:
    """Writes one record. literal: long texts as literal blocks; in quotes otherwise, which holds anything."""

    def __init__(self, scheme: Scheme, comments: Comments, literal: bool) -> None:
        self.comments = comments
        self.literal = literal
        self.sections = [section.key for section in scheme.sections]
        self.keys = key_order(scheme)

    def record(self, value: Mapping[str, Any]) -> Iterator[str]:
        yield from self.comments.start
        if not value:
            yield "{}"
        yield from self.mapping(value, (), "")
        yield from self.comments.end

    def ordered(self, value: Mapping[str, Any], path: NodePath) -> list[str]:
        names = [step for step in path if isinstance(step, str)]
        known: Sequence[str] = ()
        if not path:
            known = self.keys
        elif path == ("body",):
            known = self.sections
        elif len(names) == 1 and len(path) == 2 and names[0] in _PARTS:
            known = list(_PARTS[names[0]].model_fields)
        return [*(key for key in known if key in value), *(key for key in value if key not in known)]

    def mapping(self, value: Mapping[str, Any], path: NodePath, indent: str) -> Iterator[str]:
        for key in self.ordered(value, path):
            yield from self.node(f"{indent}{_scalar(key, False)}:", value[key], (*path, key), indent)

    def node(self, head: str, value: Any, path: NodePath, indent: str) -> Iterator[str]:
        """Lines of one value behind `head`, which is a key with its colon or the dash of an item."""
        for comment in self.comments.before.get(path, ()):
            yield indent + comment
        beside = self.comments.beside.get(path)
        tail = f"  {beside}" if beside else ""
        item = head.endswith("-")
        if value is None:
            yield f"{head}{' ~' if item else ''}{tail}"
        elif isinstance(value, str):
            if self.is_block(value, path):
                yield f"{head} {_block_head(value)}{tail}"
                yield from (f"{indent}  {line}" if line else "" for line in _block_lines(value))
            else:
                yield f"{head} {_scalar(value, False)}{tail}"
        elif not value or self.is_one_line(value, path):
            yield f"{head} {_flow(value, self, path)}{tail}"
        elif isinstance(value, dict):
            yield from self.block_mapping(head, tail, value, path, indent)
        else:
            yield f"{head}{tail}"
            for number, entry in enumerate(value):
                yield from self.node(f"{indent}  -", entry, (*path, number), f"{indent}  ")

    def block_mapping(
        self, head: str, tail: str, value: Mapping[str, Any], path: NodePath, indent: str
    ) -> Iterator[str]:
        if not head.endswith("-"):
            yield f"{head}{tail}"
            yield from self.mapping(value, path, f"{indent}  ")
            return
        # What stands at the first key belongs to the item once they share a line.
        lines = list(self.mapping(value, path, f"{indent}  "))
        above = 0
        while lines[above].lstrip().startswith("#"):
            yield f"{indent}{lines[above].lstrip()}"
            above += 1
        first = self.ordered(value, path)[0]
        if tail and (*path, first) in self.comments.beside:
            yield f"{indent}{tail.strip()}"
            tail = ""
        yield f"{head} {lines[above].lstrip()}{tail}"
        yield from lines[above + 1 :]

    def is_block(self, value: str, path: NodePath) -> bool:
        wanted = "\n" in value or (len(path) == 2 and path[0] == "body")
        return self.literal and wanted and bool(value.strip(" \n")) and all(c == "\n" or _printable(c) for c in value)

    def is_one_line(self, value: Any, path: NodePath) -> bool:
        if self.comments.below(path):
            return False
        if isinstance(value, list):
            return any(isinstance(step, int) for step in path) and not any("\n" in text for text in _texts(value))
        item = len(path) == 2 and path[0] in ONE_LINE_ITEMS and isinstance(path[1], int)
        return item and not any("\n" in text for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for below in value.values():
            yield from _texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _texts(below)


def _flow(value: Any, writer: _Writer, path: NodePath) -> str:
    if isinstance(value, dict):
        keys = writer.ordered(value, path)
        return f"{{{', '.join(f'{_scalar(key, True)}: {_flow(value[key], writer, (*path, key))}' for key in keys)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_flow(entry, writer, (*path, n)) for n, entry in enumerate(value))}]"
    return "~" if value is None else _scalar(value, True)


def _block_head(text: str) -> str:
    chomping = "" if text.endswith("\n") else "-"
    if text.endswith("\n\n"):
        chomping = "+"
    return f"|{'2' if text[0] in chr(10) + ' ' else ''}{chomping}"


def _block_lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _printable(char: str) -> bool:
    code = ord(char)
    return 0x20 <= code < 0x7F or (code >= 0xA0 and code not in (0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF))


def _scalar(text: str, flow: bool) -> str:
    """`text` on one line: plain where nothing in it means something in YAML, in double quotes otherwise."""
    plain = (
        text not in NULLS
        and text[0] not in _FIRST
        and text == text.strip()
        and ": " not in text
        and not text.endswith(":")
        and " #" not in text
        and not (flow and any(c in text for c in ",[]{}:?"))
        and not text.startswith(("---", "..."))
        and all(map(_printable, text))
    )
    if plain:
        return text
    return f'"{"".join(_escaped(c) for c in text)}"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if _printable(char):
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def comments_of(raw: Raw) -> Comments:
    """Every comment of a file, at the node that starts after it or on its line."""
    nodes = sorted(_nodes(raw.places, ()))
    comments = Comments()
    for line, words, alone in comment_lines(raw.text):
        if alone:
            after = next((path for place, path in nodes if place[0] > line), None)
            if after is None:
                comments.end.append(words)
            elif not nodes or nodes[0][0][0] > line:
                comments.start.append(words)
            else:
                comments.before.setdefault(after, []).append(words)
            continue
        here = [path for place, path in nodes if place[0] == line]
        target = here[0] if here else next((path for place, path in reversed(nodes) if place[0] < line), None)
        if target is None:
            comments.start.append(words)
        elif target in comments.beside:
            comments.before.setdefault(target, []).append(words)
        else:
            comments.beside[target] = words
    return comments


def _nodes(places: Places, path: NodePath) -> Iterator[tuple[tuple[int, int], NodePath]]:
    """Place and path of every key and of every item of a list."""
    for step, child in places.children.items():
        below = (*path, step)
        yield (places.keys[step] if isinstance(step, str) else child.place), below
        yield from _nodes(child, below)


def comment_lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Line, words and whether nothing else stands on the line, of each comment."""
    taken: dict[int, list[tuple[int, int]]] = {}
    lines = text.split("\n")
    parser = CParser(text)
    while parser.check_event():
        event = parser.get_event()
        if type(event) is not ScalarEvent:
            continue
        first, last = event.start_mark, event.end_mark
        if event.style in ("|", ">"):
            # The indicators are taken, a comment may follow them; then whole lines.
            head = lines[first.line][first.column :].split(" ")[0].split("\t")[0]
            taken.setdefault(first.line, []).append((first.column, first.column + len(head)))
            for number in range(first.line + 1, last.line + (1 if last.column else 0)):
                taken.setdefault(number, []).append((0, len(lines[number]) + 1))
            continue
        for number in range(first.line, last.line + 1):
            start = first.column if number == first.line else 0
            end = last.column if number == last.line else len(lines[number]) + 1
            taken.setdefault(number, []).append((start, end))
    for number, line in enumerate(lines):
        line = line.removesuffix("\r")
        position = line.find("#")
        while position >= 0:
            free = not any(start <= position < end for start, end in taken.get(number, ()))
            if free and (position == 0 or line[position - 1] in " \t"):
                yield number + 1, line[position:].rstrip(), not line[:position].strip()
                break
            position = line.find("#", position + 1)
