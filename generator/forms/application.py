"""The blank application form (申报表): a Word table made from the scheme.

It asks for nothing private: what is never stored need not be collected with it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.table import _Cell

from generator.scheme import METHOD, Dimension, Scheme
from generator.scheme_fields import ExtraField
from generator.scheme_words import Words

COLUMNS = 6
MEMBER_ROWS = 4
# Up to this many terms are boxes to tick; more are a list to choose from.
MOST_BOXES = 12
FONT = "宋体"
_WIDTHS = (2.6, 2.0, 4.2, 2.2, 2.4, 2.6)


def application_form(scheme: Scheme) -> bytes:
    """The content of a .docx."""
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
    form = _Form(document, scheme.words)
    words = scheme.words
    form.row(words.said("{item}名称"))
    for dimension in scheme.dimensions:
        if dimension.role not in ("award", METHOD):
            form.term(dimension)
    form.person(words.lead, 1)
    form.person(words.member, MEMBER_ROWS)
    form.row(words.unit)
    for field in scheme.fields:
        form.further(field)
    form.introduction(
        words.said(f"{{item}}简介（{scheme.forms.most}字以内）"), [section.label for section in scheme.sections]
    )
    for aside in scheme.forms.asides:
        form.signature(aside)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


class _Form:
    """The table of the form, row by row."""

    def __init__(self, document: Any, words: Words) -> None:
        self.words = words
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

    def row(self, label: str) -> _Cell:
        """A label, and the cell beside it as wide as the table."""
        cells = self.cells()
        cells[0].text = label
        value: _Cell = cells[1].merge(cells[-1])
        return value

    def term(self, dimension: Dimension) -> None:
        value = self.row(dimension.label)
        paragraph = value.paragraphs[0]._p
        if len(dimension.terms) > MOST_BOXES:
            paragraph.append(_drop_down(dimension.label, dimension.names))
            return
        for name in dimension.names:
            paragraph.append(_check_box())
            value.paragraphs[0].add_run(f" {name}   ")

    def further(self, extra: ExtraField) -> None:
        value = self.row(extra.label)
        if extra.type == "enum":
            for name in extra.values:
                value.paragraphs[0]._p.append(_check_box())
                value.paragraphs[0].add_run(f" {name}   ")
        elif extra.type == "boolean":
            for name in ("是", "否"):
                value.paragraphs[0]._p.append(_check_box())
                value.paragraphs[0].add_run(f" {name}   ")

    def person(self, label: str, rows: int) -> None:
        first: _Cell | None = None
        for _ in range(rows):
            cells = self.cells()
            cells[1].text = "姓名"
            cells[3].text = self.words.post
            cells[4].merge(cells[5])
            if first is None:
                first = cells[0]
                first.text = label
            else:
                first = first.merge(cells[0])

    def introduction(self, label: str, headings: Sequence[str]) -> None:
        value = self.row(label)
        for number, heading in enumerate(headings):
            paragraph = value.paragraphs[0] if number == 0 else value.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(30)
            paragraph.add_run(f"{heading}：")
        if not headings:
            value.add_paragraph()

    def signature(self, label: str) -> None:
        value = self.row(label)
        value.text = "\n\n签字（盖章）：          年    月    日"


def _check_box() -> Any:
    """A box to tick, as a content control."""
    return parse_xml(
        f'<w:sdt {nsdecls("w")} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr>'
        '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2611" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
        '<w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic"/></w:rPr>'
        "<w:t>☐</w:t></w:r></w:sdtContent></w:sdt>"
    )


def _drop_down(label: str, names: Sequence[str]) -> Any:
    """A list to choose from, as a content control that shows what to do until something is chosen."""
    items = "".join(f"<w:listItem w:displayText={quoteattr(n)} w:value={quoteattr(n)}/>" for n in names)
    return parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:showingPlcHdr/><w:dropDownList>{items}</w:dropDownList></w:sdtPr>"
        f"<w:sdtContent><w:r><w:t>请选择{escape(label)}</w:t></w:r></w:sdtContent></w:sdt>"
    )
