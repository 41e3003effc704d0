"""Writes a ZIP file from parts that were compressed apart: parts that did not change are copied, not made again.

The deflate stream comes from a pinned wheel (miniz_oxide in cramjam): Python's own zlib is another library on
another system, with other bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import IO

import cramjam
import msgspec

LEVEL = 2
# The end of a deflate stream: an empty last block.
_END = b"\x03\x00"
# 1980-01-01, the first day that ZIP knows.
_DAY = 0x21
_UTF8 = 0x0800
_MOST = 0xFFFFFFFF


class Part(msgspec.Struct, frozen=True, array_like=True):
    """A piece of a member: deflated blocks that end at a byte, and what they hold."""

    data: bytes
    size: int
    crc: int


class TooLargeError(Exception):
    """A file beyond what plain ZIP can hold (4 GB)."""


def compressed(content: bytes) -> Part:
    """`content` as a part. The same content gives the same part, whatever stands before it."""
    compressor = cramjam.deflate.Compressor(LEVEL)
    compressor.compress(content)
    return Part(bytes(compressor.flush()), len(content), zlib.crc32(content))


class ZipWriter:
    """Writes members one after the other to a stream that can be written only forwards."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.offset = 0
        self.directory: list[bytes] = []

    def add(self, name: str, parts: Iterable[Part]) -> None:
        """Adds the member `name`. Its sizes stand behind its data, where ZIP allows them."""
        start, size, packed, crc = self.offset, 0, 0, 0
        encoded = name.encode()
        head = (b"PK\x03\x04", 20, _UTF8 | 8, 8, 0, _DAY, 0, 0, 0, len(encoded), 0)
        self._write(struct.pack("<4s5H3I2H", *head) + encoded)
        for part in parts:
            self._write(part.data)
            crc = crc32_joined(crc, part.crc, part.size)
            size += part.size
            packed += len(part.data)
        self._write(_END)
        packed += len(_END)
        if max(size, self.offset) > _MOST:
            raise TooLargeError(name)
        self._write(struct.pack("<4s3I", b"PK\x07\x08", crc, packed, size))
        fields = (b"PK\x01\x02", 20, 20, _UTF8 | 8, 8, 0, _DAY, crc, packed, size, len(encoded), 0, 0, 0, 0, 0, start)
        self.directory.append(struct.pack("<4s6H3I5H2I", *fields) + encoded)

    def close(self) -> None:
        """Writes the directory."""
        start, entries = self.offset, len(self.directory)
        for entry in self.directory:
            self._write(entry)
        end = (b"PK\x05\x06", 0, 0, entries, entries, self.offset - start, start, 0)
        self._write(struct.pack("<4s4H2IH", *end))

    def _write(self, data: bytes) -> None:
        self.stream.write(data)
        self.offset += len(data)


# CRC of joined texts, as in zlib's crc32_combine: appending zeros is a linear map on the 32 bits.


def _times(matrix: tuple[int, ...], vector: int) -> int:
    found = 0
    for row in matrix:
        if vector & 1:
            found ^= row
        vector >>= 1
    return found


@lru_cache(maxsize=64)
def _zeros(power: int) -> tuple[int, ...]:
    """The map of 2**power zero bytes."""
    if power == 0:
        matrix: tuple[int, ...] = (0xEDB88320, *(1 << bit for bit in range(31)))
        for _ in range(3):
            matrix = tuple(_times(matrix, row) for row in matrix)
        return matrix
    half = _zeros(power - 1)
    return tuple(_times(half, row) for row in half)


def crc32_joined(first: int, second: int, length: int) -> int:
    """CRC-32 of two texts joined, from the CRC of each and the length of the second."""
    power = 0
    while length:
        if length & 1:
            first = _times(_zeros(power), first)
        length >>= 1
        power += 1
    return first ^ second
