"""Runs a command and measures what all its processes cost together.

Wall time is the clock's. CPU time is user and system time of the command and of all descendants that were waited
for (wait4). Peak memory is the largest sum of the proportional set sizes (PSS in /proc/<pid>/smaps_rollup) of all
processes of the tree at one moment, so that pages shared by forked workers count once; the sampling pauses nine times
as long as a sample took, at least 20 ms. A single process that grew and shrank between two samples is caught by the
kernel's own high-water mark (ru_maxrss), of which the larger counts. The page cache does not count.
"""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.02
PR_SET_CHILD_SUBREAPER = 36


class CommandError(Exception):
    """A measured command ended with another status than 0."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command took: seconds and bytes."""

    wall: float
    cpu: float
    peak: int

    def __add__(self, other: "Cost") -> "Cost":
        """Both commands, one after the other."""
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak))


@dataclass(frozen=True, slots=True)
class Row:
    """What one tool took for a library of `count` records: costs by column; bytes and number of the files written."""

    count: int
    tool: str
    costs: dict[str, Cost]
    size: int
    files: int

    @property
    def peak(self) -> int:
        return max(cost.peak for cost in self.costs.values())


def fresh(folder: Path, name: str, count: int) -> Path:
    """An empty folder for one tool's work on one size."""
    site = folder / "work" / f"{name}-{count}"
    if site.exists():
        shutil.rmtree(site)
        settle()
    site.mkdir(parents=True)
    return site


def settle() -> None:
    """Lets the file system finish what was deleted: ext4 looks past inodes freed in the last five seconds one by one,
    which costs whoever creates files next ten times as much."""
    os.sync()
    time.sleep(6)


def run(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Runs `command` in `folder` and measures it; its output goes to <folder>/bench.log."""
    _adopt_orphans()
    with (folder / "bench.log").open("ab") as log:
        log.write(f"$ {' '.join(map(str, command))}\n".encode())
        log.flush()
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        sampler = Sampler(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # A child starts with the mark of the process that it was forked from, which says nothing of the command.
        peak = max(sampler.stop(), usage.ru_maxrss * 1024 if usage.ru_maxrss > own else 0)
    if process.returncode != 0:
        tail = (folder / "bench.log").read_text(encoding="utf-8", errors="replace")[-3000:]
        raise CommandError(f"{' '.join(map(str, command))} ended with {process.returncode}\n{tail}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, peak)


def _adopt_orphans() -> None:
    """Keeps processes whose parent ended in this process's tree, so that they are seen and counted."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Sampler:
    """Samples the memory of a process and its descendants in a thread, until stopped."""

    def __init__(self, pid: int) -> None:
        self.pid, self.peak, self.samples = pid, 0, 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Ends the sampling; the peak in bytes."""
        self._end.set()
        self._thread.join()
        return self.peak

    def _sample(self) -> None:
        pause = 0.0
        while not self._end.wait(pause):
            start = time.perf_counter()
            self.peak = max(self.peak, sum(map(pss, tree(self.pid))))
            self.samples += 1
            pause = max(PAUSE, 9 * (time.perf_counter() - start))


def tree(pid: int) -> list[int]:
    """The process and all its descendants that live now."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path("/proc", entry, "stat").read_bytes()
            except OSError:
                continue
            parent = int(stat.rpartition(b")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def pss(pid: int) -> int:
    """Proportional set size in bytes; 0 for a process that has ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def size_of(folder: Path) -> tuple[int, int]:
    """Bytes and number of the files below a folder (the folder itself may be a link)."""
    total = count = 0
    for home, _, files in os.walk(os.path.realpath(folder)):
        for name in files:
            total += os.lstat(os.path.join(home, name)).st_size
            count += 1
    return total, count
