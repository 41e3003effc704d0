"""Rows of a table in an organiser's layout: what its columns say of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from generator.exports.published import Facts, Published, extra_value
from generator.exports.tables import Value
from generator.records.model import Entry
from generator.scheme.fields import field_text
from generator.scheme.layouts import LayoutColumn
from generator.scheme.model import Scheme

_OF_ENTRY: dict[str, Callable[[Entry], Value]] = {
    "id": lambda entry: entry.id,
    "title": lambda entry: entry.title,
    "year": lambda entry: entry.year,
    "unit": lambda entry: entry.unit,
    "people": lambda entry: "、".join(entry.people),
    "lead": lambda entry: entry.people[0] if entry.people else None,
    "members": lambda entry: "、".join(entry.people[1:]),
    "summary": lambda entry: entry.summary,
}


def layout_rows(
    published: Published, columns: Sequence[LayoutColumn], entries: Sequence[Entry]
) -> Iterator[list[Value]]:
    """A row for each of `entries`, numbered from 1; None or "" where nothing was published."""
    scheme = published.library.scheme
    for number, (entry, facts) in enumerate(_with_facts(published, columns, entries), 1):
        yield [_cell(scheme, column.keys, number, entry, facts) for column in columns]


def _with_facts(
    published: Published, columns: Sequence[LayoutColumn], entries: Sequence[Entry]
) -> Iterable[tuple[Entry, Facts | None]]:
    """Entries with their facts where a column needs more than an entry holds."""
    shallow = {"number", *_OF_ENTRY, *published.library.scheme.by_key}
    if all(key in shallow for column in columns for key in column.keys):
        return ((entry, None) for entry in entries)
    return published.facts(entries)


def _cell(scheme: Scheme, keys: Sequence[str], number: int, entry: Entry, facts: Facts | None) -> Value:
    values = [_value(scheme, key, number, entry, facts) for key in keys]
    if len(values) == 1:
        return values[0]
    return " ".join(str(value) for value in values if value not in (None, "")) or None


def _value(scheme: Scheme, key: str, number: int, entry: Entry, facts: Facts | None) -> Value:
    if key == "number":
        return number
    if key in _OF_ENTRY:
        return _OF_ENTRY[key](entry)
    if key in scheme.by_key:
        return entry.term(key)
    if facts is None:
        return None
    if key == "lead_post":
        return next((person.post for person in facts.people if person.role == "lead"), None)
    return _plain(extra_value(facts, key))


def _plain(value: Any) -> Value:
    """The value of a further field as forms have it: 是 and 否 for a flag."""
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    return field_text(value)
