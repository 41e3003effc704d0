"""A showcase of made-up records, built once with the real command's parts and opened in real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from generator.kiosk.building import KioskOptions, build_kiosk
from generator.kiosk.settings import read_settings
from generator.reading import read_library
from tests.conftest import THEME
from tests.kiosk.shots import served
from tests.samples.library import write_library

SITE = "https://cases.example.org/"
SETTINGS = """\
screen: {width: 1080, height: 1920, diagonal: 55, lower_edge: 600}
idle: {after: 2, countdown: 2}
playlist: {count: 6, seconds: 4}
"""
# A case of which nothing but the list was published, and one that was revoked.
BARE, REVOKED = "2023-09001", "2023-09002"
RECORD = """\
id: {id}
title: {title}
year: 2023
district: 巫山县
award: {award}
{more}
sources: [{{title: 公告, address: "https://example.org/notice", date: 2023-09-02}}]
sample: true
"""
PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)


def build(base: Path, settings: str = SETTINGS) -> Path:
    """Builds the showcase of the library in `base`; its folder."""
    (base / "cases/kiosk.yml").write_text(settings, "utf-8")
    library, found = read_library(base / "cases", base, cache=base / "cache")
    assert library is not None, [d.text() for d in found]
    read, problems = read_settings(library, base)
    assert read is not None, [d.text() for d in problems]
    options = KioskOptions(base / "kiosk", [THEME], base / "cache", SITE)
    build_kiosk(library, read, options)
    return (base / "kiosk").resolve()


def write_sample(base: Path) -> None:
    write_library(base, 60, pictures=True)
    bare = RECORD.format(
        id=BARE, title="只有名称的项目", award="一等奖", more="unit: 巫山县人民医院\npeople: [{name: 张三, role: lead}]"
    )
    gone = RECORD.format(
        id=REVOKED,
        title="已撤销的项目",
        award="一等奖",
        more="status: revoked\nchanges: [{date: 2024-01-05, what: 撤销, why: 复核}]",
    )
    for case_id, text in ((BARE, bare), (REVOKED, gone)):
        (base / f"cases/2023/{case_id}.yml").write_text(text, "utf-8")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library with a built showcase."""
    base = tmp_path_factory.mktemp("kiosk")
    write_sample(base)
    build(base)
    return base


@pytest.fixture(scope="session")
def address(sample: Path) -> Iterator[str]:
    with served((sample / "kiosk").resolve()) as address:
        yield address


Opened = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def screen(browser: Browser, address: str) -> Opened:
    """Opens the showcase on a touch screen: a page whose errors, refused styles and outward requests fail the test."""

    @contextmanager
    def opened(size: tuple[int, int] = PORTRAIT, at: str = address, **options: Any) -> Iterator[Page]:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=True, reduced_motion="reduce", **options
        )
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: (
                wrong.append(said.text) if said.type == "error" and "/-/alive" not in said.location["url"] else None
            ),
        )
        page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith(at) else None)
        page.goto(at)
        page.wait_for_selector("html[data-ready=yes] .k-slide")
        yield page
        context.close()
        assert wrong == []

    return opened
