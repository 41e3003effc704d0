"""A gzip file from parts that were compressed apart: an edit compresses one part, not the whole."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator

LEVEL = 5
# RFC 1952: deflate, no name, no time, unknown system.
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"


def deflated(data: bytes) -> bytes:
    """`data` as blocks of deflate that need none before them and can be followed by others."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def gzipped(parts: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """The file, in parts. parts: each part of the content, and what `deflated` gave of it."""
    check = size = 0
    yield _HEAD
    for data, packed in parts:
        yield packed
        check = zlib.crc32(data, check)
        size += len(data)
    yield _LAST_BLOCK + struct.pack("<II", check, size & 0xFFFFFFFF)
