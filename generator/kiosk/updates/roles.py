"""The roles that sign updates, for how long each signature counts, and the keys that people bring along.

root says which keys count; targets says what the content is; snapshot and timestamp say what is the newest. A screen
may stand without a network for weeks, so a timestamp counts for a season and everything else for years.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from generator.kiosk.updates.errors import UpdateError
from generator.releases.keys import (
    PRIVATE_SUFFIX,
    PUBLIC_SUFFIX,
    PublicKey,
    read_public_key,
    read_signing_key,
)

ROOT, TARGETS, SNAPSHOT, TIMESTAMP = Root.type, Targets.type, Snapshot.type, Timestamp.type
ROLES = (ROOT, TARGETS, SNAPSHOT, TIMESTAMP)
VALID_DAYS = {ROOT: 1096, TARGETS: 731, SNAPSHOT: 731, TIMESTAMP: 92}
# Names that people gave to keys, so that messages can call them so.
NAME_FIELD = "x-name"


def expiry_of(role: str, day: date) -> datetime:
    """When what is signed on `day` ends."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=VALID_DAYS[role])


def public_half(key: PublicKey, name: str) -> SSlibKey:
    """The key as metadata names it."""
    made = SSlibKey.from_crypto(key.key)
    made.unrecognized_fields[NAME_FIELD] = name
    return made


def read_public(path: Path) -> SSlibKey:
    """The public key in `path`, named after its file. Raises ReleaseError."""
    return public_half(read_public_key(path), path.name.removesuffix(PUBLIC_SUFFIX))


def name_of(key: object) -> str:
    """What people call a key of metadata."""
    fields = getattr(key, "unrecognized_fields", {})
    return str(fields.get(NAME_FIELD) or getattr(key, "keyid", "")[:16])


class Keyring:
    """The private keys in some folders (`*.key`), opened when they are needed only.

    passphrase: asked for a key that has one, with the name of its file.
    """

    def __init__(self, folders: Iterable[Path], passphrase: Callable[[str], bytes]) -> None:
        self._folders = list(folders)
        self._passphrase = passphrase
        self._opened: dict[Path, CryptoSigner] = {}

    def signers(self, wanted: Iterable[str]) -> list[CryptoSigner]:
        """Those of the keys with these ids that are there, by id. Raises ReleaseError where one cannot be opened."""
        ids = set(wanted)
        found: dict[str, CryptoSigner] = {}
        for path in self._paths():
            public = path.with_name(path.name.removesuffix(PRIVATE_SUFFIX) + PUBLIC_SUFFIX)
            # Without its public half a key is opened to see which one it is.
            if public.is_file() and read_public(public).keyid not in ids:
                continue
            signer = self._open(path)
            if signer.public_key.keyid in ids:
                found[signer.public_key.keyid] = signer
        return [found[keyid] for keyid in sorted(found)]

    def _paths(self) -> list[Path]:
        paths: list[Path] = []
        for folder in self._folders:
            if not folder.is_dir():
                raise UpdateError(f"没有密钥的文件夹 {folder}")
            paths += sorted(folder.glob(f"*{PRIVATE_SUFFIX}"))
        return paths

    def _open(self, path: Path) -> CryptoSigner:
        if path not in self._opened:
            key = read_signing_key(path, lambda: self._passphrase(path.name))
            self._opened[path] = CryptoSigner(key.key, SSlibKey.from_crypto(key.key.public_key()))
        return self._opened[path]


def refuse_too_few(role: str, given: Sequence[object], threshold: int, names: Sequence[str]) -> None:
    """Raises UpdateError where fewer keys than needed are there to sign."""
    if len(given) < threshold:
        raise UpdateError(
            f"{role} 要 {threshold} 把密钥签署，在给出的文件夹里只有 {len(given)} 把；可用的是 {'、'.join(names)}"
            "（用 --keys 再写一个文件夹）"
        )
