"""Pictures of the showcase at the sizes of museum screens: python -m tests.kiosk.shots FOLDER OUT [NAME…]."""

from __future__ import annotations

import argparse
import functools
import http.server
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser.shots import launch

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "media-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Slides of the loop that are shown, and the milliseconds after which each gives way.
TURNS, LONGEST_SLIDE = 9, 11_000
SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080), "4k": (3840, 2160)}


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Files under the policy of the showcase's own server."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that closes in the middle of an answer is no error."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serves the folder on a free port; yields its address."""
    handler = functools.partial(_Handler, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def wake(page: Page) -> None:
    """Begins a visit."""
    page.wait_for_selector("html[data-ready=yes] .k-slide", timeout=30_000)
    page.mouse.click(page.viewport_size["width"] / 2, page.viewport_size["height"] / 2)  # type: ignore[index]
    page.wait_for_selector("html[data-phase=visit]")


def settle(page: Page) -> None:
    """Waits until what moves has arrived and pictures are decoded."""
    page.evaluate(
        """async () => {
          await new Promise(done => setTimeout(done, 60))
          await Promise.all([...document.images].map(image => image.decode().catch(() => {})))
          await Promise.all(document.getAnimations().filter(a => a.effect.getTiming().iterations !== Infinity
            && a.effect.getComputedTiming().endTime < 4000).map(a => a.finished.catch(() => {})))
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
        }"""
    )


def go(page: Page, selector: str) -> None:
    page.locator(selector).first.click()
    settle(page)


def open_case(page: Page, wanted: str) -> None:
    """Opens a case of the demo: one with all parts and a picture, or one with a title alone."""
    number = page.evaluate(
        """async wanted => {
          const start = await (await fetch(document.documentElement.dataset.start)).json()
          for (let chunk = 0; chunk * start.stories < start.total; chunk += 1) {
            const stories = await (await fetch(`${start.data}stories/${chunk}.json`)).json()
            for (const [place, story] of stories.entries()) {
              const good = wanted === "bare" ? !story.parts.length
                : wanted === "drawn" ? story.parts.length === 3 && !story.pictures.length
                : story.parts.length === 3 && story.pictures.length > 1
              if (good) return chunk * start.stories + place
            }
          }
          return -1
        }""",
        wanted,
    )
    page.evaluate(
        "n => { const b = document.getElementById('k-feature'); b.hidden = false; b.dataset.open = n; b.click() }",
        number,
    )
    page.wait_for_selector(".k-case-head")
    settle(page)


def screens(page: Page) -> Iterator[tuple[str, Callable[[], None]]]:
    """Name of each screen of a visit, and how to get there from the one before."""
    home: Callable[[], None] = lambda: go(page, "[data-act=home]")  # noqa: E731
    yield "home", lambda: settle(page)
    yield "wall", lambda: go(page, ".k-tile-sort >> nth=1")
    yield "shelf", lambda: go(page, "[data-view^=wall]:not([hidden]) .k-term")
    yield "map", lambda: (home(), go(page, "[data-go=map]"))[0]
    yield "years", lambda: (home(), go(page, "[data-go=years]"))[0]
    if page.locator("[data-go=problems]").count():
        yield "problems", lambda: (home(), go(page, "[data-go=problems]"))[0]
    yield "search", lambda: (home(), go(page, ".k-dock [data-go=search]"))[0]

    def typed() -> None:
        for key in "dj":
            page.locator(f"[data-skbtn={key}]").click()
        page.wait_for_selector("[data-all]")
        settle(page)

    yield "search-typed", typed
    yield "case-1", lambda: (home(), open_case(page, "pictures"))[0]
    yield "case-2", lambda: go(page, "[data-step='1']")
    yield "case-3", lambda: go(page, "[data-step='2']")
    yield "text", lambda: go(page, "[data-sheet=text]")
    yield "take", lambda: (go(page, "[data-act=close]"), go(page, "[data-sheet=home]"))[0]
    yield "related", lambda: (go(page, "[data-act=close]"), go(page, "[data-sheet=related]"))[0]
    yield "case-drawn", lambda: (home(), open_case(page, "drawn"))[0]
    yield "case-bare", lambda: (home(), open_case(page, "bare"))[0]
    yield "large", lambda: go(page, "[data-act=large]")
    yield "large-case", lambda: (home(), open_case(page, "pictures"))[0]
    yield "large-home", home
    yield "contrast", lambda: (go(page, "[data-act=large]"), go(page, "[data-act=contrast]"))[0]
    yield "contrast-case", lambda: open_case(page, "drawn")


def shoot(folder: Path, out: Path, names: list[str], sizes: list[str]) -> Iterator[Path]:
    """Writes the pictures; yields the path of each."""
    out.mkdir(parents=True, exist_ok=True)
    with served(folder) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for size in sizes:
            wide, high = SIZES[size]
            page = browser.new_page(viewport={"width": wide, "height": high}, has_touch=True)
            page.on("console", lambda said: sys.stderr.write(f"{said.type}: {said.text}\n"))
            page.on("pageerror", lambda error: sys.stderr.write(f"{error}\n"))

            def take(page: Page, name: str, size: str = size) -> Path:
                path = out / f"{name}-{size}.png"
                page.screenshot(path=path)
                return path

            if not names or "attract" in names:
                # Timers run when they are told to; what moves, moves in real time.
                page.clock.install(time=0)
                page.clock.pause_at(1000)
                page.goto(address)
                page.wait_for_selector(".k-slide")
                for turn in range(TURNS):
                    if turn:
                        page.clock.run_for(LONGEST_SLIDE)
                        page.wait_for_timeout(430)
                        if turn == 2:
                            yield take(page, "attract-turning")
                    page.wait_for_timeout(3000)
                    yield take(page, f"attract-{turn}")
                page.close()
                page = browser.new_page(viewport={"width": wide, "height": high}, has_touch=True)
            if names == ["attract"]:
                continue
            page.goto(address)
            wake(page)
            for name, reach in screens(page):
                reach()
                if not names or name in names:
                    yield take(page, name)
            page.close()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--size", action="append", choices=list(SIZES))
    args = parser.parse_args()
    for path in shoot(args.folder.resolve(), args.out, args.names, args.size or list(SIZES)):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
