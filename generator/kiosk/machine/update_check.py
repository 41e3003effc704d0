"""Looks for an update, verifies it whole, and lays it beside the live content; the swap waits for a quiet moment."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from generator.kept_files import reason_of
from generator.kiosk.content_facts import read_facts
from generator.kiosk.machine.settings import Machine
from generator.kiosk.machine.state import LastUpdate, State
from generator.kiosk.machine.trusted_time import TrustedTime, start_of, system_clock
from generator.kiosk.machine.trusting import Offer, Source
from generator.kiosk.machine.versions import Versions
from generator.kiosk.updates.errors import UpdateError
from generator.kiosk.updates.fetching import fetcher_for
from generator.kiosk.updates.folder import METADATA
from generator.kiosk.updates.roles import TIMESTAMP
from generator.kiosk.updates.staff import LISTING
from generator.released.errors import ReleaseError
from generator.releases.archive import decode_listing, unpack
from generator.releases.keys import ZONE
from generator.store import BusyError, StoreError, undivided

# What has to stay free beside an update.
SPARE = 64_000_000
NETWORK = "网络"


@dataclass(frozen=True)
class Outcome:
    """How a look ended. code: empty where it went well. version: what was laid beside the live content, or is live."""

    source: str
    code: str
    message: str
    version: str = ""
    expires: str = ""


def usb_mark(machine: Machine) -> tuple[object, ...]:
    """What changes whenever a stick with an update is plugged in or changed; empty while there is none."""
    found: list[object] = []
    for text in machine.usb:
        try:
            status = Path(text, METADATA, f"{TIMESTAMP}.json").stat()
        except OSError:
            continue
        found += [text, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns]
    return tuple(found)


def sources(machine: Machine) -> list[tuple[str, str]]:
    """Name and address of where updates may be now: a stick that is plugged in, then the network."""
    found = [
        (f"U 盘 {text}", Path(text).as_uri())
        for text in machine.usb
        if Path(text, METADATA, f"{TIMESTAMP}.json").exists()
    ]
    if machine.address:
        found.append((NETWORK, machine.address))
    return found


def look(machine: Machine, only: Sequence[str] = (), clock: Callable[[], datetime] = system_clock) -> list[Outcome]:
    """Looks at each source; returns how each ended, and remembers the last that says something.

    only: addresses to look at instead of those of the machine. clock: what the machine says, in UTC.
    """
    state = State(machine.state_folder)
    time = TrustedTime(state, clock)
    places = [(address, address) for address in only] or sources(machine)
    outcomes: list[Outcome] = []
    for name, address in places:
        try:
            outcome = _look_at(machine, state, time, name, address)
        except UpdateError as error:
            outcome = Outcome(name, error.code or "refused", str(error))
        except BusyError:
            outcome = Outcome(name, "busy", "另一次更新正在进行")
        except (ReleaseError, StoreError) as error:
            outcome = Outcome(name, "refused", str(error))
        except OSError as error:
            outcome = Outcome(name, "disk", f"{reason_of(error)}（{error.filename or state.folder}）")
        outcomes.append(outcome)
        if not outcome.code:
            break
    _remember(state, time, outcomes)
    return outcomes


def _remember(state: State, time: TrustedTime, outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    best = next((outcome for outcome in outcomes if not outcome.code), outcomes[0])
    former = state.read(LastUpdate)
    expires = best.expires or (former.expires if former else "")
    at = time.local().astimezone(ZONE).isoformat(timespec="seconds")
    try:
        state.write(LastUpdate(at, best.source, best.code, best.message, best.version, expires))
    except OSError:
        # A full disk: the outcome is still printed.
        return


def _look_at(machine: Machine, state: State, time: TrustedTime, name: str, address: str) -> Outcome:
    versions = Versions(state)
    with state.content.locked(), _temporary_files_in(state.download):
        live = versions.live
        if live is not None:
            time.passed(start_of(date.fromisoformat(live.facts.date)))
        source = Source(address, fetcher_for(address), Path(machine.root), state.metadata, state.download, time)
        offer = source.offer(machine.organiser or (live.facts.organiser if live else ""))
        os.sync()
        version, expires = offer.description.version, offer.expires.isoformat()
        ready = versions.ready
        if live is not None and version == live.facts.version:
            return Outcome(name, "", "已是最新", version, expires)
        if ready is not None and version == ready.facts.version:
            return Outcome(name, "", f"已取得并核对 {version[:12]}", version, expires)
        if version in versions.refused:
            return Outcome(name, "failed-before", f"{version[:12]} 试用失败过，等待新的一版", version, expires)
        _make_room(versions, offer)
        _stage(state, source, offer)
        return Outcome(name, "", f"已取得并核对 {version[:12]}", version, expires)


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """python-tuf collects a download in a temporary file: beside the rest, not in a small memory disk."""
    folder.mkdir(parents=True, exist_ok=True)
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _make_room(versions: Versions, offer: Offer) -> None:
    """Raises UpdateError where the disk cannot hold the update even after earlier versions are gone."""
    folder = versions.state.folder
    needed = offer.archive.length * 2 + offer.description.unpacked + SPARE
    if shutil.disk_usage(folder).free < needed:
        versions.make_room()
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UpdateError(f"磁盘空间不够：更新要 {needed >> 20} MB，只有 {free >> 20} MB", "disk")


def _stage(state: State, source: Source, offer: Offer) -> None:
    """Downloads, verifies and unpacks the content into a build of the store that nobody sees yet."""
    listing = source.fetch(offer.listing)
    archive = source.fetch(offer.archive)
    expected = decode_listing(listing.read_text("utf-8"), LISTING)
    fresh = state.content.clear_fresh()
    try:
        unpack(archive, expected, fresh)
        facts = read_facts(fresh)
        described = offer.description
        if (facts.version, facts.organiser) != (described.version, described.organiser):
            raise UpdateError("内容与签名写明的不是同一份", "mismatch")
        # All of it is on the disk before the build counts as complete.
        os.sync()
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    digests = {path: bytes.fromhex(file.sha256) for path, file in expected.items()}
    state.content.add(undivided(digests), set(digests))
    os.sync()
    Versions(state).tidy()
    shutil.rmtree(state.download, ignore_errors=True)
