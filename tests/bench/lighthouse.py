"""Lighthouse (the newest in the package registry, mobile settings) on the kinds of page that visitors open most.

The library of the demo is built and served by nginx under deploy/nginx.conf, as in use. Made-up pages ask search
engines not to list them, which costs points; so the records are taken for real ones here, in the bench's own folder.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.server import HOST
from tests.browser.shots import ARGUMENTS, CHROMIUM, pages_of
from tests.nginx import nginx
from tests.samples.library import write_library

from .measure import CommandError, fresh

Report = dict[str, Any]

ROOT = Path(__file__).parents[2]
COUNT = 394
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# Numbers beside the scores: audit of Lighthouse, title of the column.
NUMBERS = {
    "first-contentful-paint": "FCP",
    "largest-contentful-paint": "LCP",
    "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS",
}


def lighthouse(folder: Path) -> str:
    """Builds, serves and judges; returns the table as Markdown. Raises CommandError where a command fails."""
    program = _installed(folder / "lighthouse")
    site = built(folder)
    work = folder / "work"
    with nginx(site, work / "nginx") as port:
        base = f"http://{HOST}:{port}/"
        rows = {kind: _judged(program, base + path, work) for kind, path in pages(site).items()}
    return table(rows)


def pages(site: Path) -> dict[str, str]:
    """Address of each judged page by its kind."""
    found = pages_of(site)
    places = sorted(site.glob("districts/*.html"), key=lambda path: -path.stat().st_size)
    return {
        "home": found["home"],
        "year": found["year"],
        "district": places[0].relative_to(site).as_posix(),
        "case with pictures": found["case-pictures"],
        "case without": found["case"],
        "methods": found["methods"],
        "search": found["search"],
        "search with an answer": f"{found['search']}?q=%E8%A3%85%E7%BD%AE",
    }


def table(rows: Mapping[str, Report]) -> str:
    """The Markdown table: a line for each page; below it what Lighthouse found."""
    head = ["page", *CATEGORIES, *NUMBERS.values(), "requests", "kB"]
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    faults = []
    for kind, report in rows.items():
        scores, audits = _of(report, "categories"), _of(report, "audits")
        cells = [str(round(100 * (_of(scores, name).get("score") or 0))) for name in CATEGORIES]
        cells += [str(_of(audits, name).get("displayValue", "")) for name in NUMBERS]
        items = _of(_of(audits, "network-requests"), "details").get("items", [])
        sent = [item for item in items if item.get("statusCode")]
        cells += [str(len(sent)), f"{sum(item['transferSize'] for item in sent) / 1000:.1f}"]
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
        for name in CATEGORIES:
            for part in _of(scores, name).get("auditRefs", []):
                audit = _of(audits, part["id"])
                score = audit.get("score")
                if part["weight"] and isinstance(score, (int, float)) and score < 0.9:
                    faults.append(f"- {kind}: {audit['title']} ({name}, {audit.get('displayValue') or score})")
    return "\n".join([*lines, "", *faults])


def _of(parts: Report, name: str) -> Report:
    found = parts.get(name)
    return found if isinstance(found, dict) else {}


def _installed(home: Path) -> Path:
    """The program, installed at the first call."""
    program = home / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        home.mkdir(parents=True, exist_ok=True)
        (home / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        _run(["npm", "install", "--silent", "--no-audit", "--no-fund", "lighthouse"], home)
    return program


def built(folder: Path) -> Path:
    """The site of the sample library with pictures, public as a real one."""
    base = fresh(folder, "lighthouse", COUNT)
    scheme = write_library(base, COUNT, pictures=True) / "scheme.yml"
    scheme.write_text(scheme.read_text("utf-8").replace("\nsample: true\n", "\n"), "utf-8")
    shutil.copytree(ROOT / "docs", base / "docs", dirs_exist_ok=True)
    config = (ROOT / "mkdocs.yml").read_text("utf-8").replace("custom_dir: theme", f"custom_dir: {ROOT / 'theme'}")
    (base / "mkdocs.yml").write_text(config, "utf-8")
    for record in base.glob("cases/*/*.yml"):
        record.write_text(record.read_text("utf-8").replace("\nsample: true\n", "\n"), "utf-8")
    _run([sys.executable, "-m", "generator", "build"], base)
    return (base / "site").resolve()


def _judged(program: Path, address: str, folder: Path) -> Report:
    """The report on one page."""
    out = folder / "lighthouse.json"
    flags = " ".join(["--headless=new", *ARGUMENTS])
    command = [str(program), address, "--output=json", f"--output-path={out}", "--quiet", f"--chrome-flags={flags}"]
    _run([*command, f"--only-categories={','.join(CATEGORIES)}"], folder, CHROME_PATH=CHROMIUM)
    report: Report = json.loads(out.read_text("utf-8"))
    return report


def _run(command: list[str], folder: Path, **more: str) -> None:
    done = subprocess.run(command, cwd=folder, env=os.environ | more, capture_output=True, text=True)
    if done.returncode:
        raise CommandError(f"{' '.join(command)} ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
