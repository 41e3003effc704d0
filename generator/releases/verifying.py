"""Whether a copy of a release is genuine and whole, by its signature and a public key; offline."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.released.errors import ReleaseError
from generator.released.names import parse_name
from generator.releases.archive import check_archive, decode_listing
from generator.releases.keys import PublicKey, refuse_expired
from generator.releases.manifest import (
    MANIFEST,
    SIGNATURE,
    ManifestFile,
    ReleaseManifest,
    compare_files,
    decode_manifest,
    read_bounded,
)
from generator.releases.packing import LISTING, PAYLOAD, archive_name

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Verified:
    """A release that is what was signed. digest: SHA-256 of its manifest. site: the files of its archive, by path."""

    folder: Path
    manifest: ReleaseManifest
    digest: str
    site: dict[str, ManifestFile]

    @property
    def archive(self) -> Path:
        return self.folder / PAYLOAD / archive_name(self.manifest.release)


def verify(
    folder: Path, key: PublicKey, day: date, progress: Progress | None = None, *, archive: bool = True
) -> Verified:
    """What was verified of the release in `folder`. Raises ReleaseError, in one line, at the first thing that is wrong.

    day: on which the key has to count. archive: whether the files inside the archive are read too.
    """
    if not folder.is_dir():
        raise ReleaseError(f"没有文件夹 {folder}")
    content = read_bounded(folder / MANIFEST, "清单")
    signature = read_bounded(folder / SIGNATURE, "签名")
    # The key comes first: nothing of a manifest that nobody signed is believed.
    if not key.verifies(signature, content):
        raise ReleaseError(f"签名不对：清单或签名被改动过，或者不是用密钥 {key.id} 签署的")
    manifest = decode_manifest(content)
    parse_name(manifest.release)
    refuse_expired(key, date.fromisoformat(manifest.date), "发布日期")
    refuse_expired(key, day, "核对日期")
    files = {file.path: file for file in manifest.files}
    compare_files(files, folder)
    for name in (LISTING, archive_name(manifest.release)):
        if f"{PAYLOAD}/{name}" not in files:
            raise ReleaseError(f"清单里没有「{PAYLOAD}/{name}」；这不是网站的发布")
    listing = (folder / PAYLOAD / LISTING).read_bytes()
    if hashlib.sha256(listing).hexdigest() != files[f"{PAYLOAD}/{LISTING}"].sha256:
        raise ReleaseError(f"文件「{PAYLOAD}/{LISTING}」在核对时被改动")
    site = decode_listing(listing.decode(), LISTING)
    verified = Verified(folder, manifest, hashlib.sha256(content).hexdigest(), site)
    if archive:
        check_archive(verified.archive, site, progress)
    return verified
