"""JSON Lines: every announced case as its public document, one a line, by id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from generator.exports.pieces import PieceCache, chunk_key, chunks
from generator.exports.published import Published
from generator.model import Entry

CHUNK = 250
# Raise it when what a document holds changes.
FORM = "1"


def json_lines(published: Published, cases: Sequence[Entry], cache: Path | None) -> Iterator[bytes]:
    """The file, in parts. cache: folder of the parts that are kept, or None."""

    def made(members: Sequence[Entry]) -> bytes:
        return b"".join([document + b"\n" for _, document in published.documents(members)])

    with PieceCache(cache / "lines.sqlite" if cache else None) as kept:
        for members in chunks(cases, CHUNK):
            yield kept.get(chunk_key(members, FORM), lambda members=members: made(members))  # type: ignore[misc]
