"""Renders all kinds of page of a built site to pictures: python tests/browser/shots.py FOLDER_OF_SITE OUT [KIND…].

Every kind of page in light at four widths, on a phone and a desk in every other mode, and on A4.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
POLICY = "default-src 'self'"
WIDTHS = {"390": (390, 844), "820": (820, 1180), "1440": (1440, 900), "1920": (1920, 1080)}
# Mode: theme, size as reading.js keeps them.
MODES = {
    "light": ("light", "normal"),
    "dark": ("dark", "normal"),
    "contrast": ("contrast", "normal"),
    "contrast-dark": ("contrast-dark", "normal"),
    "large": ("light", "large"),
}


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Files under the policy that the site promises to work with; a page for addresses that lead nowhere."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


class InPieces(_Handler):
    """A page breaks off within its facts and goes on half a second later, as over a bad line."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        parts = source.read().split(b"<dt>")
        for number, part in enumerate(parts):
            if number == 4:
                time.sleep(0.5)
            outputfile.write((b"<dt>" if number else b"") + part)
            outputfile.flush()


@contextmanager
def served(site: Path, kind: type[_Handler] = _Handler) -> Iterator[str]:
    """Serves the folder on a free port; yields its address."""
    handler = functools.partial(kind, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def pages_of(site: Path) -> dict[str, str]:
    """Address of one page of each kind by its name. What a site has not (a picture, an empty term) is left out."""
    found = {
        "home": "index.html",
        "search": "search.html",
        "missing": "404.html",
        "changes": "changes.html",
        "years": "years/index.html",
    }
    for path in sorted(site.glob("*/index.html")):
        found.setdefault(path.parent.name, path.relative_to(site).as_posix())
    for path in sorted(site.glob("years/[0-9]*.html")):
        found.setdefault("year-2" if "-2" in path.stem else "year", path.relative_to(site).as_posix())
    for path in sorted(site.glob("*/*.html")):
        if path.parent.name in ("cases", "years", "notice") or path.stem == "index":
            continue
        text = path.read_text(encoding="utf-8")
        address = path.relative_to(site).as_posix()
        if 'class="case-wrap case-empty"' in text:
            found.setdefault("term-empty", address)
        elif 'class="case-side"' in text:
            found.setdefault("term", address)
            if 'class="case-intro-mark"' in text and "case-map-small" in text:
                found["term-mark"] = address
    for path in sorted(site.glob("cases/*.html")):
        text, address = path.read_text(encoding="utf-8"), path.relative_to(site).as_posix()
        if "<article" not in text:
            found.setdefault("case-revoked", address)
        elif 'class="case-prose"' not in text:
            found.setdefault("case-bare", address)
        elif "<picture" in text:
            found.setdefault("case-pictures", address)
        else:
            found.setdefault("case", address)
    for path in sorted(site.glob("notice/*.html")):
        found.setdefault("notice", path.relative_to(site).as_posix())
    for path in sorted(site.glob("*.html")):
        if "md-typeset" in path.read_text(encoding="utf-8"):
            found.setdefault("prose", path.relative_to(site).as_posix())
    return {name: address for name, address in found.items() if (site / address).is_file()}


def context_of(browser: Browser, width: str, mode: str, **options: Any) -> Any:
    """A browser context of that width whose reader has chosen that mode."""
    wide, high = WIDTHS[width]
    context = browser.new_context(viewport={"width": wide, "height": high}, reduced_motion="reduce", **options)
    theme, size = MODES[mode]
    choice = json.dumps({"case-theme": theme, "case-size": size})
    context.add_init_script(
        f"try {{ for (const [k, v] of Object.entries({choice})) localStorage.setItem(k, v) }} catch {{}}"
    )
    return context


def launch(playwright: Any) -> Browser:
    path = CHROMIUM if Path(CHROMIUM).exists() else None
    browser: Browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    return browser


def show_pictures(page: Any) -> None:
    """Loads the pictures that wait for the reader to come near."""
    page.evaluate(
        """() => Promise.all([...document.images].map(image => {
          image.loading = "eager"
          return image.decode().catch(() => {})
        }))"""
    )


def shoot(site: Path, out: Path, kinds: list[str], sets: list[tuple[str, str]], paper: bool) -> Iterator[Path]:
    """Writes the pictures; yields the path of each."""
    out.mkdir(parents=True, exist_ok=True)
    pages = {kind: address for kind, address in pages_of(site).items() if not kinds or kind in kinds}
    with served(site) as base, sync_playwright() as playwright:
        browser = launch(playwright)
        for width, mode in sets:
            context = context_of(browser, width, mode)
            page = context.new_page()
            for kind, address in pages.items():
                page.goto(base + address, wait_until="load")
                show_pictures(page)
                path = out / f"{kind}-{width}-{mode}.png"
                page.screenshot(path=path, full_page=True)
                yield path
            context.close()
        if paper:
            page = browser.new_page()
            for kind, address in pages.items():
                page.goto(base + address, wait_until="load")
                show_pictures(page)
                path = out / f"{kind}-a4.pdf"
                page.pdf(path=path, prefer_css_page_size=True)
                yield path
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("kinds", nargs="*")
    parser.add_argument("--set", action="append", help="WIDTH-MODE, for example 390-dark; may stand several times")
    parser.add_argument("--no-paper", action="store_true", help="no PDF")
    args = parser.parse_args()
    usual = [(w, "light") for w in WIDTHS] + [(w, m) for w in ("390", "1440") for m in MODES if m != "light"]
    sets = [tuple(entry.split("-", 1)) for entry in args.set] if args.set else usual
    for path in shoot(args.site.resolve(), args.out, args.kinds, sets, not args.no_paper):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
