"""The picture that a chat shows beside a link: title, unit and award on the wall of the site, 1200 x 630.

Which pages have one of their own is decided here. A machine without a Chinese font makes none, and pages then name
none; everything else stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import PIL
from PIL import Image, ImageDraw

from generator import urls
from generator.kept_files import write_whole
from generator.keys import key_of
from generator.records.library import Library
from generator.records.model import Entry
from generator.scheme.brand import Brand
from generator.scheme.model import Dimension, Scheme
from generator.sharing.drawing import MARGIN, SCALE, Paint, cover_line, draw_cover, png
from generator.sharing.facts import ShownPicture
from generator.sharing.text import Fit, Fonts, cut, find_fonts, fitted
from generator.theming.covers import LINES, figure
from generator.views import View, Views

WIDTH, HEIGHT = 1200, 630
TYPE = "image/png"
# Above the limit this many of the best cases have a picture of their own.
BEST = 24
# The form of the pictures: part of their addresses. Raise it when the drawing changes.
FORM = 1
# Name of the picture of the home page.
HOME = "home"

EDGE_X = 64
TOP = 56
# Where the drawing and the map stand, and the room that is left beside it.
DRAWING_X, MAP_X, BESIDE, WHOLE = 616, 690, 600, 1072
SPARE_MARK = "cat-other"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a picture shows. rank: place of the award, from 0 for the best.

    svg: a cover; tiles: column and row of each place on the map, and whether it is marked. Neither: only the line.
    """

    title: str
    site: str
    kicker: str = ""
    unit: str = ""
    award: str = ""
    rank: int = 0
    sample: bool = False
    svg: str = ""
    tiles: tuple[tuple[int, int, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class SharePicture:
    """A picture of the site: its address, the key of its inputs, what it shows."""

    url: str
    key: bytes
    sheet: Sheet

    @property
    def shown(self) -> ShownPicture:
        return _shown(self.url, self.sheet)


class SharePictures:
    """The pictures of one site. limit: up to so many listed cases each has its own; 0 makes none at all."""

    def __init__(self, library: Library, views: Views, cache: Path, limit: int) -> None:
        self.library = library
        self.views = views
        self.cache = cache / "share"
        self.limit = limit

    @cached_property
    def fonts(self) -> Fonts | None:
        return find_fonts() if self.limit else None

    @cached_property
    def _key(self) -> bytes:
        assert self.fonts is not None
        return key_of(str(FORM), PIL.__version__, self.fonts.digest())

    @cached_property
    def paint(self) -> Paint:
        return Paint.of(self.library.scheme.brand)

    @property
    def form(self) -> str:
        """What pages depend on beyond the sheets: the form and colours of the pictures, and whether there are any."""
        return " ".join(("share", str(FORM), str(self.fonts is not None), *_own_colours(self.paint)))

    def of_case(self, entry: Entry) -> ShownPicture | None:
        """The picture of a case: its own, or the one of its place or round."""
        if self.fonts is None or not entry.is_public:
            return None
        if entry.id in self._own:
            return self._own[entry.id].shown
        place = self.library.scheme.role("place")
        name = entry.term(place.key) if place else None
        if place is not None and name is not None:
            return self.of_page(urls.term_url(place, place.by_name[name]))
        return self.of_page(urls.year_url(entry.year))

    def of_page(self, url: str) -> ShownPicture | None:
        """The picture of the page at `url`: of a view or the home page; other pages take the one of the home page."""
        if self.fonts is None:
            return None
        return self._pages.get(url, self._pages[urls.HOME]).shown

    def files(self) -> Iterator[SharePicture]:
        """Every picture of the site."""
        if self.fonts is not None:
            yield from self._pages.values()
            yield from self._own.values()

    @cached_property
    def _own(self) -> dict[str, SharePicture]:
        """Pictures of single cases by id."""
        public = self.library.public
        chosen = public if len(public) <= self.limit else public[:BEST]
        return {entry.id: self._picture(entry.id, self._case_sheet(entry)) for entry in chosen}

    @cached_property
    def _pages(self) -> dict[str, SharePicture]:
        """Pictures of the home page and of views, by the address of the (first) page; of units only up to the limit."""
        pages = {urls.HOME: self._picture(HOME, home_sheet(self.library.scheme))}
        for view in self.views.all():
            if view.unit and len(self.library.public) > self.limit:
                continue
            url = view.url()
            pages[url] = self._picture(url.removesuffix(".html").replace("/", "-"), self._view_sheet(view))
        return pages

    def _picture(self, name: str, sheet: Sheet) -> SharePicture:
        shown = _shown_key(sheet, self.paint)
        return SharePicture(_address(name, shown), key_of(self._key, shown), sheet)

    # what each shows; nothing that changes when another case is added

    def _case_sheet(self, entry: Entry) -> Sheet:
        scheme = self.library.scheme
        award = entry.term(scheme.award.key) if scheme.award else None
        return Sheet(
            title=entry.title,
            site=scheme.name,
            kicker=str(entry.year),
            unit=entry.unit,
            award=award or "",
            rank=self.library.award_rank(entry),
            sample=entry.sample,
            svg=figure(entry.id, _mark(entry, scheme)),
        )

    def _view_sheet(self, view: View) -> Sheet:
        scheme = self.library.scheme
        about = (view.round.label or "") if view.round else ""
        mark = (view.term.mark if view.term else None) or SPARE_MARK
        tiles = _tiles(view.dimension, view.label) if view.dimension and view.dimension.role == "place" else ()
        return Sheet(
            title=view.label,
            site=scheme.name,
            kicker=scheme.words.unit if view.unit else view.dimension.label if view.dimension else scheme.programme,
            unit=about,
            sample=scheme.sample,
            svg="" if tiles else _unnumbered(figure(view.label, mark)),
            tiles=tiles,
        )

    def content(self, picture: SharePicture) -> bytes:
        """The PNG file, from the cache where it has been drawn before."""
        path = self.cache / f"{picture.key.hex()}.png"
        try:
            return path.read_bytes()
        except OSError:
            assert self.fonts is not None
            content = draw(picture.sheet, self.fonts, self.paint)
        write_whole(path, content)
        return content


def general_picture(scheme: Scheme) -> ShownPicture:
    """The picture of the home page, which pages without one of their own show: it depends on nothing but the scheme."""
    sheet = home_sheet(scheme)
    return _shown(_address(HOME, _shown_key(sheet, Paint.of(scheme.brand))), sheet)


def home_sheet(scheme: Scheme) -> Sheet:
    """What the picture of the library as a whole shows."""
    tiles = _tiles(scheme.role("place"), "")
    return Sheet(
        title=scheme.name,
        site=scheme.organiser,
        kicker=scheme.programme,
        sample=scheme.sample,
        svg="" if tiles else _unnumbered(figure(scheme.name, SPARE_MARK)),
        tiles=tiles,
    )


def _shown(url: str, sheet: Sheet) -> ShownPicture:
    words = (sheet.title, sheet.unit, sheet.kicker, sheet.award)
    return ShownPicture(url, WIDTH, HEIGHT, TYPE, "，".join(filter(None, words)))


def _address(name: str, shown: bytes) -> str:
    return f"share/{name}-{shown.hex()[:8]}.png"


def _shown_key(sheet: Sheet, paint: Paint) -> bytes:
    """Key of what is seen, fonts apart: part of the address."""
    return key_of(str(FORM), repr(sheet), *_own_colours(paint))


def _own_colours(paint: Paint) -> tuple[str, ...]:
    """The colours where they are the organiser's own, else nothing."""
    return () if paint == Paint.of(Brand()) else (repr(paint),)


def _mark(entry: Entry, scheme: Scheme) -> str:
    """Mark of the drawing of a case: the one of its last term that has one, places and awards apart."""
    mark = ""
    for dimension in scheme.dimensions:
        name = entry.term(dimension.key)
        if name is not None and not dimension.role:
            mark = dimension.by_name[name].mark or mark
    return mark


def _tiles(dimension: Dimension | None, marked: str) -> tuple[tuple[int, int, bool], ...]:
    if dimension is None:
        return ()
    terms = [term for term in dimension.terms if term.name not in dimension.history.ends or term.name == marked]
    return tuple((*term.tile, term.name == marked) for term in terms if term.tile)


def _unnumbered(svg: str) -> str:
    """A cover without its measure, which is the number of a record."""
    return svg[: svg.index("/>", svg.index('class="cv-base"')) + 2]


# drawing


def draw(sheet: Sheet, fonts: Fonts, paint: Paint) -> bytes:
    """The PNG file of `sheet`; the same bytes for the same fonts and colours."""
    base = 384 + (cover_line(sheet.svg) - LINES[0]) // 2
    image = Image.new("RGB", (WIDTH, HEIGHT), paint.wall)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, base, WIDTH, HEIGHT), paint.dado)
    fit, lines = fitted(sheet.title, fonts.title, _fits(base - TOP - 28))
    if fit.width == BESIDE:
        _draw_beside(image, canvas, sheet, base, fonts, paint)
    else:
        _draw_dot(image, base, paint)
    canvas.rectangle((0, base - 1, WIDTH, base + 1), paint.ink)
    for number, words in enumerate(lines):
        canvas.text((EDGE_X, TOP + fit.line * number), words, paint.ink, fonts.title.sized(fit.size), anchor="la")
    _draw_facts(canvas, sheet, base, fonts, paint)
    return png(image, paint)


def _fits(height: float) -> list[Fit]:
    """Sizes of the title: beside the drawing, then over the whole width without it."""
    one_line = [Fit(size, round(size * 1.3), BESIDE, size * 1.3 + 1) for size in (72, 64, 56)]
    beside = [Fit(size, round(size * 1.3), BESIDE, height) for size in (72, 64, 56, 48, 44)]
    return [*one_line, *beside, *(Fit(size, round(size * 1.24), WHOLE, height) for size in (52, 46, 40, 36, 34))]


def _draw_beside(
    image: Image.Image, canvas: ImageDraw.ImageDraw, sheet: Sheet, base: int, fonts: Fonts, paint: Paint
) -> None:
    if sheet.tiles:
        _draw_tiles(canvas, sheet, base, paint)
    elif sheet.svg:
        place = (DRAWING_X - round(MARGIN * SCALE), base - round(cover_line(sheet.svg) * SCALE))
        image.paste(draw_cover(sheet.svg, fonts.text, paint), place)


def _draw_tiles(canvas: ImageDraw.ImageDraw, sheet: Sheet, base: int, paint: Paint) -> None:
    """The schematic map standing on the line, the marked place in red lead."""
    columns = max(column for column, _, _ in sheet.tiles) + 1
    rows = max(row for _, row, _ in sheet.tiles) + 1
    step = min((WIDTH - EDGE_X - MAP_X) // columns, (base - TOP) // rows)
    left = WIDTH - EDGE_X - step * columns
    for column, row, marked in sheet.tiles:
        x, y = left + column * step, base - (rows - row) * step
        canvas.rectangle(
            (x, y, x + step - 4, y + step - 4),
            paint.lead if marked else paint.sheet,
            paint.ink if marked else paint.edge,
        )


def _draw_dot(image: Image.Image, base: int, paint: Paint) -> None:
    """The dot of the mark of the site, resting on the line."""
    dot = Image.new("RGB", (132, 132), paint.wall)
    ImageDraw.Draw(dot).ellipse((0, 0, 131, 131), paint.lead)
    image.paste(dot.reduce(3), (WIDTH - EDGE_X - 44, base - 45))


def _draw_facts(canvas: ImageDraw.ImageDraw, sheet: Sheet, base: int, fonts: Fonts, paint: Paint) -> None:
    """Below the line: award and year, the unit, the name of the site."""
    x = EDGE_X
    if sheet.award:
        font = fonts.title.sized(36)
        wide = font.getlength(sheet.award) + 44
        frame = (x, base + 24, x + wide, base + 80)
        if sheet.rank == 0:
            canvas.rectangle(frame, paint.lead)
        else:
            canvas.rectangle(frame, None, paint.lead, 4 if sheet.rank == 1 else 3)
        if sheet.rank == 1:
            canvas.rectangle((frame[0] + 7, frame[1] + 7, frame[2] - 7, frame[3] - 7), None, paint.lead, 1)
        middle = (x + wide / 2, base + 52)
        canvas.text(middle, sheet.award, paint.on_lead if sheet.rank == 0 else paint.lead, font, anchor="mm")
        x += round(wide) + 28
    if sheet.kicker:
        words = cut(sheet.kicker, fonts.title.sized(36).getlength, 660 - x)
        canvas.text((x, base + 52), words, paint.ink, fonts.title.sized(36), anchor="lm")
    if sheet.unit:
        font = fonts.text.sized(30)
        canvas.text((EDGE_X, base + 114), cut(sheet.unit, font.getlength, WHOLE), paint.ink, font, anchor="lm")
    font = fonts.text.sized(24)
    _draw_mark(canvas, EDGE_X, HEIGHT - 55, paint)
    note = "　示例数据" if sheet.sample and "示例" not in sheet.site else ""
    words = cut(sheet.site, font.getlength, WHOLE - 48 - font.getlength(note)) + note
    canvas.text((EDGE_X + 44, HEIGHT - 40), words, paint.ink_2, font, anchor="lm")


def _draw_mark(canvas: ImageDraw.ImageDraw, x: int, y: int, paint: Paint) -> None:
    """The mark of the site, 30 x 30."""
    canvas.rectangle((x, y, x + 30, y + 30), paint.wall, paint.ink, 2)
    canvas.rectangle((x + 2, y + 20, x + 28, y + 28), paint.tone)
    canvas.rectangle((x, y + 19, x + 30, y + 20), paint.ink)
    canvas.ellipse((x + 14, y + 7, x + 25, y + 18), paint.lead)
