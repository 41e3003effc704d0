"""Keys that sign releases: Ed25519, as PEM files that OpenSSL and the tools of TUF read too.

Lines before the PEM block say what the key is for and, where it was given, its last day. Days end in China, where the
notices are dated.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from generator.kept_files import reason_of
from generator.released.errors import ReleaseError

PRIVATE_SUFFIX, PUBLIC_SUFFIX = ".key", ".pub"
PRIVATE_NAME = f"release{PRIVATE_SUFFIX}"
PUBLIC_NAME = f"release{PUBLIC_SUFFIX}"
# A clock may be wrong by so much: in doubt a key is still valid, and a day has already come.
TOLERANCE = timedelta(hours=1)
ZONE = timezone(timedelta(hours=8))
_EXPIRES = re.compile(r"^# Expires: (.*)$", re.MULTILINE)
_MOST = 10_000


@dataclass(frozen=True)
class PublicKey:
    """What a signature is checked with. expires: last day on which it counts, None where it always does."""

    key: Ed25519PublicKey
    expires: date | None = None

    @property
    def id(self) -> str:
        """SHA-256 of the key, shortened: how people tell keys apart."""
        raw = self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return hashlib.sha256(raw).hexdigest()[:16]

    def verifies(self, signature: bytes, content: bytes) -> bool:
        """Whether `signature` was made of `content` by the private half of this key."""
        try:
            self.key.verify(signature, content)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """What a release is signed with."""

    key: Ed25519PrivateKey
    expires: date | None = None

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.key.public_key(), self.expires)

    def sign(self, content: bytes) -> bytes:
        return self.key.sign(content)


def earliest_day(now: datetime) -> date:
    """The day that it may still be, if the clock that says `now` is fast."""
    return (now - TOLERANCE).astimezone(ZONE).date()


def latest_day(now: datetime) -> date:
    """The day that it may be already, if the clock that says `now` is slow."""
    return (now + TOLERANCE).astimezone(ZONE).date()


def refuse_expired(key: PublicKey | SigningKey, day: date, why: str) -> None:
    """Raises ReleaseError where the key does not count on `day`. why: what that day is, for the message."""
    if key.expires is not None and day > key.expires:
        raise ReleaseError(f"密钥已于 {key.expires} 到期，{why} {day} 在其后；请换新的密钥（caselib keys new）")


def new_key(folder: Path, passphrase: bytes | None, expires: date | None, name: str = "release") -> PublicKey:
    """Makes a key and writes its halves to `folder`, as `name`.key and `name`.pub.

    Raises ReleaseError where one of the files is there already.
    """
    private_name, public_name = f"{name}{PRIVATE_SUFFIX}", f"{name}{PUBLIC_SUFFIX}"
    taken = [file for file in (private_name, public_name) if os.path.lexists(folder / file)]
    if taken:
        raise ReleaseError(f"{folder} 里已有 {'、'.join(taken)}；密钥不会改写，请换一个文件夹")
    key = SigningKey(Ed25519PrivateKey.generate(), expires)
    how: KeySerializationEncryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    private = key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)
    public = key.public.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _put(folder / private_name, _head("caselib 发布私钥，只有签署人可以读，不要提交", key) + private, 0o600)
        _put(folder / public_name, _head("caselib 发布公钥，可以公开", key) + public, 0o644)
    except OSError as error:
        raise ReleaseError(f"不能写入 {folder}：{reason_of(error)}") from None
    return key.public


def _head(what: str, key: SigningKey) -> bytes:
    expires = f"# Expires: {key.expires}\n" if key.expires else ""
    return f"# {what}\n# Key-Id: {key.public.id}\n{expires}".encode()


def _put(path: Path, content: bytes, mode: int) -> None:
    """Writes a new file that nobody else could read at any moment, if `mode` says so."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        os.fchmod(handle, mode)


def read_secret(path: Path, what: str) -> bytes:
    """Content of a file that only its owner may read. Raises ReleaseError where others may. what: its name in words."""
    content = _read(path, what)
    status = path.stat()
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o077:
        raise ReleaseError(f"{what} {path} 的权限是 {mode:04o}，别人也能读或改；请运行 chmod 600 {path} 后再试")
    if status.st_uid not in (os.geteuid(), 0):
        raise ReleaseError(f"{what} {path} 属于另一个用户；请用自己的文件")
    return content


def _read(path: Path, what: str) -> bytes:
    try:
        if not path.is_file():
            raise ReleaseError(f"没有{what} {path}")
        with path.open("rb") as stream:
            return stream.read(_MOST)
    except OSError as error:
        raise ReleaseError(f"{what} {path} 读不到：{reason_of(error)}") from None


def read_signing_key(path: Path, passphrase: Callable[[], bytes]) -> SigningKey:
    """The private key in `path`. passphrase: asked only where the file has one. Raises ReleaseError."""
    if b"PUBLIC KEY" in _read(path, "私钥"):
        raise ReleaseError(f"{path} 是公钥；签署要用私钥（{PRIVATE_NAME}）")
    content = read_secret(path, "私钥")
    locked = b"ENCRYPTED PRIVATE KEY" in content
    try:
        key = load_pem_private_key(content, passphrase() if locked else None)
    except (ValueError, TypeError):
        wrong = "口令不对" if locked else "不是 caselib keys new 写的私钥，或已损坏"
        raise ReleaseError(f"私钥 {path} 打不开：{wrong}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ReleaseError(f"私钥 {path} 不是 Ed25519；请用 caselib keys new 新建")
    return SigningKey(key, _expiry(content, path))


def read_public_key(path: Path) -> PublicKey:
    """The public key in `path`. Raises ReleaseError."""
    content = _read(path, "公钥")
    if b"PRIVATE KEY" in content:
        raise ReleaseError(f"{path} 是私钥；核对要用公钥（{PUBLIC_NAME}）")
    try:
        key = load_pem_public_key(content)
    except ValueError:
        raise ReleaseError(f"公钥 {path} 打不开：不是 caselib keys new 写的公钥，或已损坏") from None
    if not isinstance(key, Ed25519PublicKey):
        raise ReleaseError(f"公钥 {path} 不是 Ed25519")
    return PublicKey(key, _expiry(content, path))


def _expiry(content: bytes, path: Path) -> date | None:
    """The last day that the lines before the PEM block name."""
    found = _EXPIRES.search(content.partition(b"-----BEGIN")[0].decode("utf-8", "replace"))
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1].strip())
    except ValueError:
        raise ReleaseError(f"{path} 的到期日「{found[1].strip()[:40]}」不是日期") from None
