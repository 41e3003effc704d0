"""Turns .doc, .odt and .rtf into .docx with LibreOffice, where this machine has it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.importers.safe_files import UnreadableFileError

TIMEOUT = 120
_NAMES = {"doc": "旧版 Word（.doc）", "odt": "OpenDocument（.odt）", "rtf": "RTF"}


def office() -> str | None:
    """The program of LibreOffice, None where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@contextmanager
def as_docx(path: Path, kind: str) -> Iterator[Path]:
    """A .docx with what the file at `path` holds, for as long as the context lasts. Raises UnreadableFileError."""
    program = office()
    advice = "请用 Word 或 WPS 打开它，选「另存为」，类型选「Word 文档（*.docx）」，再导入"
    if kind == "pdf":
        raise UnreadableFileError(
            f"是 PDF，读不出表格的格子；请用原来的 Word 文件，或在 Word 中打开 PDF 后{advice[17:]}"
        )
    if program is None:
        raise UnreadableFileError(f"是{_NAMES[kind]}文件；{advice}")
    with tempfile.TemporaryDirectory(prefix="caselib-") as folder:
        source = Path(folder) / f"source.{kind}"
        shutil.copyfile(path, source)
        command = [program, f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(source)]
        try:
            subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
        except (subprocess.TimeoutExpired, OSError):
            raise UnreadableFileError(f"是{_NAMES[kind]}文件，LibreOffice 没能转换；{advice}") from None
        made = source.with_suffix(".docx")
        if not made.exists():
            raise UnreadableFileError(f"是{_NAMES[kind]}文件，LibreOffice 没能转换；{advice}")
        yield made
