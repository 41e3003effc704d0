"""What a library already holds, read quickly and whatever state its records are in: id, title, unit, place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.checking.raw import MAX_BYTES, parse_yaml
from generator.records.library import record_files
from generator.records.moves import MOVED_FILE, read_moves
from generator.records.validate import Location

_LINE = re.compile(r"^(title|unit|summary):[ \t]+(.+?)[ \t]*\r?$", re.MULTILINE)
_LEAD = re.compile(r"^people:.*?\bname: *([^,}\n]+)", re.MULTILINE | re.DOTALL)
_ID = re.compile(r"(\d{4})-(\d{5,7})(?:\.yml)?")


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """A record that is there. line: of its title in the file."""

    id: str
    path: Path
    file: str
    line: int
    title: str
    unit: str
    summary: str
    lead: str
    text: str


def scan_records(folder: Path, base: Path, years: Iterable[int] | None = None) -> list[KnownRecord]:
    """Every record of the library (of the rounds `years`), in order of id; unreadable ones are left out."""
    wanted = None if years is None else {str(year) for year in years}
    locations, _ = record_files(folder, base)
    found: list[KnownRecord] = []
    for location in locations:
        if wanted is not None and location.year not in wanted:
            continue
        record = known_record(location)
        if record is not None:
            found.append(record)
    return found


def known_record(location: Location) -> KnownRecord | None:
    """What one record says, whatever state it is in; None where it cannot be read."""
    path = location.folder / f"{location.id}.yml"
    try:
        with path.open("rb") as stream:
            text = stream.read(MAX_BYTES).decode("utf-8", "replace").removeprefix("\ufeff")
    except OSError:
        return None
    values: dict[str, str] = {}
    line = 1
    for match in _LINE.finditer(text):
        if match.group(1) == "title":
            line = text.count("\n", 0, match.start()) + 1
        values.setdefault(match.group(1), _plain(match.group(2)))
    lead = _LEAD.search(text)
    name = _plain(lead.group(1)) if lead else ""
    return KnownRecord(
        *(location.id, path, location.file, line),
        *(values.get("title", ""), values.get("unit", ""), values.get("summary", ""), name, text),
    )


def _plain(value: str) -> str:
    """A scalar of one line as it reads."""
    if value[0] in "\"'":
        raw, _ = parse_yaml(f"v: {value}", "")
        found = raw.value.get("v") if raw is not None else None
        return found if isinstance(found, str) else ""
    return value.split(" #")[0].strip()


def next_number(folder: Path, year: int) -> int:
    """The number after the highest that is used in a round: by a record, by a folder of pictures, or once before."""
    try:
        names = [entry.name for entry in (folder / str(year)).iterdir()]
    except OSError:
        names = []
    names += [move.id for move in read_moves(folder / MOVED_FILE, MOVED_FILE)[0]]
    numbers = [int(match.group(2)) for name in names if (match := _ID.fullmatch(name)) and match.group(1) == str(year)]
    return max(numbers, default=0) + 1


def record_id(year: int, number: int) -> str:
    return f"{year}-{number:05d}"
