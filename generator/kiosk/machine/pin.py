"""The PIN of the technicians' page: only a salted scrypt hash of it is kept, in the file of the machine."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from itertools import pairwise

SHORTEST, LONGEST = 6, 12
# 32 MiB and about 0.1 s a try: a PIN has few digits, so that each guess has to cost something.
_N, _R, _P = 1 << 15, 8, 1
_MEMORY = 1 << 27
_FORM = re.compile(r"scrypt\$(?P<salt>[A-Za-z0-9_-]{22})\$(?P<hash>[A-Za-z0-9_-]{43})")


def refusal_of(pin: str) -> str:
    """Why this cannot be a PIN, in words; empty where it can."""
    if not re.fullmatch(r"[0-9]+", pin):
        return "PIN 只能是数字"
    if not SHORTEST <= len(pin) <= LONGEST:
        return f"PIN 有 {len(pin)} 位；要 {SHORTEST} 到 {LONGEST} 位"
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return "PIN 太容易猜到：不能是同一个数字或顺序的数字"
    return ""


def hash_pin(pin: str, salt: bytes | None = None) -> str:
    """The line for the file of the machine. salt: 16 bytes, random where not given."""
    salt = secrets.token_bytes(16) if salt is None else salt
    return f"scrypt${_text(salt)}${_text(_derived(pin, salt))}"


def is_pin_hash(text: str) -> bool:
    return _FORM.fullmatch(text) is not None


def matches(pin: str, kept: str) -> bool:
    """Whether `kept` was made of this PIN; false also where it is no hash."""
    found = _FORM.fullmatch(kept)
    if found is None or not SHORTEST <= len(pin) <= LONGEST:
        return False
    return hmac.compare_digest(_derived(pin, _bytes(found["salt"])), _bytes(found["hash"]))


def _derived(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_N, r=_R, p=_P, maxmem=_MEMORY, dklen=32)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return b""
