"""The update folder: what a static server or a USB stick carries to the screens, in the layout of TUF.

`metadata/` has each version of each role (consistent snapshots), `targets/` the content under the names of its
digests. Only `timestamp.json` is ever written anew, last and in one step: whoever copies or reads meanwhile has the
old or the new.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from securesystemslib.exceptions import StorageError
from securesystemslib.signer import SSlibKey
from tuf.api.metadata import Metadata, MetaFile, Root, Signed, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from generator.kept_files import reason_of, write_whole
from generator.kiosk.updates.errors import UpdateError
from generator.kiosk.updates.roles import (
    ROLES,
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    Keyring,
    expiry_of,
    name_of,
    refuse_too_few,
)

S = TypeVar("S", Root, Targets, Snapshot, Timestamp)

METADATA, TARGETS_FOLDER = "metadata", "targets"
# The day on which a role was signed: shows a screen with a wrong clock that this day has come.
SIGNED_ON = "x-signed-on"
# Earlier contents that stay for screens in the middle of a download.
KEPT = 1
_KINDS: dict[str, type[Signed]] = {ROOT: Root, TARGETS: Targets, SNAPSHOT: Snapshot, TIMESTAMP: Timestamp}


class UpdateFolder:
    """The update folder at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.metadata = path / METADATA
        self.targets = path / TARGETS_FOLDER

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the folder for one command. Raises UpdateError where another command writes it, or the disk fails."""
        try:
            self.metadata.mkdir(parents=True, exist_ok=True)
            self.targets.mkdir(exist_ok=True)
            with (self.path / ".lock").open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise UpdateError(f"另一个命令正在写 {self.path}，请等它结束再试") from None
                yield
        except OSError as error:
            raise UpdateError(f"不能写入 {error.filename or self.path}：{reason_of(error)}；原来的更新没有变") from None

    def newest(self, role: str) -> int:
        """The highest version of a role in the folder, 0 where there is none."""
        pattern = re.compile(rf"([0-9]{{1,9}})\.{role}\.json")
        names = (pattern.fullmatch(entry.name) for entry in self.metadata.iterdir()) if self.metadata.is_dir() else ()
        return max((int(found[1]) for found in names if found), default=0)

    def read(self, role: str) -> Metadata[Any]:
        """The newest metadata of a role. Raises UpdateError where there is none that can be read."""
        name = f"{TIMESTAMP}.json" if role == TIMESTAMP else f"{self.newest(role)}.{role}.json"
        try:
            found: Metadata[Any] = Metadata.from_file(str(self.metadata / name))
        except StorageError:
            raise UpdateError(f"{self.path} 里没有 {name}；先运行 caselib kiosk keys new，再运行 bundle") from None
        except DeserializationError as error:
            raise UpdateError(f"{self.metadata / name} 的写法不对：{error}") from None
        return found

    @property
    def root(self) -> Root:
        return self._signed(ROOT, Root)

    def has(self, role: str) -> bool:
        return (self.metadata / f"{TIMESTAMP}.json").exists() if role == TIMESTAMP else self.newest(role) > 0

    def _signed(self, role: str, kind: type[S]) -> S:
        signed = self.read(role).signed
        assert isinstance(signed, kind)
        return signed

    # writing

    def write_root(self, root: Root, keyring: Keyring, day: date, former: Root | None) -> None:
        """Signs and writes a root as the next version. former: the root before it, whose keys have to sign too."""
        root.version = self.newest(ROOT) + 1
        metadata = self._sealed(root, day)
        for judge in filter(None, (root, former)):
            self._sign(metadata, ROOT, judge, keyring)
        self._write(f"{root.version}.{ROOT}.json", metadata)

    def write_content(self, files: dict[str, TargetFile], keyring: Keyring, day: date) -> None:
        """Signs and writes that these targets, whose files are in place, are the newest content."""
        root = self.root
        targets = Targets(targets=files)
        targets.version = self.newest(TARGETS) + 1
        for role in (SNAPSHOT, TIMESTAMP):
            # Nothing is written before all can sign.
            self.signers(role, root, keyring)
        metadata = self._sealed(targets, day)
        self._sign(metadata, TARGETS, root, keyring)
        self._write(f"{targets.version}.{TARGETS}.json", metadata)
        self.write_snapshot(keyring, day)
        self._clear()

    def write_snapshot(self, keyring: Keyring, day: date) -> None:
        """Signs and writes which targets are the newest, and that this is the newest snapshot."""
        version = self.newest(TARGETS)
        snapshot = Snapshot(meta={f"{TARGETS}.json": self._meta(TARGETS, version)})
        snapshot.version = self.newest(SNAPSHOT) + 1
        metadata = self._sealed(snapshot, day)
        self._sign(metadata, SNAPSHOT, self.root, keyring)
        self._write(f"{snapshot.version}.{SNAPSHOT}.json", metadata)
        self.write_timestamp(keyring, day)

    def write_timestamp(self, keyring: Keyring, day: date) -> None:
        """Signs and writes that the newest snapshot still is the newest; from here on screens take it."""
        version = self._signed(TIMESTAMP, Timestamp).version if self.has(TIMESTAMP) else 0
        timestamp = Timestamp(snapshot_meta=self._meta(SNAPSHOT, self.newest(SNAPSHOT)))
        timestamp.version = version + 1
        metadata = self._sealed(timestamp, day)
        self._sign(metadata, TIMESTAMP, self.root, keyring)
        self._write(f"{TIMESTAMP}.json", metadata)

    def _meta(self, role: str, version: int) -> MetaFile:
        content = (self.metadata / f"{version}.{role}.json").read_bytes()
        return MetaFile.from_data(version, content, ["sha256"])

    def _sealed(self, signed: S, day: date) -> Metadata[S]:
        signed.expires = expiry_of(signed.type, day)
        signed.unrecognized_fields[SIGNED_ON] = day.isoformat()
        return Metadata(signed)

    def signers(self, role: str, judge: Root, keyring: Keyring) -> list[Any]:
        keys = judge.roles[role]
        signers = keyring.signers(keys.keyids)
        refuse_too_few(role, signers, keys.threshold, sorted(name_of(judge.keys[keyid]) for keyid in keys.keyids))
        return signers

    def _sign(self, metadata: Metadata[Any], role: str, judge: Root, keyring: Keyring) -> None:
        for signer in self.signers(role, judge, keyring):
            metadata.sign(signer, append=True)

    def _write(self, name: str, metadata: Metadata[Any]) -> None:
        write_whole(self.metadata / name, metadata.to_bytes(JSONSerializer(compact=False)))
        os.sync()

    def _clear(self) -> None:
        """Removes contents that no screen will ask for any more."""
        newest = self.newest(TARGETS)
        wanted: set[str] = set()
        for version in range(max(1, newest - KEPT), newest + 1):
            path = self.metadata / f"{version}.{TARGETS}.json"
            if path.is_file():
                targets: Metadata[Targets] = Metadata.from_file(str(path))
                wanted |= {stored_name(file) for file in targets.signed.targets.values()}
        for path in self.targets.iterdir():
            if path.name not in wanted:
                path.unlink()


def stored_name(file: TargetFile) -> str:
    """The name under which a target lies in the folder (consistent snapshots)."""
    return f"{file.hashes['sha256']}.{file.path}"


def new_root(keys: dict[str, tuple[list[SSlibKey], int]]) -> Root:
    """A first root with these keys and thresholds by role."""
    root = Root(consistent_snapshot=True)
    for role in ROLES:
        role_keys, threshold = keys[role]
        for key in role_keys:
            root.add_key(key, role)
        root.roles[role].threshold = threshold
    return root
