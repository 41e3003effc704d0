"""Which of several printed words is ticked, in all the ways in which people tick."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.importers.grid import OPEN, TICKED

_TICKED_SIGNS = "☑☒■√✓✔✅▣●◉⬛🗹🗸🗵✕✖⊠☻★▇█◼◾▪"
_OPEN_SIGNS = "□☐○◯▢⬜◻◽▫◇⭕"
_CHECK_SIGNS = "√✓✔✅🗸✕✖★"  # signs that stand without a box
_CROSS = re.compile(r"[×✗✘╳]")
_BRACKET_BOX = re.compile(r"[\[［(（【]\s*([√✓✔✅vVxX☑☒■●✕✖×✗✘]?)\s*[\]］)）】]")


@dataclass(frozen=True)
class Choice:
    """The words that are ticked. `doubt` says why a person should look; empty where there is none."""

    words: tuple[str, ...]
    doubt: str = ""


def has_marks(text: str) -> bool:
    return any(sign in text for sign in _TICKED_SIGNS + _OPEN_SIGNS) or bool(_BRACKET_BOX.search(text))


def _with_boxes(text: str) -> str:
    """`text` with every box as TICKED or OPEN, check marks without a box as √."""
    text = _BRACKET_BOX.sub(
        lambda m: TICKED if m.group(1) else (OPEN if m.group().strip("[]［］()（）【】 ") == "" else m.group()), text
    )
    signs = {ord(sign): "√" if sign in _CHECK_SIGNS else TICKED for sign in _TICKED_SIGNS}
    signs |= {ord(sign): OPEN for sign in _OPEN_SIGNS}
    return text.translate(signs)


def ticked(text: str, choices: Mapping[str, str], underlined: Sequence[str] = ()) -> Choice | None:
    """Which choices are ticked in `text`; None where the text lists no choice at all.

    choices: every spelling and the name that it stands for.
    """
    if "口" in text and not has_marks(text):
        text = re.sub(r"(?<![\u4e00-\u9fff])口\s*(?=[\u4e00-\u9fff])", OPEN, text)
    text = _with_boxes(text)
    spots = _spots(text, choices)
    if not spots:
        return None
    names = [name for _, _, name in spots]
    gaps = _gaps(text, spots)
    found: list[str] = []
    doubts: list[str] = []
    signs = "".join(gaps)
    if TICKED not in signs and "√" not in signs:
        return _unticked(names, signs, spots, text, underlined)
    positional = _by_position(names, gaps)
    if positional is not None:
        doubt = "用了叉号，看不出是选中还是划去" if _CROSS.search(signs) else ""
        return Choice(tuple(dict.fromkeys(positional)), doubt)
    boxed_before = _boxes_stand_before(gaps)
    for number, gap in enumerate(gaps):
        before = names[number - 1] if number else None
        after = names[number] if number < len(names) else None
        chosen, doubt = _owner(gap, before, after, boxed_before)
        found += chosen
        if doubt:
            doubts.append(doubt)
    if _CROSS.search(signs):
        doubts.append("用了叉号，看不出是选中还是划去")
    unique = tuple(dict.fromkeys(found))
    return Choice(unique, doubts[0] if doubts else "")


def _spots(text: str, choices: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Where each choice stands, none inside another."""
    spots: list[tuple[int, int, str]] = []
    for spelling in sorted(choices, key=len, reverse=True):
        pattern = r"\s*".join(r"\s*[/／、\\|]?\s*" if c in "/／、" else re.escape(c) for c in spelling)
        for match in re.finditer(pattern, unicodedata_halved(text)):
            if all(match.end() <= start or match.start() >= end for start, end, _ in spots):
                spots.append((match.start(), match.end(), choices[spelling]))
    return sorted(spots)


def unicodedata_halved(text: str) -> str:
    """`text` in half width where that keeps every position."""
    return "".join(n if len(n := unicodedata.normalize("NFKC", c)) == 1 else c for c in text)


def _gaps(text: str, spots: Sequence[tuple[int, int, str]]) -> list[str]:
    edges = [0, *(edge for start, end, _ in spots for edge in (start, end)), len(text)]
    return [text[edges[n] : edges[n + 1]] for n in range(0, len(edges), 2)]


def _by_position(names: Sequence[str], gaps: Sequence[str]) -> list[str] | None:
    """The ticked words where each has just one sign, all before them or all behind them; None elsewhere."""
    signs = [[sign for sign in gap if sign in (OPEN, TICKED, "√")] for gap in gaps]
    for slots, outside in ((signs[:-1], signs[-1]), (signs[1:], signs[0])):
        if not outside and all(len(slot) == 1 for slot in slots):
            return [name for name, slot in zip(names, slots, strict=True) if slot[0] != OPEN]
    return None


def _boxes_stand_before(gaps: Sequence[str]) -> bool:
    """Whether boxes stand before their words: the first gap has one, or the last has none."""
    return any(sign in gaps[0] for sign in (OPEN, TICKED, "√")) or not any(sign in gaps[-1] for sign in (OPEN, TICKED))


def _owner(gap: str, before: str | None, after: str | None, boxed_before: bool) -> tuple[list[str], str]:
    """Which neighbours the ticks in a gap belong to, and a doubt about that."""
    signs = [sign for sign in gap if sign in (OPEN, TICKED, "√")]
    if TICKED not in signs and "√" not in signs:
        return [], ""
    if before is None or after is None:
        return [name for name in (before, after) if name], ""
    if TICKED in signs and len(signs) == 1:
        return [after if boxed_before else before], ""
    if signs == ["√"]:
        # Alone between two words: it belongs to the one that it touches, or to the side where boxes stand.
        left = gap[: gap.index("√")] == ""
        right = gap.endswith("√")
        if left != right:
            return [before if left else after], ""
        return [after if boxed_before else before], "打勾在两个选项之间"
    # A box and a check mark, or two boxes: those that touch belong together.
    if len(signs) == 2:
        first, second = (i for i, c in enumerate(gap) if c in (OPEN, TICKED, "√"))
        apart = gap[first + 1 : second] != ""
        touches_left, touches_right = first == 0, second == len(gap) - 1
        on = [signs[0] != OPEN, signs[1] != OPEN]
        if OPEN in signs and "√" in signs:
            if signs[0] == OPEN:  # □√: a mark in the box that stands before the next word
                return [after if boxed_before else before], ""
            if not apart and not touches_left:
                return [after], ""
            if apart and touches_left:
                return [before], ""
            if not apart and touches_left and touches_right:
                return [before if boxed_before else after], "打勾紧挨着两个选项"
            return [before if boxed_before else after], "打勾在两个选项之间"
        if signs == [TICKED, "√"] or signs == ["√", TICKED]:
            return [after if boxed_before else before], ""
        return [name for name, yes in zip((before, after), on, strict=True) if yes], ""
    return [after if boxed_before else before], "两个选项之间有好几个记号"


def _unticked(
    names: Sequence[str], signs: str, spots: Sequence[tuple[int, int, str]], text: str, underlined: Sequence[str]
) -> Choice:
    """The choice where nothing is ticked: the one underlined word, or the only one that was left."""
    marked = [
        name
        for start, end, name in spots
        if any(text[start:end].replace(" ", "") in words.replace(" ", "") for words in underlined)
    ]
    if len(set(marked)) == 1 and len(set(names)) > 1:
        return Choice((marked[0],))
    if len(set(names)) == 1:
        return Choice((names[0],), "没有打勾，只留下了这一个" if OPEN in signs else "")
    if len(set(marked)) > 1 and len(set(marked)) < len(set(names)):
        return Choice(tuple(dict.fromkeys(marked)), "几个选项下面有横线")
    if OPEN not in signs:
        return Choice((), "列出了几个选项，没有打勾")
    return Choice(())
