"""How soon a page answers a visitor: every control of the pages that visitors open most is pressed once, in Chromium.

A phone with its processor slowed down four times, as Lighthouse has it. What is measured is the interaction to next
paint of the Event Timing interface, which rounds to 8 ms and does not tell of anything under 16 ms.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import quantiles

from playwright.sync_api import CDPSession, Locator, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from generator.server import HOST
from tests.browser.shots import ARGUMENTS, CHROMIUM
from tests.nginx import nginx

from .lighthouse import built, pages

SLOWER = 4
QUERY = "zhuangzhi"
# What a visitor presses without leaving the page.
CONTROLS = "button, summary, label:has(input), select, input[type=checkbox], input[type=radio]"
_WATCH = """() => {
  window.answers = []
  const note = list => {
    for (const e of list.getEntries()) if (e.interactionId) window.answers.push([e.interactionId, e.duration])
  }
  new PerformanceObserver(note).observe({ type: "event", durationThreshold: 16 })
}"""

Pressed = tuple[str, float]


def interactions(folder: Path) -> str:
    """Builds, serves and presses; the table as Markdown: a line for each page, with its slowest control."""
    site = built(folder)
    rows: dict[str, list[Pressed]] = {}
    with nginx(site, folder / "work" / "nginx") as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for kind, path in pages(site).items():
            with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
                page = context.new_page()
                page.goto(f"http://{HOST}:{port}/{path}", wait_until="networkidle")
                rows[kind] = list(_pressed(page, context.new_cdp_session(page)))
        browser.close()
    return table(rows)


def table(rows: Mapping[str, list[Pressed]]) -> str:
    """The Markdown table. Of an interaction too quick to be told of, 16 ms are taken."""
    lines = ["| page | interactions | median | 95 % | slowest | by |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    for kind, pressed in rows.items():
        times = [time for _, time in pressed]
        cuts = quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
        name, slowest = max(pressed, key=lambda found: found[1])
        lines.append(f"| {kind} | {len(times)} | {cuts[9]:.0f} ms | {cuts[18]:.0f} ms | {slowest:.0f} ms | {name} |")
    return "\n".join(lines)


def _pressed(page: Page, session: CDPSession) -> Iterator[Pressed]:
    """Name of each control and milliseconds to the next paint after it was pressed; then of each letter typed."""
    page.evaluate(_WATCH)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    for control in page.locator(CONTROLS).all():
        if _can_be_pressed(control):
            name = (control.inner_text() or control.get_attribute("aria-label") or "").strip().split("\n")[0]
            yield name or str(control.evaluate("e => e.id || e.className")), _time(page, lambda c=control: c.tap())
            page.keyboard.press("Escape")
    fields = page.locator("input[type=search]:visible")
    if fields.count():
        field = fields.first
        field.fill("")
        field.focus()
        for letter in QUERY:
            yield f"typing {letter}", _time(page, lambda letter=letter: page.keyboard.press(letter))


def _can_be_pressed(control: Locator) -> bool:
    """Whether it is in sight and nothing lies over it."""
    try:
        if not control.is_visible() or not control.is_enabled():
            return False
        control.tap(trial=True, timeout=500)
    except BrowserError:
        return False
    return True


def _time(page: Page, press: object) -> float:
    """Milliseconds from the input to the next paint."""
    assert callable(press)
    page.evaluate("() => { window.answers = [] }")
    press()
    page.wait_for_timeout(400)
    return max([float(time) for _, time in page.evaluate("() => window.answers")], default=16.0)
