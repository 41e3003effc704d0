"""Draws the covers of cases (generator.theming.covers) as pixels: the few elements of SVG that a cover is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from io import BytesIO
from itertools import pairwise
from math import atan2, ceil, cos, hypot, pi, sin

from PIL import Image, ImageColor, ImageDraw

from generator.scheme.brand import Brand
from generator.sharing.text import FontFile
from generator.theming.covers import LINES


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of the pictures, #RRGGBB: of the light appearance of the site, by the roles they have there."""

    wall: str
    sheet: str
    dado: str
    tone: str
    ink: str
    ink_2: str
    edge: str
    lead: str
    on_lead: str

    @classmethod
    def of(cls, brand: Brand) -> Paint:
        """The colours of an organiser, those of the theme where it has none of its own."""
        roles = brand.light_colours
        return cls(**{field.name: roles["dado_2" if field.name == "tone" else field.name] for field in fields(cls)})

    @property
    def blends(self) -> tuple[tuple[str, str, int], ...]:
        """What smooth edges between them are made of: two colours, how many steps."""
        return (
            (self.wall, self.ink, 40), (self.sheet, self.ink, 30), (self.dado, self.ink, 40), (self.tone, self.ink, 24),
            (self.lead, self.ink, 20), (self.lead, self.on_lead, 24), (self.lead, self.dado, 24),
            (self.lead, self.wall, 16), (self.dado, self.ink_2, 20), (self.wall, self.edge, 16),
        )  # fmt: skip

    def style(self, name: str) -> tuple[str | None, str | None, float, tuple[float, ...]]:
        """Fill, stroke, width of the stroke and dashes of the class `name` (theme/assets/css/parts.css)."""
        fill, stroke, width, dashes = _STYLES[name]
        return fill and getattr(self, fill), stroke and getattr(self, stroke), width, dashes


# By the names of the colours.
_STYLES: dict[str, tuple[str | None, str | None, float, tuple[float, ...]]] = {
    "cv-ground": ("dado", None, 0, ()),
    "cv-paper": ("sheet", "ink", 1.5, ()),
    "cv-fill": ("tone", "ink", 1.5, ()),
    "cv-line": (None, "ink", 1.5, ()),
    "cv-hair": (None, "ink", 0.8, ()),
    "cv-axis": (None, "edge", 0.8, (12, 3, 2, 3)),
    "cv-dash": (None, "edge", 1.5, (6, 4)),
    "cv-lead": ("lead", "ink", 1.5, ()),
    "cv-lead-line": (None, "lead", 2.4, ()),
    "cv-base": (None, "ink", 2.4, ()),
}
_ELEMENT = re.compile(r"<(path|circle|rect|polygon|text) ([^>]*?)/?>(?:([^<]*)</text>)?")
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_STEP = re.compile(r"[A-Za-z]|-?\d+(?:\.\d+)?")

Point = tuple[float, float]


# A cover is drawn so much larger than its 480 x 300, and so much wider on both sides, as hills reach beyond it.
SCALE = 1.2
MARGIN = 70


@cache
def _palette(paint: Paint) -> Image.Image:
    values: list[int] = []
    for first, last, count in paint.blends:
        ends = list(zip(ImageColor.getrgb(first), ImageColor.getrgb(last), strict=True))
        values += [round(a + (b - a) * step / (count - 1)) for step in range(count) for a, b in ends]
    image = Image.new("P", (1, 1))
    image.putpalette(values)
    return image


def png(image: Image.Image, paint: Paint) -> bytes:
    """The PNG file of a drawing in these colours, reduced to them: small, and quick to make."""
    out = BytesIO()
    image.quantize(palette=_palette(paint), dither=Image.Dither.NONE).save(out, "PNG", compress_level=6)
    return out.getvalue()


def cover_line(svg: str) -> int:
    """Height of the wainscot line in the cover `svg`."""
    return next((height for place, height in enumerate(LINES) if f"case-line-{place}" in svg), LINES[0])


def draw_cover(svg: str, font: FontFile, paint: Paint) -> Image.Image:
    """The cover `svg` on its wall. Drawn twice as large and reduced, for smooth lines."""
    scale = SCALE * 2
    image = Image.new("RGB", (round((480 + 2 * MARGIN) * scale), round(300 * scale)), paint.wall)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, cover_line(svg) * scale, *image.size), paint.dado)
    _Pen(canvas, scale, font, paint).draw(svg)
    return image.reduce(2)


class _Pen:
    """Draws elements; lengths in units of the drawing, `scale` pixels each."""

    def __init__(self, draw: ImageDraw.ImageDraw, scale: float, font: FontFile, paint: Paint) -> None:
        self.canvas = draw
        self.scale = scale
        self.font = font
        self.paint = paint

    def draw(self, svg: str) -> None:
        for name, attributes, words in _ELEMENT.findall(svg):
            values = dict(_ATTRIBUTE.findall(attributes))
            classes = values["class"].split()
            if name == "text":
                place = ((float(values["x"]) + MARGIN) * self.scale, float(values["y"]) * self.scale)
                self.canvas.text(place, words, self.paint.ink, self.font.sized(round(15 * self.scale)), anchor="ms")
                continue
            fill, stroke, width, dashes = self.paint.style(classes[0])
            for points, closed in _outlines(name, values):
                pixels = [((x + MARGIN) * self.scale, y * self.scale) for x, y in points]
                if fill and len(pixels) > 2:
                    self.canvas.polygon(pixels, fill)
                if stroke and "cv-flat" not in classes:
                    self._stroke([*pixels, pixels[0], pixels[1]] if closed else pixels, stroke, width, dashes)

    def _stroke(self, points: list[Point], colour: str, width: float, dashes: tuple[float, ...]) -> None:
        wide = max(1, round(width * self.scale))
        for part in _dashed(points, [dash * self.scale for dash in dashes]) if dashes else [points]:
            self.canvas.line(part, colour, wide, joint="curve")


def _outlines(name: str, values: dict[str, str]) -> Iterator[tuple[list[Point], bool]]:
    """The lines of an element, and whether each is closed."""
    if name == "circle":
        yield _circle(*(float(values[key]) for key in ("cx", "cy", "r"))), True
    elif name == "rect":
        x, y, width, height = (float(values[key]) for key in ("x", "y", "width", "height"))
        yield [(x, y), (x + width, y), (x + width, y + height), (x, y + height)], True
    elif name == "polygon":
        numbers = [float(number) for number in re.split(r"[ ,]", values["points"])]
        yield list(zip(numbers[::2], numbers[1::2], strict=True)), True
    else:
        yield from _path(values["d"])


def _circle(x: float, y: float, r: float) -> list[Point]:
    count = max(16, ceil(r * 2))
    return [(x + r * cos(2 * pi * k / count), y + r * sin(2 * pi * k / count)) for k in range(count)]


def _path(d: str) -> Iterator[tuple[list[Point], bool]]:
    """The lines of a path of the commands M, L, H, V, A and Z, absolute or relative."""
    steps = _STEP.findall(d)
    place, command, points = 0, "", list[Point]()
    x = y = 0.0
    while place < len(steps):
        if steps[place].isalpha():
            command = steps[place]
            place += 1
        letter, relative = command.upper(), command.islower()
        if letter == "Z":
            yield points, True
            points = []
            continue
        count = {"M": 2, "L": 2, "H": 1, "V": 1, "A": 7}[letter]
        numbers = [float(step) for step in steps[place : place + count]]
        place += count
        before = (x, y)
        if letter == "H":
            x = numbers[0] + (x if relative else 0)
        elif letter == "V":
            y = numbers[0] + (y if relative else 0)
        else:
            x, y = numbers[-2] + (x if relative else 0), numbers[-1] + (y if relative else 0)
        if letter == "M":
            if len(points) > 1:
                yield points, False
            points = [(x, y)]
            command = "l" if relative else "L"
        elif letter == "A":
            points += _arc(before, (x, y), numbers[0], numbers[3] != 0, numbers[4] != 0)
        else:
            points.append((x, y))
    if len(points) > 1:
        yield points, False


def _arc(start: Point, end: Point, r: float, large: bool, clockwise: bool) -> list[Point]:
    """Points of an arc of a circle after its start, the end included."""
    (x1, y1), (x2, y2) = start, end
    chord = hypot(x2 - x1, y2 - y1)
    if chord == 0:
        return []
    r = max(r, chord / 2)
    off = (max(0.0, r * r - chord * chord / 4)) ** 0.5 * (1 if large == clockwise else -1)
    cx = (x1 + x2) / 2 + off * (y2 - y1) / chord * -1
    cy = (y1 + y2) / 2 + off * (x2 - x1) / chord
    first, last = atan2(y1 - cy, x1 - cx), atan2(y2 - cy, x2 - cx)
    if clockwise and last <= first:
        last += 2 * pi
    if not clockwise and last >= first:
        last -= 2 * pi
    count = max(8, ceil(abs(last - first) * r / 3))
    turn = (last - first) / count
    return [(cx + r * cos(first + turn * k), cy + r * sin(first + turn * k)) for k in range(1, count)] + [end]


def _dashed(points: list[Point], dashes: list[float]) -> Iterator[list[Point]]:
    """The parts of a line that a pattern of dashes and gaps shows."""
    number, left = 0, dashes[0]
    for (x1, y1), (x2, y2) in pairwise(points):
        length, done = hypot(x2 - x1, y2 - y1), 0.0
        while done < length:
            step = min(left, length - done)
            if number % 2 == 0:
                yield [(x1 + (x2 - x1) * part / length, y1 + (y2 - y1) * part / length) for part in (done, done + step)]
            done += step
            left -= step
            if left <= 0:
                number += 1
                left = dashes[number % len(dashes)]
