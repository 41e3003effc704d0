# ruff: noqa: E402, E501
"""python -m tests.search.bench_search [394 4000 31100] [--pagefind BINARY] [--queries N]: prints one Markdown table.

Ours and Pagefind on the same generated records, in the same run, in Chromium over a server that sends text as brotli.
Bytes are those of the search alone (code, manifest, index, texts), not of page, styles and fonts. Memory is the peak
over all processes of what the index needs above the records. Pagefind is asked each run as it is (its words) and in
quotes (its phrases). Without --pagefind its rows are left out. At 31,100 Pagefind needs 15 GB and three minutes.
"""

from __future__ import annotations

import argparse
import gzip
import html
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import brotli
import queries
from playwright.sync_api import sync_playwright
from sample_documents import sample_corpus
from search_page import write_page
from site_server import Handler, serve

from search.answers import tools
from search.document import passages
from search.shards import write_index
from tests.browser.shots import launch

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
  const { Engine } = await import("/assets/search/engine.js")
  const start = performance.now()
  await (await fetch("/assets/search/search.js")).text()
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
CHECK_PAGEFIND = """async ({ texts, quote }) => {
  const pagefind = await import("/pagefind/pagefind.js")
  const out = []
  for (const text of texts) out.push((await pagefind.search(quote ? `"${text}"` : text)).results.map(r => r.id))
  return out
}"""
HEAD = (
    "records",
    "tool",
    "index s",
    "memory MB",
    "disk MB",
    "files",
    "recall",
    "precision",
    "runs",
    "cold kB",
    "p95",
    "requests",
    "cold ms",
    "warm p95 ms",
    "longest task ms",
)


def judged(answers: list[list[int]], wanted: list[set[int]]) -> tuple[float, float]:
    """(recall, precision), means over the queries."""
    recall = [len(w & set(a)) / len(w) for a, w in zip(answers, wanted, strict=True)]
    precision = [len(w & set(a)) / len(set(a)) if a else 1.0 for a, w in zip(answers, wanted, strict=True)]
    return statistics.mean(recall), statistics.mean(precision)


def fragments(site: Path) -> dict[str, int]:
    """Place of the document of each fragment of Pagefind's."""
    found = {}
    for path in (site / "pagefind/fragment").iterdir():
        data = gzip.decompress(path.read_bytes())
        found[path.stem] = int(re.search(rb"cases/(\d+)\.html", data)[1])
    return found


def number_pages(documents):
    """The documents with their place in the address."""
    return [replace(d, url=f"cases/{n}.html") for n, d in enumerate(documents)]


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(count: int, pagefind: str, number: int, checked: int) -> list[dict[str, str]]:
    """Rows of the table for a library of `count` records."""
    documents, schema = sample_corpus(count)
    documents = number_pages(sorted(documents, key=lambda d: d.id))
    rng = random.Random(3)
    texts = [queries.runs(rng, documents, schema)[2] for _ in range(checked)]
    folder_of_text, _ = tools(schema)
    folded = ["\x01".join(folder_of_text.fold(t) for _, t in passages(d, schema)) for d in documents]
    asked = [(t, [folder_of_text.fold(w) for w in t.split()]) for t in texts]
    # Letters may also be read as pinyin, and single characters stand in titles only: not what is compared here.
    asked = [(t, ws) for t, ws in asked if all(len(w) > 1 and not any("a" <= c <= "z" for c in w) for w in ws)]
    texts = [t for t, _ in asked]
    wanted = [{n for n, f in enumerate(folded) if all(w in f for w in ws)} for _, ws in asked]
    del folded
    rows = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        folder = Path(name)
        report, seconds, peak = watched(lambda: write_index(documents, schema, folder / "search"))
        write_page(folder)
        browser = launch(play)
        with serve(folder, BrotliHandler) as address:
            page = browser.new_page()
            page.goto(address + "search.html")
            page.wait_for_selector(".case-hits > li")
            warm = page.evaluate(WARM, texts[:80])
            recall, precision = judged(page.evaluate(CHECK, texts), wanted)
            (folder / "blank.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")
            first = cold(browser, address, "blank.html", OURS_ENGINE, "/search/", texts[:number])
        code, manifest = (
            len(brotli.compress((folder / name).read_bytes()))
            for name in ("assets/search/search.js", "search/manifest.json")
        )
        # The engine was loaded module by module, untimed; a page loads the one script that holds them all.
        first = [(size + code, ms, requests + 1) for size, ms, requests in first]
        print(f"{count:,}: script {code / 1e3:.1f} kB, manifest {manifest / 1e3:.1f} kB, as brotli", file=sys.stderr)
        rows.append(
            _row(count, "ours", seconds, peak, report.size, report.files, recall, precision, len(texts), first, warm)
        )
        if pagefind:
            site = folder / "peer"
            pages_for_pagefind(documents, site)
            _, took, space = watched(
                lambda: subprocess.run([pagefind, "--site", str(site)], check=True, capture_output=True)
            )
            paths = [p for p in (site / "pagefind").rglob("*") if p.is_file()]
            (site / "blank.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")
            with serve(site, BrotliHandler) as address:
                peer = cold(browser, address, "blank.html", PAGEFIND, "/pagefind/", texts[:number])
                page = browser.new_page()
                page.goto(address + "blank.html")
                some, pages = texts[: 200 if count > 4000 else 1000], fragments(site)
                for quote in (False, True):
                    answers = page.evaluate(CHECK_PAGEFIND, {"texts": some, "quote": quote})
                    found = judged([[pages[i] for i in answer] for answer in answers], wanted[: len(some)])
                    tool = "Pagefind, in quotes" if quote else "Pagefind"
                    rows.append(
                        _row(
                            count,
                            tool,
                            took,
                            space,
                            sum(p.stat().st_size for p in paths),
                            len(paths),
                            *found,
                            len(some),
                            peer,
                            None,
                        )
                    )
        browser.close()
    return rows


def _row(count, tool, seconds, peak, size, files, recall, precision, runs, first, warm) -> dict[str, str]:
    sizes = [r[0] for r in first]
    values = (
        f"{count:,}",
        tool,
        f"{seconds:.1f}",
        f"{peak:,.0f}",
        f"{size / 1e6:.1f}",
        f"{files:,}",
        f"{recall:.3f}",
        f"{precision:.3f}",
        f"{runs:,}",
        f"{statistics.mean(sizes) / 1e3:.1f}",
        f"{percentile(sizes, 0.95) / 1e3:.1f}",
        f"{statistics.mean(r[2] for r in first):.1f}",
        f"{statistics.median(r[1] for r in first):.0f}",
        f"{percentile(warm['times'], 0.95):.0f}" if warm else "",
        (f"{max(warm['tasks']):.0f}" if warm["tasks"] else "under 50") if warm else "",
    )
    return dict(zip(HEAD, values, strict=True))


def table(sizes, pagefind: str = "", number: int = 40, checked: int = 1100) -> str:
    """The Markdown table for libraries of these sizes."""
    rows = [row for size in sizes for row in measure(size, pagefind, number, checked)]
    lines = [HEAD, ["---"] * len(HEAD), *(row.values() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[394, 4000, 31100])
    parser.add_argument("--pagefind", default="")
    parser.add_argument("--queries", type=int, default=40, help="cold first queries")
    parser.add_argument("--checked", type=int, default=1100, help="runs of 2 to 12 characters checked")
    asked = parser.parse_args()
    print(table(asked.sizes, asked.pagefind, asked.queries, asked.checked))


if __name__ == "__main__":
    main()
