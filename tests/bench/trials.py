"""Long trials at size, of what `make test` tries on small libraries: each compares whole sites, file by file.

- edits: random edits, each built on the last; at the end the site is that of a clean build.
- kills: builds are killed at random moments; what is live is the old site or the new one, whole.
- places: another folder, number of processes, time zone, locale and hash seed give the same site.
"""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.samples.library import to_yaml
from tests.samples.records import sample_records

from . import measure
from .ours import CASELIB, COPIED, FOOTER, prepare

EDITS = 12
KILLS = 10
BUILD = (*CASELIB, "build", "--quiet")
QUIET = {"NO_MKDOCS_2_WARNING": "1"}

Tree = dict[str, bytes]


class TrialError(Exception):
    """A trial found a difference; the message names it."""


def trials(folder: Path, count: int, seed: int = 1) -> str:
    """Runs every trial on a library of `count` records; a line for each. Raises TrialError at the first difference."""
    chance = random.Random(seed)
    site = prepare(folder, "trials", count)
    seconds = measure.run(BUILD, site, QUIET).wall
    lines = [f"{count:,} records, seed {seed}"]
    for trial in (_edits, _kills, _places):
        began = time.monotonic()
        lines.append(f"- {trial(site, chance, seconds)} ({time.monotonic() - began:.0f} s)")
        print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def tree(folder: Path) -> Tree:
    """Digest of each file below `folder`, by its path."""
    root, found = folder.resolve(), {}
    for path, _, names in os.walk(root):
        for name in names:
            full = os.path.join(path, name)
            with open(full, "rb") as stream:
                found[os.path.relpath(full, root)] = hashlib.file_digest(stream, "blake2b").digest()
    return found


def _same(found: Tree, expected: Tree, what: str) -> None:
    for name in sorted(found.keys() | expected.keys()):
        if found.get(name) != expected.get(name):
            raise TrialError(f"{what}: {name} differs")


def _clean(site: Path, jobs: int = 0, **environment: str) -> Tree:
    """The site of a build from nothing in a folder beside `site`. jobs: processes, 0 for as many as there are cores."""
    other = site.with_name(f"{site.name} clean")
    shutil.rmtree(other, ignore_errors=True)
    measure.settle()
    other.mkdir()
    for name in (*COPIED, "cases"):
        copy = shutil.copytree if (site / name).is_dir() else shutil.copy
        copy(site / name, other / name)
    if jobs:
        config = other / "mkdocs.yml"
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace("- caselib\n", f"- caselib: {{jobs: {jobs}}}\n", 1), encoding="utf-8")
    measure.run(BUILD, other, QUIET | environment)
    found = tree(other / "site")
    shutil.rmtree(other)
    return found


def _edit(site: Path, chance: random.Random) -> None:
    """One edit of a random kind."""
    paths = sorted(site.glob("cases/*/*.yml"))
    path = chance.choice(paths)
    text = path.read_text(encoding="utf-8")
    match chance.choice(("title", "unit", "award", "add", "remove", "break", "footer")):
        case "title":
            title = f"一种改过的{chance.choice('刀钳尺灯')}具 {chance.random():.6f}"
            path.write_text(_with(text, "title", title), encoding="utf-8")
        case "unit":
            other = chance.choice(paths).read_text(encoding="utf-8")
            path.write_text(_with(text, "unit", _value(other, "unit")), encoding="utf-8")
        case "award":
            other = chance.choice(paths).read_text(encoding="utf-8")
            path.write_text(_with(text, "award", _value(other, "award")), encoding="utf-8")
        case "add":
            record = next(sample_records(1, seed=chance.randrange(10**6)))
            last = max(path.parent.glob("*.yml"))
            year, _, number = last.stem.partition("-")
            record |= {"id": f"{year}-{int(number) + 1:05d}", "year": int(year)}
            last.with_name(f"{record['id']}.yml").write_text(to_yaml(record), encoding="utf-8")
        case "remove":
            path.unlink()
        case "break":
            path.write_text(f"{text}oops: [\n", encoding="utf-8")
            before = os.readlink(site / "site")
            failed = subprocess.run(BUILD, cwd=site, capture_output=True, check=False)
            if failed.returncode != 1 or os.readlink(site / "site") != before:
                raise TrialError(f"a broken record was published: {path.name}")
            path.write_text(text, encoding="utf-8")
        case "footer":
            with (site / FOOTER).open("a", encoding="utf-8") as stream:
                stream.write(f"<p>{chance.random():.6f}</p>\n")


def _value(text: str, key: str) -> str:
    return next((line.partition(": ")[2] for line in text.split("\n") if line.startswith(f"{key}: ")), "")


def _with(text: str, key: str, value: str) -> str:
    """The record with another value of a key at its start; as it is where it has none."""
    return "\n".join(f"{key}: {value}" if line.startswith(f"{key}: ") else line for line in text.split("\n"))


def _edits(site: Path, chance: random.Random, _: float) -> str:
    for _ in range(EDITS):
        _edit(site, chance)
        measure.run(BUILD, site, QUIET)
    _same(tree(site / "site"), _clean(site), "edits")
    return f"edits: {EDITS} builds on each other, the last one is a clean build to the byte"


def _kills(site: Path, chance: random.Random, seconds: float) -> str:
    """Each kill interrupts the build of another edit, at any moment of it. seconds: what a whole build takes."""
    seen = {"old": 0, "new": 0}
    stands = tree(site / "site")
    for _ in range(KILLS):
        _edit_all(site)
        process = subprocess.Popen(BUILD, cwd=site, start_new_session=True, stderr=subprocess.DEVNULL)
        try:
            process.wait(chance.uniform(0, seconds))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        found = tree(site / "site")
        cost = measure.run(BUILD, site, QUIET)
        finished = tree(site / "site")
        if found == stands:
            seen["old"] += 1
        elif found == finished:
            seen["new"] += 1
        else:
            raise TrialError("kills: half a site is live")
        # The next kill comes before the end of what such a build takes.
        seconds = cost.wall if cost.wall > 1 else seconds
        stands = finished
    _same(stands, _clean(site), "kills")
    return (
        f"kills: {KILLS} builds killed, the live site was the old one {seen['old']} and the new one {seen['new']} times"
    )


def _edit_all(site: Path) -> None:
    """A change that makes every case page anew, so that a build takes long enough to be killed."""
    path = site / "theme/case.html"
    path.write_text(path.read_text(encoding="utf-8") + "<!-- changed -->\n", encoding="utf-8")


def _places(site: Path, chance: random.Random, _: float) -> str:
    seed = str(chance.randrange(10**6))
    other = _clean(site, jobs=1, TZ="Asia/Urumqi", LC_ALL="C", PYTHONHASHSEED=seed, PYTHONUTF8="1")
    _same(tree(site / "site"), other, "places")
    return "places: another folder, time zone, locale, hash seed and number of processes give the same bytes"
