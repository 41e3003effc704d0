"""Chinese text in a picture: fonts of the system, lines broken by the rules of Chinese typesetting, sizes that fit."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

# Song for titles, a sans for the rest: files as distributions and systems name them, the best first.
TITLE_FONTS = (
    "NotoSerifCJK-Bold.ttc", "NotoSerifCJKsc-Bold.otf", "NotoSerifSC-Bold.otf", "NotoSerifSC-Bold.ttf",
    "SourceHanSerif-Bold.ttc", "SourceHanSerifSC-Bold.otf", "Songti.ttc",
)  # fmt: skip
TEXT_FONTS = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf",
    "SourceHanSans-Regular.ttc", "SourceHanSansSC-Regular.otf", "PingFang.ttc", "msyh.ttc", "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
)  # fmt: skip
FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/System/Library/Fonts", "/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip

# Closing marks never begin a line, opening marks never end one.
NO_START = frozenset("，。、；：？！…—～·）》」』】〉〕］｝”’％‰℃°,.;:?!)]}%ー々")
NO_END = frozenset("（《「『【〈〔［｛“‘([{￥$#")
ELLIPSIS = "…"

_TOKEN = re.compile(r"[!-~\u00a1-\u024f]+|\s+|.", re.DOTALL)

Measure = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font: a file and the number of a face in it."""

    path: str
    face: int = 0

    def sized(self, size: int) -> ImageFont.FreeTypeFont:
        return _sized(self.path, self.face, size)


@cache
def _sized(path: str, face: int, size: int) -> ImageFont.FreeTypeFont:
    # The basic layout is part of Pillow: the same glyphs at the same places whatever the system has for shaping.
    return ImageFont.truetype(path, size, face, layout_engine=ImageFont.Layout.BASIC)


@dataclass(frozen=True, slots=True)
class Fonts:
    """The two fonts of a picture."""

    title: FontFile
    text: FontFile

    def digest(self) -> bytes:
        """Of the font files: of their beginnings, where a checksum of every table stands, and their lengths."""
        digest = hashlib.sha256()
        for font in (self.title, self.text):
            with open(font.path, "rb") as stream:
                digest.update(f"{font.face} {os.fstat(stream.fileno()).st_size}".encode() + stream.read(65_536))
        return digest.digest()


def find_fonts(folders: Iterable[str] = FOLDERS) -> Fonts | None:
    """The Chinese fonts of this machine; None where it has none."""
    found: dict[str, str] = {}
    for folder in folders:
        for home, _, names in os.walk(Path(folder).expanduser()):
            for name in names:
                found.setdefault(name, os.path.join(home, name))
    title, text = (next((found[n] for n in names if n in found), None) for names in (TITLE_FONTS, TEXT_FONTS))
    chosen = [path for path in (title or text, text or title) if path]
    return Fonts(*(FontFile(path, _simplified_face(path)) for path in chosen)) if chosen else None


def _simplified_face(path: str) -> int:
    """Number of the face for simplified Chinese in a collection, 0 where none says so."""
    for face in range(12 if path.endswith(".ttc") else 0):
        try:
            family = _sized(path, face, 16).getname()[0] or ""
        except OSError:
            break
        if family.endswith((" SC", " SC Bold")):
            return face
    return 0


def pieces(text: str) -> list[str]:
    """`text` cut where a line may end: between Chinese characters, never before a closing or after an opening mark."""
    found: list[str] = []
    for token in _TOKEN.findall(" ".join(text.split())):
        if found and not token.isspace() and (token[0] in NO_START or found[-1][-1] in NO_END):
            found[-1] += token
        else:
            found.append(token)
    return found


def wrap(text: str, measure: Measure, width: float) -> list[str]:
    """The lines of `text`, each at most `width` long; a word that is longer is cut anywhere."""
    lines = [""]
    length = 0.0
    for piece in pieces(text):
        wide = measure(piece)
        if lines[-1] and length + wide > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
            length = 0.0
            if piece.isspace():
                continue
        while wide > width and len(piece) > 1:
            count = _count(piece, measure, width)
            lines[-1] = piece[:count]
            lines.append("")
            piece = piece[count:]
            wide = measure(piece)
        lines[-1] += piece
        length += wide
    return [line for line in (line.strip() for line in lines) if line]


def _count(word: str, measure: Measure, width: float) -> int:
    """How many characters of `word` go into `width`, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(word[:middle]) <= width else (low, middle - 1)
    return low


def balanced(text: str, measure: Measure, width: float) -> list[str]:
    """The lines of `text` in as few lines as `wrap` needs, but of about equal length: no last line of one character."""
    lines = wrap(text, measure, width)
    if len(lines) < 2:
        return lines
    low, high = width / 2, width
    while high - low > 4:
        middle = (low + high) / 2
        if len(wrap(text, measure, middle)) > len(lines):
            low = middle
        else:
            high = middle
    return wrap(text, measure, high)


def cut(text: str, measure: Measure, width: float) -> str:
    """`text` on one line, with an ellipsis where it is too long."""
    if measure(text) <= width:
        return text
    text = text[: _count(text, lambda part: measure(part + ELLIPSIS), width)]
    return text.rstrip("".join(NO_START | NO_END) + " ") + ELLIPSIS


@dataclass(frozen=True, slots=True)
class Fit:
    """A size of type to try: size and height of a line in pixels, room for the lines."""

    size: int
    line: int
    width: float
    height: float


def fitted(text: str, font: FontFile, fits: Sequence[Fit]) -> tuple[Fit, list[str]]:
    """The first of `fits` into which `text` goes, and its lines; the last one cuts the text with an ellipsis."""
    for fit in fits:
        measure = font.sized(fit.size).getlength
        most = int(fit.height // fit.line)
        lines = wrap(text, measure, fit.width)
        if len(lines) <= most:
            return fit, balanced(text, measure, fit.width)
    kept = lines[:most]
    kept[-1] = cut("".join(lines[most - 1 :]), measure, fit.width)
    return fit, kept
