"""The application form (申报表): a Word table made from the scheme, blank or with what a record says.

It asks for nothing private: what is never stored need not be collected with it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.table import _Cell

from generator.records.model import Case, Person
from generator.scheme.fields import ExtraField
from generator.scheme.model import Dimension, Scheme, Section
from generator.scheme.words import Words

COLUMNS = 6
MEMBER_ROWS = 4
# Up to this many terms are boxes to tick; more are a list to choose from.
MOST_BOXES = 12
FONT = "宋体"
_WIDTHS = (2.6, 2.0, 4.2, 2.2, 2.4, 2.6)


def application_form(scheme: Scheme, case: Case | None = None) -> bytes:
    """The content of a .docx. case: what it is filled in with; what no form asks for stays out."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(scheme.forms.application or f"{scheme.programme}申报表")
    run.bold, run.font.size = True, Pt(16)
    form = _Form(document, scheme.words, case)
    words = scheme.words
    form.row(words.said("{item}名称"), case.title if case else "")
    for dimension in scheme.dimensions:
        if dimension.is_asked:
            form.term(dimension, dimension.names_in(case.year if case else max(scheme.by_year)))
    people = case.people if case else ()
    form.people(words.lead, 1, [person for person in people if person.role == "lead"])
    form.people(words.member, MEMBER_ROWS, [person for person in people if person.role != "lead"])
    form.row(words.unit, (case.unit or "") if case else "")
    for field in scheme.fields:
        form.further(field)
    form.introduction(words.said(f"{{item}}简介（{scheme.forms.most}字以内）"), scheme.sections)
    for aside in scheme.forms.asides:
        form.signature(aside)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


class _Form:
    """The table of the form, row by row."""

    def __init__(self, document: Any, words: Words, case: Case | None) -> None:
        self.words = words
        self.case = case
        self.table = document.add_table(rows=0, cols=COLUMNS)
        self.table.style = "Table Grid"
        self.table.alignment = WD_TABLE_ALIGNMENT.CENTER
        self.table.autofit = False

    def cells(self) -> Sequence[_Cell]:
        row = self.table.add_row()
        row.height = Cm(0.9)
        cells: Sequence[_Cell] = row.cells
        for cell, width in zip(cells, _WIDTHS, strict=True):
            cell.width = Cm(width)
        return cells

    def row(self, label: str, text: str = "") -> _Cell:
        """A label, and the cell beside it as wide as the table, with `text`."""
        cells = self.cells()
        cells[0].text = label
        value: _Cell = cells[1].merge(cells[-1])
        if text:
            value.text = text
        return value

    def said(self, key: str) -> Any:
        """What the record says at `key`, None where there is no record."""
        return self.case.value(key) if self.case else None

    def boxes(self, value: _Cell, names: Iterable[str], chosen: str | None) -> None:
        """A box to tick for each of `names`."""
        for name in names:
            value.paragraphs[0]._p.append(_check_box(name == chosen))
            value.paragraphs[0].add_run(f" {name}   ")

    def term(self, dimension: Dimension, names: Sequence[str]) -> None:
        value = self.row(dimension.label)
        if len(names) > MOST_BOXES:
            value.paragraphs[0]._p.append(_drop_down(dimension.label, names, self.said(dimension.key)))
        else:
            self.boxes(value, names, self.said(dimension.key))

    def further(self, extra: ExtraField) -> None:
        said = self.said(extra.key)
        if extra.type == "enum":
            self.boxes(self.row(extra.label), extra.values, said)
        elif extra.type == "boolean":
            self.boxes(self.row(extra.label), ("是", "否"), {True: "是", False: "否"}.get(said))
        else:
            text = "" if said is None else f"{said:g}" if isinstance(said, float) else str(said)
            self.row(extra.label, text)

    def people(self, label: str, rows: int, people: Sequence[Person]) -> None:
        first: _Cell | None = None
        for number in range(max(rows, len(people))):
            cells = self.cells()
            cells[1].text = "姓名"
            cells[3].text = self.words.post
            post = cells[4].merge(cells[5])
            if number < len(people):
                cells[2].text = people[number].name
                post.text = people[number].post or ""
            if first is None:
                first = cells[0]
                first.text = label
            else:
                first = first.merge(cells[0])

    def introduction(self, label: str, sections: Sequence[Section]) -> None:
        value = self.row(label)
        for number, section in enumerate(sections):
            paragraph = value.paragraphs[0] if number == 0 else value.add_paragraph()
            paragraph.add_run(f"{section.label}：")
            for line in _lines(self.case.section(section.key) if self.case else None):
                paragraph = value.add_paragraph(line)
            paragraph.paragraph_format.space_after = Pt(30)
        if not sections:
            value.add_paragraph()

    def signature(self, label: str) -> None:
        value = self.row(label)
        value.text = "\n\n签字（盖章）：          年    月    日"


def _lines(text: str | None) -> list[str]:
    """The lines of a section as a person would write them into a form, which knows no Markdown."""
    return [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line).strip() for line in (text or "").split("\n") if line.strip()]


def _check_box(ticked: bool) -> Any:
    """A box to tick, as a content control."""
    return parse_xml(
        f'<w:sdt {nsdecls("w")} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr>'
        "<w14:checkbox>"
        f'<w14:checked w14:val="{int(ticked)}"/><w14:checkedState w14:val="2611" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
        '<w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic"/></w:rPr>'
        f"<w:t>{'☑' if ticked else '☐'}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def _drop_down(label: str, names: Sequence[str], chosen: str | None) -> Any:
    """A list to choose from, as a content control that shows what to do until something is chosen."""
    hint, shown = ("", chosen) if chosen else ("<w:showingPlcHdr/>", f"请选择{label}")
    items = "".join(f"<w:listItem w:displayText={quoteattr(n)} w:value={quoteattr(n)}/>" for n in names)
    return parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr>{hint}<w:dropDownList>{items}</w:dropDownList></w:sdtPr>"
        f"<w:sdtContent><w:r><w:t>{escape(shown)}</w:t></w:r></w:sdtContent></w:sdt>"
    )
