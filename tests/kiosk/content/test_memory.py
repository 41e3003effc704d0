"""What the page of the showcase holds in memory, read from the objects that live in real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page

from tests.kiosk.content.conftest import BARE, Opened
from tests.kiosk.content.test_visit import open_case, press, slow, tap, wake

KINDS = {"Library": "library.js", "Store": "search/store.js", "Folder": "search/analyzer.js"}
HELD = {
    "Library": "a => a.flatMap(one => [...one.kept.keys()])",
    "Store": "a => a.flatMap(one => [...one.kept.keys()]).sort()",
    "Folder": "a => a.reduce((sum, one) => sum + one.known.size, 0)",
}
LETTERS = ("dj", "zm", "yl", "sb", "jc", "gd", "xt", "sy")
NEEDED_BY_ALL = ["rank.bin", "words.bin"]


def modules(page: Page) -> str:
    """Address of the folder of the client's modules."""
    address: str = page.evaluate("document.querySelector('script[type=module]').src.replace(/[^/]*$/, '')")
    return address


@contextmanager
def heap(page: Page) -> Iterator[Any]:
    """A function that applies a script to all living objects that have a prototype; what is garbage is gone before."""
    session = page.context.new_cdp_session(page)

    def living(prototype: str, script: str) -> Any:
        found = session.send("Runtime.evaluate", {"expression": prototype, "awaitPromise": True})["result"]["objectId"]
        objects = session.send("Runtime.queryObjects", {"prototypeObjectId": found})["objects"]["objectId"]
        call = {"objectId": objects, "functionDeclaration": f"function () {{ return ({script})(this) }}"}
        return session.send("Runtime.callFunctionOn", call | {"returnByValue": True})["result"]["value"]

    yield living
    session.detach()


def held(page: Page) -> dict[str, Any]:
    """What the caches of the page hold, by kind, and how many elements the screens of a visit have."""
    with heap(page) as living:
        return {
            name: living(f"import('{modules(page)}{KINDS[name]}').then(module => module.{name}.prototype)", script)
            for name, script in HELD.items()
        } | {"elements": page.evaluate("document.querySelectorAll('#k-visit *').length")}


def look_around(page: Page, letters: str) -> dict[str, Any]:
    """A visit with searches and cases, to its end; what was held while it lasted."""
    wake(page)
    tap(page, ".k-dock [data-go=search]")
    for typed in letters, letters[::-1]:
        press(page, typed)
        page.locator("#k-found", has_text=re.compile("找到|没有")).wait_for()
        tap(page, '[data-skbtn="{clear}"]')
        page.locator("#k-found:empty").wait_for(state="attached")
    tap(page, "[data-act=home]")
    open_case(page, BARE)
    tap(page, "[data-following]")
    page.wait_for_selector(".k-step")
    during = held(page)
    page.evaluate("clearInterval(window.staying)")
    page.wait_for_selector("html[data-phase=attract]", timeout=15_000)
    return during


def test_after_each_visit_memory_is_what_it_was_before_it(screen: Opened) -> None:
    with screen() as page:
        page.wait_for_selector(".hg-button", state="attached")
        levels = []
        for letters in LETTERS[:4]:
            page.evaluate("window.staying = setInterval(() => dispatchEvent(new WheelEvent('wheel')), 500)")
            during = look_around(page, letters)
            assert any(name.startswith("stories/") for name in during["Library"])
            assert any(name.startswith("t/") for name in during["Store"]) and during["Folder"] > 0
            levels.append(held(page))
        first, *rest = levels
        assert (first["Library"], first["Store"], first["Folder"]) == ([], NEEDED_BY_ALL, 0)
        assert rest == [first] * len(rest)


def test_what_a_visit_reads_is_bounded_however_long_it_lasts(screen: Opened) -> None:
    with screen() as page:
        wake(page)
        slow(page)
        folder = modules(page)
        chunks = page.evaluate(
            """async folder => {
              const { Library } = await import(`${folder}library.js`)
              const start = await (await fetch(document.documentElement.dataset.start)).json()
              const library = new Library(start), seen = []
              for (let n = 0; n < 60; n += 1) {
                await library.chunk(`stories/0.json?${n}`)
                seen.push(library.kept.size)
              }
              return [Math.max(...seen), [...library.kept.keys()].pop()]
            }""",
            folder,
        )
        assert chunks == [24, "stories/0.json?59"]
        files = page.evaluate(
            """async ([folder, letters]) => {
              const { Engine } = await import(`${folder}search/engine.js`)
              const start = await (await fetch(document.documentElement.dataset.start)).json()
              const manifest = `${start.search}manifest.json`
              const read = async engine => {
                let most = 0
                for (const text of letters) {
                  const answer = await engine.search({ text })
                  for (const document of answer.documents) {
                    await engine.hit(document, answer.query)
                    most = Math.max(most, engine.store.size)
                  }
                }
                const { size, kept } = engine.store
                const same = size === [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0)
                engine.forget()
                return { most, size, same, left: [...kept.keys()].sort() }
              }
              return [await read(new Engine(manifest)), await read(new Engine(manifest, 400_000))]
            }""",
            [folder, LETTERS],
        )
        free, bound = files
        assert free["most"] > 600_000, "too little is read for the bound to be met"
        assert bound["most"] < 600_000
        assert free["same"] and bound["same"]
        assert free["left"] == NEEDED_BY_ALL
