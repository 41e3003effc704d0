"""Small libraries written from inline text, checked and built with the real parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from generator.checking.diagnostics import Diagnostic
from generator.reading import read_library
from generator.records.library import Library
from generator.site import BuildOptions, build_site
from tests.browser.shots import launch

THEME = Path(__file__).parents[1] / "theme"

SCHEME = """\
name: 小库
programme: 试验活动
organiser: 试验协会
rounds:
  - {year: 2023, label: 第一届, announced: {award: {甲等: 2, 乙等: 3}}, notices: [{title: 通知, date: 2023-02-27}]}
  - {year: 2024}
dimensions:
  - key: kind
    label: 种类
    path: kinds
    need: complete
    terms:
      - {name: 发明, slug: invention, mark: kind-invention}
      - {name: 设计, slug: design}
  - key: field
    label: 类别
    path: fields
    need: complete
    terms:
      - {name: 机械/电机, slug: machinery, mark: cat-machinery}
      - {name: 其他, slug: other, aliases: [其它]}
  - key: place
    label: 地方
    path: places
    role: place
    need: required
    terms:
      - {name: 东山县, slug: dongshan, tile: [0, 0]}
      - {name: 西山县, slug: xishan, tile: [1, 0], aliases: [西山自治县]}
      - {name: 南山区, slug: nanshan, tile: [0, 1]}
  - key: award
    label: 奖项
    path: awards
    role: award
    need: required
    terms:
      - {name: 甲等, slug: first, mark: award-1}
      - {name: 乙等, slug: second, mark: award-2}
sections:
  - {key: background, label: 背景}
  - {key: solution, label: 办法}
private: [联系电话, 通讯地址]
"""

RECORD = """\
id: {id}
title: {title}
year: {year}
place: 东山县
award: 乙等
unit: 东山县第一小学
people:
  - {{name: 张三, role: lead, post: 教师}}
sources:
  - {{title: 公告, address: "https://example.org/{id}", date: 2023-09-02}}
"""


class LibraryFolder:
    """A library on disk that a test writes into."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.folder = base / "cases"
        self.cache = base / "cache"
        self.write("scheme.yml", SCHEME)

    def write(self, name: str, text: str | bytes) -> Path:
        """Writes a file below `cases/`."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def record(self, case_id: str = "2023-00001", text: str = "", **changes: str) -> Path:
        """Writes a valid record. changes: values that take the place of the usual ones ("" leaves the key out).

        text: further lines at the end.
        """
        year = case_id[:4]
        blocks = re.split(r"\n(?=\w)", RECORD.format(id=case_id, title="一种铅笔", year=year).strip())
        lines = {block.split(":")[0]: block for block in blocks}
        lines |= {key: f"{key}: {value}" for key, value in changes.items()}
        kept = [line for key, line in lines.items() if changes.get(key, "x")]
        return self.write(f"{year}/{case_id}.yml", "\n".join(kept) + "\n" + text)

    def read(self, jobs: int = 1) -> tuple[Library | None, list[Diagnostic]]:
        return read_library(self.folder, self.base, cache=self.cache, jobs=jobs)

    def check(self) -> list[Diagnostic]:
        """Findings without the ever-present warning that a test record is incomplete."""
        return [d for d in self.read()[1] if d.code != "incomplete"]

    def library(self) -> Library:
        library, found = self.read()
        assert library is not None, [d.text() for d in found]
        return library

    def build(self, jobs: int = 1, **options: Any) -> Path:
        """Builds the site of the library with the project's theme and returns its folder."""
        site = self.base / "site"
        build_site(self.library(), BuildOptions(output=site, theme=[THEME], cache=self.cache, jobs=jobs, **options))
        return site


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write the expected pages of tests/golden anew")
    parser.addoption("--power-cuts", type=int, default=10, help="how many power cuts the showcase has to survive")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process: two would not start in one."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def library(tmp_path: Path) -> LibraryFolder:
    """A folder with a scheme and no record."""
    return LibraryFolder(tmp_path)
