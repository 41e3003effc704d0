"""Markdown of a record as blocks for the typesetter: data, never source, so that nothing in a text can act.

A block is {"t": kind, ...}; its "c" holds inline parts: texts, and {"t": kind, "c": parts}.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from markdown_it.token import Token

from generator.markup import parse_markup

Block = dict[str, Any]
Inline = str | dict[str, Any]

_SPANS = {"strong_open": "strong", "em_open": "em", "s_open": "strike", "link_open": "link"}
_PARTS = {
    "bullet_list_open": "list",
    "ordered_list_open": "numbered",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "table_open": "table",
    "tr_open": "row",
}
_WIDE = frozenset("WF")


def blocks_of(text: str) -> list[Block]:
    """The blocks of a section, in their order."""
    return _blocks(_Tokens(parse_markup(text)))


class _Tokens:
    """Tokens read one after the other."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def next(self) -> Token | None:
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else None


def _blocks(tokens: _Tokens) -> list[Block]:
    """Blocks up to the end of the part that was opened last."""
    found: list[Block] = []
    while (token := tokens.next()) is not None:
        if token.type in ("thead_open", "thead_close", "tbody_open", "tbody_close"):
            continue
        if token.nesting < 0:
            break
        if token.type == "inline":
            found.append({"t": "line", "c": _inline(_Tokens(token.children or []))})
        elif token.type in ("fence", "code_block"):
            found.append({"t": "code", "text": token.content.rstrip("\n")})
        elif token.type == "hr":
            found.append({"t": "rule"})
        elif token.type in ("paragraph_open", "heading_open", "th_open", "td_open"):
            found.append(_of_lines(token, _blocks(tokens)))
        elif token.type in _PARTS:
            block: Block = {"t": _PARTS[token.type], "b": _blocks(tokens)}
            if token.type == "ordered_list_open":
                block["start"] = int(token.attrs.get("start", 1))
            found.append(block)
    return found


def _of_lines(token: Token, lines: list[Block]) -> Block:
    """A paragraph, heading or cell with its words."""
    words = lines[0]["c"] if lines else []
    if token.type == "heading_open":
        return {"t": "heading", "level": int(token.tag[1]), "c": words}
    if token.type == "paragraph_open":
        return {"t": "paragraph", "c": words}
    style = str(token.attrs.get("style", ""))
    return {"t": "cell", "head": token.type == "th_open", "align": style.removeprefix("text-align:"), "c": words}


def _inline(tokens: _Tokens) -> list[Inline]:
    """Inline parts up to the end of the span that was opened last."""
    found: list[Inline] = []
    while (token := tokens.next()) is not None:
        if token.nesting < 0:
            break
        if token.type == "text":
            found.append(token.content)
        elif token.type == "code_inline":
            found.append({"t": "code", "text": token.content})
        elif token.type == "softbreak":
            found.append("\n")
        elif token.type == "hardbreak":
            found.append({"t": "break"})
        elif token.type in _SPANS:
            span: dict[str, Any] = {"t": _SPANS[token.type], "c": _inline(tokens)}
            if token.type == "link_open":
                span["to"] = str(token.attrs.get("href", ""))
            found.append(span)
    return _joined(found)


def _joined(parts: list[Inline]) -> list[Inline]:
    """Texts side by side as one; a line break between Chinese characters is nothing, elsewhere it is a space."""
    found: list[Inline] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return [_unbroken(part) if isinstance(part, str) else part for part in found if part != ""]


def _unbroken(text: str) -> str:
    return re.sub(r"(.?)\s*\n\s*(.?)", lambda m: m[1] + ("" if _is_wide(m[1]) or _is_wide(m[2]) else " ") + m[2], text)


def _is_wide(character: str) -> bool:
    return character != "" and unicodedata.east_asian_width(character) in _WIDE
