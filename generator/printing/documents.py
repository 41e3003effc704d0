"""The printed documents of a round as files: names and bytes. The one way in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from generator.library import Library, shown_name
from generator.model import Entry
from generator.printing.award_list import list_context
from generator.printing.award_list_docx import list_docx
from generator.printing.certificates import certificates_context
from generator.printing.fonts import FontFiles, find_fonts
from generator.printing.pictures import PrintPictures
from generator.printing.selection import Selection, chosen, select
from generator.printing.typeset import House, Typesetter
from generator.printing.words import stamp_of
from generator.printing.yearbook import yearbook_context

HOUSE = "print"


@dataclass
class PrintOptions:
    """What the documents of a round need beside the library.

    site: public address of the site. day: that the documents bear; without one they leave it to be filled in.
    base: folder that names in messages are relative to. cache: folder of the copies of pictures.
    """

    base: Path
    cache: Path
    site: str = ""
    day: date | None = None
    jobs: int = 1


@dataclass
class Press:
    """Makes the documents of one round. warnings: what does not stop them, for a person to read."""

    library: Library
    year: int
    options: PrintOptions
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.selection: Selection = select(self.library, self.year, self.options.day, self.options.site)
        house = self.library.folder / HOUSE
        self.house = House(house, shown_name(house.resolve(), self.options.base.resolve()))
        self._fonts: FontFiles | None = None

    def award_list(self, forms: Sequence[str] = ("docx", "pdf")) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of the list in each of `forms`."""
        context = list_context(self.selection)
        for form in forms:
            content = list_docx(context, self._day()) if form == "docx" else self._pdf("list", context)
            yield f"{self.year}-获奖名单.{form}", content

    def certificates(self, ids: Sequence[str] = (), *, separate: bool = False) -> Iterator[tuple[str, bytes]]:
        """One file with a page for each of the cases `ids` (all without ids), or a file each where `separate`."""
        cases = chosen(self.selection, ids)
        groups: list[list[Entry]] = [[case] for case in cases] if separate else [cases]
        for group in groups:
            context, files = certificates_context(self.selection, group)
            name = f"{self.year}-证书/{group[0].id}.pdf" if separate else f"{self.year}-证书.pdf"
            yield name, self._pdf("certificate", context, files)

    def yearbook(self) -> Iterator[tuple[str, bytes]]:
        """The yearbook as one file."""
        pictures = PrintPictures(self.library, self.options.cache, self.options.jobs)
        context, files = yearbook_context(self.selection, pictures)
        yield f"{self.year}-年鉴.pdf", self._pdf("yearbook", context, files)

    def _day(self) -> date:
        """The day in the properties of a file, which must have one."""
        return self.selection.day or stamp_of(self.selection.round)

    def _pdf(self, template: str, context: Any, files: dict[str, bytes] | None = None) -> bytes:
        if self._fonts is None:
            self._fonts = find_fonts(self.house.folder)
        unseen = self._fonts.without_glyph(msgspec.json.encode(context).decode())
        if unseen:
            listed = "、".join(f"{character}（U+{ord(character):04X}）" for character in unseen[:20])
            self.warnings.append(
                f"字体里没有这些字，印出来是空框：{listed}；请把有这些字的字体放进 {self.house.shown}/fonts"
            )
        return Typesetter(self.house, self._fonts).pdf(template, context, self._day(), files)
