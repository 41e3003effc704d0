"""The showcase in real Chromium on a touch screen, as a visitor, an empty hall and a curious child use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.kiosk.content.conftest import BARE, LANDSCAPE, PORTRAIT, SETTINGS, build, write_sample
from tests.kiosk.shots import served

Opened = Callable[..., AbstractContextManager[Page]]
# A finger: 55 inches of 1080 x 1920 pixels.
MM = (1080**2 + 1920**2) ** 0.5 / (55 * 25.4)
PHASE = "document.documentElement.dataset.phase"
ONLY = {"resultTypes": ["violations"], "iframes": False}
# Fingers do not zoom here: text is large by itself, and two fingers would break the screen for the next visitor.
ALLOWED = {"meta-viewport", "meta-viewport-large"}


def wake(page: Page) -> None:
    page.touchscreen.tap(page.viewport_size["width"] / 2, 300)  # type: ignore[index]
    page.wait_for_selector("html[data-phase=visit]")


def tap(page: Page, selector: str) -> None:
    page.locator(selector).locator("visible=true").first.tap()


def press(page: Page, text: str) -> None:
    for key in text:
        page.locator(f'[data-skbtn="{key}"]').tap()


def open_case(page: Page, case_id: str) -> None:
    """Opens a case as a card of it would."""
    number = page.evaluate(
        """async id => {
          const start = await (await fetch(document.documentElement.dataset.start)).json()
          for (let chunk = 0; chunk * start.cards < start.total; chunk += 1) {
            const cards = await (await fetch(`${start.data}cards/${chunk}.json`)).json()
            const place = cards.findIndex(card => card.id === id)
            if (place >= 0) return chunk * start.cards + place
          }
        }""",
        case_id,
    )
    page.evaluate("n => { const b = document.querySelector('#k-feature'); b.dataset.open = n; b.click() }", number)
    page.wait_for_selector(".k-case-head")


def slow(page: Page) -> None:
    """Lets no idle time pass: a test that looks around for long is no visitor who left."""
    page.evaluate("setInterval(() => dispatchEvent(new WheelEvent('wheel')), 500)")


def test_a_touch_anywhere_opens_the_visit_with_the_case_that_was_seen(screen: Opened) -> None:
    with screen() as page:
        seen = page.locator(".k-slide h2 .k-hide").inner_text()
        wake(page)
        assert page.locator("#k-feature").inner_text().splitlines() == ["刚才看到的", seen]


def test_after_a_while_it_asks_then_returns_and_forgets(screen: Opened) -> None:
    with screen() as page:
        wake(page)
        tap(page, "[data-act=large]")
        tap(page, "[data-act=contrast]")
        tap(page, ".k-dock [data-go=search]")
        press(page, "dj")
        page.wait_for_selector("[data-all]")
        page.wait_for_selector("html[data-phase=countdown]", timeout=8000)
        assert page.locator("#k-left").inner_text() in ("1", "2")
        page.wait_for_selector("html[data-phase=attract]", timeout=8000)
        root = page.evaluate("({...document.documentElement.dataset})")
        assert (root["size"], root["theme"]) == ("normal", "light")
        wake(page)
        assert page.locator("[data-view=home]").is_visible()
        assert page.locator("[aria-pressed=true]").count() == 0
        tap(page, ".k-dock [data-go=search]")
        assert page.locator("#k-field").inner_text() == ""
        assert page.locator("[data-all]").count() == 0


def test_the_large_button_keeps_the_visit(screen: Opened) -> None:
    with screen() as page:
        wake(page)
        open_case(page, BARE)
        page.wait_for_selector("html[data-phase=countdown]", timeout=8000)
        page.locator("#k-stay").tap()
        assert page.evaluate(PHASE) == "visit"
        assert page.locator(".k-case-title").inner_text() == "只有名称的项目"


def test_a_case_with_a_title_alone_shows_who_where_and_its_award(screen: Opened) -> None:
    with screen() as page:
        wake(page)
        open_case(page, BARE)
        shown = page.locator("#k-case").inner_text()
        assert [word for word in ("一等奖", "张三", "巫山县人民医院", "巫山县") if word not in shown] == []
        assert "undefined" not in shown and "false" not in shown and "null" not in shown
        assert page.locator("#k-case .k-step").count() == 0


def test_letters_of_pinyin_and_initials_find_a_case_by_touch(screen: Opened) -> None:
    with screen() as page:
        wake(page)
        slow(page)
        tap(page, ".k-dock [data-go=search]")
        for typed in ("zymcdxm", "zhiyoumingchengdexiangmu"):
            press(page, typed)
            page.wait_for_selector(".k-candidate >> text=只有名称的项目")
            page.locator('[data-skbtn="{clear}"]').tap()
            page.wait_for_selector(".k-candidate[data-open]", state="detached")
        press(page, "zymcdxm")
        page.locator(".k-candidate[data-open]").first.tap()
        page.wait_for_selector(".k-case-head")
        assert page.locator(".k-case-title").inner_text() == "只有名称的项目"
        tap(page, "[data-act=back]")
        page.wait_for_selector("#k-search")
        assert page.locator("#k-field").inner_text() == "zymcdxm"


def test_three_screens_the_whole_text_the_code_and_the_way_back(screen: Opened) -> None:
    with screen() as page:
        wake(page)
        slow(page)
        tap(page, "#k-feature")
        page.wait_for_selector(".k-step")
        heads = []
        for step in range(page.locator(".k-step").count()):
            page.locator(".k-step").nth(step).tap()
            heads.append(page.locator("#k-case-say h3").inner_text())
        assert heads == ["遇到的问题", "想到的办法", "带来的变化"]
        tap(page, "[data-sheet=text]")
        assert len(page.locator("#k-sheet-body").inner_text()) > len(page.locator("#k-case-say").inner_text())
        tap(page, "[data-act=close]")
        tap(page, "[data-sheet=home]")
        code = page.locator(".k-take-code").inner_text()
        assert page.locator(".k-qr svg").count() == 1
        tap(page, "[data-act=back]")
        page.wait_for_selector("#k-sheet", state="hidden")
        tap(page, "[data-following]")
        page.wait_for_function("title => document.querySelector('.k-case-title')?.textContent !== title", arg=heads[0])
        tap(page, "[data-act=home]")
        page.wait_for_selector("[data-view=home]")
        assert len(code) == 10


def test_the_code_holds_the_address_of_the_case_on_the_public_site(screen: Opened) -> None:
    from io import BytesIO

    import zxingcpp
    from PIL import Image

    with screen() as page:
        wake(page)
        open_case(page, BARE)
        tap(page, "[data-sheet=home]")
        picture = Image.open(BytesIO(page.locator(".k-qr").screenshot()))
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [f"https://cases.example.org/cases/{BARE}.html"]


def test_every_way_to_look_leads_to_cases(screen: Opened) -> None:
    with screen() as page:
        wake(page)
        slow(page)
        for way, entry in (
            ("wall-category", ".k-term"),
            ("map", ".k-tile:enabled"),
            ("years", ".k-year:enabled"),
            ("problems", ".k-term"),
        ):
            tap(page, f"[data-go={way}]")
            tap(page, f"[data-view={way}] {entry}")
            page.wait_for_selector("#k-shelf .k-card")
            count = int(page.locator("#k-shelf-count").inner_text())
            assert 0 < page.locator("#k-shelf .k-card").count() <= min(count, 4)
            tap(page, "#k-shelf .k-card")
            page.wait_for_selector(".k-case-head")
            tap(page, "[data-act=home]")


def test_problems_are_not_offered_where_no_case_tells_any(browser: Browser, library: Any) -> None:
    library.record("2023-00001")
    folder = build(library.base)
    with served(folder) as address:
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("html[data-ready=yes]")
        assert page.locator("[data-go=problems]").count() == 0
        page.close()


SCREENS: dict[str, Callable[[Page], None]] = {
    "home": lambda page: None,
    "wall": lambda page: tap(page, "[data-go=wall-category]"),
    "map": lambda page: tap(page, "[data-go=map]"),
    "shelf": lambda page: (
        tap(page, "[data-go=years]"),
        tap(page, ".k-year:enabled"),
        page.wait_for_selector(".k-card"),
    )[0],
    "search": lambda page: (
        tap(page, ".k-dock [data-go=search]"),
        press(page, "dj"),
        page.wait_for_selector("[data-all]"),
    )[0],
    "case": lambda page: (tap(page, "#k-feature"), page.wait_for_selector(".k-step"))[0],
    "take": lambda page: (tap(page, "#k-feature"), tap(page, "[data-sheet=home]"))[0],
    "bare": lambda page: open_case(page, BARE),
}
# What a finger touches and where it is, in pixels of the page; what is scrolled out of sight is not touched.
TARGETS = """() => [...document.querySelectorAll("button")]
  .map(b => [b.textContent.trim(), b.getBoundingClientRect(), b])
  .filter(([, box, b]) => box.width && b.checkVisibility()
    && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.closest("button") === b)
  .map(([name, box]) => [name, box.width, box.height, box.bottom, box.top])"""


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_what_is_touched_is_as_large_as_a_finger_and_within_reach(
    screen: Opened, name: str, size: tuple[int, int]
) -> None:
    with screen(size) as page:
        wake(page)
        slow(page)
        SCREENS[name](page)
        targets = page.evaluate(TARGETS)
        assert len(targets) > 4
        small = [(what, wide / MM, high / MM) for what, wide, high, *_ in targets if min(wide, high) < 15 * MM - 0.5]
        assert small == []
        # The lower edge hangs 600 mm above the floor: what is touched lies from 380 to 1220 mm.
        high = [
            (what, 600 + (size[1] - top) / MM) for what, _, _, _, top in targets if 600 + (size[1] - top) / MM > 1225
        ]
        assert high == [] or (name == "case" and size == LANDSCAPE)


def test_the_dock_rises_where_the_screen_stands_on_the_floor(browser: Browser, tmp_path: Path) -> None:
    write_sample(tmp_path)
    folder = build(tmp_path, "screen: {width: 1080, height: 1920, diagonal: 55, lower_edge: 100}\n")
    with served(folder) as address:
        page = browser.new_page(viewport={"width": 1080, "height": 1920}, has_touch=True)
        page.goto(address)
        page.wait_for_selector("html[data-ready=yes] .k-slide")
        wake(page)
        bottom = page.locator(".k-dock button").first.evaluate("b => b.getBoundingClientRect().bottom")
        page.close()
    assert 100 + (1920 - bottom) / MM >= 379


def test_no_text_is_too_small_to_be_read_at_arm_s_length(screen: Opened) -> None:
    sizes = """() => [...document.querySelectorAll("main *")]
      .filter(e => e.checkVisibility() && !e.closest("svg, .k-hide")
      && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
      .map(e => [e.textContent.trim(), parseFloat(getComputedStyle(e).fontSize)])"""
    with screen() as page:
        wake(page)
        slow(page)
        for name in ("home", "map", "shelf", "case"):
            SCREENS[name](page)
            # 30 minutes of arc at 700 mm.
            assert [entry for entry in page.evaluate(sizes) if entry[1] < 6.1 * MM] == []
            tap(page, "[data-act=home]") if name != "home" else None


@pytest.mark.parametrize("mode", ["plain", "contrast"])
def test_every_screen_is_accessible(screen: Opened, mode: str) -> None:
    with screen() as page:
        found = {"attract": Axe().run(page, options=ONLY)}
        wake(page)
        slow(page)
        if mode == "contrast":
            tap(page, "[data-act=contrast]")
        for name, reach in SCREENS.items():
            reach(page)
            found[name] = Axe().run(page, options=ONLY)
            if page.locator("#k-sheet").is_visible():
                tap(page, "[data-act=close]")
            if name != "home":
                tap(page, "[data-act=home]")
    wrong = {
        name: [
            (v["id"], [n["html"][:120] for n in v["nodes"]])
            for v in result.response["violations"]
            if v["id"] not in ALLOWED
        ]
        for name, result in found.items()
    }
    assert {name: rows for name, rows in wrong.items() if rows} == {}


def test_no_key_gesture_or_link_leaves_the_page(screen: Opened, address: str) -> None:
    with screen() as page:
        wake(page)
        slow(page)
        for key in (
            "Control+p",
            "Control+s",
            "Control+n",
            "Control+t",
            "F1",
            "F5",
            "F11",
            "F12",
            "Alt+ArrowLeft",
            "Control+Minus",
        ):
            page.keyboard.press(key)
        page.evaluate("history.back()")
        page.wait_for_timeout(200)
        assert page.url.startswith(address)
        assert len(page.context.pages) == 1
        refused = page.evaluate(
            """() => ["contextmenu", "selectstart", "dragstart", "copy"].map(name =>
              !document.body.dispatchEvent(new Event(name, {bubbles: true, cancelable: true})))"""
        )
        assert refused == [True] * 4
        assert page.evaluate("window.open('https://example.org/')") is None
        assert page.evaluate("getComputedStyle(document.body).userSelect") == "none"
        page.evaluate(
            """() => { const a = document.createElement("a"); a.href = "https://example.org/"; a.textContent = "x"
              document.querySelector("main").append(a); a.click() }"""
        )
        page.wait_for_timeout(200)
        assert page.url.startswith(address)


def test_a_picture_that_is_missing_gives_way_to_the_mark(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1080, "height": 1920}, has_touch=True)
    page.route("**/media/**", lambda route: route.abort())
    page.goto(address)
    page.wait_for_selector("html[data-ready=yes] .k-slide")
    wake(page)
    page.wait_for_selector("#k-feature .k-art-mark svg")
    assert page.locator("#k-feature img").count() == 0
    page.close()


def test_a_page_that_is_loaded_anew_in_the_middle_of_a_touch_shows_the_loop(screen: Opened) -> None:
    with screen() as page:
        wake(page)
        page.evaluate(
            "document.querySelector('#k-feature').dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}))"
        )
        page.reload()
        page.wait_for_selector("html[data-ready=yes] .k-slide")
        assert page.evaluate(PHASE) == "attract"
        wake(page)


def test_outside_the_hours_it_is_dark_and_a_touch_still_opens_a_visit(browser: Browser, tmp_path: Path) -> None:
    write_sample(tmp_path)
    folder = build(tmp_path, SETTINGS + 'hours: {open: "09:00", close: "17:00", closed: [周一]}\n')
    day = json.loads((folder / "kiosk.json").read_bytes())["date"][:4]
    days = {date(int(day), 6, n).weekday(): f"{day}-06-0{n}T" for n in range(1, 8)}
    monday, noon, evening = days[0] + "10:00:00", days[1] + "10:00:00", days[1] + "20:00:00"
    # Two clocks that cannot be right close nothing.
    nights = {evening: "yes", noon: "no", monday: "yes", "1970-01-01T03:00:00": "no", "2049-06-03T20:00:00": "no"}
    with served(folder) as address:
        for now, dark in nights.items():
            page = browser.new_page(viewport={"width": 1080, "height": 1920}, has_touch=True)
            page.clock.install(time=now)
            page.goto(address)
            page.wait_for_selector("html[data-ready=yes]")
            assert (now, page.evaluate("document.documentElement.dataset.closed")) == (now, dark)
            wake(page)
            page.close()


def test_the_showcase_tells_its_own_server_of_visits_and_leaves_another_alone(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1080, "height": 1920}, has_touch=True)
    beats: list[str] = []
    answer = {"version": "other", "session": "s", "ready": ""}

    def own(route: Any) -> None:
        beats.append(route.request.url)
        version = page.locator("meta[name=kiosk-version]").get_attribute("content") if len(beats) > 2 else None
        route.fulfill(json={**answer, "version": version or route.request.url.split("version=")[1].split("&")[0]})

    page.route("**/-/alive?**", own)
    page.goto(address)
    page.wait_for_selector("html[data-ready=yes] .k-slide")
    page.wait_for_function("true")
    wake(page)
    open_case(page, BARE)
    page.wait_for_timeout(5500)
    assert "phase=attract" in beats[0]
    assert any("phase=visit" in beat for beat in beats)
    assert any(f"opened={BARE}" in beat for beat in beats)
    assert all(word not in "".join(beats) for word in ("search", "text="))
    page.close()

    page = browser.new_page()
    strange: list[str] = []
    page.on("request", lambda request: strange.append(request.url) if "/-/" in request.url else None)
    page.goto(address)
    page.wait_for_selector("html[data-ready=yes] .k-slide")
    page.wait_for_timeout(6000)
    assert len(strange) == 1
    page.close()


def test_five_taps_in_the_corner_lead_the_technician_on_only_where_our_server_answers(
    browser: Browser, address: str
) -> None:
    for served_by_us in (True, False):
        page = browser.new_page(viewport={"width": 1080, "height": 1920}, has_touch=True)
        if served_by_us:
            page.route(
                "**/-/alive?**",
                lambda route: route.fulfill(
                    json={"version": route.request.url.split("version=")[1].split("&")[0], "session": "s", "ready": ""}
                ),
            )
        page.route("**/-/technician", lambda route: route.fulfill(body="technician", content_type="text/html"))
        page.goto(address)
        page.wait_for_selector("html[data-ready=yes] .k-slide")
        page.wait_for_timeout(300)
        for _ in range(5):
            page.touchscreen.tap(40, 40)
        page.wait_for_timeout(500)
        assert page.url.endswith("/-/technician") == served_by_us
        page.close()
