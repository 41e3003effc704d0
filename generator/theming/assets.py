"""Styles, scripts and marks of the site in one folder named by their content, so references between them hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Assets:
    """Files by path below `root` (for example "assets/3f9a2c1b7d10/")."""

    root: str
    files: dict[str, Path | bytes]


def collect_assets(folders: Sequence[tuple[str, Path]], made: Mapping[str, bytes]) -> Assets:
    """The files of several folders, each put below a prefix ("" or "fonts/"); earlier folders win. made: others."""
    files: dict[str, Path | bytes] = dict(made)
    for prefix, folder in folders:
        for path in _files(folder):
            files.setdefault(prefix + path.relative_to(folder).as_posix(), path)
    digest = hashlib.blake2b(digest_size=6)
    for name, source in sorted(files.items()):
        content = source if isinstance(source, bytes) else source.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return Assets(f"assets/{digest.hexdigest()}/", dict(sorted(files.items())))


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts):
                yield path
