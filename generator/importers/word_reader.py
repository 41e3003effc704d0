"""Reads a .docx into paragraphs, tables and pictures, as a person sees them.

Deleted and hidden words are left out, inserted ones taken; boxes of every sort become one sign.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from generator.importers.grid import OPEN, TICKED, Cell, Content, Paragraph, Picture, Table
from generator.importers.safe_files import Archive, UnreadableFileError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_V = "{urn:schemas-microsoft-com:vml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = b"http://purl.oclc.org/ooxml/"

# Characters of the symbol fonts that people use as boxes, by font and code.
_SYMBOLS: dict[str, dict[int, str]] = {
    "wingdings": {
        **dict.fromkeys((0xFE, 0xFD, 0xFC, 0xFB, 0x6E), TICKED),  # ballot boxes, check marks, a full square
        **dict.fromkeys((0xA8, 0x6F, 0x71, 0x72, 0xA1), OPEN),
    },
    "wingdings 2": {
        **dict.fromkeys((0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0xA2), TICKED),
        **dict.fromkeys((0xA3, 0x2A, 0x30, 0x81), OPEN),
    },
    "webdings": {0x61: TICKED, 0x67: TICKED, 0x63: OPEN},
    "symbol": {0xD6: TICKED},
}
_CAPTION = re.compile(r"^\s*(?:附?图|照片|图片|附件)\s*[\d一二三四五六七八九十]*\s*[.．、:：\-—]?\s*\S")
# A numbered line that is nothing but a caption; others may be text as well.
_ONLY_CAPTION = re.compile(r"^\s*(?:附?图|照片|图片|附件)\s*[\d一二三四五六七八九十]+(?!\d)[^。；]{0,60}$")
_MAX_DEPTH = 12
_MAX_CELLS = 20_000


def read_document(path: Path) -> Content:
    """The paragraphs, tables and pictures of a .docx. Raises UnreadableFileError."""
    with Archive(path) as archive:
        data = archive.read("word/document.xml")
        if _STRICT in data[:4000]:
            raise UnreadableFileError("是「严格 Open XML」格式；请另存为普通的「Word 文档（*.docx）」")
        root = archive.xml("word/document.xml")
        relations = _relations(archive)
    reader = _Reader(relations)
    body = root.find(f"{_W}body")
    if body is not None:
        reader.read_body(body)
    return reader.content


def _relations(archive: Archive) -> dict[str, str]:
    """Part of each picture by the id of its relation; links to elsewhere are left out."""
    name = "word/_rels/document.xml.rels"
    if name not in archive.names:
        return {}
    found: dict[str, str] = {}
    for relation in archive.xml(name):
        if relation.get("TargetMode") == "External" or not str(relation.get("Type", "")).endswith("/image"):
            continue
        target = str(relation.get("Target", ""))
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"word/{target}")
        if part in archive.names:
            found[str(relation.get("Id"))] = part
    return found


class _Reader:
    """Walks the body once."""

    def __init__(self, relations: dict[str, str]) -> None:
        self.relations = relations
        self.content = Content()
        self.paragraphs = 0
        self.boxes = 0
        self.cells = 0
        self.waiting: list[Picture] = []  # pictures whose caption may still come

    def read_body(self, body: etree._Element) -> None:
        for element in _blocks(body):
            if element.tag == f"{_W}p":
                self.paragraphs += 1
                place = f"第{self.paragraphs}段"
                text, _ = self.paragraph(element, place, 0, into_body=True)
                if text.strip():
                    self.caption(text)
                    self.content.blocks.append(Paragraph(text, place))
            else:
                name = f"表{len(self.content.tables) + 1}"
                self.content.blocks.append(self.table(element, name, 0))

    def caption(self, text: str) -> bool:
        """Takes a line below pictures as their caption, where it looks like one; whether it is nothing else."""
        taken = bool(self.waiting and _CAPTION.match(text) and len(text) <= 120)
        if taken:
            for picture in self.waiting:
                picture.caption = text.strip()
        self.waiting = []
        return taken and bool(_ONLY_CAPTION.match(text))

    def table(self, element: etree._Element, name: str, depth: int) -> Table:
        cells: list[Cell] = []
        open_merges: dict[int, Cell] = {}
        table = Table(name, cells)
        for row, tr in enumerate(_children(element, f"{_W}tr")):
            column = _skipped(tr)
            for tc in _children(tr, f"{_W}tc"):
                self.cells += 1
                if self.cells > _MAX_CELLS:
                    raise UnreadableFileError(f"表格超过 {_MAX_CELLS:,} 格；名单很长时请用 .xlsx")
                properties = tc.find(f"{_W}tcPr")
                span = _number(properties, "gridSpan", 1)
                merge = properties.find(f"{_W}vMerge") if properties is not None else None
                above = open_merges.get(column)
                if merge is not None and merge.get(f"{_W}val") != "restart" and above is not None:
                    above.rows = row - above.row + 1
                    more = self.cell(tc, row, column, span, name, depth)
                    above.text = "\n".join(filter(None, (above.text, more.text)))
                    above.tables += more.tables
                else:
                    cell = self.cell(tc, row, column, span, name, depth)
                    cells.append(cell)
                    for covered in range(column, column + span):
                        open_merges.pop(covered, None)
                    if merge is not None:
                        open_merges[column] = cell
                column += span
        return table

    def cell(self, tc: etree._Element, row: int, column: int, span: int, name: str, depth: int) -> Cell:
        place = f"{name}第{row + 1}行"
        lines: list[str] = []
        underlined: list[str] = []
        cell = Cell("", row, column, 1, span)
        for element in _blocks(tc):
            if element.tag == f"{_W}p":
                text, words = self.paragraph(element, place, depth)
                underlined += words
                if not (text.strip() and self.caption(text)):
                    lines.append(text)
            elif depth < _MAX_DEPTH:
                inner = self.table(element, f"{place}内的表", depth + 1)
                cell.tables.append(inner)
                lines += ["  ".join(filter(None, (c.text for c in cells))) for cells in inner.rows.values()]
        cell.text = "\n".join(line.rstrip() for line in lines).strip()
        cell.underlined = tuple(underlined)
        return cell

    def paragraph(
        self, element: etree._Element, place: str, depth: int, *, into_body: bool = False
    ) -> tuple[str, list[str]]:
        """Text of a paragraph, text boxes in it included, and its underlined words."""
        pieces: list[str] = []
        underlined: list[str] = []
        boxes: list[str] = []
        self.inline(element, pieces, underlined, boxes, place, depth, into_body)
        text = "".join(pieces)
        return "\n".join([*filter(None, (text,)), *boxes]), underlined

    def inline(
        self,
        element: etree._Element,
        pieces: list[str],
        underlined: list[str],
        boxes: list[str],
        place: str,
        depth: int,
        into_body: bool,
    ) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{_W}r":
                self.run(child, pieces, underlined, boxes, place, depth, into_body)
            elif tag == f"{_W}sdt":
                box = _checkbox(child)
                content = child.find(f"{_W}sdtContent")
                if box is not None:
                    pieces.append(box)
                elif content is not None and not _is_placeholder(child):
                    self.inline(content, pieces, underlined, boxes, place, depth, into_body)
            elif tag in (f"{_W}hyperlink", f"{_W}ins", f"{_W}moveTo", f"{_W}smartTag", f"{_W}fldSimple", f"{_W}bdo"):
                self.inline(child, pieces, underlined, boxes, place, depth, into_body)

    def run(
        self,
        run: etree._Element,
        pieces: list[str],
        underlined: list[str],
        boxes: list[str],
        place: str,
        depth: int,
        into_body: bool,
    ) -> None:
        properties = run.find(f"{_W}rPr")
        if _is_on(properties, "vanish") or _is_on(properties, "strike") or _is_on(properties, "dstrike"):
            return
        font = _font(properties)
        start = len(pieces)
        for child in _visible(run):
            tag = child.tag
            if tag == f"{_W}t":
                text = child.text or ""
                symbols = _SYMBOLS.get(font)
                pieces.append("".join(symbols.get(ord(c) & 0xFF, c) for c in text) if symbols else text)
            elif tag == f"{_W}sym":
                pieces.append(_symbol(child))
            elif tag in (f"{_W}br", f"{_W}cr"):
                pieces.append("\n")
            elif tag == f"{_W}tab":
                pieces.append(" ")
            elif tag == f"{_W}noBreakHyphen":
                pieces.append("-")
            elif tag == f"{_W}fldChar":
                box = _legacy_checkbox(child)
                if box is not None:
                    pieces.append(box)
            elif tag in (f"{_W}drawing", f"{_W}pict", f"{_W}object"):
                self.drawing(child, boxes, place, depth, into_body)
        if _is_underlined(properties):
            words = "".join(pieces[start:]).strip()
            if words:
                underlined.append(words)

    def drawing(self, element: etree._Element, boxes: list[str], place: str, depth: int, into_body: bool) -> None:
        """Pictures and text boxes in a drawing."""
        for found in element.iter(f"{_A}blip", f"{_V}imagedata"):
            part = self.relations.get(str(found.get(f"{_R}embed") or found.get(f"{_R}id")))
            if part is not None and all(picture.part != part for picture in self.content.pictures):
                described = next(element.iter(f"{_WP}docPr"), None)
                alt = str(described.get("descr", "")) if described is not None else ""
                picture = Picture(part, place, alt=alt.strip())
                self.content.pictures.append(picture)
                self.waiting.append(picture)
        if depth >= _MAX_DEPTH:
            return
        for box in element.iter(f"{_W}txbxContent"):
            self.boxes += 1
            for block in _blocks(box):
                if block.tag == f"{_W}tbl":
                    table = self.table(block, f"文本框{self.boxes}的表", depth + 1)
                    if into_body:
                        self.content.blocks.append(table)
                    else:
                        rows = table.rows.values()
                        boxes += ["  ".join(filter(None, (c.text for c in cells))) for cells in rows]
                    continue
                text, _ = self.paragraph(block, place, depth + 1)
                if text.strip() and into_body:
                    self.content.blocks.append(Paragraph(text, f"文本框{self.boxes}"))
                elif text.strip():
                    boxes.append(text)


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables below `parent`, through content controls and insertions."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag == f"{_W}sdt":
            content = child.find(f"{_W}sdtContent")
            if content is not None and not _is_placeholder(child):
                yield from _blocks(content)
        elif child.tag in (f"{_W}ins", f"{_W}moveTo", f"{_W}customXml", f"{_W}smartTag"):
            yield from _blocks(child)


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows or cells below `parent`, through content controls; deleted rows left out."""
    for child in parent:
        if child.tag == tag:
            properties = child.find(f"{_W}trPr")
            if properties is None or (properties.find(f"{_W}del") is None and not _is_on(properties, "hidden")):
                yield child
        elif child.tag == f"{_W}sdt":
            content = child.find(f"{_W}sdtContent")
            if content is not None:
                yield from _children(content, tag)
        elif child.tag in (f"{_W}customXml", f"{_W}ins"):
            yield from _children(child, tag)


def _visible(run: etree._Element) -> Iterator[etree._Element]:
    """Children of a run; of alternatives only the first."""
    for child in run:
        if child.tag == f"{_MC}AlternateContent":
            choice = child.find(f"{_MC}Choice")
            chosen = choice if choice is not None else child.find(f"{_MC}Fallback")
            if chosen is not None:
                yield from chosen
        else:
            yield child


def _number(properties: etree._Element | None, name: str, default: int) -> int:
    found = properties.find(f"{_W}{name}") if properties is not None else None
    try:
        return min(max(int(found.get(f"{_W}val", default)), 1), 200) if found is not None else default
    except ValueError:
        return default


def _skipped(tr: etree._Element) -> int:
    properties = tr.find(f"{_W}trPr")
    before = properties.find(f"{_W}gridBefore") if properties is not None else None
    return _number(properties, "gridBefore", 0) if before is not None else 0


def _is_on(properties: etree._Element | None, name: str) -> bool:
    found = properties.find(f"{_W}{name}") if properties is not None else None
    return found is not None and found.get(f"{_W}val", "true") not in ("0", "false", "off")


def _is_underlined(properties: etree._Element | None) -> bool:
    found = properties.find(f"{_W}u") if properties is not None else None
    return found is not None and found.get(f"{_W}val", "single") != "none"


def _font(properties: etree._Element | None) -> str:
    fonts = properties.find(f"{_W}rFonts") if properties is not None else None
    return str(fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or "").lower() if fonts is not None else ""


def _symbol(element: etree._Element) -> str:
    try:
        code = int(str(element.get(f"{_W}char", "")), 16)
    except ValueError:
        return ""
    return _SYMBOLS.get(str(element.get(f"{_W}font", "")).lower(), {}).get(code & 0xFF, "")


def _is_placeholder(sdt: etree._Element) -> bool:
    properties = sdt.find(f"{_W}sdtPr")
    return _is_on(properties, "showingPlcHdr")


def _checkbox(sdt: etree._Element) -> str | None:
    """Sign of a content control that is a check box; None for another control."""
    properties = sdt.find(f"{_W}sdtPr")
    box = properties.find(f"{_W14}checkbox") if properties is not None else None
    if box is None:
        return None
    checked = box.find(f"{_W14}checked")
    return TICKED if checked is not None and checked.get(f"{_W14}val") in ("1", "true") else OPEN


def _legacy_checkbox(field: etree._Element) -> str | None:
    """Sign of a check box of an old form field; None for another field."""
    box = field.find(f"{_W}ffData/{_W}checkBox")
    if box is None:
        return None
    state = box.find(f"{_W}checked")
    state = state if state is not None else box.find(f"{_W}default")
    on = state is not None and state.get(f"{_W}val", "1") in ("1", "true", "on")
    return TICKED if on else OPEN
