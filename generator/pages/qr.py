"""QR codes of addresses as inline SVG.

A code of one length, level and mask is linear: each bit of the text that changes flips a fixed set of modules. One
code by segno and what its bits flip give every code of the same length, a hundred times faster.
"""

from __future__ import annotations

from functools import cache

import segno
from markupsafe import Markup

QUIET = 4  # modules of white around a code, as ISO/IEC 18004 asks for
_STEP = 11


def qr_code(address: str) -> Markup:
    """The code of `address`: decorative, black on the ground of its place, a square that the style sheet sizes.

    Empty where the address does not fit into a code.
    """
    try:
        size, modules = _modules(address.encode())
    except segno.DataOverflowError:
        return Markup()
    drawn = "".join([strokes[modules >> shift & mask] for shift, mask, strokes in _plan(size)])
    side = size + 2 * QUIET
    return Markup(
        f'<svg viewBox="-{QUIET} -{QUIET} {side} {side}" shape-rendering="crispEdges" aria-hidden="true" '
        f'focusable="false"><path fill="none" stroke="#000" d="M0 .5{drawn}"/></svg>'
    )


def _modules(text: bytes) -> tuple[int, int]:
    """Size of the code of `text`, and its dark modules as bits: row by row, each from its left end."""
    plain = bytes(48 if 48 <= byte <= 57 else byte for byte in text)
    size, level, mask, modules = _plain_code(plain)
    for place, (before, after) in enumerate(zip(plain, text, strict=True)):
        changed = before ^ after
        while changed:
            bit = changed & -changed
            modules ^= _flipped(plain, place, bit, level, mask)
            changed ^= bit
    return size, modules


@cache
def _plain_code(text: bytes) -> tuple[int, str, int, int]:
    """Size, error level, mask and modules of the code that segno makes of `text`; its digits are zeros."""
    code = segno.make(text, mode="byte", micro=False, error="l")
    return len(code.matrix), str(code.error), code.mask, _bits(code)


@cache
def _flipped(text: bytes, place: int, bit: int, level: str, mask: int) -> int:
    """The modules that change with one bit of one byte of `text`."""
    other = text[:place] + bytes((text[place] ^ bit,)) + text[place + 1 :]
    code = segno.make(other, mode="byte", micro=False, error=level, boost_error=False, mask=mask)
    return _bits(code) ^ _plain_code(text)[3]


def _bits(code: segno.QRCode) -> int:
    modules = 0
    for row in reversed(code.matrix):
        for module in reversed(row):
            modules = modules << 1 | (module & 1)
    return modules


@cache
def _plan(size: int) -> list[tuple[int, int, list[str]]]:
    """How the path of a code goes on, group by group: place of its modules, their mask, and what each set draws."""
    plan = []
    starts = range(0, size, _STEP)
    for y in range(size):
        for start in starts:
            width = min(_STEP, size - start)
            strokes = _strokes(width, f"m-{size} 1" if start == starts[-1] and y < size - 1 else "")
            plan.append((size * y + start, (1 << width) - 1, strokes))
    return plan


@cache
def _strokes(width: int, end: str) -> list[str]:
    """For each set of dark modules in a group: lines over the dark ones, moves over the others, and `end`."""
    return [_stroke(bits, width) + end for bits in range(1 << width)]


def _stroke(bits: int, width: int) -> str:
    parts, x = [], 0
    while x < width:
        dark, start = bits >> x & 1, x
        while x < width and bits >> x & 1 == dark:
            x += 1
        parts.append(f"h{x - start}" if dark else f"m{x - start} 0")
    return "".join(parts)
