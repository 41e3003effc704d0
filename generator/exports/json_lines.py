"""JSON Lines: every announced case as its public document, one a line, by id; plain and compressed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from generator.exports.gzip_parts import deflated, gzipped
from generator.exports.pieces import PieceCache, chunk_key, chunks
from generator.exports.published import Published
from generator.records.model import Entry

CHUNK = 250
# Raise it when what a document holds, or how it is compressed, changes.
FORM = "2"


class LinesPiece(msgspec.Struct, array_like=True, frozen=True):
    """Lines of a chunk, plain and deflated."""

    lines: bytes
    deflated: bytes


@dataclass(frozen=True)
class JsonLines:
    """The lines of `cases`. cache: folder of the pieces that are kept, or None."""

    published: Published
    cases: Sequence[Entry]
    cache: Path | None

    def _pieces(self) -> Iterator[LinesPiece]:
        decode = msgspec.msgpack.Decoder(LinesPiece).decode
        with PieceCache(self.cache / "lines.sqlite" if self.cache else None) as kept:
            for members in chunks(self.cases, CHUNK):
                key = chunk_key(members, FORM)
                yield decode(kept.get(key, lambda members=members: self._make(members)))  # type: ignore[misc]

    def _make(self, members: Sequence[Entry]) -> bytes:
        lines = b"".join([document + b"\n" for _, document in self.published.documents(members)])
        return msgspec.msgpack.encode(LinesPiece(lines, deflated(lines)))

    def plain(self) -> Iterator[bytes]:
        """The file, in parts."""
        for piece in self._pieces():
            yield piece.lines

    def gzipped(self) -> Iterator[bytes]:
        """The file as gzip, in parts."""
        return gzipped((piece.lines, piece.deflated) for piece in self._pieces())
