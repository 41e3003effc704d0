"""The attacks that the specification of TUF names, and some of its own kind: refused, and the screen unaffected.

Each attacker has the update folder in hand (a mirror, a stick); some have stolen keys besides. After most of them the
genuine update is put back and has to be accepted, so no attack may leave a screen that stays behind for ever.
"""

from __future__ import annotations

import functools
import hashlib
import http.server
import io
import json
import os
import shutil
import socketserver
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard
from tuf.api.metadata import Metadata, TargetFile
from tuf.api.serialization.json import JSONSerializer

from generator.kiosk.machine import update_check
from generator.kiosk.machine.versions import Versions
from generator.kiosk.updates.fetching import WebFetcher
from generator.kiosk.updates.folder import stored_name
from generator.kiosk.updates.roles import Keyring, read_public
from generator.kiosk.updates.staff import ARCHIVE, LISTING, KeyPlan, bundle, renew, rotate
from generator.releases.keys import new_key
from tests.kiosk.server.parts import DAY, Machinery, Staff, content_folder

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
LATER = DAY + timedelta(days=1)


def tree(folder: Path) -> dict[str, str]:
    folder = folder.resolve()
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Victim:
    """A screen that shows version aaaa0001, and the genuine folder, which already offers bbbb0002."""

    def __init__(self, staff: Staff, machinery: Machinery, address: str) -> None:
        self.staff, self.machinery, self.address = staff, machinery, address
        staff.put("aaaa0001")
        assert self.look() == ""
        self.versions = Versions(update_check.State(machinery.machine.state_folder))
        self.versions.swap(self.versions.ready)
        self.versions.confirm()
        self.before = tree(self.versions.store.live)
        self.earlier = self.copy("earlier")
        staff.put("bbbb0002", LATER)
        self.genuine = self.copy("genuine")

    @property
    def updates(self) -> Path:
        return self.staff.folder.path

    @property
    def metadata(self) -> Path:
        return self.staff.folder.metadata

    def copy(self, name: str) -> Path:
        return Path(shutil.copytree(self.updates, self.staff.base / name))

    def put(self, folder: Path) -> None:
        """Lays another folder in the place of the updates."""
        shutil.rmtree(self.updates)
        shutil.copytree(folder, self.updates)

    def look(self, clock: datetime = NOW) -> str:
        """The code of a look; empty where the update was accepted."""
        return self.machinery.look(self.address, clock=clock).code

    def untouched(self) -> None:
        """The screen shows what it showed, and nothing waits."""
        assert tree(self.versions.store.live) == self.before
        assert self.versions.ready is None

    def unaffected(self) -> None:
        """As `untouched`, and the genuine update is accepted."""
        self.untouched()
        self.put(self.genuine)
        assert self.look() == ""
        assert self.versions.ready.facts.version == "bbbb0002"

    def edit(self, name: str, change: Callable[[dict[str, Any]], None], *keys: str) -> None:
        """Changes what metadata says and signs it with these keys of the staff."""
        path = self.metadata / name
        raw = json.loads(path.read_text())
        change(raw["signed"])
        raw["signatures"] = []
        metadata = Metadata.from_dict(raw)
        folder = self.staff.base / "stolen"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for key in keys:
            for suffix in (".key", ".pub"):
                shutil.copy(self.staff.keys / f"{key}{suffix}", folder)
        ids = [read_public(folder / f"{key}.pub").keyid for key in keys]
        for signer in Keyring([folder], lambda _: b"").signers(ids):
            metadata.sign(signer, append=True)
        target = self.metadata / (
            f"{metadata.signed.version}.{metadata.signed.type}.json" if name[0].isdigit() else name
        )
        target.write_bytes(metadata.to_bytes(JSONSerializer()))

    def point_timestamp(self, version: int, snapshot: int, *keys: str) -> None:
        """A timestamp of this version that leads to the snapshot of that version."""
        content = (self.metadata / f"{snapshot}.snapshot.json").read_bytes()

        def change(signed: dict[str, Any]) -> None:
            signed["version"] = version
            signed["meta"]["snapshot.json"] = meta_of(snapshot, content)

        self.edit("timestamp.json", change, *keys)


def meta_of(version: int, content: bytes) -> dict[str, Any]:
    return {"version": version, "length": len(content), "hashes": {"sha256": hashlib.sha256(content).hexdigest()}}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def web(handler: Any) -> Iterator[str]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(params=["stick", "web"])
def victim(request, staff: Staff, machinery: Machinery) -> Iterator[Victim]:
    if request.param == "stick":
        yield Victim(staff, machinery, staff.folder.path.as_uri())
        return
    with web(functools.partial(Quiet, directory=str(staff.folder.path))) as address:
        yield Victim(staff, machinery, address)


@pytest.fixture
def stick(staff: Staff, machinery: Machinery) -> Victim:
    return Victim(staff, machinery, staff.folder.path.as_uri())


def stored(victim: Victim, name: str) -> Path:
    """Where the newest target of this name lies."""
    targets = victim.staff.folder.read("targets").signed.targets
    return victim.staff.folder.targets / stored_name(targets[name])


def test_a_genuine_update_is_accepted(victim: Victim):
    victim.unaffected()


# Arbitrary software


@pytest.mark.parametrize("name", [ARCHIVE, LISTING])
def test_a_file_with_one_other_byte_is_refused(victim: Victim, name: str):
    path = stored(victim, name)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert victim.look() == "mismatch"
    victim.unaffected()


def test_a_folder_of_another_organiser_is_refused_by_its_keys_and_named_so(victim: Victim, tmp_path: Path):
    other = Staff(tmp_path / "other", "别的协会")
    other.put("cccc0003")
    victim.put(other.folder.path)
    outcome = victim.machinery.look(victim.address)
    assert outcome.code == "signature" and "别的主办单位" in outcome.message
    victim.unaffected()


def test_another_organisers_content_under_our_own_keys_is_refused_by_name(victim: Victim):
    victim.edit("2.targets.json", lambda signed: _rename(signed, "别的协会"), "targets-1")
    _reseal(victim)
    outcome = victim.machinery.look(victim.address)
    assert (outcome.code, outcome.message) == ("organiser", "这是「别的协会」的内容，本机只展示「试验协会」的")
    victim.untouched()


def _rename(signed: dict[str, Any], organiser: str) -> None:
    signed["version"] = 3
    signed["targets"][ARCHIVE]["custom"]["organiser"] = organiser


def _reseal(victim: Victim, targets: int = 3) -> None:
    """Signs a snapshot and a timestamp for these targets with the stolen keys of both roles."""
    content = (victim.metadata / f"{targets}.targets.json").read_bytes()

    def change(signed: dict[str, Any]) -> None:
        signed["version"] = 3
        signed["meta"]["targets.json"] = meta_of(targets, content)

    victim.edit("2.snapshot.json", change, "snapshot-1")
    victim.point_timestamp(3, 3, "timestamp-1")


def test_targets_that_nobody_signed_are_refused_even_with_both_online_keys_stolen(victim: Victim):
    def change(signed: dict[str, Any]) -> None:
        signed["version"] = 3
        signed["targets"][ARCHIVE]["length"] += 1

    victim.edit("2.targets.json", change, "snapshot-1", "timestamp-1")
    _reseal(victim)
    assert victim.look() == "signature"
    victim.untouched()


@pytest.mark.parametrize("name", ["timestamp.json", "2.snapshot.json", "2.targets.json"])
def test_metadata_that_was_edited_is_refused(victim: Victim, name: str):
    path = victim.metadata / name
    path.write_text(path.read_text().replace('"expires": "202', '"expires": "203'))
    assert victim.look() in ("signature", "mismatch", "endless")
    victim.unaffected()


@pytest.mark.parametrize("text", ["", "{}", "[" * 10_000, "null", '{"signed": {}, "signatures": []}', "\x00\xff"])
def test_what_is_no_metadata_is_refused(victim: Victim, text: str):
    (victim.metadata / "timestamp.json").write_text(text)
    assert victim.look() == "form"
    victim.unaffected()


# Wrong software


def test_one_target_under_the_name_of_another_is_refused(victim: Victim):
    shutil.copy(stored(victim, LISTING), stored(victim, ARCHIVE))
    assert victim.look() == "mismatch"
    victim.unaffected()


def _signed_with_all_keys(victim: Victim, change: Callable[[Path], Path]) -> str:
    """The code for an archive that was changed before it was signed with the genuine keys."""
    folder = victim.staff.folder
    targets = folder.read("targets").signed.targets
    path = change(stored(victim, ARCHIVE))
    made = TargetFile.from_file(ARCHIVE, str(path), ["sha256"])
    made.unrecognized_fields = targets[ARCHIVE].unrecognized_fields
    shutil.copy(path, folder.targets / stored_name(made))
    folder.write_content({**targets, ARCHIVE: made}, victim.staff.keyring, LATER)
    return victim.look()


def test_a_signed_archive_that_writes_outside_of_its_folder_is_refused(stick: Victim, tmp_path: Path):
    def change(_: Path) -> Path:
        plain = io.BytesIO()
        with tarfile.open(fileobj=plain, mode="w") as tar:
            member = tarfile.TarInfo("../../escaped.txt")
            member.size = 1
            tar.addfile(member, io.BytesIO(b"x"))
        path = tmp_path / "archive"
        path.write_bytes(zstandard.compress(plain.getvalue()))
        return path

    assert _signed_with_all_keys(stick, change) == "refused"
    assert not list(tmp_path.rglob("escaped.txt"))
    stick.untouched()


def test_a_signed_archive_of_another_content_than_described_is_refused(stick: Victim, tmp_path: Path):
    folder = content_folder(tmp_path / "dddd", "dddd0004")
    other = Staff(tmp_path / "other")
    bundle(folder, other.folder, other.keyring, DAY)
    targets = other.folder.read("targets").signed.targets
    for name in (ARCHIVE, LISTING):
        shutil.copy(other.folder.targets / stored_name(targets[name]), stick.staff.folder.targets)
    ours = stick.staff.folder.read("targets").signed.targets
    targets[ARCHIVE].unrecognized_fields = ours[ARCHIVE].unrecognized_fields
    stick.staff.folder.write_content(targets, stick.staff.keyring, LATER)
    assert stick.look() == "mismatch"
    stick.untouched()


# Roll-back


def test_an_earlier_folder_is_refused_once_a_newer_one_was_seen(victim: Victim):
    renew(victim.staff.folder, victim.staff.keyring, LATER)
    newest = victim.copy("newest")
    assert victim.look() == ""
    victim.put(victim.earlier)
    assert victim.look() == "older"
    victim.put(newest)
    assert victim.look() == ""
    assert victim.versions.ready.facts.version == "bbbb0002"


def test_a_stolen_timestamp_key_does_not_lead_back_to_an_earlier_snapshot(victim: Victim):
    assert victim.look() == ""
    victim.point_timestamp(9, 1, "timestamp-1")
    assert victim.look() == "older"
    assert victim.versions.ready.facts.version == "bbbb0002"


def test_stolen_online_keys_do_not_lead_back_to_earlier_targets(victim: Victim):
    assert victim.look() == ""
    _reseal(victim, targets=1)
    assert victim.look() == "older"
    assert victim.versions.ready.facts.version == "bbbb0002"


# Freeze


def test_what_was_newest_long_ago_is_refused_and_the_screen_keeps_showing(victim: Victim):
    assert victim.look(NOW + timedelta(days=120)) == "expired"
    victim.unaffected()


def test_a_clock_that_is_set_back_does_not_revive_what_had_ended(stick: Victim):
    staff = stick.staff
    renew(staff.folder, staff.keyring, date(2027, 3, 1))
    assert stick.look(datetime(2027, 3, 2, tzinfo=UTC)) == ""
    # The metadata that was seen is wiped, so that only the bound of time is left.
    shutil.rmtree(stick.machinery.machine.state_folder / "metadata")
    stick.put(stick.genuine)
    assert stick.look(datetime(1970, 1, 1, tzinfo=UTC)) == "expired"


# Fast-forward


def test_a_version_pushed_far_ahead_is_mended_by_a_change_of_keys(victim: Victim):
    victim.point_timestamp(2**31 - 1, 2, "timestamp-1")
    assert victim.look() == ""
    victim.versions.swap(victim.versions.ready)
    victim.versions.confirm()
    victim.put(victim.genuine)
    assert victim.look() == "older"
    staff = victim.staff
    new_key_of(staff, "timestamp-2")
    rotate(
        staff.folder,
        staff.keyring,
        LATER,
        "timestamp",
        [read_public(staff.keys / "timestamp-2.pub")],
        [read_public(staff.keys / "timestamp-1.pub")],
    )
    assert victim.look() == ""


def new_key_of(staff: Staff, name: str) -> None:
    new_key(staff.keys, None, None, name)


# Mix and match


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_metadata_of_different_days_is_refused_together(victim: Victim, role: str):
    shutil.copy(victim.metadata / f"1.{role}.json", victim.metadata / f"2.{role}.json")
    assert victim.look() in ("mismatch", "endless")
    victim.unaffected()


# Endless data


def test_a_file_that_never_ends_is_cut_off(stick: Victim):
    path = stick.metadata / "timestamp.json"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    assert stick.look() == "endless"
    stick.unaffected()


@pytest.mark.parametrize("name", [ARCHIVE, LISTING])
def test_a_target_that_is_longer_than_signed_is_cut_off(victim: Victim, name: str):
    with stored(victim, name).open("ab") as stream:
        stream.truncate(1 << 34)
    started = time.monotonic()
    assert victim.look() == "endless"
    assert time.monotonic() - started < 60
    victim.unaffected()


class Endless(Quiet):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" " * 65536)
        except OSError:
            return


def test_a_server_that_sends_for_ever_is_cut_off(stick: Victim):
    with web(Endless) as address:
        assert stick.machinery.look(address).code == "endless"
    stick.unaffected()


# Slow retrieval


class Trickle(Quiet):
    """A byte now and then."""

    silent = False

    def do_GET(self) -> None:
        if self.path.endswith("2.root.json"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(1000):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(3 if self.silent else 0.05)
        except OSError:
            return


class Silent(Trickle):
    silent = True


@pytest.mark.parametrize("handler", [Trickle, Silent])
def test_a_server_that_is_too_slow_is_given_up(stick: Victim, monkeypatch, handler):
    monkeypatch.setattr(update_check, "fetcher_for", lambda _: WebFetcher(silence=1.0, grace=0.5, slowest=2000))
    with web(handler) as address:
        assert stick.machinery.look(address).code == "slow"
    monkeypatch.undo()
    stick.unaffected()


# Mirrors that prevent updates


@pytest.mark.parametrize("name", ["metadata/timestamp.json", "metadata/2.snapshot.json", "metadata/2.targets.json"])
def test_a_missing_file_is_named_and_mended_later(victim: Victim, name: str):
    (victim.updates / name).unlink()
    assert victim.look() == "missing"
    victim.unaffected()


def test_an_unreachable_server_changes_nothing(stick: Victim):
    assert stick.machinery.look("http://127.0.0.1:9/").code == "unreachable"
    stick.unaffected()


@pytest.mark.parametrize("what", ["pipe", "link", "folder"])
def test_special_files_of_a_stick_are_not_read(stick: Victim, what: str):
    path = stick.metadata / "timestamp.json"
    path.unlink()
    if what == "pipe":
        os.mkfifo(path)
    elif what == "link":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    assert stick.look() == "unreachable"
    stick.unaffected()


# Stolen keys


def test_a_root_signed_by_fewer_than_its_threshold_is_refused(victim: Victim):
    victim.edit("1.root.json", lambda signed: signed.update(version=2), "root-1")
    assert victim.look() == "signature"
    victim.unaffected()


def test_a_root_that_skips_or_repeats_a_version_is_refused(victim: Victim):
    victim.edit("1.root.json", lambda signed: signed.update(version=5), "root-1", "root-2")
    (victim.metadata / "5.root.json").rename(victim.metadata / "2.root.json")
    assert victim.look() == "older"
    victim.unaffected()


def test_targets_that_need_two_keys_are_not_signed_by_one(tmp_path: Path):
    plans = {"root": (1, 1), "targets": (3, 2), "snapshot": (1, 1), "timestamp": (1, 1)}
    staff = Staff(tmp_path / "staff", plans={role: KeyPlan(*numbers) for role, numbers in plans.items()})
    victim = Victim(staff, Machinery(tmp_path / "machine", staff.root, staff.folder.path), staff.folder.path.as_uri())
    victim.edit("2.targets.json", lambda signed: signed.update(version=3), "targets-1")
    _reseal(victim)
    assert victim.look() == "signature"
    victim.untouched()


def test_a_change_of_keys_is_followed_and_what_the_dropped_key_signs_is_refused(victim: Victim):
    staff = victim.staff
    new_key_of(staff, "targets-3")
    for name in ("targets-1", "targets-2"):
        rotate(
            staff.folder,
            staff.keyring,
            LATER,
            "targets",
            [read_public(staff.keys / "targets-3.pub")],
            [read_public(staff.keys / f"{name}.pub")],
        )
    assert victim.look() == ""
    assert victim.versions.ready.facts.version == "bbbb0002"
    newest = staff.folder.newest("targets")
    victim.edit(f"{newest}.targets.json", lambda signed: signed.update(version=newest + 1), "targets-1")
    content = (victim.metadata / f"{newest + 1}.targets.json").read_bytes()
    snapshot = staff.folder.newest("snapshot")

    def change(signed: dict[str, Any]) -> None:
        signed["version"] = snapshot + 1
        signed["meta"]["targets.json"] = meta_of(newest + 1, content)

    victim.edit(f"{snapshot}.snapshot.json", change, "snapshot-1")
    victim.point_timestamp(99, snapshot + 1, "timestamp-1")
    assert victim.look() == "signature"
    assert tree(victim.versions.store.live) == victim.before
    assert victim.versions.ready.facts.version == "bbbb0002"


def test_the_root_itself_changes_hands_and_screens_that_missed_it_catch_up(victim: Victim):
    staff = victim.staff
    for number in (1, 2):
        new_key_of(staff, f"root-{number + 3}")
        rotate(
            staff.folder,
            staff.keyring,
            LATER,
            "root",
            [read_public(staff.keys / f"root-{number + 3}.pub")],
            [read_public(staff.keys / f"root-{number}.pub")],
        )
    assert staff.folder.newest("root") == 3
    assert victim.look() == ""
    assert victim.versions.ready.facts.version == "bbbb0002"
    victim.edit("3.root.json", lambda signed: signed.update(version=4), "root-1", "root-2")
    assert victim.look() == "signature"
