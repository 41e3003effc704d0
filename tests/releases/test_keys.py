"""Keys: made once, read by nobody else, refused where they do not count."""

import stat
import subprocess
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from generator.cli import caselib
from generator.released.errors import ReleaseError
from generator.releases.keys import (
    ZONE,
    earliest_day,
    latest_day,
    new_key,
    read_public_key,
    read_signing_key,
    refuse_expired,
)

EXPIRES = date(2030, 6, 30)


def no_passphrase() -> bytes:
    raise AssertionError("asked for a passphrase that the key has not")


def test_a_pair_signs_and_verifies_and_knows_its_last_day(tmp_path):
    new_key(tmp_path, None, EXPIRES)
    private = read_signing_key(tmp_path / "release.key", no_passphrase)
    public = read_public_key(tmp_path / "release.pub")
    assert (private.expires, public.expires, private.public.id) == (EXPIRES, EXPIRES, public.id)
    assert public.verifies(private.sign(b"x"), b"x")
    assert not public.verifies(private.sign(b"x"), b"y")


def test_the_private_half_is_for_its_owner_only(tmp_path):
    new_key(tmp_path / "keys", None, None)
    modes = [stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) for name in ("release.key", "release.pub")]
    assert modes == [0o600, 0o644]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o660, 0o620, 0o602, 0o610])
def test_a_key_that_others_can_read_or_change_is_refused(tmp_path, mode):
    new_key(tmp_path, None, None)
    (tmp_path / "release.key").chmod(mode)
    with pytest.raises(ReleaseError, match=f"权限是 0{mode:o}.*chmod 600"):
        read_signing_key(tmp_path / "release.key", no_passphrase)


def test_a_passphrase_opens_the_key_and_another_does_not(tmp_path):
    new_key(tmp_path, "口令 1".encode(), None)
    key = read_signing_key(tmp_path / "release.key", lambda: "口令 1".encode())
    assert read_public_key(tmp_path / "release.pub").id == key.public.id
    for wrong in (b"", "口令 2".encode()):
        with pytest.raises(ReleaseError, match="口令不对"):
            read_signing_key(tmp_path / "release.key", lambda wrong=wrong: wrong)


def test_what_is_no_key_is_said_in_one_line(tmp_path):
    new_key(tmp_path, None, None)
    other = tmp_path / "other.key"
    subprocess.run(["openssl", "genpkey", "-algorithm", "X25519", "-out", other], check=True, capture_output=True)
    torn = tmp_path / "torn.key"
    torn.write_bytes((tmp_path / "release.key").read_bytes()[:-60])
    for path in (other, torn):
        path.chmod(0o600)
    for path, match in (
        (tmp_path / "release.pub", "是公钥；签署要用私钥"),
        (tmp_path / "none.key", "没有私钥"),
        (tmp_path, "没有私钥"),
        (other, "不是 Ed25519"),
        (torn, "已损坏"),
    ):
        with pytest.raises(ReleaseError, match=match):
            read_signing_key(path, no_passphrase)
    with pytest.raises(ReleaseError, match="是私钥；核对要用公钥"):
        read_public_key(tmp_path / "release.key")
    (tmp_path / "text.pub").write_text("x")
    with pytest.raises(ReleaseError, match="已损坏"):
        read_public_key(tmp_path / "text.pub")


def test_a_key_is_never_written_over(tmp_path):
    new_key(tmp_path, None, None)
    before = (tmp_path / "release.key").read_bytes()
    with pytest.raises(ReleaseError, match=r"已有 release\.key、release\.pub"):
        new_key(tmp_path, None, None)
    assert (tmp_path / "release.key").read_bytes() == before


def test_openssl_reads_both_halves(tmp_path):
    new_key(tmp_path, None, EXPIRES)
    for arguments in (["-in", "release.key"], ["-pubin", "-in", "release.pub"]):
        done = subprocess.run(["openssl", "pkey", "-noout", "-text", *arguments], cwd=tmp_path, capture_output=True)
        assert b"ED25519" in done.stdout.upper(), done.stderr


def test_the_last_day_counts_whole_and_a_clock_may_be_an_hour_off(tmp_path):
    key = new_key(tmp_path, None, EXPIRES)
    midnight = datetime(2030, 7, 1, tzinfo=ZONE)
    for minutes, valid in ((-1, True), (0, True), (59, True), (61, False)):
        now = (midnight + timedelta(minutes=minutes)).astimezone(UTC)
        if valid:
            refuse_expired(key, earliest_day(now), "今天")
        else:
            with pytest.raises(ReleaseError, match="密钥已于 2030-06-30 到期"):
                refuse_expired(key, earliest_day(now), "今天")
    assert latest_day(midnight - timedelta(minutes=59)) == date(2030, 7, 1)
    assert latest_day(midnight - timedelta(minutes=61)) == date(2030, 6, 30)


def test_a_day_that_is_none_does_not_make_a_key_last_for_ever(tmp_path):
    new_key(tmp_path, None, EXPIRES)
    path = tmp_path / "release.pub"
    path.write_text(path.read_text("utf-8").replace("2030-06-30", "2030-06-31"), "utf-8")
    with pytest.raises(ReleaseError, match="「2030-06-31」不是日期"):
        read_public_key(path)


def test_the_command_asks_twice_and_keeps_out_of_git(tmp_path):
    run = CliRunner().invoke
    done = run(caselib, ["keys", "new", str(tmp_path / "a"), "--expires", "2030-06-30"], input="口令\n口令\n")
    assert (done.exit_code, "2030-06-30 到期" in done.output) == (0, True)
    assert "ENCRYPTED" in (tmp_path / "a/release.key").read_text("utf-8")
    done = run(caselib, ["keys", "new", str(tmp_path / "b")], input="口令\n别的\n")
    assert (done.exit_code, (tmp_path / "b").exists()) == (2, False)
    (tmp_path / ".git").mkdir()
    done = run(caselib, ["keys", "new", str(tmp_path / "c/d")], input="\n")
    assert (done.exit_code, "在 git 库里" in done.output) == (2, True)
    assert run(caselib, ["keys", "new", "x", "--expires", "明年"]).exit_code == 2
