"""Printed documents of sample libraries, and of a small library with everything that is hard to print."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result

from generator.cli import caselib
from generator.printing.documents import Press, PrintOptions
from generator.reading import read_library
from generator.records.library import Library
from tests.conftest import LibraryFolder
from tests.samples import write_library

EXAMPLES = Path(__file__).parents[2] / "examples"
SITE = "https://example.org/awards/"

# Titles that a typesetter could take for its own signs, or that do not fit a line.
HARD = {
    "2023-00001": "#set $x^2$ *粗* _斜_ <标记> @引用 ``码`` \\alpha ~ // 注 /* 注 */ -- 'a' \"b\" [c] {d}",
    "2023-00002": "长" * 200,
    "2023-00003": "装置" + "Supercalifragilistic" * 5 + "A" * 20,
    "2023-00004": "1.第一 = 不是列表 + 也不是 / 标题 % `",
    "2023-00005": "带表情🎉的装置",
    "2023-00006": "《一种》装置（SNP 分子标记）——“一体”化、#3/4机、+700水平",
}


def squeezed(text: str) -> str:
    """`text` without white space: lines of a page break where they must."""
    return re.sub(r"\s+", "", text)


def pages_of(content: bytes, margin: float = 0) -> list[str]:
    """The words of each page of a PDF without white space; without heads and feet where `margin` (points) is given."""
    found = []
    for page in pypdfium2.PdfDocument(content):
        width, height = page.get_size()
        words = page.get_textpage().get_text_bounded(0, margin, width, height - margin)
        found.append(squeezed(words))
    return found


def text_of(content: bytes, margin: float = 0) -> str:
    """The words of a PDF, page after page."""
    return "".join(pages_of(content, margin))


def read(cases: Path) -> Library:
    library, found = read_library(cases)
    assert library is not None, [d.text() for d in found]
    return library


def press_of(library: Library, year: int, cache: Path, **options: object) -> Press:
    chosen = {"base": library.folder.parent, "cache": cache, "site": SITE, **options}
    return Press(library, year, PrintOptions(**chosen))  # type: ignore[arg-type]


@pytest.fixture(scope="session", params=["chongqing", "jiangxi", "xinjiang"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Press:
    """The press of a round of 60 sample records of one organiser, some with pictures."""
    folder = tmp_path_factory.mktemp(request.param)
    scheme = None if request.param == "chongqing" else EXAMPLES / request.param / "scheme.yml"
    library = read(write_library(folder, 60, scheme=scheme, pictures=True))
    return press_of(library, max(entry.year for entry in library.public), folder / "cache")


def write_hard(folder: LibraryFolder) -> None:
    """Records with hard titles and texts, and records of every other state."""
    for case_id, title in HARD.items():
        folder.record(case_id, title="'" + title.replace("'", "''") + "'")
    folder.record(
        "2023-00007",
        "body:\n"
        "  background: |\n"
        "    第一段有 **粗体**、*强调*、`#let x = 1`、~~删去~~ 和[链接](https://example.org/a_b)。\n"
        "    同一段的第二行 #sym.arrow $y$。\n\n"
        "    ### 小标题\n\n"
        "    - 甲\n    - 乙\n      1. 内一\n      2. 内二\n\n"
        "    > 引文\n\n"
        "    ```\n    if (a < b) { #x }\n    ```\n\n"
        "    | 项 | 数 |\n    |:--|--:|\n    | 温度 | 40 |\n\n"
        "    ---\n\n    末段。\n"
        "patents:\n  - {number: ZL202210000000.0, kind: 实用新型专利}\n"
        "changes:\n  - {date: 2023-10-01, what: 改正单位名称}\n",
        title="有正文的装置",
        summary="一句话的简介",
    )
    folder.record("2023-00008", title="没有单位和完成人的装置", unit="", people="")
    folder.record("2023-00011", title="撤销的装置", status="revoked", unit="撤销的单位")
    folder.record("2023-00012", title="公示的装置", status="notice", unit="公示的单位")
    folder.record("2023-00013", title="推荐的装置", status="nominated", unit="推荐的单位")


@pytest.fixture
def hard(library: LibraryFolder) -> LibraryFolder:
    write_hard(library)
    return library


@pytest.fixture
def run(library: LibraryFolder, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `caselib print` in the folder of the library."""
    monkeypatch.chdir(library.base)
    return lambda *arguments: CliRunner().invoke(caselib, ["print", *arguments])
