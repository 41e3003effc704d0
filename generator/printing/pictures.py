"""Pictures and codes of printed documents, as files by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.media.copies import PictureError
from generator.media.library import KnownFile, MediaLibrary, SiteFile
from generator.pages.qr import qr_code
from generator.printing.contexts import Picture
from generator.printing.errors import PrintError
from generator.printing.typeset import MADE
from generator.records.library import Library
from generator.records.model import Entry
from generator.urls import case_url

# Enough for half the width of a page at 200 dots an inch.
ENOUGH = 700


class PrintPictures:
    """The small copies of the pictures of cases, shared with the site through the cache."""

    def __init__(self, library: Library, cache: Path, jobs: int = 1) -> None:
        self.media = MediaLibrary(library, cache, jobs)
        self.files: dict[str, bytes] = {}

    def prepare(self, cases: Sequence[Entry]) -> None:
        """Reads the copies of the pictures of `cases`. Raises PrintError for a damaged picture."""
        ids = {case.id for case in cases if case.pictures}
        chosen: dict[str, SiteFile] = {}
        for file in self.media.files() if ids else ():
            if file.suffix == "jpg" and file.source.parent.name in ids:
                known = chosen.get(file.digest)
                if known is None or (known.width < ENOUGH and file.width > known.width):
                    chosen[file.digest] = file
        try:
            self.media.prepare(list(chosen.values()), kinds=("jpg",))
        except PictureError as error:
            raise PrintError(str(error)) from None
        self.files = {_name(digest): self.media.content(file) for digest, file in chosen.items()}

    def of(self, case_id: str) -> list[Picture]:
        """The pictures of a case that was prepared, in the order of its record; videos are not printed."""
        case = self.media.known.get(case_id)
        return [self._picture(file) for file in case.files if not file.is_video] if case else []

    @staticmethod
    def _picture(file: KnownFile) -> Picture:
        return Picture(_name(file.digest), file.caption, file.alt, file.width, file.height)


def _name(digest: str) -> str:
    return f"{MADE}/pictures/{digest}.jpg"


def code_of(site: str, case_id: str) -> tuple[str, str, bytes]:
    """Address of the page of a case, name of the picture of its code, and the picture (SVG)."""
    address = f"{site.rstrip('/')}/{case_url(case_id)}"
    drawn = qr_code(address)
    if not drawn:
        raise PrintError(f"网站的公开网址太长，放不进二维码：{site[:60]}……")
    svg = str(drawn).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return address, f"{MADE}/codes/{case_id}.svg", svg.encode()
