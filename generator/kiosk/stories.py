"""A case told in three short screens: the problem, the idea, the effect; the whole text behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from generator.kiosk.settings import Story
from generator.markup import plain_text, render_markup
from generator.records.model import Case
from generator.scheme.model import Scheme

PARTS = ("problem", "idea", "effect")
# Characters that a passer-by reads on one screen.
SHORT = 96
_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”’」』）]*|[^。！？!?]+$")
_CLAUSE = re.compile(r"[，；、,;：:]")
_LINK = re.compile(r"</?a(?: [^>]*)?>")


class Part(NamedTuple):
    """One screen: which of PARTS, a few sentences, the whole as (heading, HTML without links)."""

    key: str
    short: str
    full: list[tuple[str, str]]


def usual_story(scheme: Scheme) -> Story:
    """The sections of the scheme in their order: the first ones are the problem, the last ones the effect."""
    keys = [section.key for section in scheme.sections]
    if len(keys) < 3:
        return Story(problem=tuple(keys[:-1]), idea=tuple(keys[-1:]))
    side = (len(keys) - 1) // 2
    return Story(problem=tuple(keys[:side]), idea=tuple(keys[side:-side]), effect=tuple(keys[-side:]))


def story_of(case: Case, scheme: Scheme, story: Story) -> list[Part]:
    """The screens that the record has a text for; a summary alone is the idea; none for a case with a title alone."""
    labels = {section.key: section.label for section in scheme.sections}
    parts = []
    for key in PARTS:
        texts = [(labels[name], text) for name in getattr(story, key) if (text := case.section(name))]
        if texts:
            whole = [(label, without_links(render_markup(text))) for label, text in texts]
            parts.append(Part(key, shortened([plain_text(text) for _, text in texts]), whole))
    if case.summary and not any(part.key == "idea" for part in parts):
        parts.append(Part("idea", case.summary, []))
        parts.sort(key=lambda part: PARTS.index(part.key))
    return parts


def without_links(html: str) -> str:
    """`html` of `render_markup` with the text of its links only: nothing on the screen leads away."""
    return _LINK.sub("", html)


def shortened(texts: Sequence[str], most: int = SHORT) -> str:
    """Whole sentences of `texts` up to `most` characters, the first of each text before the second of any."""
    split = [[found.strip() for found in _SENTENCE.findall(" ".join(text.split()))] for text in texts]
    sentences = [[sentence for sentence in found if sentence] for found in split]
    taken = [0] * len(sentences)
    length = 0
    for turn in range(max((len(found) for found in sentences), default=0)):
        for place, found in enumerate(sentences):
            if turn < len(found) and taken[place] == turn and length + len(found[turn]) <= most:
                taken[place] += 1
                length += len(found[turn])
    chosen = [sentence for place, found in enumerate(sentences) for sentence in found[: taken[place]]]
    if chosen:
        return "".join(chosen)
    first = next((found[0] for found in sentences if found), "")
    return cut(first, most)


def cut(text: str, most: int) -> str:
    """`text` up to its last clause that ends before `most` characters, with an ellipsis where something is left out."""
    if len(text) <= most:
        return text
    ends = [match.start() for match in _CLAUSE.finditer(text, most // 2, most)]
    return text[: ends[-1] if ends else most].rstrip() + "……"
