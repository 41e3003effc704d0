# ruff: noqa: E402, E501
"""python tests/search/bench_search.py [394 4000 31100] [--pagefind BINARY] [--queries N]: prints a table.

Ours and Pagefind on the same generated records, in the same run, in Chromium over a server that sends text as brotli.
Bytes are those of the search alone (code, manifest, index, texts), not of page, styles and fonts. Without --pagefind
its columns are left out (pip install pagefind-bin-extended into a venv of its own). At 31,100 Pagefind needs 15 GB.
"""

from __future__ import annotations

import argparse
import html
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import brotli
import queries
from playwright.sync_api import sync_playwright
from sample_documents import sample_corpus
from search_page import write_page
from site_server import CHROMIUM, Handler, serve

from search.answers import tools
from search.document import passages
from search.shards import write_index

PACKED: dict[tuple[str, int], bytes] = {}
SENT: list[tuple[str, int]] = []
"""Path and bytes of the body of each answer of the server."""


class BrotliHandler(Handler):
    """Sends text as brotli, as static hosts do."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.suffix not in (".js", ".json", ".css", ".html", ".pagefind") or not path.is_file():
            SENT.append((self.path, path.stat().st_size if path.is_file() else 0))
            super().do_GET()
            return
        key = (str(path), path.stat().st_mtime_ns)
        body = PACKED.setdefault(key, brotli.compress(path.read_bytes()))
        SENT.append((self.path, len(body)))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "br")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def memory(pid: int) -> int:
    """Proportional set size of a process and its children, bytes."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            rows = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += int(next(r for r in rows.split("\n") if r.startswith("Pss:")).split()[1]) * 1024
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except (OSError, StopIteration):
            pass
    return total


def watched(work) -> tuple[object, float, float]:
    """(result, seconds, peak MB of this process and its children, above what it had before)."""
    before, peak, going = memory(os.getpid()), [0], [True]

    def watch() -> None:
        while going[0]:
            peak[0] = max(peak[0], memory(os.getpid()))
            time.sleep(0.1)

    thread = threading.Thread(target=watch)
    thread.start()
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    going[0] = False
    thread.join()
    return result, seconds, (peak[0] - before) / 1e6


def pages_for_pagefind(documents, folder: Path) -> None:
    (folder / "cases").mkdir(parents=True)
    for d in documents:
        text = "".join(f"<p>{html.escape(t)}</p>" for k, v in d.texts.items() if k != "title" for t in v)
        (folder / d.url).write_text(
            f"<!doctype html><html lang=zh><title>{d.id}</title><main data-pagefind-body><h1>{html.escape(d.texts['title'][0])}</h1>{text}</main>",
            encoding="utf-8",
        )


def cold(
    browser, address: str, page_path: str, script: str, wanted: str, texts: list[str]
) -> list[tuple[int, float, int]]:
    """(bytes, ms, requests) of first queries, each in a browser that has nothing."""
    out = []
    for text in texts:
        context = browser.new_context()
        page = context.new_page()
        SENT.clear()
        page.goto(address + page_path)
        ms = page.evaluate(script, text)
        page.wait_for_timeout(30)
        mine = [size for path, size in SENT if any(path.startswith(w) for w in wanted.split())]
        out.append((sum(mine), ms, len(mine)))
        context.close()
    return out


OURS_ENGINE = """async text => {
  const start = performance.now()
  const { Engine } = await import("/assets/search/engine.js")
  const engine = new Engine("/search/manifest.json")
  const answer = await engine.search({ text })
  await Promise.all(Array.from(answer.documents.slice(0, 10), n => engine.hit(n, answer.query)))
  return performance.now() - start
}"""
PAGEFIND = """async text => {
  const start = performance.now()
  const pagefind = await import("/pagefind/pagefind.js")
  const found = await pagefind.search(text)
  await Promise.all(found.results.slice(0, 10).map(r => r.data()))
  return performance.now() - start
}"""
WARM = """async texts => {
  const input = document.querySelector("#find"), element = document.querySelector("case-search")
  const tasks = []
  new PerformanceObserver(list => tasks.push(...list.getEntries().map(e => e.duration))).observe({ type: "longtask" })
  const times = []
  const type = text => new Promise(resolve => {
    element.addEventListener("case-search-shown", () => requestAnimationFrame(() => resolve()), { once: true })
    input.value = text
    const start = performance.now()
    input.dispatchEvent(new InputEvent("input", { bubbles: true }))
    element.addEventListener("case-search-shown", () => times.push(performance.now() - start), { once: true })
  })
  for (let round = 0; round < 2; round += 1) {
    times.length = tasks.length = 0
    for (const text of texts) {
      await type(text)
      await new Promise(r => setTimeout(r, 60))
    }
  }
  return { times, tasks }
}"""
CHECK = """async texts => {
  const { Engine } = await import("/assets/search/engine.js")
  const engine = new Engine("/search/manifest.json")
  const out = []
  for (const text of texts) out.push(Array.from((await engine.search({ text })).documents).sort((a, b) => a - b))
  return out
}"""


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(count: int, pagefind: str, number: int, checked: int) -> None:
    documents, schema = sample_corpus(count)
    documents.sort(key=lambda d: d.id)
    rng = random.Random(3)
    texts = [queries.runs(rng, documents, schema)[2] for _ in range(checked)]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        folder = Path(name)
        report, seconds, peak = watched(lambda: write_index(documents, schema, folder / "search"))
        again, _, _ = watched(
            lambda: (
                write_index(documents, schema, folder / "again", cache=folder / "cache")
                and write_index(documents, schema, folder / "more", cache=folder / "cache")
            )
        )
        assert again == report
        print(
            f"\n{count:,} records: index {seconds:.1f} s, {peak:.0f} MB above the documents, {report.size / 1e6:.1f} MB in {report.files:,} files",
            flush=True,
        )
        write_page(folder)
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        with serve(folder, BrotliHandler) as address:
            page = browser.new_page()
            page.goto(address + "search.html")
            page.wait_for_selector(".case-hits > li")
            answers = page.evaluate(CHECK, texts)
            folder_of_text, _ = tools(schema)
            folded = ["\x01".join(folder_of_text.fold(t) for _, t in passages(d, schema)) for d in documents]
            wrong = 0
            for text, answer in zip(texts, answers, strict=True):
                words = text.split()
                if len(words) == 1 and not any("a" <= c <= "z" for c in folder_of_text.fold(text)):
                    asked = folder_of_text.fold(text)
                    wrong += [n for n, t in enumerate(folded) if asked in t] != answer
            print(
                f"  exactness: {checked} runs of 2 to 12 characters, {wrong} answers that differ from reading every text",
                flush=True,
            )
            warm = page.evaluate(WARM, texts[:80])
            print(
                f"  warm: p50 {percentile(warm['times'], 0.5):.0f} ms, p95 {percentile(warm['times'], 0.95):.0f} ms from key press to results; main-thread tasks over 50 ms: {len(warm['tasks'])} (longest {max(warm['tasks'], default=0):.0f} ms)",
                flush=True,
            )
            (folder / "blank.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")
            rows = cold(browser, address, "blank.html", OURS_ENGINE, "/search/ /assets/search/", texts[:number])
            line("ours, engine alone", rows)
            ours = statistics.mean(r[0] for r in rows)
            fixed = sum(
                len(brotli.compress(p.read_bytes()))
                for p in [*(folder / "assets/search").glob("*.js"), folder / "search/manifest.json"]
            )
            print(f"  code of the whole page and manifest, brotli: {fixed / 1e3:.1f} kB", flush=True)
        if pagefind:
            site = folder / "peer"
            pages_for_pagefind(documents, site)
            start = time.perf_counter()
            subprocess.run([pagefind, "--site", str(site)], check=True, capture_output=True)
            took = time.perf_counter() - start
            size = sum(p.stat().st_size for p in (site / "pagefind").rglob("*") if p.is_file())
            print(
                f"  Pagefind: index {took:.1f} s, {size / 1e6:.1f} MB on disk; ours {seconds / took:.2f} of its time, {report.size / size:.2f} of its size",
                flush=True,
            )
            (site / "blank.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")
            with serve(site, BrotliHandler) as address:
                rows = cold(browser, address, "blank.html", PAGEFIND, "/pagefind/", texts[:number])
                line("Pagefind", rows)
                print(f"  bytes: ours are {ours / statistics.mean(r[0] for r in rows):.2f} of Pagefind's", flush=True)
        browser.close()


def line(name: str, rows: list[tuple[int, float, int]]) -> None:
    sizes = [r[0] for r in rows]
    print(
        f"  cold, {name}: {statistics.mean(sizes) / 1e3:.1f} kB mean, {percentile(sizes, 0.95) / 1e3:.1f} p95, {statistics.mean(r[2] for r in rows):.1f} requests, {statistics.median(r[1] for r in rows):.0f} ms median",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[394, 4000, 31100])
    parser.add_argument("--pagefind", default="")
    parser.add_argument("--queries", type=int, default=40, help="cold first queries")
    parser.add_argument("--checked", type=int, default=1000, help="queries checked for exactness")
    asked = parser.parse_args()
    for size in asked.sizes:
        measure(size, asked.pagefind, asked.queries, asked.checked)
