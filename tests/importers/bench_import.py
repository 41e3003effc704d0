"""Times what the issue gives numbers for: 200 forms, a table of 2,000 rows, duplicates among 31,100 records.

Run as a script: python tests/importers/bench_import.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

from editor_folder import EditorFolder
from filled_files import FORM_HABITS, HEADER, book, build_form

from generator.duplicates import find_twins
from generator.importers.run import find_files, import_files
from tests.samples.records import sample_records


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        editor = EditorFolder(base, "chongqing")
        (base / "forms").mkdir()
        habits = list(FORM_HABITS)
        for number in range(1, 201):
            build_form(habits[number % len(habits)], number, base / "forms")
        start = time.perf_counter()
        reports = import_files(find_files([base / "forms"]), editor.options())
        print(f"{len(reports)} forms: {time.perf_counter() - start:.1f} s, {len(editor.records())} records")
        rows = [
            [
                n,
                f"一种第{n * 7919 % 9973}型{'巷道水泵叶轮夹具阀门'[n % 9 :]}装置",
                "新材料",
                "张三",
                f"第{n}厂",
                "忠县",
                "简介。",
                "",
            ]
            for n in range(1, 2001)
        ]
        book([HEADER, *rows], base / "table.xlsx")
        start = time.perf_counter()
        [report] = import_files([base / "table.xlsx"], editor.options(year=2023))
        print(f"table of {len(report.plans)} rows: {time.perf_counter() - start:.1f} s")
    from generator.importers.known_records import KnownRecord

    records = []
    for record in sample_records(31_100):
        people = record.get("people") or [{"name": ""}]
        facts = (record["title"], record.get("unit", ""), record.get("summary", ""), people[0]["name"])
        records.append(KnownRecord(record["id"], Path(), f"{record['id']}.yml", 1, *facts, ""))
    start = time.perf_counter()
    found = sum(1 for _ in find_twins(records))
    print(f"{found} pairs among {len(records)} records: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
