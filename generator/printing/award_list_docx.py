"""The list of awards as a Word file in the layout of official documents (GB/T 9704)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from generator.exports.safe_text import xml_text
from generator.exports.zip_parts import ZipWriter, compressed
from generator.printing.contexts import ListColumn, ListContext, ListGroup

# The fonts that the standard names, each with what Word takes where a machine lacks it.
TITLE, BODY, HEAD, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
FALLBACKS = {
    TITLE: "FZXiaoBiaoSong-B05S,Noto Serif CJK SC,宋体",
    BODY: "仿宋,FangSong,LXGW WenKai",
    HEAD: "SimHei,Noto Sans CJK SC",
}
# Width of the type area: 156 mm.
WIDTH = 156
LINE = Pt(28.9)
# Where no day was given: room for one to be written by hand.
BLANK_DAY = "　　　年　　月　　日"
# Room in the cells, in twentieths of a point.
_MARGINS = (
    '<w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="60" w:type="dxa"/>'
    '<w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
)
_NUMERALS = "〇一二三四五六七八九"


def list_docx(context: ListContext, day: date) -> bytes:
    """The content of a .docx, dated `day`; the same bytes for the same list."""
    document = Document()
    _set_up(document, context, day)
    if context.mark:
        _paragraph(document, context.mark, HEAD, indent=False)
    title = _paragraph(document, context.title, TITLE, size=22, indent=False)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(22)
    title.paragraph_format.line_spacing = Pt(34)
    for text in context.intro:
        _paragraph(document, text)
    for number, group in enumerate(context.groups, 1):
        if group.label:
            head = _paragraph(
                document, f"{numeral(number)}、{group.label}（{group.count}{context.words['measure']}）", HEAD
            )
            head.style = document.styles["Heading 1"]
            head.paragraph_format.keep_with_next = True
            head.paragraph_format.space_before, head.paragraph_format.space_after = Pt(12), Pt(6)
        _table(document, context.columns, group)
    for text in context.closing:
        _paragraph(document, text)
    for text, right, before in ((context.signed, 2, 28), (context.date or BLANK_DAY, 4, 0)):
        line = _paragraph(document, text, indent=False)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Pt(16 * right)
        line.paragraph_format.space_before = Pt(before)
    stream = io.BytesIO()
    document.save(stream)
    return _repacked(stream.getvalue())


def numeral(number: int) -> str:
    """`number`, 1 to 99, as headings count: 一, 十二, 二十."""
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return lead + (_NUMERALS[ones] if ones else "")


def _set_up(document: WordDocument, context: ListContext, day: date) -> None:
    """Page, fonts, properties, page numbers."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    normal = document.styles["Normal"]
    normal.font.size = Pt(16)
    _set_fonts(normal.element.get_or_add_rPr(), BODY)
    heading = document.styles["Heading 1"]
    heading.font.size, heading.font.bold = Pt(16), False
    heading.font.color.rgb = None
    _set_fonts(heading.element.get_or_add_rPr(), HEAD)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = context.title, context.signed, context.signed
    properties.comments = ""
    properties.language = "zh-CN"
    properties.created = properties.modified = datetime.combine(day, time(), tzinfo=UTC)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.alignment = side
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        for text in ("— ", None, " —"):
            run = line.add_run(text or "")
            run.font.size = Pt(14)
            _set_fonts(run._element.get_or_add_rPr(), "宋体")
            if text is None:
                _page_number(run)
    for header in (section.header, section.even_page_header) if context.note else ():
        header.is_linked_to_previous = False
        note = header.paragraphs[0]
        note.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(note, context.note, HEAD, 10.5)
        note.runs[0].font.color.rgb = RGBColor(0xB0, 0x33, 0x10)
    section.header_distance = Mm(22)
    _add_fallbacks(document)


def _set_fonts(properties: object, name: str) -> None:
    """Chinese text in `name`, letters and digits in the usual Latin face."""
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined]
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{kind}"), LATIN)
    fonts.set(qn("w:eastAsia"), name)
    fonts.set(qn("w:hint"), "eastAsia")


def _page_number(run: Run) -> None:
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._element.append(mark)


def _add_fallbacks(document: WordDocument) -> None:
    """The table of fonts, with the names that take their places."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/>'
        f'<w:pitch w:val="variable"/></w:font>'
        for name, others in FALLBACKS.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{space}">{fonts}</w:fonts>'
    for relation in list(document.part.rels.values()):
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            del document.part.rels[relation.rId]
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"
    part = Part(PackURI("/word/fontTable.xml"), kind, content.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)


def _paragraph(
    document: WordDocument, text: str, font: str = BODY, *, size: float = 16, indent: bool = True
) -> Paragraph:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = LINE
    if indent:
        form.first_line_indent = Pt(2 * size)
    _run(paragraph, text, font, size)
    return paragraph


def _run(paragraph: Paragraph, text: str, font: str, size: float) -> None:
    run = paragraph.add_run(_plain(text))
    run.font.size = Pt(size)
    _set_fonts(run._element.get_or_add_rPr(), font)


def _plain(text: str) -> str:
    """`text` without what XML cannot hold; python-docx escapes the rest."""
    return xml_text(text).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def _table(document: WordDocument, columns: Sequence[ListColumn], group: ListGroup) -> None:
    """The cases of an award: the head on each page, no row on two.

    Written as XML: python-docx takes time with the square of the rows.
    """
    share = WIDTH / sum(column.width for column in columns)
    widths = [round(column.width * share * 56.7) for column in columns]  # in twentieths of a point
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _row([column.label for column in columns], widths, [True] * len(columns), HEAD, "<w:tblHeader/>")
    rows = "".join(_row(row, widths, [column.centred for column in columns], BODY) for row in group.rows)
    table = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/>{_MARGINS}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{head}{rows}</w:tbl>"
    )
    document.element.body.insert_element_before(parse_xml(table), "w:sectPr")


def _row(texts: Sequence[str], widths: Sequence[int], centred: Sequence[bool], font: str, more: str = "") -> str:
    faces = f'w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{font}" w:hint="eastAsia"'
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
        f'<w:spacing w:before="0" w:after="0"/><w:jc w:val="{"center" if middle else "left"}"/></w:pPr><w:r><w:rPr>'
        f'<w:rFonts {faces}/><w:sz w:val="24"/></w:rPr><w:t xml:space="preserve">{xml_text(text)}</w:t></w:r></w:p>'
        "</w:tc>"
        for text, width, middle in zip(texts, widths, centred, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{cells}</w:tr>"


def _repacked(content: bytes) -> bytes:
    """The file with fixed times, and compressed by a pinned library."""
    stream = io.BytesIO()
    target = ZipWriter(stream)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            target.add(name, [compressed(parts.read(name))])
    target.close()
    return stream.getvalue()
