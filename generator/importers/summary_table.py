"""Reads recommendation tables (推荐汇总表) and lists of winners (获奖名单): one draft for each project."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from generator.importers.application_form import inline_answers, is_header, take_introduction, take_line
from generator.importers.draft import Draft, Outcome, note_missing, read_people
from generator.importers.grid import Cell, Paragraph, Table
from generator.importers.scrub import Scrubber
from generator.importers.values import (
    half_width,
    is_nothing,
    items_of,
    match_term,
    one_line,
    person_names,
    read_extra,
    read_term,
    split_unit_and_post,
    title_of,
)
from generator.importers.wording import FOOT_WORDS, TOTAL_WORDS, has_word, plain_label, wording_of
from generator.scheme.fields import LIST
from generator.scheme.model import Scheme

_HEADER_ROWS = 80
_COUNT = re.compile(r"推荐\S{0,6}?数[^\d\n]{0,4}(\d+)")
_HEADING = re.compile(
    r"^\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*)?(.{2,16}?)\s*[:：]?\s*(?:[(（【]?\s*(?:共|计)?\s*\d+\s*(?:项|个|名|件)?\s*[)）】]?)?\s*[:：]?\s*$"
)


@dataclass
class Column:
    """What a column holds. role: of the person, where it is about one."""

    key: str
    label: str
    role: str | None = None


@dataclass
class SummaryTable:
    """The drafts of one table, notes about it, and whether it names awards."""

    drafts: list[Draft] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    has_awards: bool = False


def read_tables(
    tables: Sequence[Table], blocks: Sequence[Paragraph | Table], scheme: Scheme, origin: str
) -> list[SummaryTable]:
    """Every table with a column of titles. blocks: the tables among the paragraphs of a document."""
    found: list[SummaryTable] = []
    above: list[str] = []
    for block in blocks or tables:
        if isinstance(block, Paragraph):
            above.append(block.text)
            continue
        table = _Reader(block, scheme, origin, above).read()
        if table is not None:
            found.append(table)
            above = []
    return found


class _Reader:
    """Reads one table from its header row to its end."""

    def __init__(self, table: Table, scheme: Scheme, origin: str, above: Sequence[str]) -> None:
        self.table = table
        self.scheme = scheme
        self.origin = origin
        self.wording = wording_of(scheme)
        self.result = SummaryTable()
        self.scrubber = Scrubber((*scheme.private_labels,))
        self.above = list(above)
        self.award: str | None = None
        self.award_place = ""
        self.place_name: str | None = None
        self.announced_count: int | None = None

    def read(self) -> SummaryTable | None:
        header = self.header_row()
        if header is None:
            return None
        columns, first = self.columns(header)
        self.read_above(header)
        self.note_columns(columns)
        self.keep_private_out(columns, first)
        previous: Draft | None = None
        people: list[tuple[str, str, str | None, str]] = []
        for row, cells in self.table.rows.items():
            if row < first:
                continue
            draft = self.row(row, cells, columns, previous, people)
            if draft is not None:
                self.result.drafts.append(draft)
                previous = draft
        for draft in self.result.drafts:
            note_missing(draft, with_award=self.result.has_awards)
        self.compare_count()
        return self.result

    def header_row(self) -> int | None:
        """The row whose cells name columns, the one of the titles among them."""
        for row in list(self.table.rows)[:_HEADER_ROWS]:
            if is_header(self.table.rows[row], self.wording):
                return row
        return None

    def columns(self, header: int) -> tuple[dict[int, Column], int]:
        """What each column holds, and the first row below the header, which may be two rows high."""
        columns: dict[int, Column] = {}
        first = header + 1
        for cell in self.table.rows[header]:
            key = self.wording.key(cell.text)
            for column in range(cell.column, cell.last_column + 1):
                columns[column] = Column(key or "", one_line(cell.text)[:20])
        below = self.table.rows.get(header + 1, [])
        starts = [cell for cell in below if cell.row == header + 1]
        titles = [c for c in self.table.rows[header] if self.wording.key(c.text) == "title"]
        if titles and titles[0].last_row > header and starts:
            for cell in starts:
                key = self.wording.key(cell.text)
                parent = columns.get(cell.column)
                if key and parent is not None:
                    role = {"lead": "lead", "members": "member"}.get(parent.key)
                    key = "lead" if key == "name" and role == "lead" else "members" if key == "name" and role else key
                    columns[cell.column] = Column(key, one_line(cell.text)[:20], role)
            first = header + 2
        for entry in columns.values():
            if entry.key == "name":
                entry.key = "lead"
        return columns, first

    def read_above(self, header: int) -> None:
        """The place, the number of projects and the award that lines above the header give for the whole table."""
        lines = [*self.above, *(c.text for row, cells in self.table.rows.items() if row < header for c in cells)]
        place = self.scheme.role("place")
        for text in dict.fromkeys(lines):
            count = _COUNT.search(half_width(text).replace(" ", ""))
            if count and self.announced_count is None:
                self.announced_count = int(count.group(1))
            award = self.award_of(text)
            if award is not None:
                self.award, self.award_place = award, "表格上方的标题"
            for answer in inline_answers(text, "", self.wording):
                if answer.key == "private":
                    self.scrubber.keep_out([answer.cell.text])
                elif place is not None and answer.key == place.key and answer.cell.text:
                    words = re.sub(r"[(（【].*?[)）】]|盖章", "", half_width(answer.cell.text)).strip()
                    if is_nothing(words):
                        continue
                    self.place_name = _place_of(words, self.scheme)
                    if self.place_name is None:
                        shown = self.scrubber.clean(words)[0][:20]
                        self.result.notes.append(f"表头写的{place.label}「{shown}」不在方案中")

    def award_of(self, text: str) -> str | None:
        """The award that a heading names, perhaps with how many there are in brackets."""
        award = self.scheme.award
        match = _HEADING.match(half_width(text)) if award is not None and len(text) < 40 else None
        if award is None or match is None:
            return None
        return match_term(award, match.group(1)).value

    def note_columns(self, columns: dict[int, Column]) -> None:
        private = [column.label for column in columns.values() if column.key == "private"]
        unknown = [column.label for column in columns.values() if not column.key and column.label]
        if private:
            names = "、".join(dict.fromkeys(private))
            self.result.notes.append(f"「{names}」是不公开的内容，整列没有读进任何地方")
        if unknown:
            names = "、".join(dict.fromkeys(unknown))
            self.result.notes.append(f"没有认出「{names}」这些列，没有收录")

    def keep_private_out(self, columns: dict[int, Column], first: int) -> None:
        for cell in self.table.cells:
            if cell.row >= first and columns.get(cell.column, Column("", "")).key == "private":
                self.scrubber.keep_out([cell.text])

    def row(
        self,
        row: int,
        cells: Sequence[Cell],
        columns: dict[int, Column],
        previous: Draft | None,
        people: list[tuple[str, str, str | None, str]],
    ) -> Draft | None:
        """The draft of one row; None for one that holds no project of its own."""
        filled = [cell for cell in cells if cell.text]
        if not filled and not any(cell.problem for cell in cells):
            return None
        by_key: dict[str, list[tuple[Column, Cell]]] = {}
        for cell in cells:
            column = columns.get(cell.column)
            if column is not None and column.key:
                by_key.setdefault(column.key, []).append((column, cell))
        title = by_key["title"][0][1] if "title" in by_key else None
        award = self.award_of(filled[0].text) if len(filled) == 1 else None
        if award is not None:
            self.award, self.award_place = award, self.table.place(filled[0])
            return None
        if self.is_frame(filled, title):
            return None
        if title is not None and title.row < row and previous is not None:
            self.add_people(previous, by_key, people)
            return None
        if title is None or is_nothing(title.text):
            self.without_title(row, filled, title, columns, previous)
            return None
        draft = Draft(self.scheme, f"{self.origin} 第{row + 1}行", self.scrubber)
        people.clear()
        for key, entries in by_key.items():
            for column, cell in entries:
                self.take(draft, key, column, cell, row)
        self.add_people(draft, by_key, people)
        self.defaults(draft)
        return draft if draft.value.get("title") else None

    def is_frame(self, filled: Sequence[Cell], title: Cell | None) -> bool:
        """Whether a row repeats the header, sums up or stands below the table."""
        if not filled:
            return False
        if title is not None and self.wording.key(title.text) == "title":
            return True
        first = plain_label(filled[0].text)
        if first.startswith(TOTAL_WORDS) and len(filled) <= 4:
            return True
        apart = title is None or not title.text or title is filled[0]
        opening = re.split(r"[:：.．、]", one_line(filled[0].text))[0].replace(" ", "")
        wide = len(filled) == 1 or filled[0].columns > 1
        return (
            apart and wide and (opening in FOOT_WORDS or has_word(opening, FOOT_WORDS[2:6]) or len(filled[0].text) > 60)
        )

    def without_title(
        self, row: int, filled: Sequence[Cell], title: Cell | None, columns: dict[int, Column], previous: Draft | None
    ) -> None:
        """A row that has something, but no title: only a number is nothing; anything else is shown to a person."""
        told = [
            cell
            for cell in filled
            if columns.get(cell.column, Column("", "")).key not in ("number", "private", "remark", "")
            and not is_nothing(cell.text)
        ]
        name = self.scheme.words.said("{item}名称")
        if title is not None and title.problem:
            self.result.notes.append(f"第 {row + 1} 行的{name}：{title.problem}；这一行没有收录")
        elif told:
            names = "、".join(dict.fromkeys(columns[cell.column].label for cell in told))
            self.result.notes.append(f"第 {row + 1} 行没有{name}（只有 {names}），没有收录")

    def take(self, draft: Draft, key: str, column: Column, cell: Cell, row: int) -> None:
        """Puts one cell into the draft."""
        place = self.table.place(cell)
        label = column.label
        if cell.problem:
            draft.doubt(_field_of(key), f"「{label}」{cell.problem}", place)
            return
        if is_nothing(cell.text) or key in ("lead", "members", "post", "number", "private"):
            return
        dimension = self.scheme.by_key.get(key)
        extra = next((entry for entry in self.scheme.stored if entry.key == key), None)
        if dimension is not None:
            reading = read_term(dimension, cell, self.scheme.forms.prefixes)
            if reading.value is not None:
                draft.take(key, reading.value, place, note=reading.note)
                self.result.has_awards |= dimension.role == "award"
            if reading.doubt:
                draft.doubt(key, reading.doubt, place)
        elif extra is not None:
            reading = read_extra(extra, cell)
            if reading.value is not None:
                text = draft.clean(reading.value, extra.label, place)
                draft.take(key, items_of(text) if extra.type == LIST else text, place, note=reading.note)
            if reading.doubt:
                draft.doubt(key, reading.doubt, place)
        elif key == "title":
            take_line(draft, "title", title_of(cell.text), place, 200)
        elif key == "unit":
            take_line(draft, "unit", one_line(half_width(cell.text)), place, 200)
        elif key == "unit_post":
            unit, _, doubt = split_unit_and_post(cell.text)
            take_line(draft, "unit", unit, place, 200)
            if doubt:
                draft.doubt("unit", doubt, place)
        elif key == "intro":
            self.take_summary(draft, cell, place)
        elif key == "remark":
            draft.drop(label, "记录里没有这一栏，没有收录", place)

    def take_summary(self, draft: Draft, cell: Cell, place: str) -> None:
        text = one_line(half_width(self.wording.without_hint(cell.text)))
        if is_nothing(text) or self.wording.is_hint(text):
            return
        if len(text) > 300 and self.scheme.sections:
            take_introduction(draft, cell.text, place, self.wording)
        else:
            take_line(draft, "summary", text, place, 100)

    def add_people(
        self,
        draft: Draft,
        by_key: dict[str, list[tuple[Column, Cell]]],
        people: list[tuple[str, str, str | None, str]],
    ) -> None:
        """People of a row; a row below a merged title adds to those of the row above."""
        posts: dict[str | None, Cell] = {
            c.role: cell for c, cell in by_key.get("post", ()) if not is_nothing(cell.text)
        }
        lead_post = posts.get("lead") or posts.get(None)
        joined = by_key.get("unit_post")
        post = one_line(half_width(lead_post.text)) if lead_post else None
        if post is None and joined and not is_nothing(joined[0][1].text):
            post = split_unit_and_post(joined[0][1].text)[1]
        begun = bool(people)
        for key, role in (("lead", "lead"), ("members", "member")):
            for _, cell in by_key.get(key, ()):
                names, doubt = person_names(cell.text)
                place = self.table.place(cell)
                if doubt:
                    draft.doubt("people", doubt, place)
                for number, name in enumerate(names):
                    first = role == "lead" and number == 0 and not begun
                    member = posts.get("member")
                    its = (
                        post
                        if first
                        else one_line(member.text)
                        if member and role == "member" and len(names) == 1
                        else None
                    )
                    people.append(("lead" if first else "member", name, its, place))
        if people:
            label = draft.label("people")
            draft.findings = [f for f in draft.findings if f.label != label or f.outcome is not Outcome.TAKEN]
            found = read_people(people, draft)
            if found:
                shown = "、".join(f"{p['name']}（{p['post']}）" if p.get("post") else p["name"] for p in found)
                draft.take("people", found, people[0][3], note=shown)

    def defaults(self, draft: Draft) -> None:
        """What the lines above the table, or a heading among its rows, say of every project."""
        place = self.scheme.role("place")
        if place is not None and self.place_name and place.key not in draft.value and place.key not in draft.doubts:
            draft.take(place.key, self.place_name, "表头")
        award = self.scheme.award
        if award is not None and self.award and award.key not in draft.value:
            draft.take(award.key, self.award, self.award_place)
            self.result.has_awards = True

    def compare_count(self) -> None:
        found = len(self.result.drafts)
        if self.announced_count is not None and found and found != self.announced_count:
            text = "表头写着推荐 {told} {measure}，表里读到 {found} {measure}；请核对有没有漏行"
            self.result.notes.append(self.scheme.words.said(text, told=self.announced_count, found=found))


def _field_of(key: str) -> str:
    return {"lead": "people", "members": "people", "post": "people", "intro": "summary", "unit_post": "unit"}.get(
        key, key
    )


def _place_of(text: str, scheme: Scheme) -> str | None:
    """The place that a line above the table names, perhaps with an office behind it."""
    place = scheme.role("place")
    assert place is not None
    found = match_term(place, text, scheme.forms.prefixes).value
    if found is not None:
        return found
    for prefix in ("", *scheme.forms.prefixes):
        rest = text.removeprefix(prefix)
        spellings = {**{n: n for n in place.names}, **{a: t.name for a, t in place.by_alias.items()}}
        starts = [spelling for spelling in spellings if rest.startswith(spelling)]
        if starts:
            return spellings[max(starts, key=len)]
    return None
