"""Exports of sample libraries of three organisers, and of a small library with everything that is special."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import apsw
import pytest

from generator.exports.datapackage import Licence
from generator.exports.jobs import ExportOptions, write_exports
from generator.reading import read_library
from generator.records.library import Library
from generator.views import Views
from tests.conftest import LibraryFolder
from tests.samples import write_library

EXAMPLES = Path(__file__).parents[2] / "examples"
SITE = "https://example.org/awards/"
LICENCE = Licence("CC-BY-4.0", "知识共享 署名 4.0", "https://creativecommons.org/licenses/by/4.0/deed.zh-hans")


@dataclass(frozen=True)
class Exported:
    """A library and the folder that holds its exports. written: digest by path."""

    library: Library
    views: Views
    folder: Path
    written: dict[str, bytes]

    @property
    def database(self) -> apsw.Connection:
        return apsw.Connection(str(self.folder / "data/cases.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)

    def text(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")


def export(library: Library, folder: Path, **options: object) -> Exported:
    """Writes all exports of `library` below `folder`."""
    views = Views(library)
    chosen = ExportOptions(**{"site": SITE, "version": "2023.1", "licence": LICENCE, **options})  # type: ignore[arg-type]
    return Exported(library, views, folder, dict(write_exports(library, views, folder, chosen)))


def read(cases: Path) -> Library:
    library, found = read_library(cases)
    assert library is not None, [d.text() for d in found]
    return library


@pytest.fixture(scope="session", params=["chongqing", "jiangxi", "xinjiang"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """150 sample records of one organiser, exported."""
    folder = tmp_path_factory.mktemp(request.param)
    scheme = None if request.param == "chongqing" else EXAMPLES / request.param / "scheme.yml"
    library = read(write_library(folder, 150, scheme=scheme))
    return export(library, folder / "site", cache=folder / "cache")


def write_special(folder: LibraryFolder) -> None:
    """Records of every state, with corrections, texts that look like formulas, and signs that formats escape."""
    folder.record(
        "2023-00001", title="'+700水平巷道<改造> & “一体” \"化\"'", kind="发明", summary="'=HYPERLINK(1)，两行'"
    )
    folder.record(
        "2023-00002",
        "changes:\n"
        "  - {date: 2023-10-01, what: 改正单位名称, why: 原名有误}\n"
        "  - {date: 2023-11-05, what: 补充完成人}\n",
        title="输液架防倾倒底座",
        unit="西山县人民医院",
        award="甲等",
        place="西山县",
    )
    folder.record(
        "2023-00003",
        "changes:\n  - {date: 2024-01-08, what: 撤销奖项, why: 经查实不符合条件}\nsummary: 撤销的简介不再公开\n",
        title="被撤销的项目",
        status="revoked",
    )
    folder.record("2024-00001", title="只被推荐的项目", status="nominated")
    folder.record("2024-00002", title="正在公示的项目", status="notice")
    folder.record(
        "2024-00010",
        "body:\n  background: |\n    -1 开头的一段，含 _x0041_ 与 \\<b\\>。\n\n    第二段。\n"
        "patents:\n  - {number: ZL202210000000.0, kind: 实用新型专利, date: 2022-03-04}\n",
        title="２５０４综采@工作面",
        unit="东山县第一小学",
    )


@pytest.fixture(scope="session")
def special(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The small library with everything that is special, exported."""
    folder = LibraryFolder(tmp_path_factory.mktemp("special"))
    write_special(folder)
    return export(folder.library(), folder.base / "site")
