"""The measurements as one Markdown page: the machine, the table, how it was measured."""

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import measure
from .measure import Row

COLUMNS = ("check cold", "check warm", "clean", "no change", "record edited", "footer edited", "record added")
ROOT = Path(__file__).parents[2]


def machine() -> list[str]:
    """What the numbers were measured on, as Markdown lines."""
    cpu, memory = "", 0.0
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal"):
            memory = int(line.split()[1]) / 1024**2
    cores = len(os.sched_getaffinity(0))
    return [
        f"- Machine: {cores} cores ({cpu or platform.machine()}), {memory:.0f} GiB of memory, "
        f"Linux {platform.release()}, load {os.getloadavg()[0]:.1f} at the start",
        f"- Python {platform.python_version()}, commit {_commit()}",
    ]


def _commit() -> str:
    """The commit measured, with a mark where the tree differs from it."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def page(rows: Sequence[Row], about: Sequence[str], versions: Mapping[str, str]) -> str:
    """The whole page."""
    peers = ", ".join(f"{name} {version}" for name, version in versions.items())
    text = ["# Bench", "", "`make bench` (`python -m tests.bench`) measures this table anew.", "", *about]
    if peers:
        text.append(f"- Peers, newest in the package registry: {peers}")
    return "\n".join([*text, "", *table(rows), "", *notes()]) + "\n"


def table(rows: Sequence[Row]) -> list[str]:
    """The Markdown table, in the order of size."""
    head = ["records", "tool", *COLUMNS, "CPU", "peak MB", "output MB", "files", "÷ Hugo", "÷ Hugo + Pagefind"]
    lines = ["| " + " | ".join(head) + " |", "| ---: | --- |" + " ---: |" * (len(head) - 2)]
    by_name = {(row.count, row.tool): row for row in rows}
    for row in sorted(rows, key=lambda row: row.count):
        clean = row.costs["clean"]
        cells = [f"{row.count:,}", row.tool, *(seconds(row.costs.get(column)) for column in COLUMNS)]
        cells += [f"{clean.cpu:.1f}", f"{row.peak / 1e6:,.0f}", f"{row.size / 1e6:,.1f}", f"{row.files:,}"]
        for peer in ("Hugo, no search", "Hugo + Pagefind"):
            other = by_name.get((row.count, peer))
            cells.append(f"{clean.wall / other.costs['clean'].wall:.2f}" if other else "")
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def seconds(cost: measure.Cost | None) -> str:
    """Wall time with three figures; empty where it was not measured."""
    if cost is None:
        return ""
    return f"{cost.wall:.2f}" if cost.wall < 10 else f"{cost.wall:.1f}"


def notes() -> list[str]:
    """How to read the table."""
    return [
        "Columns are wall seconds of one run of the command line, from its start to its end; CPU (user and system "
        "seconds of all processes), output and files are of the clean build, peak memory is the largest of the row. "
        "Files that are read lie in the page cache.",
        "",
        "Memory is the largest sum of PSS over all processes of the command at one moment, sampled from "
        "`/proc/<pid>/smaps_rollup`, or the largest high-water mark of one process where that is more: pages shared by "
        "workers count once, the page cache does not count.",
        "",
        "All tools get the same generated records. Hugo: a page a case with the same text and facts, previous and "
        "next, paginated lists by year, category, district, kind and award; no feeds, JSON, unit pages, similar cases "
        "or validation. Pagefind (extended build) indexes these pages with five filters. mkdocs-material: the same as "
        "Markdown pages with its own search, cases left out of the navigation. Hugo, Pagefind and mkdocs-material "
        "build everything anew after any edit, so their other columns would repeat the clean build.",
    ]
