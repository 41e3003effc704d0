"""Reads the application form (申报表): label by label wherever they stand, into a Draft."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.importers.draft import Draft, note_missing, read_people
from generator.importers.grid import Cell, Content, Table
from generator.importers.introduction import numbered_parts, split_introduction
from generator.importers.scrub import Scrubber
from generator.importers.values import (
    half_width,
    is_nothing,
    items_of,
    one_line,
    person_names,
    read_extra,
    read_term,
    split_unit_and_post,
    title_of,
)
from generator.importers.wording import Wording, plain_label, wording_of
from generator.scheme.fields import LIST
from generator.scheme.model import Scheme

_PERSON_PARTS = frozenset(("name", "post", "private"))
_NOT_KEPT = frozenset(("private", "aside", "number", "remark"))
_GROUPS = {"lead": "lead", "members": "member"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a form says for one label. group: number of the row in which the parts of one person stand together."""

    key: str
    cell: Cell
    label: str
    place: str
    role: str | None
    group: tuple[str, int]


def is_header(cells: Sequence[Cell], wording: Wording) -> bool:
    """Whether the cells of a row name columns, the one of the titles among them."""
    keys = [wording.key(cell.text) for cell in cells]
    known = {key for key in keys if key}
    if "title" not in known or sum(key is None for key in keys) * 3 > len(keys):
        return False
    return len(known) >= 3 or (len(known) == 2 and bool(known & {"unit", "lead", "number"}))


def is_form(content: Content, scheme: Scheme) -> bool:
    """Whether a document holds an application form: a title beside its label, people or an introduction below."""
    wording = wording_of(scheme)
    for table in content.every_table():
        if any(is_header(cells, wording) for cells in table.rows.values()):
            continue
        keys = {answer.key for answer in _answers(table, wording) if answer.key}
        if "title" in keys and keys & {"name", "intro", "post", "lead"}:
            return True
    return False


def read_forms(content: Content, scheme: Scheme, origin: str) -> list[Draft]:
    """A draft for each form in a document. Several forms in one file begin with their own title."""
    wording = wording_of(scheme)
    parts: list[list[Answer]] = []
    cover: list[Answer] = []
    unknown: list[tuple[str, str]] = []
    for block in content.blocks:
        if isinstance(block, Table):
            answers = list(_answers(block, wording, unknown))
            for cell in block.cells:
                for inner in cell.tables:
                    answers += _answers(inner, wording)
            begins = any(answer.key == "title" for answer in answers)
            if begins or not parts:
                parts.append(cover + answers)
                cover = []
            else:
                parts[-1] += answers
        else:
            inline = list(inline_answers(block.text, block.place, wording))
            if parts and not any(answer.key == "title" for answer in inline):
                parts[-1] += [answer for answer in inline if answer.key == "private"]
            else:
                cover += inline
    if not parts and cover:
        parts = [cover]
    drafts = [_draft(part, scheme, wording, origin) for part in parts]
    for draft in drafts[:1]:
        draft.pictures = content.pictures
        for label, place in unknown:
            draft.doubt("title", f"没有认出「{label}」这一栏，内容没有收录", place, label="其他栏目")
    for draft in drafts:
        for note in content.notes:
            draft.drop(note)
    return drafts


def _answers(table: Table, wording: Wording, unknown: list[tuple[str, str]] | None = None) -> Iterator[Answer]:
    """Every label of a table with what stands beside or below it."""
    done: set[int] = set()
    for row, cells in table.rows.items():
        role: str | None = None
        used: set[int] = set()
        heads: list[tuple[str, Cell]] = []
        for number, cell in enumerate(cells):
            if id(cell) in used:
                continue
            key = wording.key(cell.text)
            if key in _GROUPS:
                role = _GROUPS[key]
            if key is None or id(cell) in done or (cell.row != row and key not in _GROUPS):
                continue
            following = cells[number + 1] if number + 1 < len(cells) else None
            if following is not None and _is_value(cells, number, key, wording):
                values = [following, *_further(cells, number + 2, wording)]
                used |= {id(value) for value in values}
                done |= {id(cell), *(id(value) for value in values)}
                yield _answer(key, _joined(values, key), cell, table, role, row, place_of=following)
            elif key in _GROUPS and following is not None:
                used.add(id(cell))
            else:
                heads.append((key, cell))
        yield from _below(table, row, heads, role, wording, done)
        for number, cell in enumerate(cells):
            if cell.row != row or id(cell) in done or wording.key(cell.text) is not None:
                continue
            inline = list(inline_answers(cell.text, table.place(cell), wording, (table.name, row)))
            if inline:
                done.add(id(cell))
                yield from inline
            elif unknown is not None:
                unknown += _unknown(cells, number, table, done, wording)


def _is_value(cells: Sequence[Cell], number: int, key: str, wording: Wording) -> bool:
    """Whether the cell after number `number` is the value of its label."""
    following = cells[number + 1]
    other = wording.key(following.text)
    if other is None:
        return True
    if key in ("post", "name", "unit", "title") and other in _GROUPS:
        # 岗位职务 | 负责人 | 年龄 | 40: the word of a label is the value here.
        after = cells[number + 2] if number + 2 < len(cells) else None
        has_values = any(c.text and wording.key(c.text) is None for c in cells[number + 2 :])
        return after is None or (wording.key(after.text) is not None and has_values)
    return False


def _further(cells: Sequence[Cell], start: int, wording: Wording) -> Iterator[Cell]:
    """Cells after a value up to the next label: boxes for single digits, a value cut in two."""
    for cell in cells[start:]:
        if wording.key(cell.text) is not None:
            return
        yield cell


def _joined(values: Sequence[Cell], key: str) -> Cell:
    first, *rest = values
    if not any(cell.text for cell in rest):
        return first
    between = "" if all(len(cell.text) <= 2 for cell in values) else " "
    text = between.join(cell.text for cell in values if cell.text)
    underlined = tuple(words for cell in values for words in cell.underlined)
    return Cell(text, first.row, first.column, first.rows, first.columns, underlined)


def _answer(
    key: str, value: Cell, label: Cell, table: Table, role: str | None, row: int, *, place_of: Cell | None = None
) -> Answer:
    place = table.place(place_of or value)
    if key in _GROUPS:
        return Answer("name", value, label.text, place, _GROUPS[key], (table.name, row))
    return Answer(key, value, label.text, place, role, (table.name, row))


def _below(
    table: Table, row: int, heads: Sequence[tuple[str, Cell]], role: str | None, wording: Wording, done: set[int]
) -> Iterator[Answer]:
    """What stands in the rows below the heads of columns, or below a heading as wide as the table."""
    heads = [(key, cell) for key, cell in heads if cell.row == row and id(cell) not in done]
    alone = len(heads) == 1 and heads[0][1].columns >= table.width
    if not alone and (len(heads) < 2 or not any(key in ("name", "title", "lead") for key, _ in heads)):
        return
    group = next((c for c in table.rows[row] if wording.key(c.text) in _GROUPS and c.last_row > row), None)
    for below in range(row + 1, max(table.rows, default=0) + 1):
        if group is not None and below > group.last_row:
            return
        cells = [(key, head, table.at.get((below, head.column))) for key, head in heads]
        if any(cell is None or wording.key(cell.text) is not None for _, _, cell in cells):
            return
        if alone and len(table.rows[below]) != 1:
            return
        for key, head, cell in cells:
            if cell is not None and cell.row == below and id(cell) not in done:
                done.add(id(cell))
                key = "name" if key in _GROUPS else key
                head_role = _GROUPS.get(wording.key(head.text) or "", role)
                yield Answer(key, cell, head.text, table.place(cell), head_role, (table.name, below))
        if alone:
            return


def inline_answers(text: str, place: str, wording: Wording, group: tuple[str, int] = ("", 0)) -> Iterator[Answer]:
    """Labels with a colon and what follows them on the same line: `项目名称：…`, `联 系 人：…  电话：…`."""
    for line in text.split("\n"):
        pieces = re.split(r"[:：]", line)
        found: list[tuple[str, str, int, int]] = []
        position = 0
        for number, piece in enumerate(pieces[:-1]):
            for start in _label_starts(piece, first=number == 0):
                label = piece[start:]
                key = wording.key(label)
                if key is not None:
                    found.append((key, label, position + start, position + len(piece) + 1))
                    break
            position += len(piece) + 1
        for number, (key, label, _, begin) in enumerate(found):
            end = found[number + 1][2] if number + 1 < len(found) else len(line)
            # A label that nobody knows, after a wide space, ends the value as well.
            value = re.split(r"\s{2,}\S{1,12}[:：]", line[begin:end])[0].strip()
            role = _GROUPS.get(key)
            key = "name" if key in _GROUPS else key
            if key != "aside":
                yield Answer(key, Cell(value, 0, 0), label, place, role, group)


def _label_starts(piece: str, *, first: bool) -> Iterator[int]:
    """Where a label may begin in the words before a colon: at the start, or after a space."""
    if first:
        yield 0
    for match in re.finditer(r"\s{2,}|[，,；;。]\s*", piece):
        yield match.end()
    for match in re.finditer(r"\s", piece):
        yield match.end()


def _unknown(
    cells: Sequence[Cell], number: int, table: Table, done: set[int], wording: Wording
) -> Iterator[tuple[str, str]]:
    """A cell that looks like a label nobody knows, beside something that was filled in."""
    cell = cells[number]
    following = cells[number + 1] if number + 1 < len(cells) else None
    if following is None or not cell.text or id(following) in done or is_nothing(following.text):
        return
    if (
        wording.key(following.text) is None
        and 2 <= len(plain_label(cell.text)) <= 12
        and not re.search(r"\d", cell.text)
    ):
        done |= {id(cell), id(following)}
        yield one_line(cell.text)[:20], table.place(following)


def _draft(answers: Sequence[Answer], scheme: Scheme, wording: Wording, origin: str) -> Draft:
    """The draft of one form. Private answers are noted first, so that they are found in every text."""
    scrubber = Scrubber((*scheme.private_labels,))
    draft = Draft(scheme, origin, scrubber)
    dropped: dict[str, list[str]] = {}
    for answer in answers:
        if answer.key == "private" and not is_nothing(answer.cell.text):
            scrubber.keep_out([answer.cell.text, *answer.cell.text.split("\n")])
            dropped.setdefault(plain_label(answer.label), []).append(answer.place)
    first: dict[str, Answer] = {}
    for answer in answers:
        if answer.key in ("private", "aside", "name", "post", "number", "remark") or answer.role == "member":
            continue
        if is_nothing(answer.cell.text) or wording.is_hint(answer.cell.text):
            continue
        known = first.setdefault(answer.key, answer)
        if known is not answer and _different(known, answer):
            # A table is filled in with more care than the lines of a cover.
            if answer.group[0] and not known.group[0]:
                first[answer.key] = answer
            other = first[answer.key]
            message = f"表里写了两处，不一样；收录的是{other.place}的"
            draft.doubt(_core_key(answer.key), message, (known if other is answer else answer).place)
    for key, answer in first.items():
        _take(key, answer, draft, wording)
    _take_people(answers, draft, wording)
    for label, places in dropped.items():
        draft.drop(label, "不公开的内容，没有写到任何地方", "、".join(dict.fromkeys(places)))
    if draft.value:
        note_missing(draft, with_award=False)
    return draft


def _core_key(key: str) -> str:
    return {"intro": "body", "unit_post": "unit"}.get(key, key)


def _different(known: Answer, answer: Answer) -> bool:
    return plain_label(known.cell.text) != plain_label(answer.cell.text)


def _take(key: str, answer: Answer, draft: Draft, wording: Wording) -> None:
    """Puts one answer into the draft as a value of its field."""
    scheme, place = draft.scheme, answer.place
    text = wording.without_hint(answer.cell.text)
    if is_nothing(text):
        return
    dimension = scheme.by_key.get(key)
    extra = next((field for field in scheme.stored if field.key == key), None)
    if dimension is not None or extra is not None:
        cell = Cell(text, 0, 0, underlined=answer.cell.underlined)
        if dimension is not None:
            reading = read_term(dimension, cell, scheme.forms.prefixes)
        else:
            assert extra is not None
            reading = read_extra(extra, cell)
        if reading.value is not None:
            text = draft.clean(reading.value, draft.label(key), place)
            is_list = extra is not None and extra.type == LIST
            draft.take(key, items_of(text) if is_list else text, place, note=reading.note)
        if reading.doubt:
            draft.doubt(key, reading.doubt, place)
    elif key == "title":
        take_line(draft, "title", title_of(text), place, 200)
    elif key == "unit":
        take_line(draft, "unit", one_line(half_width(text)), place, 200)
    elif key == "unit_post":
        unit, _, doubt = split_unit_and_post(text)
        take_line(draft, "unit", unit, place, 200)
        if doubt:
            draft.doubt("unit", doubt, place)
    elif key == "intro":
        take_introduction(draft, text, place, wording)


def take_line(draft: Draft, key: str, text: str, place: str, most: int, *, note: str = "") -> None:
    """Takes a text of one line, or leaves one that is too long to a person."""
    text = draft.clean(text, draft.label(key), place).strip()
    if len(text) > most:
        draft.doubt(key, f"有 {len(text)} 个字，最多 {most} 个字，没有收录；原文：{text[:400]}", place)
    elif text:
        draft.take(key, text, place, note=note)


def take_introduction(draft: Draft, text: str, place: str, wording: Wording) -> None:
    """Splits the introduction into the sections of the scheme."""
    order = [section.key for section in draft.scheme.sections]
    names = {section.key: section.label for section in draft.scheme.sections}
    text = draft.clean(text, draft.scheme.words.said("{item}简介"), place)
    length = len(re.sub(r"\s", "", text))
    if not length:
        return
    if not order:
        take_line(draft, "summary", one_line(half_width(text)), place, 100)
        return
    found = split_introduction(text, wording.headings, order)
    sections = found.sections
    if not sections and not found.rest:
        return  # the printed headings of a blank form
    if not found.headings:
        sections = numbered_parts(text, order)
        if sections:
            listed = "、".join(names[key] for key in sections)
            draft.doubt("body", f"简介没有标题，按编号的先后分成：{listed}；请核对", place)
        else:
            sections = {order[0]: found.rest}
            message = f"简介没有分节的标题，整段放在「{names[order[0]]}」；请分到各节"
            draft.doubt("body", message, place)
    elif found.rest:
        key = next(iter(sections), order[0])
        sections[key] = f"{found.rest}\n\n{sections.get(key, '')}".strip()
        message = f"第一个标题之前还有 {len(found.rest)} 个字，放在「{names[key]}」的开头；请核对"
        draft.doubt("body", message, place)
    for doubt in found.doubts:
        draft.doubt("body", doubt, place)
    body = {key: f"{words}\n" for key, words in sections.items()}
    note = f"共 {length} 字，分成 {len(body)} 节：{'、'.join(names[key] for key in body)}"
    draft.take("body", body, place, note=note)
    most = draft.scheme.forms.most
    if length > most:
        draft.doubt("body", f"简介有 {length} 字，超过表上要求的 {most} 字；已全部收录", place)


def _take_people(answers: Sequence[Answer], draft: Draft, wording: Wording) -> None:
    """People from the rows in which their names and posts stand."""
    words = draft.scheme.words
    groups: dict[tuple[str, int], dict[str, Answer]] = {}
    left_out: set[str] = set()
    for answer in answers:
        # On a cover and in lines of their own, names stand apart from posts.
        if answer.key in ("name", "post") and not is_nothing(answer.cell.text):
            groups.setdefault(answer.group, {}).setdefault(answer.key, answer)
        elif answer.role == "member" and answer.key not in _NOT_KEPT and not is_nothing(answer.cell.text):
            left_out.add(one_line(answer.label))
    unit_post = next((a for a in answers if a.key == "unit_post" and a.role != "member"), None)
    lead_post = (
        split_unit_and_post(unit_post.cell.text)[1] if unit_post and not is_nothing(unit_post.cell.text) else None
    )
    entries: list[tuple[str, str, str | None, str]] = []
    for parts in groups.values():
        name = parts.get("name")
        post = parts.get("post")
        if name is None or wording.is_hint(name.cell.text):
            continue
        names, doubt = person_names(wording.without_hint(name.cell.text))
        role = name.role or ("member" if any(entry[0] == "lead" for entry in entries) else "lead")
        if doubt:
            draft.doubt("people", doubt, name.place)
        posts = _posts(post, len(names))
        for number, (person, its_post) in enumerate(zip(names, posts, strict=True)):
            first_of_several = role == "lead" and number > 0
            entries.append(("member" if first_of_several else role, person, its_post, name.place))
        if len(names) > 1 and post is not None and len(set(posts)) == 1:
            message = f"一格里有 {len(names)} 个名字，{words.post}分不清是谁的"
            draft.doubt("people", message, post.place, label=words.post)
    entries = [
        (role, person, post or (lead_post if role == "lead" else None), place) for role, person, post, place in entries
    ]
    people = read_people(entries, draft)
    leads = [entry for entry in people if entry["role"] == "lead"]
    for extra_lead in leads[1:]:
        extra_lead["role"] = "member"
    if people:
        places = "、".join(dict.fromkeys(place for _, _, _, place in entries))
        shown = "、".join(f"{p['name']}（{p['post']}）" if p.get("post") else p["name"] for p in people)
        draft.take("people", people, places, note=shown)
        if not leads:
            draft.doubt("people", f"没有写{words.lead}的姓名", places, label=words.lead)
    if left_out:
        draft.drop(f"{words.member}的{'、'.join(sorted(left_out))}", "记录里没有这一栏")


def _posts(post: Answer | None, count: int) -> list[str | None]:
    """A post for each of `count` names: one a line where there are as many lines."""
    if post is None or count == 0:
        return [None] * count
    lines = [one_line(half_width(line)) for line in re.split(r"[\n、]", post.cell.text) if line.strip()]
    if count == 1:
        return [one_line(half_width(post.cell.text))]
    return list(lines) if len(lines) == count else [None] * count
