"""The printed documents of a round as files: names and bytes. The one way in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from generator.printing.award_list import list_context
from generator.printing.award_list_docx import list_docx
from generator.printing.certificates import certificates_context
from generator.printing.fonts import FontFiles, find_fonts
from generator.printing.pictures import PrintPictures
from generator.printing.selection import Selection, chosen, select
from generator.printing.typeset import House, Typesetter
from generator.printing.words import stamp_of
from generator.printing.yearbook import yearbook_context
from generator.records.library import Library, shown_name

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

    def award_list(self, forms: Sequence[str] = ("docx", "pdf")) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of the list in each of `forms`."""
        context = list_context(self.selection)
        name = f"{self.year}-{self.selection.scheme.words.awarded}名单"
        if "docx" in forms:
            yield f"{name}.docx", list_docx(context, self._day)
        if "pdf" in forms:
            yield from self._pdfs("list", [(f"{name}.pdf", context, {})])

    def certificates(self, ids: Sequence[str] = (), *, separate: bool = False) -> Iterator[tuple[str, bytes]]:
        """One file with a page for each of the cases `ids` (all without ids), or a file each where `separate`."""
        cases = chosen(self.selection, ids)
        if separate:
            named = [(f"{self.year}-证书/{case.id}.pdf", [case]) for case in cases]
        else:
            named = [(f"{self.year}-证书.pdf", cases)]
        documents = ((name, *certificates_context(self.selection, group)) for name, group in named)
        yield from self._pdfs("certificate", documents)

    def yearbook(self) -> Iterator[tuple[str, bytes]]:
        """The yearbook as one file."""
        pictures = PrintPictures(self.library, self.options.cache, self.options.jobs)
        yield from self._pdfs("yearbook", [(f"{self.year}-年鉴.pdf", *yearbook_context(self.selection, pictures))])

    @property
    def _day(self) -> date:
        """The day in the properties of a file, which must have one."""
        return self.selection.day or stamp_of(self.selection.round)

    def _pdfs(
        self, template: str, documents: Iterable[tuple[str, Any, dict[str, bytes]]]
    ) -> Iterator[tuple[str, bytes]]:
        """Name and PDF of each of `documents`: name, context, pictures."""
        fonts = find_fonts(self.house.folder)
        with Typesetter(self.house, fonts) as typesetter:
            for name, context, files in documents:
                self._look_for_glyphs(fonts, context)
                yield name, typesetter.pdf(template, context, self._day, files)

    def _look_for_glyphs(self, fonts: FontFiles, context: Any) -> None:
        unseen = fonts.without_glyph(msgspec.json.encode(context).decode())
        if unseen:
            listed = "、".join(f"{character}（U+{ord(character):04X}）" for character in unseen[:20])
            self.warnings.append(
                f"字体里没有这些字，印出来是空框：{listed}；请把有这些字的字体放进 {self.house.shown}/fonts"
            )
