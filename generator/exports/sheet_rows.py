"""Rows of a worksheet as XML, compressed. They carry no numbers, so that a row before them changes nothing in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from generator.exports.safe_text import xml_bytes, xml_escaped
from generator.exports.tables import Value
from generator.exports.zip_parts import Part, compressed

# A cell of Excel holds no more.
MOST_IN_CELL = 32767
# Excel reads _x0041_ as a character; written so it stays what it is.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def sheet_rows(rows: Iterable[Sequence[Value]]) -> Part:
    """`rows` as a part of a worksheet. Texts are texts: nothing in a cell is ever computed."""
    return compressed(xml_bytes("".join([f"<row>{''.join(map(_cell, row))}</row>" for row in rows])))


def _cell(value: Value) -> str:
    if value is None or value == "":
        return "<c/>"
    if value is True or value is False:
        return f'<c t="b"><v>{value:d}</v></c>'
    if not isinstance(value, str):
        return f"<c><v>{value!r}</v></c>"
    text = xml_escaped(value[:MOST_IN_CELL])
    if "_x" in text:
        text = _ESCAPE.sub("_x005F_", text)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
