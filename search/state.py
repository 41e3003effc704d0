"""What an index remembers of how it was made, so that the next one only writes what changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from search.columns import Columns
from search.document import SearchSchema, schema_hash
from search.files import ROW, Rows
from search.tables import write_whole


class State(msgspec.Struct):
    """One index. digests: of its documents, as its caller gave them; manifest: the bytes of that file.

    columns: Columns; length: of all codes (layout.py); looked_at: ids as of texts.looked_at; characters: as of Layout.
    shard, hash: of titles, as of grams.title_rows. rows: by kind; single: the other files below HOME.
    """

    digests: list[bytes]
    manifest: bytes
    bits: int
    length: int
    words: bytes
    looked_at: list[str]
    characters: dict[str, int]
    columns: Any
    shard: Any
    hash: Any
    rows: dict[str, Any]
    single: dict[str, tuple[int, int, int]]


def state_key(schema: SearchSchema) -> str:
    """What an index depends on beside its documents: the code and the schema."""
    home = Path(__file__).parent
    parts = [p.read_bytes() for p in sorted(home.glob("*.py"))]
    digest = hashlib.blake2b(b"\0".join(parts), digest_size=8)
    digest.update(schema_hash(schema).encode())
    return digest.hexdigest()


def read_state(cache: Path, key: str, manifest: bytes) -> State | None:
    """The state of the index that has this manifest, None if it is not kept."""
    try:
        data = _path(cache, key, manifest).read_bytes()
        state = msgspec.msgpack.decode(data, type=State)
    except (OSError, msgspec.MsgspecError, ValueError):
        return None
    rows: dict[str, Rows] = {kind: np.frombuffer(value, ROW).copy() for kind, value in state.rows.items()}
    state.rows = rows
    state.columns = _columns(*state.columns)
    state.shard, state.hash = np.frombuffer(state.shard, np.uint32), np.frombuffer(state.hash, np.uint32)
    return state if state.manifest == manifest else None


def write_state(cache: Path, key: str, state: State, other: bytes) -> None:
    """Keeps a state; of the others only that of the index with the manifest `other`, which may stay the live one."""
    path = _path(cache, key, state.manifest)
    plain = msgspec.structs.replace(
        state,
        columns=_plain(state.columns),
        shard=state.shard.tobytes(),
        hash=state.hash.tobytes(),
        rows={kind: rows.tobytes() for kind, rows in state.rows.items()},
    )
    write_whole(path, msgspec.msgpack.encode(plain))
    for old in cache.glob("*.state"):
        if old not in (path, _path(cache, key, other)):
            old.unlink(missing_ok=True)


def _path(cache: Path, key: str, manifest: bytes) -> Path:
    return cache / f"{key}-{hashlib.blake2b(manifest, digest_size=8).hexdigest()}.state"


def _plain(columns: Columns) -> list[Any]:
    numbers = [columns.award.tobytes(), columns.year.tobytes(), columns.order.tobytes()]
    return [columns.ids, columns.titles, numbers, columns.sets, [of.tobytes() for of in columns.of]]


def _columns(ids: list[str], titles: list[str], numbers: list[bytes], sets: list[Any], of: list[bytes]) -> Columns:
    award, year, order = (np.frombuffer(n, np.int64).copy() for n in numbers)
    rows = [[tuple(s) for s in row] for row in sets]
    return Columns(ids, titles, award, year, rows, [np.frombuffer(n, np.int64).copy() for n in of], order)
