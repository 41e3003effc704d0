"""Compressed copies beside the files that are fetched often or are large: assets, data, the manifest of the search.

Pages are small and left to the server; shards of the search are compressed in themselves.
"""

from __future__ import annotations

import gzip

import brotli

SUFFIXES = (".br", ".gz")
_KINDS = (".css", ".js", ".svg", ".json", ".csv", ".jsonl")
_FOLDERS = frozenset({"assets", "data", "search"})
# Above this size a good ratio costs more time than it saves.
_LARGE = 1 << 20
# Above this one the time of a single process would hold up the whole build.
_HUGE = 1 << 23


def is_compressed(path: str) -> bool:
    """Whether the file at `path` of the site gets compressed copies."""
    return path.endswith(_KINDS) and path.partition("/")[0] in _FOLDERS


def compressed(content: bytes, suffix: str) -> bytes:
    """`content` as the copy with one of SUFFIXES holds it; the same bytes every time."""
    size = len(content)
    if suffix == ".br":
        return bytes(brotli.compress(content, quality=11 if size <= _LARGE else 4 if size <= _HUGE else 1))
    return gzip.compress(content, compresslevel=9 if size <= _LARGE else 4, mtime=0)
