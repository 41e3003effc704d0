"""Turns what is written in a cell into a value of the record, or says why a person has to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from generator.checking.diagnostics import listing, nearest
from generator.importers.grid import Cell
from generator.importers.marks import has_marks, ticked
from generator.importers.wording import NOTHING, PLACE_ENDINGS, UNIT_ENDINGS
from generator.scheme.fields import GROUPS, LIST, ExtraField
from generator.scheme.model import Dimension

_SPACES = re.compile(r"[^\S\n]+")
_CHINESE = r"\u3400-\u9fff\U00020000-\U0003ffff"
_DATE = re.compile(r"(\d{4})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True)
class Reading:
    """A value read from a cell; with a `doubt` it is shown to a person, and taken only where `value` is set."""

    value: str | None
    doubt: str = ""
    note: str = ""


def one_line(text: str) -> str:
    """`text` on one line: line breaks between Chinese characters go, spaces elsewhere are one."""
    text = re.sub(
        rf"(?<=[{_CHINESE}，。、；：）》”])[^\S\n]*\n\s*|[^\S\n]*\n\s*(?=[{_CHINESE}，。、；：（《“])", "", text.strip()
    )
    return re.sub(r"\s+", " ", text).strip()


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing."""
    return not text.strip() or text.strip() in NOTHING


def half_width(text: str) -> str:
    """Full-width digits, letters, spaces and signs of numbers in half width; punctuation stays Chinese."""
    return "".join(
        chr(ord(c) - 0xFEE0)
        if "０" <= c <= "９" or "Ａ" <= c <= "Ｚ" or "ａ" <= c <= "ｚ"
        else " "
        if c == "\u3000"
        else c
        for c in text
    )


def title_of(text: str) -> str:
    return half_width(one_line(text))


def read_term(dimension: Dimension, cell: Cell | str, prefixes: Sequence[str] = ()) -> Reading:
    """Name of the term that a cell means: written out, ticked, shortened, with the larger place before it."""
    text = cell if isinstance(cell, str) else cell.text
    underlined = () if isinstance(cell, str) else cell.underlined
    spellings = {**{name: name for name in dimension.names}, **{a: t.name for a, t in dimension.by_alias.items()}}
    if has_marks(text) or (not isinstance(cell, str) and "\n" in text) or "口" in text:
        choice = ticked(text, spellings, underlined)
        if choice is not None and (choice.words or choice.doubt or has_marks(text)):
            return _chosen(choice.words, choice.doubt)
    return (
        match_term(dimension, text, prefixes) if not underlined else _underlined(dimension, text, underlined, prefixes)
    )


def _underlined(dimension: Dimension, text: str, underlined: Sequence[str], prefixes: Sequence[str]) -> Reading:
    spellings = {name: name for name in dimension.names}
    choice = ticked(text, spellings, underlined)
    if choice is not None and len(choice.words) == 1:
        return _chosen(choice.words, choice.doubt)
    return match_term(dimension, text, prefixes)


def _chosen(words: Sequence[str], doubt: str) -> Reading:
    if not words:
        return Reading(None, doubt)
    if len(words) > 1:
        return Reading(None, f"选了 {len(words)} 个：{listing(list(words))}；只能选一个")
    return Reading(words[0], doubt)


@lru_cache(maxsize=4000)
def _bare(text: str) -> str:
    """A name without spaces, signs between its parts, and quotes."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s/、,，.。·\-—_|\\\"'“”‘’「」《》:：;；]+", "", plain)


@lru_cache(maxsize=64)
def _index(names: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {_bare(spelling): name for spelling, name in names}


def match_term(dimension: Dimension, text: str, prefixes: Sequence[str] = ()) -> Reading:
    """Name of the term that `text` spells, exactly or in a way that can mean no other."""
    given = one_line(text)
    if is_nothing(given):
        return Reading(None)
    pairs = tuple([(t.name, t.name) for t in dimension.terms] + [(a, t.name) for a, t in dimension.by_alias.items()])
    index = _index(pairs)
    bare = re.sub(r"^(?:[(（]?[\dA-Za-z一二三四五六七八九十]{1,2}[)）、.．])", "", _bare(given)) or _bare(given)
    candidates = [bare, re.sub(r"[(（].*?[)）]", "", bare)]
    for prefix in sorted(map(_bare, prefixes), key=len, reverse=True):
        candidates += [c.removeprefix(prefix) for c in candidates if c.startswith(prefix)]
    for candidate in candidates:
        if candidate in index:
            name = index[candidate]
            return Reading(name, note="" if given in (name, *dimension.by_alias) else f"原文「{given}」")
    for candidate in candidates:
        name = _shortened(candidate, index)
        if name:
            return Reading(name, note=f"原文「{given}」")
    close = nearest(given, [spelling for spelling, _ in pairs])
    close = dimension.by_alias[close].name if close in dimension.by_alias else close
    near = f"，是否为「{close}」？" if close else ""
    return Reading(None, f"原文「{given[:40]}」不在方案中{near}")


def _shortened(given: str, index: dict[str, str]) -> str:
    """The only name that `given` is without its last part (区, 县 …), or with another one."""
    if len(given) < 2:
        return ""
    stems = {given}
    for ending in PLACE_ENDINGS:
        if given.endswith(ending) and len(given) - len(ending) >= 2:
            stems.add(given.removesuffix(ending))
    exact = {
        name
        for spelling, name in index.items()
        for ending in PLACE_ENDINGS
        if spelling.endswith(ending) and spelling.removesuffix(ending) == given
    }
    if len(exact) == 1:
        return exact.pop()
    found = {
        name
        for spelling, name in index.items()
        if any(len(stem) >= 3 and spelling.startswith(stem) and len(spelling) - len(stem) <= 3 for stem in stems)
    }
    return found.pop() if len(found) == 1 else ""


def read_extra(extra: ExtraField, cell: Cell | str) -> Reading:
    """Value of a further field of the scheme, as its type is written in a record."""
    raw = cell if isinstance(cell, str) else cell.text
    underlined = () if isinstance(cell, str) else cell.underlined
    text = half_width(raw.strip())
    if extra.type == GROUPS:
        return Reading(None, "" if is_nothing(text) else f"原文「{one_line(text)[:40]}」请在记录里分项填写")
    if extra.type == LIST:
        return Reading("、".join(items_of(text)) or None)
    if extra.type == "enum":
        choice = ticked(raw, {value: value for value in extra.values}, underlined)
        if choice is None:
            return Reading(None, "" if is_nothing(text) else f"原文「{one_line(text)[:40]}」不是可用的值")
        return _chosen(choice.words, choice.doubt)
    if is_nothing(text) and extra.type != "boolean":
        return Reading(None)
    if extra.type == "date":
        return read_date(text)
    if extra.type == "number":
        found = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*(?:万元|元|项|个|人|批|第)?", text.replace(",", ""))
        return Reading(found.group(1)) if found else Reading(None, f"原文「{one_line(text)[:40]}」不是一个数字")
    if extra.type == "boolean":
        return _yes_or_no(extra, one_line(raw))
    return Reading(re.sub(r"\n{3,}", "\n\n", text))


def items_of(text: str) -> list[str]:
    """The texts of a list that stands in one cell: a line each, or between 、 and ；."""
    parts = re.split(r"[\n、;；]", text)
    return [] if is_nothing(text) else [item for part in parts if (item := one_line(part).strip())]


def _yes_or_no(extra: ExtraField, text: str) -> Reading:
    bare = _bare(text)
    if has_marks(text):
        choice = ticked(text, {"是": "true", "否": "false"})
        if choice is not None:
            return _chosen(choice.words, choice.doubt)
    if bare in (
        "是",
        "有",
        "Y",
        "y",
        "yes",
        "YES",
        "√",
        "✓",
        "true",
        _bare(extra.label),
        f"是{_bare(extra.label)}",
        "非公",
    ):
        return Reading("true")
    if bare in ("否", "不是", "无", "N", "n", "no", "NO", "×", "false", "公有", "非非公", "国企", "国有"):
        return Reading("false")
    return Reading(None, f"原文「{text[:40]}」看不出是或否" if bare else "")


def read_date(text: str) -> Reading:
    """A day as 2023-09-02. Raises nothing: what is no day is a doubt."""
    found = _DATE.search(half_width(text))
    if found is None:
        return Reading(None, f"原文「{one_line(text)[:20]}」不是完整的日期")
    try:
        return Reading(date(*map(int, found.groups())).isoformat())
    except ValueError:
        return Reading(None, f"「{found.group()}」不是真实的日期")


def person_name(text: str) -> str:
    """A name without the spaces that fill up one of two characters: `张 三` -> `张三`."""
    name = one_line(half_width(text)).strip("，,、;；。:： ")
    if re.fullmatch(rf"[{_CHINESE}](?:\s+[{_CHINESE}]){{1,3}}", name):
        return re.sub(r"\s+", "", name)
    return name


def person_names(text: str) -> tuple[list[str], str]:
    """The names in a cell, and a doubt: `张 三、李四` -> `张三`, `李四`."""
    text = half_width(text.strip())
    if is_nothing(text):
        return [], ""
    doubt = ""
    and_others = re.search(r"[等](?:\s*[\d一二三四五六七八九十]+\s*人|人)?\s*$", text)
    if and_others:
        text = text[: and_others.start()]
        doubt = "原文写着「等人」，其余的人没有写出"
    parts = [part for part in re.split(r"[、,，;；\n/／]+", text) if part.strip()]
    names: list[str] = []
    for part in parts:
        words = part.split()
        if len(words) > 1 and all(re.fullmatch(rf"[{_CHINESE}]{{2,4}}", word) for word in words):
            names += words
        elif len(words) > 3 and all(re.fullmatch(rf"[{_CHINESE}]{{1,4}}", word) for word in words):
            names.append(one_line(part))
            doubt = "名字之间的空格看不出怎样分开"
        else:
            names.append(person_name(part))
    return names, doubt


def split_unit_and_post(text: str) -> tuple[str, str | None, str]:
    """Unit and post of a cell that holds both, and a doubt where they could not be told apart with certainty."""
    lines = [part for part in re.split(r"\n|[，,；;/／]|\s{1,}", half_width(text.strip())) if part.strip()]
    if len(lines) == 2 and any(lines[0].endswith(ending) for ending in UNIT_ENDINGS):
        return lines[0], lines[1], ""
    whole = one_line(half_width(text))
    if any(whole.endswith(ending) for ending in UNIT_ENDINGS):
        return whole, None, "没有看到职务"
    ends = [whole.rfind(ending) + len(ending) for ending in UNIT_ENDINGS if whole.rfind(ending) > 0]
    ends = [end for end in ends if end < len(whole)]
    if ends:
        cut = max(ends)
        return whole[:cut].strip(), whole[cut:].strip(" ，,、"), "单位和职务写在一起，请看分得对不对"
    return whole, None, "看不出哪一段是单位、哪一段是职务"
