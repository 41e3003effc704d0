"""Compressed copies beside the files that are fetched often or are large: assets, data, the manifest of the search.

Pages are small and left to the server; shards of the search are compressed in themselves.
"""

from __future__ import annotations

import gzip
from pathlib import PurePosixPath

import brotli

SUFFIXES = (".br", ".gz")
_KINDS = frozenset({".css", ".js", ".svg", ".json", ".csv", ".jsonl"})
_FOLDERS = frozenset({"assets", "data", "search"})
# Above this size a good ratio costs more time than it saves.
_LARGE = 1 << 20


def is_compressed(path: str) -> bool:
    """Whether the file at `path` of the site gets compressed copies."""
    parts = PurePosixPath(path)
    return parts.parts[0] in _FOLDERS and parts.suffix in _KINDS


def compressed(content: bytes, suffix: str) -> bytes:
    """`content` as the copy with one of SUFFIXES holds it; the same bytes every time."""
    large = len(content) > _LARGE
    if suffix == ".br":
        return bytes(brotli.compress(content, quality=4 if large else 11))
    return gzip.compress(content, compresslevel=4 if large else 9, mtime=0)
