"""What staff do with updates: make the keys, put content into the update folder, renew its signatures, change keys."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from securesystemslib.signer import SSlibKey
from tuf.api.metadata import TargetFile, Targets

from generator.kiosk.content_facts import ContentFacts, read_facts
from generator.kiosk.updates.errors import UpdateError
from generator.kiosk.updates.folder import SIGNED_ON, UpdateFolder, new_root, stored_name
from generator.kiosk.updates.roles import ROLES, ROOT, SNAPSHOT, TARGETS, TIMESTAMP, Keyring, name_of, public_half
from generator.releases.archive import Progress, decode_listing, pack
from generator.releases.keys import new_key

ARCHIVE, LISTING = "content.tar.zst", "content.files.txt"
# A snapshot or content whose signature ends within this is signed anew together with the timestamp.
SOON = timedelta(days=200)


@dataclass(frozen=True)
class KeyPlan:
    """How many keys of a role there are, and how many of them have to sign."""

    number: int
    threshold: int


@dataclass(frozen=True)
class RoleState:
    """A role as the update folder has it. keys: their names. expires: the day on which the signature ends."""

    role: str
    version: int
    threshold: int
    keys: list[str]
    expires: date


def make_keys(
    keys: Path, folder: UpdateFolder, plans: dict[str, KeyPlan], day: date, passphrase: bytes | None
) -> dict[str, list[str]]:
    """Makes the keys of every role in the folder `keys`, and the first root; returns the names by role."""
    for role, plan in plans.items():
        if not 1 <= plan.threshold <= plan.number:
            raise UpdateError(f"{role} 有 {plan.number} 把密钥，签署要的把数应在 1 到 {plan.number} 之间")
    if folder.has(ROOT):
        raise UpdateError(f"{folder.path} 已经有密钥；换密钥用 caselib kiosk keys rotate")
    names: dict[str, list[str]] = {}
    publics: dict[str, tuple[list[SSlibKey], int]] = {}
    for role in ROLES:
        plan = plans[role]
        names[role] = [f"{role}-{number}" for number in range(1, plan.number + 1)]
        made = [public_half(new_key(keys, passphrase, None, name), name) for name in names[role]]
        publics[role] = (made, plan.threshold)
    keyring = Keyring([keys], lambda _: passphrase or b"")
    with folder.locked():
        folder.write_root(new_root(publics), keyring, day, None)
    return names


def bundle(
    content: Path, folder: UpdateFolder, keyring: Keyring, day: date, progress: Progress | None = None
) -> tuple[ContentFacts, bool]:
    """Puts the content into the update folder; returns its facts and whether it differs from what was there."""
    facts = read_facts(content)
    with folder.locked():
        former = _former(folder)
        _refuse_earlier(folder, day)
        if former is not None and former.get("organiser") != facts.organiser:
            raise UpdateError(f"{folder.path} 是「{former.get('organiser')}」的更新，这份内容属于「{facts.organiser}」")
        if former is not None and former.get("version") == facts.version:
            _renew(folder, keyring, day)
            return facts, False
        archive, listing = folder.targets / f".{ARCHIVE}", folder.targets / f".{LISTING}"
        moment = int(datetime(facts.day.year, facts.day.month, facts.day.day, tzinfo=UTC).timestamp())
        pack(content, archive, listing, moment, progress)
        unpacked = sum(file.size for file in decode_listing(listing.read_text("utf-8"), LISTING).values())
        custom = {
            "organiser": facts.organiser,
            "version": facts.version,
            "date": facts.date,
            "release": facts.release,
            "unpacked": unpacked,
        }
        files: dict[str, TargetFile] = {}
        for path, name in ((archive, ARCHIVE), (listing, LISTING)):
            files[name] = TargetFile.from_file(name, str(path), ["sha256"])
            os.replace(path, folder.targets / stored_name(files[name]))
        files[ARCHIVE].unrecognized_fields["custom"] = custom
        os.sync()
        folder.write_content(files, keyring, day)
    return facts, True


def renew(folder: UpdateFolder, keyring: Keyring, day: date) -> date:
    """Signs anew that the content still is the newest; returns the day on which that ends."""
    with folder.locked():
        if not folder.has(TIMESTAMP):
            raise UpdateError(f"{folder.path} 里还没有内容；先运行 caselib kiosk bundle")
        _refuse_earlier(folder, day)
        _renew(folder, keyring, day)
        expires: datetime = folder.read(TIMESTAMP).signed.expires
        return expires.date()


def _renew(folder: UpdateFolder, keyring: Keyring, day: date) -> None:
    now = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if folder.root.expires <= now:
        raise UpdateError(
            f"root 的签名已于 {folder.root.expires.date()} 到期；请用 caselib kiosk keys rotate 续签 root"
        )
    targets = folder.read(TARGETS)
    if targets.signed.expires - now < SOON or not _is_signed(folder, TARGETS):
        folder.write_content(targets.signed.targets, keyring, day)
    elif folder.read(SNAPSHOT).signed.expires - now < SOON or not _is_signed(folder, SNAPSHOT):
        folder.write_snapshot(keyring, day)
    else:
        folder.write_timestamp(keyring, day)


def rotate(
    folder: UpdateFolder,
    keyring: Keyring,
    day: date,
    role: str,
    add: Sequence[SSlibKey],
    drop: Sequence[SSlibKey],
    threshold: int | None = None,
) -> RoleState:
    """Changes the keys of a role by a new root, and signs anew what they signed; returns the role as it is then.

    Without keys to add or drop, only the signature of root is renewed.
    """
    with folder.locked():
        _refuse_earlier(folder, day)
        former, root = folder.root, folder.root
        for key in drop:
            if key.keyid not in root.roles[role].keyids:
                raise UpdateError(f"{role} 没有密钥「{name_of(key)}」；有的是 {'、'.join(_names(root, role))}")
            root.revoke_key(key.keyid, role)
        for key in add:
            root.add_key(key, role)
        root.roles[role].threshold = threshold or root.roles[role].threshold
        if not 1 <= root.roles[role].threshold <= len(root.roles[role].keyids):
            raise UpdateError(
                f"换后 {role} 有 {len(root.roles[role].keyids)} 把密钥，却要 {root.roles[role].threshold} 把签署；"
                "请多加一把，或用 --threshold 写新的把数"
            )
        if folder.has(TIMESTAMP):
            # Nothing is written before all that the new root asks for can sign.
            for other in (TARGETS, SNAPSHOT, TIMESTAMP):
                if other == role:
                    folder.signers(other, root, keyring)
        folder.write_root(root, keyring, day, former)
        if folder.has(TIMESTAMP):
            _renew(folder, keyring, day)
    return next(state for state in describe(folder) if state.role == role)


def describe(folder: UpdateFolder) -> list[RoleState]:
    """Every role as the update folder has it."""
    root = folder.root
    states: list[RoleState] = []
    for role in ROLES:
        if folder.has(role):
            signed = folder.read(role).signed
            threshold = root.roles[role].threshold
            states.append(RoleState(role, signed.version, threshold, _names(root, role), signed.expires.date()))
    return states


def _names(root: Any, role: str) -> list[str]:
    return sorted(name_of(root.keys[keyid]) for keyid in root.roles[role].keyids)


def _former(folder: UpdateFolder) -> dict[str, Any] | None:
    """What the folder says of the content that is in it."""
    if not folder.has(TIMESTAMP):
        return None
    targets = folder.read(TARGETS).signed
    assert isinstance(targets, Targets)
    file = targets.targets.get(ARCHIVE)
    return dict(file.custom or {}) if file else None


def _is_signed(folder: UpdateFolder, role: str) -> bool:
    """Whether enough of the keys that count now have signed the role."""
    metadata = folder.read(role)
    result = folder.root.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
    return bool(result.verified)


def _refuse_earlier(folder: UpdateFolder, day: date) -> None:
    """Raises UpdateError where something was signed after `day`: screens would see time go back."""
    for role in ROLES:
        if folder.has(role):
            signed_on = str(folder.read(role).signed.unrecognized_fields.get(SIGNED_ON, ""))
            if signed_on > day.isoformat():
                raise UpdateError(f"{role} 已在 {signed_on} 签署，{day} 比它早；请核对 --date")
