"""How often which case was opened and how many visits there were, by day: no person, no time of day, no order."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import apsw

OPENED, VISIT = "opened", "visit"
WORDS = {OPENED: "打开", VISIT: "参观"}
UNKNOWN_DAY = "日期不明"
HEAD = ("日期", "事项", "编号", "次数")
MOST_AT_ONCE = 20
_ID = re.compile(r"[\w-]{1,40}")
_TABLE = "create table if not exists counts (day text, what text, id text, times integer, primary key (day, what, id))"
_ADD = "insert into counts values (?, ?, ?, 1) on conflict (day, what, id) do update set times = times + 1"


class Counts:
    """Counts in the database at `path`. day: today, None where the clock cannot be right.

    trouble: told once in words when counting fails; the screen goes on without.
    """

    def __init__(self, path: Path, day: Callable[[], date | None], trouble: Callable[[str], object]) -> None:
        self.path = path
        self._day = day
        self._trouble = trouble
        self._lock = threading.Lock()
        self._connection: apsw.Connection | None = None

    def opened(self, ids: Iterable[str]) -> None:
        """Counts cases that were opened; what is no id is left out."""
        self._add([(OPENED, case_id) for case_id in list(ids)[:MOST_AT_ONCE] if _ID.fullmatch(case_id)])

    def visit(self) -> None:
        """Counts a visit."""
        self._add([(VISIT, "")])

    def rows(self) -> list[tuple[str, str, str, int]]:
        """Day, what, id and number, in this order; the day is empty where it was not known."""
        return read_rows(self.path)

    def _add(self, events: Sequence[tuple[str, str]]) -> None:
        if not events:
            return
        day = self._day()
        with self._lock:
            for last in (False, True):
                try:
                    if self._connection is None:
                        self._connection = _opened(self.path)
                    with self._connection:
                        for what, case_id in events:
                            self._connection.execute(_ADD, (day.isoformat() if day else "", what, case_id))
                    self._trouble("")
                    return
                except (apsw.NotADBError, apsw.CorruptError):
                    self._connection = None
                    if last:
                        return
                    self._put_aside()
                except (apsw.Error, OSError) as error:
                    self._connection = None
                    self._trouble(f"计数没有记下（{error}）；展示不受影响")
                    return

    def _put_aside(self) -> None:
        """Begins anew where the file is damaged; the damaged one stays beside it."""
        self.path.replace(self.path.with_suffix(".damaged"))
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        self._trouble(f"计数文件已损坏，已改名为 {self.path.with_suffix('.damaged').name}，重新开始计数")


def _opened(path: Path) -> apsw.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(2000)
    # A power cut may lose the last seconds, never the file.
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = normal")
    connection.execute(_TABLE)
    return connection


def read_rows(path: Path) -> list[tuple[str, str, str, int]]:
    """Day, what, id and number of each count in the database at `path`; none where there is no database."""
    if not path.exists():
        return []
    with closing(_opened(path)) as connection:
        return [
            (str(day), str(what), str(case_id), int(str(times)))
            for day, what, case_id, times in connection.execute("select * from counts order by day, what desc, id")
        ]


def counts_csv(rows: Iterable[tuple[str, str, str, int]]) -> str:
    """The counts as a table that spreadsheets open; the mark at its start tells them that it is UTF-8."""
    # Not by generator.exports: that would bring the whole of the library to the machine of the screen.
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows((day or UNKNOWN_DAY, WORDS.get(what, what), case_id, times) for day, what, case_id, times in rows)
    return "\ufeff" + text.getvalue()
