"""Anonymous counts: they survive a kill, a damaged file and a full disk, and leave as a table."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

from generator.kiosk.machine.counts import Counts, counts_csv, read_rows

DAY = date(2026, 11, 24)


def counts_at(path: Path, trouble: list[str] | None = None) -> Counts:
    return Counts(path, lambda: DAY, (trouble if trouble is not None else []).append)


def test_what_is_opened_is_counted_by_day_and_case(tmp_path):
    counts = counts_at(tmp_path / "counts.sqlite")
    counts.visit()
    counts.opened(["2023-00001", "2023-00002"])
    counts.opened(["2023-00001"])
    assert counts.rows() == [
        ("2026-11-24", "visit", "", 1),
        ("2026-11-24", "opened", "2023-00001", 2),
        ("2026-11-24", "opened", "2023-00002", 1),
    ]


def test_what_is_no_id_is_not_counted_and_no_call_counts_many(tmp_path):
    counts = counts_at(tmp_path / "counts.sqlite")
    counts.opened(["../x", "", "a" * 41, "'; drop table counts", "王小明 13800000000"])
    assert counts.rows() == []
    counts.opened([f"2023-{number:05}" for number in range(100)])
    assert len(counts.rows()) == 20


def test_the_table_opens_in_a_spreadsheet(tmp_path):
    counts = Counts(tmp_path / "counts.sqlite", lambda: None, print)
    counts.opened(["2023-00001"])
    text = counts_csv(counts.rows())
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows == [["日期", "事项", "编号", "次数"], ["日期不明", "打开", "2023-00001", "1"]]


def test_counts_survive_a_kill(tmp_path):
    path = tmp_path / "counts.sqlite"
    code = (
        "import sys; from pathlib import Path; from tests.kiosk.server.test_counts import counts_at\n"
        f"counts = counts_at(Path({str(path)!r}))\n"
        "while True: counts.opened(['2023-00001']); print(flush=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    told = 0
    while told < 50 and process.stdout.readline():
        told += 1
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    [(_, _, _, times)] = read_rows(path)
    assert times >= 50


def test_a_damaged_file_is_put_aside_and_told_once(tmp_path):
    path, trouble = tmp_path / "counts.sqlite", []
    path.write_bytes(b"no database" * 1000)
    counts = counts_at(path, trouble)
    counts.opened(["2023-00001"])
    assert counts.rows() == [("2026-11-24", "opened", "2023-00001", 1)]
    assert (tmp_path / "counts.damaged").exists()
    assert len([line for line in trouble if line]) == 1


def test_where_nothing_can_be_written_the_screen_goes_on(tmp_path):
    trouble: list[str] = []
    (tmp_path / "file").write_text("")
    counts = counts_at(tmp_path / "file" / "counts.sqlite", trouble)
    counts.opened(["2023-00001"])
    assert "展示不受影响" in trouble[0]
