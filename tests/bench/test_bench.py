"""The bench measures what it says, and its edits are edits."""

import sys

import pytest
from ruamel.yaml import YAML

from tests.bench import content, ours, table
from tests.bench.measure import CommandError, Cost, Row, run, size_of
from tests.samples import write_library

FORKS = """
import os, time
data = bytearray(60_000_000)
for _ in range(2):
    if not os.fork():
        own = bytearray(b"x") * 40_000_000
        time.sleep(1.5)
        os._exit(0)
os.wait(); os.wait()
"""


def test_memory_is_summed_over_all_processes_and_shared_pages_count_once(tmp_path):
    cost = run([sys.executable, "-c", FORKS], tmp_path)
    assert 130e6 < cost.peak < 190e6
    assert cost.wall >= 0.5


def test_cpu_time_of_grandchildren_counts(tmp_path):
    spin = "import time\nwhile time.process_time() < 0.3: pass"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {spin!r}])"
    assert run([sys.executable, "-c", nested], tmp_path).cpu >= 0.3


def test_a_failing_command_is_named_with_its_output(tmp_path):
    with pytest.raises(CommandError, match=r"ended with 3(?s:.*)sorry"):
        run([sys.executable, "-c", "print('sorry'); raise SystemExit(3)"], tmp_path)


def test_the_edits_change_one_record_and_add_one(tmp_path):
    cases = write_library(tmp_path, 120)
    before = {path: path.read_bytes() for path in cases.glob("*/*.yml")}
    ours._edit_record(tmp_path)
    after = {path: path.read_bytes() for path in cases.glob("*/*.yml")}
    assert sum(before[path] != after[path] for path in before) == 1
    ours._add_record(tmp_path)
    (added,) = set(cases.glob("*/*.yml")) - set(before)
    assert YAML(typ="safe").load(added)["id"] == added.stem > max(path.stem for path in before)


def test_peers_get_a_page_for_each_record_and_each_term(tmp_path):
    content.write_hugo(tmp_path / "hugo", 60)
    assert len(list((tmp_path / "hugo").glob("content/cases/*/*.md"))) == 60
    assert len(list((tmp_path / "hugo").glob("content/awards/*/_index.md"))) == 3
    (tmp_path / "material").mkdir()
    content.write_material(tmp_path / "material", 60)
    assert len(list((tmp_path / "material").glob("docs/cases/*.md"))) == 60
    assert (tmp_path / "material/docs/awards/third-2.md").exists() is False
    assert "## 背景" in next((tmp_path / "material").glob("docs/cases/*-00001.md")).read_text(encoding="utf-8")


def test_the_table_sets_each_tool_against_both_peers():
    rows = [
        Row(394, name, {"clean": Cost(wall, wall, 10**6)}, 2 * 10**6, 7)
        for name, wall in (("caselib", 1.0), ("Hugo, no search", 2.0), ("Hugo + Pagefind", 8.0))
    ]
    ratios = [line.split(" | ")[-2:] for line in table.table(rows)[2:]]
    assert [[cell.strip(" |") for cell in row] for row in ratios] == [
        ["0.50", "0.12"],
        ["1.00", "0.25"],
        ["4.00", "1.00"],
    ]


def test_size_counts_files_and_bytes_below_a_link(tmp_path):
    (tmp_path / "real" / "a").mkdir(parents=True)
    (tmp_path / "real" / "a" / "x").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("real")
    assert size_of(tmp_path / "link") == (5, 1)
