"""Changes single values of a record file and leaves every other byte as it was written.

An edit is checked by reading it back. Where a file is written in a way that cannot be edited in place, the record is
written anew in the canonical style, which keeps its comments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.checking.raw import Raw, parse_yaml
from generator.records.formatting import comments_of, key_order, record_text
from generator.scheme.model import Scheme

_SCALAR = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|[^\s#\"'\[\]{}]+")


@dataclass(frozen=True, slots=True)
class Edited:
    """The new text of a record, and whether it had to be written anew as a whole."""

    text: str
    rewritten: bool


def edit_record(raw: Raw, scheme: Scheme, values: Mapping[str, str], items: Mapping[str, Mapping[str, str]]) -> Edited:
    """The record `raw` with `values` set, and `items` added at the end of their lists."""
    wanted: dict[str, Any] = {**raw.value, **values}
    for key, item in items.items():
        wanted[key] = [*(raw.value.get(key) or []), dict(item)]
    order = key_order(scheme)
    text: str | None = raw.text
    for key, value in values.items():
        text = _set_value(text, key, value, order) if text is not None else None
    for key, item in items.items():
        line = record_text({key: [dict(item)]}, scheme).splitlines()[1].strip().removeprefix("- ")
        text = _add_item(text, key, line, order) if text is not None else None
    if text is not None:
        again, found = parse_yaml(text, raw.file)
        if again is not None and not found and again.value == wanted:
            return Edited(text, False)
    return Edited(record_text(wanted, scheme, comments_of(raw)), True)


class _Lines:
    """The lines of a text, and its tree as long as nothing was changed."""

    def __init__(self, text: str) -> None:
        self.raw = parse_yaml(text, "")[0]
        self.lines = text.splitlines(keepends=True)
        self.end = "\r\n" if "\r\n" in text else "\n"
        if self.lines and not self.lines[-1].endswith("\n"):
            self.lines[-1] += self.end

    def insert(self, number: int, new: Sequence[str]) -> str:
        """The text with `new` lines before line `number` (from 1)."""
        at = number - 1
        return "".join([*self.lines[:at], *(line + self.end for line in new), *self.lines[at:]])

    def line_after(self, number: int) -> int:
        """The line after the last one, before the next key, that is neither empty nor a comment. number: of a key."""
        assert self.raw is not None
        following = [place[0] for place in self.raw.places.keys.values() if place[0] > number]
        last = number
        for at in range(number, min(following, default=len(self.lines) + 1)):
            words = self.lines[at - 1].strip()
            if words and not words.startswith("#"):
                last = at
        return last + 1

    def place_for(self, key: str, order: Sequence[str]) -> int:
        """The line before which a new key belongs: after the nearest key that comes before it in `order`."""
        assert self.raw is not None
        before = [known for known in order[: order.index(key)] if known in self.raw.places.keys]
        return self.line_after(self.raw.places.keys[before[-1]][0]) if before else 1


def _set_value(text: str, key: str, value: str, order: Sequence[str]) -> str | None:
    """`text` with the value of one word at `key`; None where it cannot be put there."""
    lines = _Lines(text)
    if lines.raw is None:
        return None
    if key not in lines.raw.value:
        return lines.insert(lines.place_for(key, order), [f"{key}: {value}"])
    line, column = lines.raw.at((key,))
    words = lines.lines[line - 1]
    found = _SCALAR.match(words, column - 1)
    if lines.raw.value[key] is None or found is None:
        return None
    lines.lines[line - 1] = words[: found.start()] + value + words[found.end() :]
    return "".join(lines.lines)


def _add_item(text: str, key: str, item: str, order: Sequence[str]) -> str | None:
    """`text` with a line for `item` at the end of the block list at `key`; None where there is another kind of list."""
    lines = _Lines(text)
    if lines.raw is None:
        return None
    if key not in lines.raw.value:
        return lines.insert(lines.place_for(key, order), [f"{key}:", f"  - {item}"])
    if not lines.raw.value[key]:
        return None
    first, column = lines.raw.places.children[key].children[0].place
    dash = lines.lines[first - 1][: column - 1].rstrip()
    if not dash.endswith("-") or dash[:-1].strip():
        return None
    return lines.insert(lines.line_after(lines.raw.places.keys[key][0]), [f"{dash[:-1]}- {item}"])
