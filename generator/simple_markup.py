"""The Markdown that most records use, without the parser: paragraphs, flat lists and bold words.

What it accepts it renders as the parser does, to the byte; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

# Anywhere: a text with one of these is for the parser.
_MARKS = re.compile(r"[\\`_\[\]<>&\t\r\x00]|~~|  $", re.MULTILINE)
# At the start of a line: what opens a block other than a paragraph.
_OPENS = re.compile(r"[#=+\-|:>~]|[0-9]{1,9}[.)](?: |$)")
_ITEM = re.compile(r"(?:[-+]|([0-9]{1,9})([.)])) (?! )(.+)")
_BOLD = re.compile(r"\*\*(\w(?:[^*\n]*\w)?)\*\*")


@dataclass(slots=True)
class Block:
    """A paragraph (its lines), or a list (its items). kind: p, ul or ol. start: first number of a list."""

    kind: str
    lines: list[str]
    marker: str = ""
    start: int = 1


def simple_blocks(text: str) -> list[Block] | None:
    """The blocks of `text`; None where it holds anything else."""
    if _MARKS.search(text) or ("*" in text and "*" in _BOLD.sub(r"\1", text)):
        return None
    blocks: list[Block] = []
    block: Block | None = None
    for line in text.split("\n"):
        bare = line.rstrip(" ")
        if bare != line.strip():
            return None
        if not bare:
            block = None
            continue
        item = _item(bare) if _OPENS.match(bare) else None
        if item is None:
            if _OPENS.match(bare) or (block is not None and block.kind != "p"):
                return None
            if block is None:
                blocks.append(block := Block("p", []))
            block.lines.append(bare)
        elif block is not None and block.kind != "p":
            if block.marker != item.marker:
                return None
            block.lines += item.lines
        else:
            after_list = block is None and blocks and blocks[-1].kind != "p"
            if after_list or (block is not None and item.start != 1):
                return None
            blocks.append(block := item)
    return blocks


def _item(line: str) -> Block | None:
    """A list with the one item of `line`; None where the item holds a block of its own."""
    match = _ITEM.match(line)
    if match is None or _OPENS.match(match[3]):
        return None
    if match[1] is None:
        return Block("ul", [match[3]], line[0])
    return Block("ol", [match[3]], match[2], int(match[1]))


def html_of(blocks: Sequence[Block]) -> str:
    """The blocks as HTML."""
    parts: list[str] = []
    for block in blocks:
        if block.kind == "p":
            parts.append(f"<p>{_inline(block.lines)}</p>\n")
            continue
        items = "".join([f"<li>{_inline([line])}</li>\n" for line in block.lines])
        start = f' start="{block.start}"' if block.start != 1 else ""
        parts.append(f"<{block.kind}{start}>\n{items}</{block.kind}>\n")
    return "".join(parts)


def _inline(lines: Sequence[str]) -> str:
    text = escape("\n".join(lines), quote=False).replace('"', "&quot;")
    return _BOLD.sub(r"<strong>\1</strong>", text) if "**" in text else text


def words_of(blocks: Sequence[Block]) -> str:
    """The words of the blocks, a line for each line."""
    text = "\n".join([line for block in blocks for line in block.lines])
    return _BOLD.sub(r"\1", text) if "**" in text else text
