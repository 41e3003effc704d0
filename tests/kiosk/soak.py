"""Visitors at the showcase for some minutes in real Chromium: python -m tests.kiosk.soak MINUTES.

Random touches at a visitor's pace, idle times made short. Prints what went wrong, how much memory grew, whether every
visit ended in the loop, how long a touch waits for its answer, and how soon the first picture stands.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.browser.shots import launch
from tests.kiosk.shots import SIZES, served

IDLE = {"after": 3, "countdown": 2}
# Minutes after which memory counts, at most; a short run counts from its first third on.
SETTLED = 10.0
SLOWED = 4
# touch: milliseconds to the paint that answers it (Event Timing, in steps of 8, from 16 on). The events by themselves:
# from the moment the browser made the event to the frame after the one that shows what it has led to.
WATCH = """() => {
  window.waits = []
  window.touches = new Map()
  new PerformanceObserver(list => {
    for (const { interactionId: id, duration } of list.getEntries()) {
      if (id) window.touches.set(id, Math.max(duration, window.touches.get(id) ?? 0))
    }
  }).observe({type: "event", durationThreshold: 16})
  for (const name of ["pointerdown", "click"]) addEventListener(name, event => {
    const at = event.timeStamp
    requestAnimationFrame(() => requestAnimationFrame(now => window.waits.push([name, performance.now() - at])))
  }, {capture: true})
}"""
WAITED = """() => {
  const all = [...window.waits.splice(0), ...Array.from(window.touches.values(), wait => ["touch", wait])]
  window.touches.clear()
  return all
}"""
BUTTONS = """() => [...document.querySelectorAll("button")].filter(b => b.checkVisibility()).map(b => {
  const box = b.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2
  return document.elementFromPoint(x, y)?.closest("button") === b ? [x, y] : null
}).filter(Boolean)"""


@dataclass
class Seen:
    """What a run saw. waits: milliseconds from a touch to its answer, by kind of event."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    visits: int = 0
    ended: int = 0
    touches: int = 0
    heaps: list[tuple[float, float]] = field(default_factory=list)
    waits: dict[str, list[float]] = field(default_factory=dict)


def hurried(route: Route) -> None:
    """The start file with short idle times and short slides."""
    response = route.fetch()
    start = response.json()
    route.fulfill(response=response, json=start | {"idle": IDLE, "seconds": 4, "hours": None})


@contextmanager
def opened(browser: Browser, address: str, size: str, seen: Seen) -> Iterator[Page]:
    wide, high = SIZES[size]
    context = browser.new_context(viewport={"width": wide, "height": high}, has_touch=True)
    page = context.new_page()
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda said: _note(said, seen))
    page.on("request", lambda request: None if request.url.startswith(address) else seen.outside.append(request.url))
    page.route("**/start-*.json", hurried)
    page.add_init_script(f"({WATCH})()")
    page.goto(address)
    page.wait_for_selector("html[data-ready=yes] .k-slide")
    yield page
    context.close()


def _note(said: Any, seen: Seen) -> None:
    if said.type == "error" and "/-/alive" not in said.location["url"]:
        seen.errors.append(said.text)


def visit(page: Page, dice: Random, seen: Seen, pause: tuple[float, float]) -> None:
    """One visitor: wakes the screen, touches about, goes away; the loop has to come back."""
    size = page.viewport_size
    assert size is not None
    seen.visits += 1
    page.touchscreen.tap(dice.randrange(200, size["width"]), dice.randrange(200, size["height"]))
    for _ in range(dice.randrange(4, 16)):
        page.wait_for_timeout(1000 * dice.uniform(*pause))
        buttons = page.evaluate(BUTTONS)
        if not buttons or dice.random() < 0.15:
            x, y = dice.randrange(size["width"]), dice.randrange(size["height"])
        else:
            x, y = dice.choice(buttons)
        page.touchscreen.tap(x, y)
        seen.touches += 1
    page.wait_for_timeout(1000)
    for name, wait in page.evaluate(WAITED):
        seen.waits.setdefault(name, []).append(wait)
    try:
        page.wait_for_selector("html[data-phase=attract]", timeout=1000 * (sum(IDLE.values()) + 15))
        seen.ended += 1
    except Exception as error:  # a screen that hangs is what is looked for
        seen.errors.append(f"the visit did not end: {error}")


def heap(page: Page) -> float:
    """Bytes of the page's scripts after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return float(metrics["JSHeapUsedSize"])


def run(browser: Browser, address: str, size: str, minutes: float, seed: int, rate: int = 1) -> Seen:
    """Visitors for some minutes. rate: how many times slower the processor is made."""
    seen, dice = Seen(), Random(seed)
    with opened(browser, address, size, seen) as page:
        if rate > 1:
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
        begin = time.monotonic()
        while time.monotonic() - begin < minutes * 60:
            visit(page, dice, seen, (0.5, 2.2))
            seen.heaps.append(((time.monotonic() - begin) / 60, heap(page)))
    return seen


def first_picture(browser: Browser, address: str, size: str, rate: int) -> float:
    """Milliseconds from the start of the page until its first picture is decoded and shown."""
    seen = Seen()
    wide, high = SIZES[size]
    context = browser.new_context(viewport={"width": wide, "height": high}, has_touch=True)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".k-slide img, .k-slide .k-art-figure svg, .k-slide .k-art-mark svg")
    shown: float = page.evaluate(
        """async () => {
          const image = document.querySelector(".k-slide img")
          if (image) await image.decode()
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
          return performance.now()
        }"""
    )
    context.close()
    return shown


def shares(waits: list[float]) -> str:
    if len(waits) < 2:
        return "-"
    cuts = quantiles(waits, n=100, method="inclusive")
    return f"p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, most {max(waits):.0f} ms ({len(waits)} touches)"


def growth(heaps: list[tuple[float, float]], minutes: float) -> str:
    since = min(SETTLED, minutes / 3)
    late = [bytes_ for at, bytes_ in heaps if at >= since]
    if len(late) < 2:
        return "too short to tell"
    half = max(1, len(late) // 4)
    before, after = sum(late[:half]) / half, sum(late[-half:]) / half
    more = 100 * (after / before - 1)
    return f"{before / 1e6:.2f} MB after {since:.1f} min, {after / 1e6:.2f} MB at the end: {more:+.1f} %"


def report(title: str, seen: Seen, minutes: float) -> list[str]:
    return [
        f"{title}: {seen.visits} visits, {seen.touches} touches in {minutes:g} min",
        f"  ended in the loop      {seen.ended} of {seen.visits}",
        f"  errors                 {len(seen.errors)}" + "".join(f"\n    {text[:200]}" for text in seen.errors[:10]),
        f"  requests outside       {len(seen.outside)}" + "".join(f"\n    {url}" for url in seen.outside[:10]),
        f"  memory of the scripts  {growth(seen.heaps, minutes)}",
        *(f"  answer to {name:<12} {shares(waits)}" for name, waits in sorted(seen.waits.items())),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("minutes", type=float)
    parser.add_argument("--folder", type=Path, default=Path("kiosk"), help="a built showcase")
    parser.add_argument("--address", default="", help="a server that runs already, in place of --folder")
    parser.add_argument("--size", choices=list(SIZES), default="portrait")
    parser.add_argument("--slow-minutes", type=float, default=None, help="of those with a slower processor; a third")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    slow = args.slow_minutes if args.slow_minutes is not None else args.minutes / 3
    source = nullcontext(args.address) if args.address else served(args.folder.resolve())
    bad = False
    with source as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for rate in (1, SLOWED):
            shown = sorted(first_picture(browser, address, args.size, rate) for _ in range(5))
            sys.stdout.write(
                f"start to first picture, processor {rate} times slower: {shown[2]:.0f} ms, most {shown[-1]:.0f}\n"
            )
        for rate, minutes in ((1, args.minutes), (SLOWED, slow)):
            if minutes <= 0:
                continue
            seen = run(browser, address, args.size, minutes, args.seed, rate)
            title = "visitors" if rate == 1 else f"visitors, processor {rate} times slower"
            sys.stdout.write("\n".join(report(title, seen, minutes)) + "\n")
            sys.stdout.flush()
            bad = bad or bool(seen.errors or seen.outside or seen.ended < seen.visits)
        browser.close()
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
