"""The fonts of printed documents: open ones that Debian packages, and those that the house adds.

Only these are given to the typesetter, so that what else is installed on a machine changes nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTCollection, TTFont, TTLibError

from generator.printing.errors import PrintError
from generator.sharing.text import FOLDERS

# Families that the templates name, with the package of Debian that has them.
NEEDED = {
    "Noto Serif CJK SC": "fonts-noto-cjk",
    "Noto Sans CJK SC": "fonts-noto-cjk",
    "LXGW WenKai": "fonts-lxgw-wenkai",
}
# Other scripts and signs; a document without them is complete.
WELCOME = ("DejaVu Sans", "Noto Color Emoji")
# The weights that the templates use; a family has more files than these.
WEIGHTS = (300, 400, 700)


@dataclass(frozen=True)
class FontFiles:
    """Files of fonts, and the families of the house that stand before the open ones."""

    paths: tuple[str, ...]

    def without_glyph(self, text: str) -> str:
        """The characters of `text` that none of the fonts can show, each once, in order."""
        known = [_characters(path) for path in self.paths]
        return "".join(sorted(c for c in set(text) if not _is_invisible(c) and not any(ord(c) in k for k in known)))


def find_fonts(house: Path, folders: Iterable[str] = FOLDERS) -> FontFiles:
    """The fonts of this machine that documents need, and all in `house`/fonts. Raises PrintError for missing ones."""
    own = sorted({str(font.path) for font in _fonts([house / "fonts"]) if font.path})
    found: dict[tuple[str, int, str], str] = {}
    places = [Path(folder).expanduser() for folder in folders]
    for font in sorted(_fonts(places), key=lambda font: str(font.path)):
        if font.path and font.family in (*NEEDED, *WELCOME) and font.weight in WEIGHTS and font.style == "normal":
            found.setdefault((font.family, font.weight, font.style), str(font.path))
    families = {family for family, *_ in found} | {font.family for font in _fonts([house / "fonts"])}
    missing = [family for family in NEEDED if family not in families]
    if missing:
        packages = " ".join(sorted({NEEDED[family] for family in missing}))
        names = "、".join(f"「{family}」" for family in missing)
        raise PrintError(
            f"这台机器没有印刷用的字体{names}；请安装：apt-get install {packages}，或者把字体文件放进 {house / 'fonts'}"
        )
    return FontFiles((*own, *sorted(set(found.values()))))


def _fonts(folders: Iterable[Path]) -> list[typst.FontInfo]:
    there = [str(folder.resolve()) for folder in folders if folder.is_dir()]
    if not there:
        return []
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=there).fonts()


def _is_invisible(character: str) -> bool:
    """Whether `character` needs no glyph: spaces, controls, joiners, selectors of variants."""
    kind = unicodedata.category(character)
    return kind[0] == "Z" or kind in ("Cc", "Cf") or "\ufe00" <= character <= "\ufe0f"


@cache
def _characters(path: str) -> frozenset[int]:
    """Codes of the characters that the font at `path` can show; none where it cannot be read."""
    found: set[int] = set()
    try:
        for font in _faces(path):
            found |= font.getBestCmap().keys()
    except (OSError, TTLibError, AttributeError):
        pass
    return frozenset(found)


def _faces(path: str) -> Iterator[TTFont]:
    if path.lower().endswith((".ttc", ".otc")):
        # The faces of a collection differ in forms, hardly in what they cover.
        yield TTCollection(path, lazy=True).fonts[0]
    else:
        yield TTFont(path, lazy=True)
