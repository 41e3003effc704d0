"""The list of awards (公布名单) of a round as data: columns, and the cases of each award."""

from __future__ import annotations

from collections.abc import Sequence

from generator.exports.layout_rows import layout_rows
from generator.exports.tables import Value
from generator.printing.contexts import ListColumn, ListContext, ListGroup
from generator.printing.selection import Selection
from generator.printing.words import UNPUBLISHED, notes, paragraphs, round_words, shown_day
from generator.records.model import Entry, labels, record_model
from generator.scheme.layouts import LayoutColumn, filled
from generator.scheme.model import Scheme

# Values of these are short or set in rows of equal length; others begin at the left.
_LONG = frozenset(("title", "unit", "people", "members", "summary"))
_NAMES = frozenset(("people", "members", "lead"))


def list_context(selection: Selection) -> ListContext:
    """What the list shows."""
    scheme, told = selection.scheme, selection.scheme.print.list
    words = round_words(scheme, selection.round, selection.cases)
    columns = told.columns or _usual_columns(scheme)
    return ListContext(
        mark=told.mark or "",
        title=filled(told.title, words),
        intro=paragraphs(filled(told.intro, words)),
        note=notes(scheme, selection.round, len(selection.cases)),
        columns=[
            ListColumn(c.label, width, not _LONG.intersection(c.keys), set(c.keys) <= _NAMES and bool(c.keys))
            for c, width in zip(columns, _widths(columns), strict=True)
        ],
        groups=[
            ListGroup(name or _unranked(scheme), len(cases), _rows(selection, columns, cases))
            for name, cases in selection.by_award()
        ],
        closing=paragraphs(filled(told.closing or "", words)),
        signed=filled(told.signed, words),
        date=shown_day(selection.day),
        words=scheme.words.by_name,
    )


def _unranked(scheme: Scheme) -> str:
    return f"未分{scheme.award.label}" if scheme.award else ""


def _usual_columns(scheme: Scheme) -> Sequence[LayoutColumn]:
    names = labels(record_model(scheme))
    place = scheme.role("place")
    return [
        LayoutColumn(label="序号", keys=("number",), width=6),
        LayoutColumn(label=names["title"], keys=("title",), width=29),
        LayoutColumn(label=names["unit"], keys=("unit",), width=22),
        LayoutColumn(label=names["people"], keys=("people",), width=21),
        *([LayoutColumn(label=place.label, keys=(place.key,), width=12)] if place else []),
    ]


def _widths(columns: Sequence[LayoutColumn]) -> list[int]:
    """Widths of the columns, none so narrow that the first two characters of its label would not stand side by side."""
    least = -(-sum(column.width for column in columns) // 12)
    return [max(column.width, least) for column in columns]


def _rows(selection: Selection, columns: Sequence[LayoutColumn], cases: Sequence[Entry]) -> list[list[str]]:
    rows = layout_rows(selection.published, columns, cases)
    return [[_shown(value) if column.keys else "" for column, value in zip(columns, row, strict=True)] for row in rows]


def _shown(value: Value) -> str:
    return UNPUBLISHED if value is None or value == "" else str(value)
