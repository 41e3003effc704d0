"""Drawings for cases without a picture: the same record always gives the same drawing, as inline SVG.

A cover is a wall with a wainscot line; the figure of the case's mark stands on the line. Colours are classes
(`cv-…`, theme/assets/css/parts.css), so that a drawing follows the reader's choice of theme.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape
from math import cos, pi, sin

# Heights of the wainscot line in a drawing of 480 x 300; the class case-line-<place> tells the style sheet which.
LINES = (196, 212, 228, 244, 260)

Point = tuple[float, float]
Drawn = tuple[str, float, float]


class Dice:
    """Numbers from a record id: FNV-1a (32 bit), then xorshift. The same on every machine."""

    def __init__(self, text: str) -> None:
        h = 2166136261
        for byte in text.encode():
            h = (h ^ byte) * 16777619 & 0xFFFFFFFF
        self.state = h or 1

    def below(self, n: int) -> int:
        """A number from 0 to n - 1."""
        s = self.state
        s ^= s << 13 & 0xFFFFFFFF
        s ^= s >> 17
        s ^= s << 5 & 0xFFFFFFFF
        self.state = s
        return (s >> 8) % n

    def pick(self, *values: int) -> int:
        return values[self.below(len(values))]


def _n(value: float) -> str:
    """`value` to one decimal, as short as it goes; coordinates repeat, so each is written once."""
    return _tenths(round(value * 10))


@lru_cache(maxsize=20_000)
def _tenths(number: int) -> str:
    return f"{number / 10:.1f}".removesuffix(".0")


def line(d: str, cls: str = "cv-line") -> str:
    return f'<path class="{cls}" d="{d}"/>'


def circle(x: float, y: float, r: float, cls: str = "cv-line") -> str:
    return f'<circle class="{cls}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}"/>'


def rect(x: float, y: float, w: float, h: float, cls: str = "cv-line") -> str:
    return f'<rect class="{cls}" x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}"/>'


def poly(points: Iterable[Point], cls: str = "cv-line") -> str:
    return f'<polygon class="{cls}" points="{" ".join(f"{_n(x)},{_n(y)}" for x, y in points)}"/>'


def centre(x: float, y: float, r: float) -> str:
    return line(f"M{_n(x - r)} {_n(y)}H{_n(x + r)}M{_n(x)} {_n(y - r)}V{_n(y + r)}", "cv-axis")


# One figure for each mark: dice and height of the line -> SVG, left end, right end.


def machinery(d: Dice, b: int) -> Drawn:
    """A flange and its wheel, tangent, standing on the line; one bolt hole is touched."""
    big, small = d.pick(78, 84, 90), d.pick(30, 38, 46)
    flip = d.below(2)
    x1 = 165 if flip else 305
    dx = 2 * (big * small) ** 0.5 + 16
    x2 = x1 + dx if flip else x1 - dx
    y1, y2, n = b - big, b - small, d.pick(5, 6, 7, 8)
    out = (
        circle(x1, y1, big, "cv-paper")
        + circle(x1, y1, big * 0.86, "cv-hair")
        + circle(x1, y1, big * 0.3, "cv-fill")
        + circle(x1, y1, big * 0.14, "cv-paper")
    )
    turn, hot = d.below(60) / 60, d.below(n)
    for i in range(n):
        a = 2 * pi * (i + turn) / n
        out += circle(
            x1 + cos(a) * big * 0.6, y1 + sin(a) * big * 0.6, big * 0.11, "cv-lead" if i == hot else "cv-line"
        )
    out += circle(x1, y1, big * 0.6, "cv-axis") + centre(x1, y1, big + 12)
    out += (
        circle(x2, y2, small, "cv-paper")
        + circle(x2, y2, small * 0.62, "cv-fill")
        + circle(x2, y2, small * 0.2, "cv-paper")
        + centre(x2, y2, small + 10)
    )
    return out, min(x1 - big, x2 - small), max(x1 + big, x2 + small)


def electronics(d: Dice, b: int) -> Drawn:
    """A block with leads that run in steps to their nodes."""
    n, flip = d.pick(4, 5, 6), d.below(2)
    s = 104
    x, y = (70 if flip else 306), b - s - 26
    out = (
        line(f"M{x + 20} {y + s}V{b}M{x + s - 20} {y + s}V{b}")
        + rect(x, y, s, s, "cv-paper")
        + rect(x + 30, y + 30, 44, 44, "cv-fill")
    )
    hot, sign = d.below(n), (1 if flip else -1)
    rises = sorted(d.pick(-40, -24, -12, 0, 14, 26) for _ in range(n))
    edge = x + s if flip else x
    for i in range(n):
        y0 = y + 14 + i * (s - 28) / (n - 1)
        rise, x2 = rises[i], d.pick(130, 170, 205, 235)
        k = n - i if rise > 0 else i + 1
        xa = edge + sign * (14 + 11 * k)
        yb = max(16, min(b - 16, y0 + rise))
        out += line(
            f"M{_n(edge)} {_n(y0)}H{_n(xa)}L{_n(xa + sign * abs(yb - y0))} {_n(yb)}H{_n(edge + sign * x2 - sign * 8)}"
        )
        out += circle(edge + sign * x2, yb, 8, "cv-lead" if i == hot else "cv-paper")
    return out, (x if flip else x + s - 345), (x + 345 if flip else x + s)


def medicine(d: Dice, b: int) -> Drawn:
    """Rings joined side to side, as a structure is written."""
    r, n = 40, d.pick(3, 4, 5)
    w = r * 3**0.5
    cells, q, s = [], 0, 0
    for _ in range(n):
        cells.append((q, s))
        if d.below(2) and s < 1:
            q, s = q, s + 1
        else:
            q, s = q + 1, s
            if s and d.below(2):
                s -= 1
    xs = [w * (q + s / 2) for q, s in cells]
    shift = 240 - (min(xs) + max(xs)) / 2
    out, left, right, hot = "", 480.0, 0.0, d.below(n)
    for i, ((_, s), x) in enumerate(zip(cells, xs, strict=True)):
        cx, cy = x + shift, b - r - 22 - 1.5 * r * s
        pts = [(cx + r * sin(pi * k / 3), cy - r * cos(pi * k / 3)) for k in range(6)]
        inner = [(cx + r * 0.76 * sin(pi * k / 3), cy - r * 0.76 * cos(pi * k / 3)) for k in range(6)]
        out += poly(pts, "cv-fill" if i == (hot + 1) % n else "cv-paper")
        for k in (i % 2, i % 2 + 2, i % 2 + 4):
            (x1, y1), (x2, y2) = inner[k % 6], inner[(k + 1) % 6]
            out += line(f"M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}", "cv-hair")
        if i == hot:
            out += circle(*pts[5], 9, "cv-lead")
        if i == 0:
            out += line(f"M{_n(cx)} {_n(cy + r)}V{b}")
        if i == n - 1:
            out += line(f"M{_n(pts[1][0])} {_n(pts[1][1])}l30 -17M{_n(pts[2][0])} {_n(pts[2][1])}V{b}")
        left, right = min(left, cx - w / 2), max(right, cx + w / 2)
    return out, left, right


def environment(d: Dice, b: int) -> Drawn:
    """Terraces: hills in contour lines, one above the other."""
    sun = circle(d.pick(90, 150, 330, 400), 44 + d.below(3) * 10, 17, "cv-lead")
    out = sun
    for cx, r in sorted(((60 + 90 * i + d.below(40), d.pick(64, 84, 104, 124)) for i in range(5)), key=lambda h: -h[1]):
        for k in range(4):
            q = r - k * r / 4.6
            out += line(
                f"M{_n(cx - q)} {b}A{_n(q)} {_n(q)} 0 0 1 {_n(cx + q)} {b}Z",
                ("cv-paper", "cv-hair", "cv-hair", "cv-fill")[k],
            )
    return out, 40, 440


def construction(d: Dice, b: int) -> Drawn:
    """Arches that carry the line; hangers at equal steps; a load on the deck."""
    spans = d.pick(1, 2, 3)
    total, out = 384, ""
    step = total / spans
    high = {1: d.pick(120, 140), 2: d.pick(84, 96), 3: d.pick(58, 64)}[spans]
    deck = b - 34
    for i in range(spans):
        x0 = 48 + step * i
        out += line(f"M{_n(x0)} {deck}A{_n(step / 2)} {high} 0 0 1 {_n(x0 + step)} {deck}", "cv-paper")
        out += line(
            f"M{_n(x0 + 12)} {deck}A{_n(step / 2 - 12)} {high - 12} 0 0 1 {_n(x0 + step - 12)} {deck}", "cv-hair"
        )
        k = {1: 12, 2: 8, 3: 6}[spans]
        for j in range(1, k):
            t = 2 * j / k - 1
            y = deck - (high - 12) * (1 - t * t) ** 0.5
            out += line(f"M{_n(x0 + step * j / k)} {_n(y)}V{deck}", "cv-hair")
    for i in range(spans + 1):
        out += rect(48 + step * i - 8, deck + 8, 16, b - deck - 8, "cv-fill")
    out += rect(24, deck, 432, 8, "cv-paper")
    out += rect(80 + d.below(8) * 36, deck - 18, 34, 18, "cv-lead")
    return out, 48, 432


def textile(d: Dice, b: int) -> Drawn:
    """Warp and weft; which thread is above comes from the number."""
    n, m, s, w = 8, 4, 40, 22
    x0, y0 = 90, b - m * s + 4
    hot = d.below(n)
    out = ""
    for i in range(n):
        out += rect(x0 + i * s, y0 - 18, w, b - y0 + 18, "cv-lead" if i == hot else "cv-paper")
    shift, mode = d.below(4), d.pick(2, 2, 3)
    for j in range(m):
        y = y0 + j * s
        out += rect(x0 - 22, y, n * s + 26, w, "cv-fill")
        for i in range(n):
            if (i + j * (1 if mode == 2 else 2) + shift) % mode == 0:
                cls = "cv-lead" if i == hot else "cv-paper"
                out += rect(x0 + i * s, y, w, w, cls + " cv-flat") + line(
                    f"M{x0 + i * s} {y - 0.5}v{w + 1}M{x0 + i * s + w} {y - 0.5}v{w + 1}"
                )
    return out, x0 - 22, x0 + n * s + 4


def materials(d: Dice, b: int) -> Drawn:
    """A lattice; filled cells come from the bits of the number."""
    a, cols, rows = 44, 8, 4
    h = a * 3**0.5 / 2
    x0 = 240 - (cols + 1) * a / 4
    cells = []
    for j in range(rows):
        for i in range(cols - j):
            up = i % 2 == 0
            x = x0 + i * a / 2 + j * a / 2
            y = b - j * h
            if up:
                cells.append([(x, y), (x + a, y), (x + a / 2, y - h)])
            else:
                cells.append([(x, y - h), (x + a, y - h), (x + a / 2, y)])
    wide = [[(240 + (px - 240) * 1.55, b - (b - py) * 1.12) for px, py in c] for c in cells]
    hot, out = d.below(len(wide)), ""
    for k, c in enumerate(wide):
        out += poly(c, "cv-lead" if k == hot else ("cv-paper", "cv-paper", "cv-fill")[d.below(3)])
    xs = [x for c in wide for x, _ in c]
    for x, y in sorted({(round(x, 1), round(y, 1)) for c in wide for x, y in c}):
        out += circle(x, y, 4, "cv-paper")
    return out, min(xs), max(xs)


def other(d: Dice, b: int) -> Drawn:
    """Three plain bodies on a bench, in an order of their own."""
    order = ("cst", "sct", "tcs", "stc", "cts", "tsc")[d.below(6)]
    x, out, hot = 58, "", d.below(3)
    for i, kind in enumerate(order):
        s = d.pick(84, 104, 124)
        cls = ("cv-paper", "cv-fill", "cv-paper")[i]
        if kind == "c":
            out += circle(x + s / 2, b - s / 2, s / 2, cls) + centre(x + s / 2, b - s / 2, s / 2 + 10)
        elif kind == "s":
            out += rect(x, b - s, s, s, cls) + line(f"M{x} {b - s}l{s} {s}M{x + s} {b - s}l{-s} {s}", "cv-hair")
        else:
            out += poly([(x, b), (x + s, b), (x + s / 2, b - s)], cls) + line(
                f"M{_n(x + s / 2)} {b - s - 12}V{b}", "cv-axis"
            )
        if i == hot:
            out += circle(x + s / 2, b - s - 14 if kind != "c" else b - s / 2, 9, "cv-lead")
        x += s + 14
    return out, 58, x - 14


def unpublished(d: Dice, b: int) -> Drawn:
    """No mark: the drawing that is still to be made, in dashed lines."""
    s, x = d.pick(120, 136, 150), d.pick(96, 128, 160)
    out = (
        rect(x, b - s, s * 1.5, s, "cv-dash")
        + circle(x + s * 0.75, b - s / 2, s * 0.32, "cv-dash")
        + centre(x + s * 0.75, b - s / 2, s * 0.5)
    )
    out += line(f"M{x} {b - s}L{_n(x + s * 1.5)} {b}M{_n(x + s * 1.5)} {b - s}L{x} {b}", "cv-axis")
    return out, x, x + s * 1.5


FIGURES: dict[str, Callable[[Dice, int], Drawn]] = {
    "": unpublished,
    "cat-machinery": machinery,
    "cat-electronics": electronics,
    "cat-medicine": medicine,
    "cat-environment": environment,
    "cat-construction": construction,
    "cat-textile": textile,
    "cat-materials": materials,
    "cat-other": other,
    "cat-none": unpublished,
}

DRAWN = tuple(draw for name, draw in FIGURES.items() if draw is not unpublished)


def figure(record_id: str, mark: str) -> str:
    """The cover of a record; decorative, for the title stands beside it as text.

    mark: name of a term's mark, or any other word for the term, which always gets the same figure of the eight;
    "" draws what is still to be drawn.
    """
    dice = Dice(record_id)
    place = dice.below(len(LINES))
    base = LINES[place]
    draw = FIGURES.get(mark) or DRAWN[Dice(mark).below(len(DRAWN))]
    body, left, right = draw(dice, base)
    return (
        f'<svg class="case-cover case-line-{place}" viewBox="0 0 480 300" aria-hidden="true" focusable="false">'
        f'<path class="cv-ground" d="M-2 {base}H482V302H-2Z"/>{body}<path class="cv-base" d="M-2 {base}H482"/>'
        f"{_measure(record_id, base, left, right)}</svg>"
    )


def _measure(record_id: str, base: int, left: float, right: float) -> str:
    """The dimension line below the figure; its measure is the number of the record."""
    y, mid = base + 22, (left + right) / 2
    serial = record_id.rpartition("-")[2].lstrip("0")
    out = line(f"M{_n(left)} {base + 6}V{y + 5}M{_n(right)} {base + 6}V{y + 5}M{_n(left)} {y}H{_n(right)}", "cv-hair")
    out += line(f"M{_n(left - 4)} {y + 4}l8 -8M{_n(right - 4)} {y + 4}l8 -8")
    out += rect(mid - 8 - 4.5 * len(serial), y - 9, 16 + 9 * len(serial), 18, "cv-ground")
    return out + f'<text class="cv-number" x="{_n(mid)}" y="{y + 5}">{escape(serial)}</text>'
