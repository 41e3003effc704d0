"""The machine's own pages in a real Chromium, by touch, at the sizes of the screens."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from generator.kiosk.machine.gate import FREE_TRIES
from generator.kiosk.machine.pin import hash_pin
from tests.kiosk.server.parts import Machinery, Shown, Staff

PIN = "482916"
SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080), "large": (3840, 2160)}


@pytest.fixture
def screen(staff: Staff, tmp_path: Path) -> Iterator[Shown]:
    staff.put("aaaa0001")
    machinery = Machinery(tmp_path / "machine", staff.root, staff.folder.path, pin=hash_pin(PIN))
    machinery.look()
    shown = Shown(machinery)
    shown.screen.versions.swap(shown.screen.versions.ready)
    shown.screen.versions.confirm()
    with shown.served():
        yield shown


@contextlib.contextmanager
def touched(browser: Browser, shown: Shown, size: str = "portrait", path: str = "/-/technician") -> Iterator[Page]:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
    page.goto(f"{shown.server.address}{path.lstrip('/')}")
    yield page
    context.close()
    assert wrong == []


def enter(page: Page, pin: str = PIN) -> None:
    for digit in pin:
        page.tap(f"[data-key='{digit}']")
    page.tap("[data-key=enter]")


@pytest.mark.parametrize("size", SIZES)
def test_the_pin_by_touch_opens_the_overview_which_fits_the_screen(browser, screen, size):
    with touched(browser, screen, size) as page:
        for box in (button.bounding_box() for button in page.locator("button:visible, header a").all()):
            assert min(box["width"], box["height"]) >= 50
        enter(page)
        page.wait_for_selector("#overview:not([hidden])")
        facts = page.inner_text("#facts")
        assert "试验协会，3 项，2023.1" in facts and "aaaa0001（2026-11-01" in facts
        assert page.inner_text("#status") == "一切正常"
        across = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert across
        assert page.locator("#pad").is_hidden()


def test_both_states_are_accessible(browser, screen):
    with touched(browser, screen) as page:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        enter(page)
        page.wait_for_selector("#overview:not([hidden])")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_a_wrong_pin_is_said_and_too_many_make_wait(browser, screen):
    with touched(browser, screen) as page:
        for _ in range(FREE_TRIES - 1):
            enter(page, "000001")
            expect(page.locator("#refusal")).to_have_text("PIN 不对")
        enter(page, "000001")
        expect(page.locator("#refusal")).to_contain_text("输错次数太多")
        assert page.locator("[data-key='1']").is_disabled()


def test_the_buttons_act_and_say_so(browser, screen):
    with touched(browser, screen) as page:
        enter(page)
        page.wait_for_selector("#overview:not([hidden])")
        page.tap("[data-act=restart-browser]")
        expect(page.locator("#done")).to_have_text("重新启动浏览器：已安排")
        assert screen.screen.restarts == 1
        page.tap("[data-act=check-updates]")
        expect(page.locator("#done")).to_have_text("现在看更新：已安排")
        assert screen.screen.wanted_check


def test_the_page_keeps_the_watchdog_quiet_and_holds_back_a_swap(browser, screen):
    with touched(browser, screen) as page:
        page.wait_for_timeout(300)
        assert screen.screen.heartbeats.last.phase == "technician"


def test_the_page_leaves_by_itself_and_by_its_button(browser, screen):
    with touched(browser, screen) as page:
        page.clock.install()
        page.reload()
        page.clock.run_for(50_000)
        page.wait_for_url(screen.server.address)
    with touched(browser, screen) as page:
        enter(page)
        page.wait_for_selector("#overview:not([hidden])")
        page.tap("header a")
        page.wait_for_url(screen.server.address)
        page.goto(f"{screen.server.address}-/technician")
        page.wait_for_timeout(300)
        assert page.locator("#pad").is_visible()


def test_the_page_that_waits_leads_to_technicians_by_five_taps_and_to_the_content_once_it_is_there(
    browser, staff, tmp_path
):
    machinery = Machinery(tmp_path / "empty", staff.root, staff.folder.path)
    with Shown(machinery).served() as shown:
        with touched(browser, shown, path="/") as page:
            for _ in range(5):
                page.tap("#corner")
            page.wait_for_url("**/-/technician")
        with touched(browser, shown, path="/") as page:
            assert "展示准备中" in page.inner_text("main")
            staff.put("aaaa0001")
            machinery.look()
            shown.screen.versions.swap(shown.screen.versions.ready)
            expect(page).to_have_title("aaaa0001", timeout=15_000)
