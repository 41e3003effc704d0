"""The rows of all cases for CSV and XLSX, made together a chunk at a time and kept by the key of the chunk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from generator.exports.gzip_parts import deflated, gzipped
from generator.exports.pieces import PieceCache, chunk_key, chunks
from generator.exports.published import Facts, Published, section_text
from generator.exports.sheet_rows import sheet_rows
from generator.exports.tables import BOM, CaseColumn, Value, case_columns, csv_lines
from generator.exports.zip_parts import Part
from generator.keys import key_of
from generator.records.model import Entry
from generator.scheme.model import Section

CHUNK = 250
# Raise it when the columns or the form of a row change.
FORM = "2"


class RowsPiece(msgspec.Struct, array_like=True, frozen=True):
    """The rows of a chunk: of the worksheet, compressed, and of the CSV table, plain and deflated."""

    sheet: Part
    lines: bytes
    deflated: bytes


@dataclass(frozen=True)
class CaseRows:
    """The rows of `cases`, by id. cache: folder of the pieces, or None."""

    published: Published
    cases: Sequence[Entry]
    cache: Path | None

    @cached_property
    def columns(self) -> list[CaseColumn]:
        """The columns of the CSV table."""
        return case_columns(self.published.library.scheme)

    @cached_property
    def sheet_columns(self) -> list[CaseColumn]:
        """The columns of the worksheet: those of the table, and the sections."""
        return [*self.columns, *map(_section_column, self.published.library.scheme.sections)]

    def pieces(self) -> Iterator[RowsPiece]:
        """The rows, chunk by chunk."""
        layout = key_of(FORM, self.published.library.scheme.model_dump_json())
        decode = msgspec.msgpack.Decoder(RowsPiece).decode
        with PieceCache(self.cache / "rows.sqlite" if self.cache else None) as kept:
            for members in chunks(self.cases, CHUNK):
                key = chunk_key(members, layout)
                yield decode(kept.get(key, lambda members=members: self._make(members)))  # type: ignore[misc]

    def _make(self, members: Sequence[Entry]) -> bytes:
        values = [column.value for column in self.sheet_columns]
        width = len(self.columns)
        rows = [[value(entry, facts) for value in values] for entry, facts in self.published.facts(members, body=True)]
        lines = csv_lines([row[:width] for row in rows]).encode()
        return msgspec.msgpack.encode(RowsPiece(sheet_rows(rows), lines, deflated(lines)))

    def csv(self) -> Iterator[bytes]:
        """The CSV file, in parts."""
        return (lines for lines, _ in self._lines())

    def csv_gzipped(self) -> Iterator[bytes]:
        """The CSV file as gzip, in parts."""
        return gzipped(self._lines())

    def _lines(self) -> Iterator[tuple[bytes, bytes]]:
        head = (BOM + csv_lines([[column.label for column in self.columns]])).encode()
        yield head, deflated(head)
        for piece in self.pieces():
            yield piece.lines, piece.deflated


def _section_column(section: Section) -> CaseColumn:
    def text(_: Entry, facts: Facts) -> Value:
        return section_text(facts, section.key)

    return CaseColumn(section.label, f"body.{section.key}", "string", 40, text)
