"""Words of the printed pages: texts of the scheme filled in, days, counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from generator.records.model import Entry
from generator.scheme.model import Round, Scheme
from generator.scheme.prints import SCHEME_WORDS
from generator.views import count_by

UNPUBLISHED = "未公布"
SAMPLE = "示例：编造的数据，不是真实的{awarded}{item}"


def stamp_of(entry: Round) -> date:
    """The day in the properties of a file, which must have one: of the last notice of the round, never of the clock."""
    return max((notice.date for notice in entry.notices if notice.date), default=date(entry.year, 1, 1))


def shown_day(day: date | None) -> str:
    """`day` as official documents have it: 2023年9月2日. Empty without a day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def counts_phrase(scheme: Scheme, cases: Sequence[Entry]) -> str:
    """How many of `cases` have each award, best first, in words."""
    if scheme.award is None:
        return ""
    counts, measure = count_by(cases, scheme.award.key), scheme.words.measure
    named = [f"{name}{counts[name]}{measure}" for name in scheme.award.names if counts.get(name)]
    rest = [f"未分{scheme.award.label}的{counts[None]}{measure}"] if counts.get(None) else []
    return "、".join(named + rest)


def round_words(scheme: Scheme, entry: Round, cases: Sequence[Entry]) -> dict[str, str]:
    """What the words in braces of the texts stand for (scheme_print.ROUND_WORDS)."""
    return {
        **{name: scheme.words.by_name[name] for name in SCHEME_WORDS},
        "name": scheme.name,
        "programme": scheme.programme,
        "organiser": scheme.organiser,
        "year": str(entry.year),
        "round": entry.label or f"{entry.year}年",
        "total": str(len(cases)),
        "counts": counts_phrase(scheme, cases) or "如下",
    }


def shortfall(scheme: Scheme, entry: Round, count: int) -> str:
    """What a reader must know where the library does not hold what was announced; else empty."""
    if entry.total is None or entry.total == count:
        return ""
    return scheme.words.said(f"公布{entry.total}{{measure}}，资料库收录{count}{{measure}}")


def notes(scheme: Scheme, entry: Round, count: int) -> str:
    """What is wrong with a document as a whole: made-up records, or not all that was announced."""
    short = shortfall(scheme, entry, count)
    return "；".join(
        filter(None, (scheme.words.said(SAMPLE) if scheme.sample else "", f"未齐：{short}" if short else ""))
    )


def paragraphs(text: str | None) -> list[str]:
    """The paragraphs of a text of the scheme: one for each line."""
    return [line.strip() for line in (text or "").split("\n") if line.strip()]
