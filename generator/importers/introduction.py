"""Splits an introduction into the sections of the scheme at the headings that people write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.importers.values import half_width
from generator.importers.wording import plain_label

_NUMBER = r"(?:[(（]?[\d一二三四五六七八九十]{1,2}[)）、.．]\s*|第[一二三四五六七八九十]+[、.，,]?\s*|[①-⑩●■◆▪★*]\s*)"
_HEAD = re.compile(rf"^\s*{_NUMBER}?\s*[【\[《「]?([^\n:：。；;【】\[\]]{{2,24}})[】\]》」]?\s*(?:[:：]|$)\s*")
_NUMBERED = re.compile(rf"^\s*{_NUMBER}\s*")


@dataclass
class Introduction:
    """Text of each section by its key, how many headings there were, what stood before them, and doubts."""

    sections: dict[str, str] = field(default_factory=dict)
    headings: int = 0
    rest: str = ""
    doubts: list[str] = field(default_factory=list)


def split_introduction(text: str, headings: Mapping[str, str], order: list[str]) -> Introduction:
    """`text` by its headings. headings: plain label of each heading and its section."""
    lines = _broken_at_headings(half_width(text), headings)
    parts: list[tuple[str | None, list[str]]] = [(None, [])]
    found = Introduction()
    for line in lines:
        keys, rest, heading = _heading(line, headings)
        if keys:
            found.headings += 1
            if len(keys) > 1:
                found.doubts.append(f"标题「{heading}」跨了两节，内容放在前一节")
            parts.append((keys[0], [rest] if rest.strip() else []))
        else:
            parts[-1][1].append(line)
    for key, content in parts:
        words = _tidy(content)
        if key is None:
            found.rest = words
        elif words and key in found.sections:
            found.sections[key] += f"\n\n{words}"
            found.doubts.append("有的标题出现了两次，内容接在一起")
        elif words:
            found.sections[key] = words
    found.sections = {key: found.sections[key] for key in order if key in found.sections}
    return found


def _tidy(lines: list[str]) -> str:
    """Paragraphs of Markdown: each line of the form is one; nothing in it becomes a mark."""
    kept = [re.sub(r"[^\S\n]+", " ", line).strip() for line in lines]
    return "\n\n".join(_plain(line) for line in kept if line)


def _plain(line: str) -> str:
    """`line` as Markdown that shows just these characters."""
    line = re.sub(r"([\\`*_<\[\]])", r"\\\1", line)
    return re.sub(
        r"^(#{1,6}|>|[-+]|\d+[.)])(?=\s|$|>)",
        lambda m: "\\" + m.group() if not m.group()[0].isdigit() else m.group()[:-1] + "\\" + m.group()[-1],
        line,
    )


def _heading(line: str, headings: Mapping[str, str]) -> tuple[list[str], str, str]:
    """Sections that the heading at the start of `line` names, what follows it, and its words."""
    match = _HEAD.match(line)
    if match is not None:
        words = match.group(1).strip()
        keys = _keys(words, headings)
        if keys:
            return keys, line[match.end() :], words
    return [], line, ""


def _keys(words: str, headings: Mapping[str, str]) -> list[str]:
    plain = plain_label(words)
    if plain in headings:
        return [headings[plain]]
    parts = [part for part in re.split(r"[和与及、/]", plain) if part]
    keys = [headings[part] for part in parts if part in headings]
    if len(parts) > 1 and len(keys) == len(parts):
        return list(dict.fromkeys(keys))
    return []


def _broken_at_headings(text: str, headings: Mapping[str, str]) -> list[str]:
    """Lines of `text`, broken before a heading with a colon that follows the end of a sentence."""
    if headings:
        names = "|".join(re.escape(name) for name in sorted(headings, key=len, reverse=True))
        text = re.sub(rf"(?<=[。；;！])\s*(?={_NUMBER}?\s*[【\[]?(?:{names})[】\]]?\s*[:：])", "\n", text)
    return text.split("\n")


def numbered_parts(text: str, order: list[str]) -> dict[str, str]:
    """Sections of a text in numbered parts without headings, where there are as many as the scheme has."""
    parts: list[list[str]] = []
    for line in half_width(text).split("\n"):
        if _NUMBERED.match(line):
            parts.append([_NUMBERED.sub("", line, count=1)])
        elif parts:
            parts[-1].append(line)
        elif line.strip():
            return {}
    if len(parts) != len(order):
        return {}
    return {key: _tidy(lines) for key, lines in zip(order, parts, strict=True) if _tidy(lines)}
