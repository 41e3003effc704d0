"""The files of an index: written with their digests, and the sums by which a reader tells that they belong together."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

FORMAT = 2
HOME = f"{FORMAT}/"
"""Folder of all files but the manifest; their names do not change from build to build."""
SHARDS_A_SUM = 64
TEXTS_A_SUM = 128
ROW = np.dtype([("digest", "<u8"), ("sum", "<u4"), ("size", "<u4")])
Rows = npt.NDArray[np.void]
"""For each file of a kind (g, p, t), by number: digest and size; sum is its checksum, of what it holds inflated."""


@dataclass(frozen=True, slots=True)
class Output:
    """Where files go. script_copies: each also as a script, for pages opened from a disk (file://)."""

    folder: Path
    script_copies: bool = False

    def prepare(self) -> None:
        for kind in "gpts":
            (self.folder / HOME / kind).mkdir(parents=True, exist_ok=True)

    def put(self, name: str, data: bytes) -> tuple[int, int, int]:
        """A row of `Rows` for the file that was written; name: below HOME."""
        path = os.path.join(self.folder, HOME, name)
        with open(path, "wb") as file:
            file.write(data)
        if self.script_copies:
            text = base64.b64encode(data).decode()
            Path(path).with_suffix(".js").write_text(f'caseShard("{name}","{text}")\n', encoding="ascii")
        return row(name, data)


def row(name: str, data: bytes) -> tuple[int, int, int]:
    """Digest, checksum and size of a file: texts begin with the checksum, zlib streams end with it."""
    sums = data[:4] if name.startswith("t/") else data[-4:]
    return int.from_bytes(digest(data), "little"), int.from_bytes(sums, "big"), len(data)


def digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=8).digest()


def short(sums: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint16]:
    """Checksums in 16 bits, as the files of sums and the manifest have them."""
    return ((sums & np.uint32(0xFFFF)) ^ (sums >> np.uint32(16))).astype("<u2")


def sum_files(rows: dict[str, Rows]) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of the files of sums: for some shards those of their lists, then of their places; for texts."""
    lists, places, texts = (short(rows[kind]["sum"]) for kind in "gpt")
    for n, at in enumerate(range(0, len(lists), SHARDS_A_SUM)):
        cut = slice(at, at + SHARDS_A_SUM)
        yield f"s/g{n}.bin", zlib.compress(lists[cut].tobytes() + places[cut].tobytes(), 1)
    for n, at in enumerate(range(0, len(texts), TEXTS_A_SUM)):
        yield f"s/t{n}.bin", zlib.compress(texts[at : at + TEXTS_A_SUM].tobytes(), 1)


def manifest_sums(single: dict[str, tuple[int, int, int]]) -> dict[str, str]:
    """Sums of the files that stand alone: by name, those of sums as strings of four digits each, in order."""
    found = {"g": "", "t": ""}
    for name, (_, full, _) in single.items():
        value = short(np.array([full], np.uint32)).astype(">u2").tobytes().hex()
        if name.startswith("s/"):
            found[name[2]] += value
        else:
            found[name] = value
    return found


def to_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
