"""Typesets a document: a template, what it shows as data, pictures and fonts in; the bytes of a PDF out.

Texts reach a template as data and never as source: whatever signs they hold, they print as themselves.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Self

import msgspec
import typst

from generator.checking.diagnostics import Diagnostic
from generator.printing.errors import PrintError
from generator.printing.fonts import FontFiles

TEMPLATES = Path(__file__).with_name("templates")
# What is made for a document stands under these names; files of a house that bear them are left out.
MAIN, DATA, MADE = "main.typ", "data.json", "made"
_MAIN = b'#import "common.typ": page-of\n#import "%s.typ": pages\n#page-of(pages, json("data.json"))\n'
_PLACE = re.compile(r"┌─ (.+):(\d+):(\d+)\s*$", re.MULTILINE)
_ERROR = re.compile(r"^error: (.+)$", re.MULTILINE)
_PACKAGE = re.compile(r'(?:import|include)\s*\(?\s*"@')
# What the typesetter says most often, in the words of the staff.
_SAYINGS = (
    (re.compile(r"unknown variable: (\S+)"), r"没有名为「\1」的变量或函数"),
    (re.compile(r"unclosed delimiter"), "括号没有配对"),
    (re.compile(r"unexpected closing .*"), "多出一个右括号"),
    (re.compile(r"unclosed string"), "引号没有配对"),
    (re.compile(r"file not found .*"), "没有这个文件"),
    (re.compile(r"dictionary does not contain key \"(\S+)\".*"), r"数据里没有「\1」这一项"),
    (re.compile(r"expected (.+), found (.+)"), r"这里应当是 \1，却是 \2"),
    (re.compile(r"path .* would escape the project root"), "只能用印刷模板文件夹里的文件"),
)


@dataclass(frozen=True)
class House:
    """The organiser's own templates, pictures and fonts. shown: name of the folder, which may be absent, to people."""

    folder: Path
    shown: str

    def overrides(self, name: str) -> bool:
        return (self.folder / name).is_file()

    def entries(self) -> list[Path]:
        """Everything in it, by name."""
        return sorted(self.folder.resolve().iterdir()) if self.folder.is_dir() else []

    def files(self) -> list[Path]:
        """Its templates."""
        return [path for path in self.entries() if path.suffix == ".typ" and path.is_file()]


class Typesetter:
    """Makes documents with the templates of a house, while it is entered; the fonts are read once for all of them.

    Raises PrintError where a template has an error, with its place.
    """

    def __init__(self, house: House, fonts: FontFiles) -> None:
        self.house = house
        self.fonts = fonts

    def __enter__(self) -> Self:
        for path in self.house.files():
            self._refuse_packages(path)
        self._work = tempfile.TemporaryDirectory(prefix="caselib-print-")
        self.root, fonts, empty = (Path(self._work.name) / name for name in ("root", "fonts", "empty"))
        for folder in (self.root, fonts, empty):
            folder.mkdir()
        for number, font in enumerate(self.fonts.paths):
            (fonts / f"{number:03}{Path(font).suffix}").symlink_to(font)
        for path in (*self.house.entries(), *sorted(TEMPLATES.glob("*.typ"))):
            target = self.root / path.name
            if path.name not in (MAIN, DATA, MADE) and not target.exists():
                target.symlink_to(path)
        (self.root / MAIN).touch()
        self._compiler = typst.Compiler(
            self.root / MAIN,
            root=self.root,
            font_paths=[fonts],
            ignore_system_fonts=True,
            package_path=empty,
            package_cache_path=empty,
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._work.cleanup()

    def pdf(self, template: str, context: Any, day: date, files: Mapping[str, bytes] | None = None) -> bytes:
        """The PDF of `template`, dated `day`. files: pictures below MADE, by the names that `context` calls them."""
        made = {MAIN: _MAIN % template.encode(), DATA: msgspec.json.encode(context), **(files or {})}
        for name, content in made.items():
            target = self.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        stamp = datetime.combine(day, time(), tzinfo=UTC)
        try:
            pdf = self._compiler.compile(format="pdf", timestamp=stamp)
        except typst.TypstError as error:
            found = list(self._findings(str(error.diagnostic)))
            raise PrintError(*(diagnostic.text() for diagnostic in found)) from None
        assert isinstance(pdf, bytes)
        return pdf

    def _refuse_packages(self, path: Path) -> None:
        text = path.read_text("utf-8", errors="replace")
        match = _PACKAGE.search(text)
        if match is not None:
            line_no = text.count("\n", 0, match.start()) + 1
            column = match.start() - text.rfind("\n", 0, match.start())
            message, allowed = "模板引用了网上的包", '请把需要的文件放进同一个文件夹，用 #import "文件名.typ" 引用'
            finding = Diagnostic(f"{self.house.shown}/{path.name}", line_no, column, "template-error", message, allowed)
            raise PrintError(finding.text())

    def _findings(self, told: str) -> Iterator[Diagnostic]:
        """Each error that the typesetter told of, at its place in a file of the house or of the program."""
        starts = [match.start() for match in _ERROR.finditer(told)]
        for start, end in zip(starts, [*starts[1:], len(told)], strict=True):
            part = told[start:end]
            said = _ERROR.match(part)
            # The first place is where it went wrong; of a chain of calls, the last one in a file of the house.
            places = [(Path(m[1]).name, int(m[2]), int(m[3]) + 1) for m in _PLACE.finditer(part)]
            own = [place for place in places if self.house.overrides(place[0])]
            name, line_no, column = (own or places or [(MAIN, 1, 1)])[0]
            shown = f"{self.house.shown}/{name}" if self.house.overrides(name) else name
            message = f"印刷模板有误：{_in_words(said[1] if said else part)}"
            yield Diagnostic(shown, line_no, column, "template-error", message)


def _in_words(message: str) -> str:
    for pattern, words in _SAYINGS:
        if pattern.fullmatch(message):
            return pattern.sub(words, message)
    return message
