"""A film on the showcase: one who watches is there, though nobody touches anything."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from playwright.sync_api import Browser

from tests.kiosk.content.conftest import Opened
from tests.kiosk.content.test_visit import tap, wake

FILM = "film.webm"
# Longer than the idle time (that of conftest.py) and the countdown together, and no multiple of it.
SECONDS = 7
IDLE_AFTER = 2
RECORD = """seconds => new Promise(done => {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d")
  canvas.width = canvas.height = 64
  const draw = setInterval(() => {
    pen.fillStyle = `hsl(${performance.now() / 9} 80% 50%)`
    pen.fillRect(0, 0, 64, 64)
  }, 40)
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" }), parts = []
  recorder.ondataavailable = event => parts.push(event.data)
  recorder.onstop = async () => {
    clearInterval(draw)
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer())
    done(btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join("")))
  }
  recorder.start()
  setTimeout(() => recorder.stop(), seconds * 1000)
})"""
WATCH = """() => {
  window.seen = []
  new MutationObserver(() => {
    window.seen.push([document.documentElement.dataset.phase, performance.now() - window.ended])
  }).observe(document.documentElement, { attributeFilter: ["data-phase"] })
  addEventListener("pause", () => (window.ended = performance.now()), { capture: true })
}"""


def test_a_film_counts_as_use_up_to_its_end(browser: Browser, screen: Opened) -> None:
    studio = browser.new_page()
    film = b64decode(studio.evaluate(RECORD, SECONDS))
    studio.close()

    def with_film(route: Any) -> None:
        response = route.fetch()
        stories = response.json()
        for story in stories:
            story["videos"] = [{"src": FILM, "alt": "短片"}]
            story["parts"] = story["parts"][:1]
        route.fulfill(response=response, json=stories)

    with screen() as page:
        page.route("**/stories/*.json", with_film)
        page.route(f"**/{FILM}", lambda route: route.fulfill(body=film, content_type="video/webm"))
        wake(page)
        tap(page, "#k-feature")
        page.wait_for_selector("video")
        page.evaluate(WATCH)
        tap(page, "[data-act=play]")
        page.locator("[data-act=play]", has_text="暂停").wait_for()
        page.locator("[data-act=play]", has_text="播放").wait_for()
        assert page.evaluate("document.querySelector('video').ended")
        assert page.evaluate("document.querySelector('video').currentTime") > SECONDS - 1
        page.wait_for_selector("html[data-phase=countdown]")
        [(phase, since)] = page.evaluate("window.seen")
        # NaN, which arrives as None, is a question while the film played. Timers may be a little early.
        assert phase == "countdown" and since is not None and since > 1000 * IDLE_AFTER - 100
        page.wait_for_selector("html[data-phase=attract]")
