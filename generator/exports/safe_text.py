"""Text that is safe in the formats it goes to: XML, and the cells of a spreadsheet program."""

from __future__ import annotations

import re

# What XML 1.0 cannot hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_NEEDS_XML = re.compile('[&<>"\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')

# A cell that begins so is computed by spreadsheet programs; the full-width signs count in East Asian versions.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_NOT_XML_BYTES = bytes(code for code in range(32) if code not in (9, 10, 13))


def xml_bytes(markup: str) -> bytes:
    """`markup`, whose texts went through `xml_escaped`, as UTF-8 without the characters that XML cannot hold."""
    try:
        data = markup.encode()
    except UnicodeEncodeError:
        return _NOT_XML.sub("", markup).encode()
    if b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data or len(data.translate(None, _NOT_XML_BYTES)) != len(data):
        return _NOT_XML.sub("", markup).encode()
    return data


def xml_escaped(text: str) -> str:
    """`text` for the content of an element; several times as fast as `xml_text` where little is to be escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def xml_text(text: str) -> str:
    """`text` for XML content and attributes in double quotes; characters that XML cannot hold are left out."""
    if not _NEEDS_XML.search(text):
        return text
    return _NOT_XML.sub("", text).translate(_XML)


def cell_text(text: str) -> str:
    """`text` as a cell that no spreadsheet program computes: an apostrophe goes before what would be a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
