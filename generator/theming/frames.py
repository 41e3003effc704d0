"""The page around an article, cut where the values of a page go; filled, and put around what stands already."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

# Marks where the values of a page go: private-use characters, which no record can hold unescaped in a template.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_MARK = re.compile(f"{_OPEN}([a-z]+){_CLOSE}")
SLOTS = ("title", "description", "url", "head", "article")
MARKS = {name: f"{_OPEN}{name}{_CLOSE}" for name in SLOTS}


class PageForm(msgspec.Struct, array_like=True, frozen=True):
    """How a page was put together.

    article: key of the inputs of everything but the frame. template, section: what its frame was made for.
    spans: where the value of each slot of SLOTS stands in the page, (start, end) in bytes; (0, 0) where it does not.
    """

    article: bytes
    template: str
    section: str
    spans: tuple[tuple[int, int], ...]

    def values(self, content: bytes) -> dict[str, bytes]:
        """The values that stand in the page `content`."""
        spans = zip(SLOTS, self.spans, strict=True)
        return {name: content[start:end] for name, (start, end) in spans if end}


@dataclass(frozen=True, slots=True)
class Frame:
    """A rendered page around an article, cut at its marks: text, name of a slot, text, …"""

    texts: Sequence[bytes]
    slots: Sequence[str]

    def fill(self, values: Mapping[str, bytes]) -> tuple[bytes, tuple[tuple[int, int], ...]]:
        """The whole page, and where its values stand. KeyError where a value is missing."""
        parts, spans, at = [self.texts[0]], {}, len(self.texts[0])
        for name, text in zip(self.slots, self.texts[1:], strict=True):
            value = values[name]
            spans[name] = (at, at + len(value))
            parts += (value, text)
            at += len(value) + len(text)
        return b"".join(parts), tuple([spans.get(name, (0, 0)) for name in SLOTS])


def cut(text: str) -> Frame:
    """The frame that was rendered with MARKS for its values."""
    parts = _MARK.split(text)
    return Frame([part.encode() for part in parts[::2]], parts[1::2])
