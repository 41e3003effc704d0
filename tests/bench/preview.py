"""Seconds from the saving of a record to its new page in an open browser, under `caselib serve`."""

import re
import subprocess
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.shots import launch

from .ours import CASELIB, prepare

SAVES = 6
START = 600.0


def preview(folder: Path, count: int) -> str:
    """A line for good saves, one for broken ones and one for mended ones, each with the longest and the median."""
    site = prepare(folder, "preview", count)
    path = sorted(site.glob("cases/*/*.yml"))[count // 2]
    command = (*CASELIB, "serve", "--port", "0")
    with subprocess.Popen(command, cwd=site, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as driver:
        try:
            page = launch(driver).new_page()
            page.goto(f"{_address(server)}cases/{path.stem}.html")
            time.sleep(5)  # the library is read for the pages of saved records
            good = [_seconds(page, path, _titled(path, f"第 {number} 次改过的名称")) for number in range(SAVES)]
            text = path.read_text(encoding="utf-8")
            broken, mended = [], []
            for _ in range(SAVES // 2):
                broken.append(_seconds(page, path, re.sub("^award: .*", "award: 无此奖", text, flags=re.MULTILINE)))
                mended.append(_seconds(page, path, text))
        finally:
            server.terminate()
    rows = {"a saved record shows": good, "a broken one is named": broken, "a mended one clears it": mended}
    lines = [f"- {what}: {_median(found):.2f} s, at most {max(found):.2f} s" for what, found in rows.items()]
    return "\n".join([f"{count:,} records, {SAVES} saves with a build of the site running meanwhile", *lines])


def _address(server: subprocess.Popen[str]) -> str:
    """The address that the server prints once it has built the site."""
    assert server.stdout is not None
    began = time.monotonic()
    for line in server.stdout:
        found = re.search(r"http://\S+", line)
        if found:
            return found[0]
        if time.monotonic() - began > START:
            break
    raise RuntimeError("no address was printed")


def _titled(path: Path, title: str) -> str:
    return re.sub("^title: .*", f"title: {title}", path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)


def _seconds(page: Page, path: Path, text: str) -> float:
    """Saves `text` and waits until the page shows its title, or the alert of its mistake."""
    title = re.search("^title: (.*)", text, re.MULTILINE)
    assert title is not None
    wrong = "无此奖" in text
    began = time.monotonic()
    path.write_text(text, encoding="utf-8")
    if wrong:
        page.get_by_role("alert").get_by_text("无此奖").wait_for()
    else:
        page.locator("h1", has_text=title[1]).wait_for()
        page.get_by_role("alert").wait_for(state="detached")
    return time.monotonic() - began


def _median(found: list[float]) -> float:
    return sorted(found)[len(found) // 2]
