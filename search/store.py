"""Keeps the last index, so that the same documents need not be indexed again."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from search.document import Document, SearchSchema, content_hash, schema_hash

Report = TypeVar("Report")


def clear(folder: Path, spare: Path | None = None) -> None:
    """Removes the folders of earlier builds."""
    for old in folder.iterdir():
        if old.is_dir() and old != spare:
            shutil.rmtree(old)


class Store:
    """One kept index, named by everything that it depends on: documents, schema, options, and the code."""

    def __init__(self, cache: Path, documents: Sequence[Document], schema: SearchSchema, script_copies: bool) -> None:
        digest = hashlib.blake2b(digest_size=12)
        for part in (_code(), schema_hash(schema), str(script_copies), *map(content_hash, documents)):
            digest.update(part.encode())
        self._cache = cache
        self._home = cache / digest.hexdigest()

    def fetch(self, folder: Path, kind: type[Report]) -> Report | None:
        """The report of the kept index, now in `folder` too; None if there is none."""
        try:
            report = msgspec.json.decode((self._home / "report.json").read_bytes(), type=kind)
        except (OSError, msgspec.MsgspecError):
            return None
        clear(folder)
        _link(self._home / "index", folder)
        return report

    def keep(self, folder: Path, report: object) -> None:
        """Keeps what was written into `folder`, and forgets what was kept before."""
        shutil.rmtree(self._cache, ignore_errors=True)
        _link(folder, self._home / "index")
        (self._home / "report.json").write_bytes(msgspec.json.encode(report))


def _link(source: Path, target: Path) -> None:
    """The files of a folder also in another one: those of a build, which nobody changes, as hard links."""

    def link(one: str, other: str) -> str:
        try:
            os.link(one, other)
        except OSError:
            shutil.copy2(one, other)
        return other

    target.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        if path.is_dir():
            shutil.copytree(path, target / path.name, copy_function=link)
        else:
            shutil.copyfile(path, target / path.name)


def _code() -> str:
    """Hash of the package: another version writes anew."""
    home = Path(__file__).parent
    parts = [p.read_bytes() for p in sorted([*home.glob("*.py"), *home.glob("client/*.js")])]
    return hashlib.blake2b(b"\0".join(parts), digest_size=12).hexdigest()
