"""Finds what must never be published: telephone and identity numbers, e-mail addresses, labelled personal facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

# Full-width digits, letters and signs count as the plain ones; the table keeps every position where it is.
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2014: 0x2D, 0x2010: 0x2D}
_GAP = r"[ \-]?"
_MOBILE = re.compile(rf"(?<![\dA-Za-z])(?:\+?86{_GAP})?1[3-9]\d(?:{_GAP}\d){{8}}(?![\dA-Za-z])")
_LANDLINE = re.compile(r"(?<![\dA-Za-z.])(?:\(0\d{2,3}\) ?|0\d{2,3}[ \-])[2-9]\d{6,7}(?![\dA-Za-z])")
_IDENTITY = re.compile(
    rf"(?<![\dA-Za-z])[1-9]\d{{5}}{_GAP}(?:19|20)\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{3}}[\dXx](?![\dA-Za-z])"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}")
# Nothing private is without an @ or ten digits in a row, in any width.
_SUSPECT = re.compile(r"[@＠]|[0-9０-９](?:[ \-－—‐()（）　]{0,2}[0-9０-９]){9}")

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def is_identity_number(digits: str) -> bool:
    """Whether 18 characters carry the check character of a resident identity number (GB 11643-1999)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return _CHECKS[total % 11] == digits[-1].upper()


@lru_cache(maxsize=8)
def _labelled(labels: tuple[str, ...]) -> re.Pattern[str] | None:
    """Pattern of one of `labels`, a colon, and something after it."""
    if not labels:
        return None
    return re.compile(rf"({'|'.join(map(re.escape, labels))})\s*[:：]\s*[^\s，。；、]")


def may_hold_private(text: str, labels: Sequence[str] = ()) -> bool:
    """Whether a closer look at `text`, or at a part of it, is worth while; cheap enough for every record."""
    pattern = _labelled(tuple(labels))
    return bool(_SUSPECT.search(text) or (pattern is not None and pattern.search(text)))


def find_private(text: str, labels: Sequence[str] = ()) -> Iterator[tuple[int, str]]:
    """Position in `text` and kind of each private datum.

    labels: names of private facts (a telephone, an age); one that is followed by a colon and a value counts.
    What was found is never part of the result, so that no message or log repeats it.
    """
    pattern = _labelled(tuple(labels))
    if pattern is not None:
        for match in pattern.finditer(text):
            yield match.start(), match.group(1)
    if not _SUSPECT.search(text):
        return
    plain = text.translate(_WIDTH)
    for match in _IDENTITY.finditer(plain):
        if is_identity_number(re.sub(r"[ \-]", "", match.group())):
            yield match.start(), "身份证号码"
    for found, kind in ((_MOBILE, "手机号码"), (_LANDLINE, "电话号码"), (_EMAIL, "电子邮箱")):
        for match in found.finditer(plain):
            yield match.start(), kind
