"""Same input, same bytes: whatever the process, the clock, the order of files, and what was built before."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.exports.jobs import ExportOptions, Exports, write_exports
from generator.views import Views
from tests.conftest import LibraryFolder
from tests.samples import write_library

from .conftest import export, read, write_special

SCRIPT = """
import sys
from pathlib import Path
from generator.exports.jobs import ExportOptions, Exports, write_exports
from generator.reading import read_library
from generator.views import Views
library, _ = read_library(Path(sys.argv[1]))
written = write_exports(library, Views(library), Path(sys.argv[2]), ExportOptions(), int(sys.argv[3]))
for path, digest in sorted(written):
    print(path, digest.hex())
"""
ROOT = Path(__file__).parents[2]


def run(cases: Path, target: Path, jobs: int, **changes: str) -> list[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **changes}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(cases), str(target), str(jobs)], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_another_process_writes_the_same(tmp_path: Path) -> None:
    cases = write_library(tmp_path / "here", 80)
    other = tmp_path / "elsewhere" / "deeper" / "cases"
    for path in sorted(cases.rglob("*"), reverse=True):
        if path.is_file():
            (other / path.relative_to(cases)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, other / path.relative_to(cases))
    first = run(cases, tmp_path / "a", 1, PYTHONHASHSEED="1", TZ="Asia/Shanghai", LC_ALL="C.UTF-8")
    second = run(other, tmp_path / "b", 2, PYTHONHASHSEED="77", TZ="America/Los_Angeles", LC_ALL="C")
    assert len(first) > 200
    assert first == second
    for line in first:
        path = line.split(" ")[0]
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes()


@pytest.mark.parametrize("seed", [1])
def test_what_was_built_before_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    # Small chunks, so that few records span many of them.
    monkeypatch.setattr("generator.exports.award_database.ROWS_CHUNK", 8)
    monkeypatch.setattr("generator.exports.award_database.SEARCH_CHUNK", 16)
    monkeypatch.setattr("generator.exports.case_rows.CHUNK", 4)
    rng = random.Random(seed)
    folder = LibraryFolder(tmp_path)
    write_special(folder)
    for number in range(20, 60):
        folder.record(f"2023-{number:05d}", title=f"第{number}项装置", unit=f"单位{number % 7}")
    folder.record("2023-000033", title="六位编号")
    for step in range(4):
        for _ in range(rng.randint(1, 4)):
            number = rng.randrange(20, 75)
            case_id = f"2023-{number:05d}"
            path = folder.folder / f"2023/{case_id}.yml"
            choice = rng.random()
            if choice < 0.3:
                path.unlink(missing_ok=True)
            elif choice < 0.5:
                folder.record(case_id, title=f"撤销{step}", status="revoked")
            else:
                folder.record(case_id, title=f"改动{step}之后的装置{rng.random()}", unit=f"单位{rng.randrange(9)}")
        library = folder.library()
        patched = export(library, tmp_path / "patched", cache=tmp_path / "cache")
        clean = export(library, tmp_path / f"clean{step}")
        assert patched.written == clean.written
    database = clean.database
    assert database.execute("SELECT cases FROM totals").fetchone() == (len(library.public),)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_damaged_cache_changes_nothing(tmp_path: Path) -> None:
    library = read(write_library(tmp_path, 40))
    cache = tmp_path / "cache"
    first = export(library, tmp_path / "a", cache=cache)
    for path in (cache / "exports").iterdir():
        path.write_bytes(b"damaged")
    assert export(library, tmp_path / "b", cache=cache).written == first.written


@pytest.mark.parametrize("place", ["put_segments", "Working.write"])
def test_a_write_that_was_stopped_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    folder = LibraryFolder(tmp_path)
    write_special(folder)
    export(folder.library(), tmp_path / "a", cache=tmp_path / "cache")
    folder.record("2023-02000", title="新来的装置")
    library = folder.library()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"generator.exports.award_database.{place}", stop)
        with pytest.raises(KeyboardInterrupt):
            export(library, tmp_path / "b", cache=tmp_path / "cache")
    after = export(library, tmp_path / "c", cache=tmp_path / "cache")
    assert after.written == export(library, tmp_path / "d").written


def test_keys_change_with_what_the_files_depend_on(tmp_path: Path) -> None:
    folder = LibraryFolder(tmp_path)
    write_special(folder)
    keys, written = [], []
    for title in ("原来的名称", "改了名称"):
        folder.record("2024-00010", title=title)
        library = folder.library()
        keys.append({job.path: job.key for job in Exports(library, Views(library)).jobs()})
        written.append(dict(write_exports(library, Views(library), tmp_path / title)))
    changed = {path for path in keys[1] if keys[0].get(path) != keys[1][path]}
    differ = {path for path in written[1] if written[0].get(path) != written[1][path]}
    assert differ <= changed
    assert "api/v1/cases/2024-00010.json" in differ
    assert "years/2023.csv" not in changed
    options = ExportOptions(site="https://example.org/")
    other = {job.path: job.key for job in Exports(library, Views(library), options).jobs()}
    assert other["index.atom"] != keys[1]["index.atom"]
