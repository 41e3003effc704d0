"""What one screen remembers between starts: small files, each written so that a power cut leaves the old or the new."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

import msgspec

from generator.store import Store

T = TypeVar("T", bound=msgspec.Struct)


class Trial(msgspec.Struct, frozen=True):
    """A version that is shown but has not proved itself. starts: how often the server has started since."""

    number: int
    starts: int = 0


class LastUpdate(msgspec.Struct, frozen=True):
    """How the last look for an update ended. at: local time, ISO. code: empty where it went well.

    expires: when the newest signed timestamp ends, ISO; empty where none was seen.
    """

    at: str
    source: str
    code: str
    message: str
    version: str = ""
    expires: str = ""


class Bound(msgspec.Struct, frozen=True):
    """The latest moment that is known to have passed, ISO in UTC."""

    at: str


class Refused(msgspec.Struct, frozen=True):
    """Versions that were shown and did not work."""

    versions: tuple[str, ...] = ()


class Attempts(msgspec.Struct, frozen=True):
    """Wrong PINs since the last right one."""

    wrong: int = 0


_FILES: dict[type[msgspec.Struct], str] = {
    Trial: "trial.json",
    LastUpdate: "update.json",
    Bound: "clock.json",
    Refused: "refused.json",
    Attempts: "attempts.json",
}


class State:
    """The folder of one screen. Nothing in it is private; all of it can be deleted, and is then fetched again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = Store(folder / "content", keep=1)

    @property
    def metadata(self) -> Path:
        """Verified metadata of updates."""
        return self.folder / "metadata"

    @property
    def download(self) -> Path:
        return self.folder / "download"

    @property
    def counts(self) -> Path:
        return self.folder / "counts.sqlite"

    def read(self, kind: type[T]) -> T | None:
        """What is remembered of this kind; None where there is nothing that can be read."""
        try:
            return msgspec.json.decode((self.folder / _FILES[kind]).read_bytes(), type=kind)
        except (OSError, msgspec.DecodeError):
            return None

    def write(self, value: msgspec.Struct) -> None:
        """Remembers `value` in place of what was remembered of its kind. Raises OSError."""
        write_durably(self.folder / _FILES[type(value)], msgspec.json.encode(value) + b"\n")

    def forget(self, kind: type[msgspec.Struct]) -> None:
        (self.folder / _FILES[kind]).unlink(missing_ok=True)


def write_durably(path: Path, content: bytes) -> None:
    """Writes a file in one step, and is back once the disk has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
