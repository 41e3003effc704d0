"""CSV tables: the cases of a view, all cases, the terms with their counts, rounds, corrections, revocations."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generator import urls
from generator.exports.published import Facts, Published, extra_value
from generator.exports.safe_text import cell_text
from generator.rankings import Rankings
from generator.records.model import Entry, labels, record_model
from generator.scheme.fields import GROUPS, LIST, TABLE, ExtraField, field_text
from generator.scheme.model import Dimension, Scheme, now_key
from generator.scheme.rankings import Ranking
from generator.views import Views

# Spreadsheet programs take a file for UTF-8 only with this mark.
BOM = "\ufeff"
# Types of Table Schema; a list or groups are one text.
EXTRA_TYPES = {"boolean": "boolean", "date": "date", "number": "number"}

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, the key it has in the database, its type in Table Schema, its width in XLSX."""

    label: str
    key: str
    type: str = "string"
    width: int = 16


@dataclass(frozen=True)
class CaseColumn(Column):
    """A column of a table of cases. `value` may use the facts where `deep`, else only the entry."""

    value: Callable[[Entry, Facts], Value] = lambda entry, facts: None
    deep: bool = True


@dataclass(frozen=True)
class Table:
    """A small table as data: columns and rows."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]


def list_columns(scheme: Scheme) -> list[CaseColumn]:
    """The columns of a list of cases; they need nothing but entries."""
    names = labels(record_model(scheme))

    def column(key: str, width: int, value: Callable[[Entry], Value], kind: str = "string") -> CaseColumn:
        return CaseColumn(names[key], key, kind, width, lambda entry, _: value(entry), deep=False)

    def term(key: str) -> Callable[[Entry], Value]:
        return lambda entry: entry.terms.get(key)

    def now(dimension: Dimension) -> CaseColumn:
        """The term under which a case is counted today, beside the one that was said."""

        def value(entry: Entry, _: Facts) -> Value:
            name = entry.terms.get(dimension.key)
            return None if name is None else dimension.history.now(name)

        label = f"{dimension.label}（现用）"
        return CaseColumn(label, now_key(dimension), "string", 14, value, deep=False)

    found = [
        column("id", 13, lambda entry: entry.id),
        column("title", 42, lambda entry: entry.title),
        column("year", 8, lambda entry: entry.year, "integer"),
        *(column(dimension.key, 14, term(dimension.key)) for dimension in scheme.dimensions),
        *(now(dimension) for dimension in scheme.dimensions if dimension.concordance),
        column("unit", 32, lambda entry: entry.unit or None),
        column("people", 24, lambda entry: "、".join(entry.people) or None),
        column("summary", 60, lambda entry: entry.summary or None),
    ]
    page = CaseColumn("网页", "page", "string", 26, lambda entry, _: urls.case_url(entry.id), deep=False)
    return [*found, page]


def case_columns(scheme: Scheme) -> list[CaseColumn]:
    """The columns of the whole table: the list, then posts, patents, sources, corrections, fields of the scheme."""
    named = list_columns(scheme)
    found = [
        *named[:-1],
        CaseColumn(scheme.words.post, "posts", "string", 24, _posts),
        *(_extra_column(extra) for extra in scheme.stored if TABLE in extra.shown),
        CaseColumn("专利", "patents", "string", 40, _patents),
        CaseColumn("图片数", "pictures", "integer", 8, lambda entry, _: entry.pictures, deep=False),
        CaseColumn("来源", "sources", "string", 40, _sources),
        CaseColumn("最近更正", "changed", "date", 12, lambda entry, _: _day(entry), deep=False),
        CaseColumn("示例", "sample", "boolean", 8, lambda entry, _: entry.sample, deep=False),
        named[-1],
    ]
    counts = Counter(column.label for column in found)
    return [replace(c, label=f"{c.label}（{c.key}）") if counts[c.label] > 1 else c for c in found]


def _extra_column(extra: ExtraField) -> CaseColumn:
    key = extra.key
    if extra.type in (LIST, GROUPS):
        return CaseColumn(extra.label, key, "string", 40, lambda _, facts: field_text(extra_value(facts, key)) or None)
    kind = EXTRA_TYPES.get(extra.type, "string")
    return CaseColumn(extra.label, key, kind, 20, lambda _, facts: extra_value(facts, key))


def _day(entry: Entry) -> str | None:
    return entry.changed.isoformat() if entry.changed else None


def _posts(_: Entry, facts: Facts) -> str | None:
    """Posts with the names they belong to, the lead first, as the column of people has them."""
    people = sorted(facts.people, key=lambda person: person.role != "lead")
    return "；".join(f"{person.name}：{person.post}" for person in people if person.post) or None


def _patents(_: Entry, facts: Facts) -> str | None:
    return "；".join(" ".join(filter(None, (p.kind, p.number, p.title))) for p in facts.patents) or None


def _sources(_: Entry, facts: Facts) -> str | None:
    return "；".join(" ".join(filter(None, (s.title, s.date, s.address))) for s in facts.sources) or None


# writing


def shown(value: Value) -> str:
    """`value` as text of a table: true and false as in JSON, nothing for None."""
    if value is None:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return cell_text(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def csv_lines(rows: Iterable[Sequence[Value]]) -> str:
    """The lines of `rows`, ended as RFC 4180 has it."""
    return "".join(separate_lines(rows))


class _Lines(list[str]):
    """What csv.writer writes to: a list of lines."""

    write = list.append


def separate_lines(rows: Iterable[Sequence[Value]]) -> list[str]:
    """A line for each of `rows`."""
    lines = _Lines()
    csv.writer(lines, lineterminator="\r\n").writerows([[shown(value) for value in row] for row in rows])
    return lines


def table_csv(table: Table) -> bytes:
    """The file of `table`."""
    return (BOM + csv_lines([[column.label for column in table.columns]]) + csv_lines(table.rows)).encode()


class ViewTables:
    """CSV of the views. A case stands in several of them; its line is made once."""

    def __init__(self, scheme: Scheme) -> None:
        self.columns = list_columns(scheme)
        self.heading = BOM + csv_lines([[column.label for column in self.columns]])
        self._lines: dict[str, str] = {}

    def file(self, cases: Sequence[Entry]) -> bytes:
        """The file with `cases` in their order."""
        lines = self._lines
        fresh = [case for case in cases if case.id not in lines]
        values = [column.value for column in self.columns]
        nothing: Any = None
        made = separate_lines([[value(case, nothing) for value in values] for case in fresh])
        lines.update(zip((case.id for case in fresh), made, strict=True))
        return (self.heading + "".join([lines[case.id] for case in cases])).encode()


# small tables


def terms_table(views: Views) -> Table:
    """Every term of every dimension with the number of its cases; a parent counts those of its children."""
    words = views.library.scheme.words
    columns = (
        Column("维度", "dimension"),
        Column("维度名称", "dimension_label"),
        Column("取值", "name"),
        Column("网址写法", "slug"),
        Column("上级", "parent"),
        Column(words.said("{case}数"), "cases", "integer"),
    )
    rows = [
        (dimension.key, dimension.label, term.name, term.slug, term.parent, len(views.term(dimension, term).cases))
        for dimension in views.library.scheme.dimensions
        for term in dimension.terms
    ]
    return Table(columns, rows)


def rounds_table(views: Views) -> Table:
    """Every round, the newest first: what was announced and what is recorded."""
    words = views.library.scheme.words
    columns = (
        Column(words.rounds, "year", "integer"),
        Column("名称", "label"),
        Column("公布数", "announced", "integer"),
        Column(words.said("{case}数"), "cases", "integer"),
    )
    rows = [(v.round.year, v.round.label, v.round.total, len(v.cases)) for v in views.years if v.round]
    return Table(columns, rows)


def ranking_table(rankings: Rankings, ranking: Ranking, month: str) -> Table:
    """Everyone in a month of a ranking; of all its months, the newest first, where `month` is empty."""
    columns = (
        Column("月份", "month"),
        Column("名次", "place", "integer"),
        Column(rankings.by_label(ranking), "name"),
        Column("本月项数", "cases", "integer"),
        Column("本年累计", "year", "integer"),
    )
    rows = [
        (entry.month, line.place, line.name, line.count, line.year)
        for entry in rankings.months[ranking.key]
        if month in ("", entry.month)
        for line in entry.standings
    ]
    return Table(columns, rows)


def changes_table(published: Published) -> Table:
    """Every correction of an exported case, by case and in the order of the record."""
    words = published.library.scheme.words
    columns = (
        Column("编号", "id"),
        Column(words.said("{item}名称"), "title"),
        Column("日期", "date", "date"),
        Column("改了什么", "what"),
        Column("原因", "why"),
    )
    corrected = [entry for entry in published.entries if entry.changed]
    rows = [
        (entry.id, entry.title, change.date, change.what, change.why)
        for entry, facts in published.facts(corrected)
        for change in facts.changes
    ]
    return Table(columns, rows)


def revoked_table(published: Published) -> Table:
    """Every revoked case; none of them is counted anywhere."""
    scheme = published.library.scheme
    columns = (
        Column("编号", "id"),
        Column(scheme.words.said("{item}名称"), "title"),
        Column(scheme.words.rounds, "year", "integer"),
        *(Column(dimension.label, dimension.key) for dimension in scheme.dimensions),
        Column(scheme.words.unit, "unit"),
        Column("最近更正", "changed", "date"),
        Column("网页", "page"),
    )
    rows = [
        (
            e.id,
            e.title,
            e.year,
            *(e.term(d.key) for d in scheme.dimensions),
            e.unit or None,
            _day(e),
            urls.case_url(e.id),
        )
        for e in published.revoked
    ]
    return Table(columns, rows)
