"""JSON Lines: every announced case as its public document, one a line, by id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.exports.pieces import chunks
from generator.exports.published import Published
from generator.model import Entry

CHUNK = 500


def json_lines(published: Published, cases: Sequence[Entry]) -> Iterator[bytes]:
    """The file, in parts."""
    for members in chunks(cases, CHUNK):
        yield b"".join([document + b"\n" for _, document in published.documents(members)])
