"""The FTS5 index of the award database, put together from segments that were made apart.

An FTS5 index is a list of segments, and a segment depends on nothing but its documents. Making one for each group of
cases and joining them keeps an edit cheap and the bytes free of history. This uses the stored form of FTS5 of the
pinned SQLite (fts5_index.c, "FTS5 %_data" comment); the tests run FTS5's own integrity check over the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import apsw
import msgspec

from generator.exports.database_schema import SEARCHED, full_text

# Rowids of the table %_data: the two records of the index, then segment << 37 | page.
AVERAGES, STRUCTURE = 1, 10
SEGMENT_SHIFT = 37
MOST_SEGMENTS = 1500

Document = tuple[int, str, str, str, str]


class Segment(msgspec.Struct, array_like=True, frozen=True):
    """One segment. pages: place in the segment and block. terms: first term of a leaf and its place.

    totals: number of documents, then of tokens in each column.
    """

    pages: list[tuple[int, bytes]]
    terms: list[tuple[bytes, int]]
    totals: list[int]
    last: int


def make_segment(documents: Iterable[Document]) -> bytes:
    """The segment of `documents` (rowid, then the searched columns; ascending rowids), encoded."""
    connection = apsw.Connection(":memory:")
    connection.execute(full_text(""))
    # One flush, and so one segment, whatever the number of documents.
    connection.execute("INSERT INTO cases_fts(cases_fts, rank) VALUES ('automerge', 0), ('hashsize', 1000000000)")
    connection.execute("BEGIN")
    marks = ", ".join("?" * (1 + len(SEARCHED)))
    connection.executemany(f"INSERT INTO cases_fts(rowid, {', '.join(SEARCHED)}) VALUES ({marks})", documents)  # noqa: S608
    connection.execute("COMMIT")
    rows: list[Any] = connection.execute("SELECT id, block FROM cases_fts_data ORDER BY id").fetchall()
    blocks: dict[int, bytes] = dict(rows)
    structure, totals = blocks.pop(STRUCTURE), _varints(blocks.pop(AVERAGES))
    if not blocks:
        return msgspec.msgpack.encode(Segment([], [], [0] * (1 + len(SEARCHED)), 0))
    _, count, _, *levels = _varints(structure[4:])
    if count != 1 or {number >> SEGMENT_SHIFT for number in blocks} != {1}:
        raise RuntimeError(f"FTS5 made {count} segments where one was expected")
    mask = (1 << SEGMENT_SHIFT) - 1
    terms: list[Any] = connection.execute("SELECT term, pgno FROM cases_fts_idx ORDER BY segid, term").fetchall()
    segment = Segment(
        [(number & mask, block) for number, block in blocks.items()],
        [(bytes(term) if isinstance(term, bytes) else term.encode(), page) for term, page in terms],
        totals,
        levels[-1],
    )
    connection.close()
    return msgspec.msgpack.encode(segment)


def put_segments(connection: apsw.Connection, encoded: Sequence[bytes]) -> None:
    """Makes `encoded` the whole index of the database."""
    segments = [segment for data in encoded if (segment := msgspec.msgpack.decode(data, type=Segment)).pages]
    if len(segments) > MOST_SEGMENTS:
        raise RuntimeError(f"{len(segments)} segments are more than FTS5 can hold")
    connection.execute("DELETE FROM cases_fts_data; DELETE FROM cases_fts_idx")
    totals = [sum(column) for column in zip(*(segment.totals for segment in segments), strict=True)]
    totals = totals or [0] * (1 + len(SEARCHED))
    structure = [1, len(segments), len(segments), 0, len(segments)] if segments else [0, 0, 0]
    for number, segment in enumerate(segments, 1):
        structure += [number, 1, segment.last]
    insert = "INSERT INTO cases_fts_data(id, block) VALUES (?, ?)"
    connection.execute(insert, (AVERAGES, _encoded(totals)))
    connection.execute(insert, (STRUCTURE, b"\x00\x00\x00\x01" + _encoded(structure)))
    for number, segment in enumerate(segments, 1):
        base = number << SEGMENT_SHIFT
        connection.executemany(insert, ((base | page, block) for page, block in segment.pages))
        rows = ((number, term, page) for term, page in segment.terms)
        connection.executemany("INSERT INTO cases_fts_idx(segid, term, pgno) VALUES (?, ?, ?)", rows)


# SQLite's variable-length integers: seven bits a byte, the highest first.


def _varints(data: bytes) -> list[int]:
    found, value = [], 0
    for byte in data:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            found.append(value)
            value = 0
    return found


def _encoded(values: Iterable[int]) -> bytes:
    found = bytearray()
    for value in values:
        septets = [value & 0x7F]
        while value := value >> 7:
            septets.append(value & 0x7F | 0x80)
        found += bytes(reversed(septets))
    return bytes(found)
