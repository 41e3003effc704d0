"""A release as a folder: a BagIt bag with the site, the database, the ledger and the notes, and a manifest over all."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import bagit

from generator import __version__
from generator.released.ledger import Ledger
from generator.releases.archive import Progress, pack
from generator.releases.keys import SigningKey
from generator.releases.manifest import MANIFEST, SIGNATURE, ReleaseManifest, describe, encode_manifest

PAYLOAD = "data"
DATABASE = "cases.sqlite"
LEDGER = "ledger.jsonl"
LISTING = "site-files.txt"
NOTES = "notes.md"


def archive_name(release: str) -> str:
    return f"site-{release}.tar.zst"


def pack_release(
    folder: Path,
    site: Path,
    ledger: Ledger,
    notes: str,
    previous: str | None,
    program: Mapping[str, str],
    progress: Progress | None = None,
) -> bytes:
    """Fills the empty `folder` with the release of `site`, unsigned; returns its manifest as it stands in the file.

    previous: name of the release before. program: what the release was made with, for who makes it again.
    """
    head = ledger.head
    day = date.fromisoformat(head.date)
    moment = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    pack(site, folder / archive_name(head.release), folder / LISTING, moment, progress)
    shutil.copyfile(site / PAYLOAD / DATABASE, folder / DATABASE)
    (folder / LEDGER).write_bytes(ledger.content)
    (folder / NOTES).write_text(notes, "utf-8", newline="\n")
    _make_bag(folder, ledger)
    manifest = ReleaseManifest(
        release=head.release,
        date=head.date,
        name=head.name,
        organiser=head.organiser,
        previous=previous,
        source=head.source,
        program=dict(program),
        files=describe(folder),
    )
    content = encode_manifest(manifest)
    (folder / MANIFEST).write_bytes(content)
    return content


def sign_release(folder: Path, key: SigningKey) -> None:
    """Puts the detached signature beside the manifest: the 64 bytes of Ed25519, nothing else."""
    (folder / SIGNATURE).write_bytes(key.sign((folder / MANIFEST).read_bytes()))


def _make_bag(folder: Path, ledger: Ledger) -> None:
    head = ledger.head
    facts = {
        "Source-Organization": head.organiser,
        "External-Identifier": head.release,
        "External-Description": f"{head.name} {head.release}",
        # Given, since the library would take the clock and its own version.
        "Bagging-Date": head.date,
        "Bag-Software-Agent": f"caselib {__version__}",
    }
    logging.getLogger("bagit").setLevel(logging.ERROR)
    bagit.make_bag(str(folder), facts, checksums=["sha256"])
    # The library lists the tag files in the order in which the disk has them.
    tags = folder / "tagmanifest-sha256.txt"
    tags.write_text("".join(sorted(tags.read_text("utf-8").splitlines(keepends=True))), "utf-8", newline="\n")
    for path in folder.rglob("*"):
        with suppress(OSError):
            path.chmod(0o755 if path.is_dir() else 0o644)
