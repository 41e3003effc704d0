"""What other organisers' schemes add to the site, for everyone: rankings, batches, what a round called for, terms that
were renamed, merged or split; and the three libraries' own pages of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from generator.reading import read_library
from generator.site import BuildOptions, build_site
from tests.browser.shots import context_of, pages_of, served
from tests.browser.test_theme import ALL, SHORTEN, overflow, violations, watch
from tests.conftest import LibraryFolder
from tests.samples import write_library
from tests.test_concordance import CHANGED
from tests.test_xinjiang import ripened

ROOT = Path(__file__).parents[2]


def built(base: Path) -> Path:
    library, found = read_library(base / "cases", base, cache=base / "cache")
    assert library is not None, [d.text() for d in found if d.is_error]
    build_site(library, BuildOptions(base / "site", [ROOT / "theme"], base / "cache"))
    return (base / "site").resolve()


def changed(base: Path) -> Path:
    """A library whose terms changed."""
    library = LibraryFolder(base)
    library.write("scheme.yml", CHANGED)
    terms = [("2023", "机械/电机"), ("2023", "其他"), ("2024", "综合"), ("2025", "机械"), ("2026", "综合类")]
    for number, (year, name) in enumerate(terms, 1):
        library.record(f"{year}-{number:05d}", field=name, place="南山区", kind="发明")
    return built(base)


def xinjiang(base: Path) -> Path:
    write_library(base, 90, scheme=ripened())
    return built(base)


def jiangxi(base: Path) -> Path:
    write_library(base, 60, scheme=ROOT / "examples/jiangxi/scheme.yml")
    return built(base)


OWN = {
    changed: ["fields/general.html", "fields/machinery.html", "fields/index.html", "years/2023.html", "search.html"],
    xinjiang: ["rankings/units/index.html", "rankings/units/2022-01.html", "batches/index.html", "batches/2022-1.html"],
    jiangxi: ["cities/index.html", "industries/mining.html"],
}


@pytest.fixture(scope="module", params=list(OWN), ids=lambda make: make.__name__)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A site, and the addresses to look at: its own pages, and one of each kind."""
    folder = request.param(tmp_path_factory.mktemp("site"))
    kinds = pages_of(folder)
    wanted = {"home", "year", "years", "case", "search"} if request.param is not changed else {"case-bare"}
    return folder, [*OWN[request.param], *(kinds[kind] for kind in sorted(wanted) if kind in kinds)]


@pytest.mark.parametrize("width", ["390", "1440"])
def test_every_new_kind_of_page_is_for_everyone(site, browser: Browser, width: str) -> None:
    folder, addresses = site
    with served(folder) as base:
        context = context_of(browser, width, "light")
        page = context.new_page()
        faults = watch(page)
        for address in addresses:
            page.goto(base + address, wait_until="load")
            page.evaluate(SHORTEN)
            assert violations(page, ALL) == [], address
            assert overflow(page) <= 0, address
        context.close()
        assert faults == []


def test_rankings_and_notes_on_terms_are_there_without_a_script(site, browser: Browser) -> None:
    folder, addresses = site
    with served(folder) as base:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        for address in addresses:
            page.goto(base + address)
            assert page.locator("h1").count() == 1, address
            if address.startswith("rankings/") and not address.endswith("index.html"):
                assert page.locator(".case-ranking tbody tr").count() > 0
            if address in ("fields/general.html", "fields/machinery.html"):
                assert page.locator(".case-history a").first.is_visible()
        context.close()
