"""Drawings for sample records: technical line drawings, the same bytes for the same name.

A name is `<sort>-<variant>`; there are few distinct ones, so that a library is written fast.
"""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw, ImageFont

VARIANTS = 8
SCALE = 2  # drawn larger, then reduced: smooth lines
PAPER, INK, HAIR, FILL, LEAD = "#ffffff", "#12201a", "#8fa398", "#d2e3d8", "#b03310"
Size = tuple[int, int]
SIZES: tuple[Size, ...] = ((1200, 800), (1200, 900), (900, 1200), (1600, 900))

# What each sort shows, as alternative text.
ALTS = {
    "shaft": "线条图：一根水平轴上依次排列的几个零件，红色标出改动的一件",
    "flange": "线条图：法兰正视图，一圈螺栓孔围绕中心孔，其中一孔标为红色",
    "steps": "线条图：几个方框由箭头相连，表示操作的先后，红色标出新增的一步",
    "bars": "柱形图：几项指标改进前与改进后的对比，改进后的柱子为红色",
    "frame": "线条图：立柱、横梁和斜撑组成的支架，顶端有一处红色节点",
    "stack": "线条图：高低不同的长方体叠放，红色标出最上面的一件",
}


def names() -> list[str]:
    """All drawings there are."""
    return [f"{sort}-{variant}" for variant in range(1, VARIANTS + 1) for sort in ALTS]


def alt(name: str) -> str:
    """What the drawing shows, for those who cannot see it."""
    return ALTS[name.rpartition("-")[0]]


def suffix(name: str) -> str:
    """File type: every third variant is a JPEG file."""
    return ".jpg" if int(name.rpartition("-")[2]) % 3 == 0 else ".png"


@cache
def picture(name: str) -> bytes:
    """The drawing as a PNG or JPEG file."""
    sort, _, variant = name.rpartition("-")
    dice = Random(name)
    size = SIZES[int(variant) % len(SIZES)]
    sheet = Sheet(size, dice)
    DRAWN[sort](sheet)
    image, out = sheet.image.resize(size, Image.Resampling.BOX), BytesIO()
    if suffix(name) == ".jpg":
        image.save(out, "JPEG", quality=88, optimize=True)
    else:
        image.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


class Sheet:
    """A sheet with a fine grid, a frame and a plain set of marks; lengths in pixels of the finished picture."""

    def __init__(self, size: Size, dice: Random) -> None:
        self.width, self.height = size
        self.dice = dice
        self.image = Image.new("RGB", (size[0] * SCALE, size[1] * SCALE), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.font = ImageFont.load_default(26 * SCALE)
        for x in range(50, self.width, 50):
            self.line([(x, 0), (x, self.height)], "#eef3ef", 1)
        for y in range(50, self.height, 50):
            self.line([(0, y), (self.width, y)], "#eef3ef", 1)
        self.box(24, 24, self.width - 24, self.height - 24, None, 3)

    def line(self, points: list[tuple[float, float]], colour: str = INK, width: float = 4) -> None:
        self.draw.line([(x * SCALE, y * SCALE) for x, y in points], colour, int(width * SCALE), joint="curve")

    def box(self, x1: float, y1: float, x2: float, y2: float, fill: str | None = PAPER, width: int = 4) -> None:
        self.draw.rectangle([x1 * SCALE, y1 * SCALE, x2 * SCALE, y2 * SCALE], fill, INK, width * SCALE)

    def disc(self, x: float, y: float, r: float, fill: str | None = PAPER, width: int = 4) -> None:
        self.draw.ellipse(
            [(x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE], fill, INK, width * SCALE
        )

    def shape(self, points: list[tuple[float, float]], fill: str = PAPER) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)
        self.line([*points, points[0], points[1]])

    def axis(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A line of long dashes and dots."""
        length = max(abs(x2 - x1), abs(y2 - y1))
        for k in range(0, int(length), 36):
            for a, b in ((k, k + 22), (k + 27, k + 30)):
                s, t = a / length, min(b / length, 1)
                self.line([(x1 + (x2 - x1) * s, y1 + (y2 - y1) * s), (x1 + (x2 - x1) * t, y1 + (y2 - y1) * t)], HAIR, 2)

    def length(self, x1: float, x2: float, y: float) -> None:
        """A dimension line with a number."""
        self.line([(x1, y), (x2, y)], INK, 2)
        for x in (x1, x2):
            self.line([(x, y - 14), (x, y + 14)], INK, 2)
            self.line([(x - 8, y + 8), (x + 8, y - 8)], INK, 3)
        self.text((x1 + x2) / 2, y - 20, str(self.dice.randrange(12, 96) * 5))

    def text(self, x: float, y: float, words: str) -> None:
        self.draw.text((x * SCALE, y * SCALE), words, INK, self.font, anchor="mm")


def _shaft(s: Sheet) -> None:
    """Parts of several heights side by side on one axis."""
    mid, left = s.height / 2 - 20, 120.0
    count = s.dice.randrange(5, 8)
    step = (s.width - 240) / count
    hot = s.dice.randrange(1, count - 1)
    for k in range(count):
        half = s.dice.choice((50, 80, 120, 160, 200)) * s.height / 900
        wide = step * s.dice.choice((0.55, 0.8, 1.0))
        s.box(left, mid - 26, left + step, mid + 26, FILL)
        s.box(left, mid - half, left + wide, mid + half, LEAD if k == hot else PAPER)
        if k % 2 == 0:
            for y in range(int(mid - half) + 16, int(mid + half) - 10, 18):
                s.line([(left + 4, y), (left + wide - 4, y - 12)], HAIR, 2)
        left += step
    s.axis(70, mid, s.width - 70, mid)
    s.length(120, left, s.height - 110)


def _flange(s: Sheet) -> None:
    """Circles round one centre, holes at equal steps."""
    x, y, r = s.width / 2, s.height / 2 - 30, min(s.width, s.height) * 0.34
    s.disc(x, y, r, FILL)
    s.disc(x, y, r * 0.9, PAPER, 2)
    s.disc(x, y, r * s.dice.choice((0.3, 0.36, 0.42)), FILL)
    s.disc(x, y, r * 0.16)
    count, turn = s.dice.choice((5, 6, 8, 10)), s.dice.random()
    hot = s.dice.randrange(count)
    for k in range(count):
        a = 2 * pi * (k + turn) / count
        s.disc(x + r * 0.67 * cos(a), y + r * 0.67 * sin(a), r * 0.1, LEAD if k == hot else PAPER)
    s.axis(x - r - 60, y, x + r + 60, y)
    s.axis(x, y - r - 40, x, y + r + 40)
    s.length(x - r, x + r, y + r + 75)


def _steps(s: Sheet) -> None:
    """Boxes in two rows, joined by arrows."""
    columns, rows = s.dice.choice((3, 4)), 2
    wide, high = (s.width - 160) / columns, (s.height - 160) / rows
    hot = s.dice.randrange(columns * rows)
    for k in range(columns * rows):
        row = k // columns
        column = k % columns if row % 2 == 0 else columns - 1 - k % columns
        x, y = 80 + column * wide + wide * 0.14, 80 + row * high + high * 0.2
        x2, y2 = x + wide * 0.72, y + high * 0.6
        if k + 1 < columns * rows:
            if (k + 1) // columns != row:
                _arrow(s, (x + x2) / 2, y2, (x + x2) / 2, y + high)
            elif row % 2 == 0:
                _arrow(s, x2, (y + y2) / 2, x + wide, (y + y2) / 2)
            else:
                _arrow(s, x, (y + y2) / 2, x2 - wide, (y + y2) / 2)
        s.box(x, y, x2, y2, LEAD if k == hot else FILL if k % 3 else PAPER)
        s.text((x + x2) / 2, (y + y2) / 2, str(k + 1))


def _arrow(s: Sheet, x1: float, y1: float, x2: float, y2: float) -> None:
    dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
    s.line([(x1, y1), (x2, y2)])
    for side in (-1, 1):
        s.line([(x2, y2), (x2 - 18 * dx + 10 * side * dy, y2 - 18 * dy + 10 * side * dx)])


def _bars(s: Sheet) -> None:
    """Pairs of bars over a base line."""
    count, base = s.dice.randrange(3, 6), s.height - 130
    step = (s.width - 260) / count
    for k in range(5):
        y = base - k * (base - 110) / 4
        s.line([(120, y), (s.width - 90, y)], HAIR, 2)
        s.text(84, y, str(k * 25))
    for k in range(count):
        x, before = 150 + k * step, s.dice.uniform(0.3, 0.6)
        for place, part in enumerate((before, s.dice.uniform(0.65, 0.98))):
            x1 = x + place * step * 0.38
            s.box(x1, base - (base - 110) * part, x1 + step * 0.34, base, LEAD if place else FILL)
        s.text(x + step * 0.36, base + 40, str(k + 1))
    s.line([(120, base), (s.width - 90, base)], INK, 5)


def _frame(s: Sheet) -> None:
    """Posts, beams and braces on a floor."""
    floor, top = s.height - 140, s.height * s.dice.choice((0.18, 0.24, 0.3))
    bays = s.dice.choice((2, 3, 4))
    left, wide = s.width * 0.15, s.width * 0.7 / bays
    levels = s.dice.choice((2, 3))
    high = (floor - top) / levels
    for bay in range(bays):
        for level in range(levels):
            x, y = left + bay * wide, top + level * high
            a, b = ((x, y + high), (x + wide, y)) if (bay + level) % 2 else ((x, y), (x + wide, y + high))
            s.line([a, b], HAIR, 5)
    for level in range(levels):
        s.box(left - 20, top + level * high - 9, left + bays * wide + 20, top + level * high + 9, FILL)
    for bay in range(bays + 1):
        s.box(left + bay * wide - 9, top, left + bay * wide + 9, floor)
        for level in range(levels):
            s.disc(left + bay * wide, top + level * high, 13)
    s.disc(left + s.dice.randrange(bays + 1) * wide, top, 24, LEAD)
    s.line([(60, floor), (s.width - 60, floor)], INK, 6)
    s.length(left, left + bays * wide, floor + 62)


def _stack(s: Sheet) -> None:
    """Boxes seen from a corner, one behind and above the other."""
    unit = min(s.width, s.height) / 9
    across, up = unit * 0.87, unit * 0.5
    n = 3
    heights = [[s.dice.randrange(1, 4) for _ in range(n)] for _ in range(n)]
    tallest = max((heights[i][j], i + j, i, j) for i in range(n) for j in range(n))[2:]
    x0, y0 = s.width / 2, s.height / 2 - unit * 0.3
    for i in range(n):
        for j in range(n):
            high = heights[i][j] * unit * 0.8
            x, y = x0 + (i - j) * across, y0 + (i + j - 1) * up + unit
            t = y - high
            s.shape([(x - across, t), (x, t + up), (x, y + up), (x - across, y)], FILL)
            s.shape([(x + across, t), (x, t + up), (x, y + up), (x + across, y)], PAPER)
            s.shape([(x, t - up), (x + across, t), (x, t + up), (x - across, t)], LEAD if (i, j) == tallest else PAPER)


DRAWN: dict[str, Callable[[Sheet], None]] = {
    "shaft": _shaft, "flange": _flange, "steps": _steps, "bars": _bars, "frame": _frame, "stack": _stack
}  # fmt: skip
