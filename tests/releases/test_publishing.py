"""Live is the old release or the new one, whole, at every moment; going back takes no time."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from generator.released.errors import ReleaseError
from generator.releases.keys import ZONE
from generator.releases.publishing import publish, rollback
from generator.releases.verifying import Verified, verify
from generator.store import Store
from tests.releases.conftest import SECOND, caselib
from tests.releases.test_verifying import EMPTY, member, repack, sign_again

NOW = datetime(2024, 6, 1, tzinfo=UTC)


def digests(live: Path) -> dict[str, str]:
    """SHA-256 of every file that is live."""
    root = live.resolve()
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def site_of(verified: Verified) -> dict[str, str]:
    return {path: file.sha256 for path, file in verified.site.items()}


def test_a_release_goes_live_whole_and_comes_back(released_once, tmp_path):
    live = tmp_path / "www/site"
    first, second = released_once.verified("2023.1"), released_once.verified("2023.2")
    assert publish(first, live, 3, NOW).release == "2023.1"
    assert digests(live) == site_of(first)
    assert publish(second, live, 3, NOW).release == "2023.2"
    assert digests(live) == site_of(second)
    assert rollback(live).release == "2023.1"
    assert digests(live) == site_of(first)
    with pytest.raises(ReleaseError, match="没有可以退回的上一版"):
        rollback(live)
    assert digests(live) == site_of(first)
    assert publish(second, live, 3, NOW).release == "2023.2"
    assert digests(live) == site_of(second)


def test_what_is_live_already_is_not_written_again(released_once, tmp_path):
    verified = released_once.verified()
    publish(verified, tmp_path / "site", 3, NOW)
    before = os.readlink(tmp_path / "site")
    again = publish(verified, tmp_path / "site", 3, NOW)
    assert (again.release, again.changed, os.readlink(tmp_path / "site")) == ("2023.2", False, before)


def test_releases_share_no_file_so_that_damage_stays_where_it_is(released_once, tmp_path):
    publish(released_once.verified("2023.1"), tmp_path / "site", 3, NOW)
    publish(released_once.verified("2023.2"), tmp_path / "site", 3, NOW)
    assert {path.stat().st_nlink for path in (tmp_path / ".site").rglob("*") if path.is_file()} == {1}


def test_only_so_many_earlier_releases_stay(released_once, tmp_path):
    live = tmp_path / "site"
    for name in ("2023.1", "2023.2", "2023.1", "2023.2", "2023.1"):
        publish(released_once.verified(name), live, 2, NOW)
    assert Store(live).builds() == [3, 4, 5]
    assert sorted(path.name for path in (tmp_path / ".site").glob("*.release")) == [f"{n}.release" for n in (3, 4, 5)]
    assert rollback(live).release == "2023.2"
    assert rollback(live).release == "2023.1"


def test_a_number_that_was_used_for_something_else_is_refused(released, tmp_path):
    publish(released.verified(), tmp_path / "site", 3, NOW)
    before = digests(tmp_path / "site")
    (released.folder() / "data/notes.md").write_text("别的", "utf-8")
    sign_again(released, released.folder(), date="2024-05-01")
    with pytest.raises(ReleaseError, match=r"编号 2023\.2 在这里已用于另一份内容；线上的没有变"):
        publish(released.verified(), tmp_path / "site", 3, NOW)
    assert digests(tmp_path / "site") == before


def test_a_release_of_tomorrow_waits_and_a_clock_may_be_an_hour_off(released_once, tmp_path):
    verified = released_once.verified()
    midnight = datetime(2024, 5, 1, tzinfo=ZONE)
    with pytest.raises(ReleaseError, match="发布日期 2024-05-01 还没有到"):
        publish(verified, tmp_path / "site", 3, midnight - timedelta(minutes=61))
    assert not (tmp_path / "site").exists()
    assert publish(verified, tmp_path / "site", 3, midnight - timedelta(minutes=59)).release == "2023.2"


def test_two_at_once_the_second_is_refused(released_once, tmp_path):
    live = tmp_path / "site"
    publish(released_once.verified("2023.1"), live, 3, NOW)
    before = digests(live)
    with Store(live).locked():
        for call in (lambda: publish(released_once.verified(), live, 3, NOW), lambda: rollback(live)):
            with pytest.raises(ReleaseError, match="另一个人正在向"):
                call()
    assert digests(live) == before


def test_two_processes_at_once_leave_one_of_the_two_and_one_refusal_at_most(released_once, tmp_path):
    key = released_once.keys / "release.pub"
    command = [str(Path(sys.executable).with_name("caselib")), "publish", "--key", str(key), "--to", "site"]
    started = [
        subprocess.Popen([*command, str(released_once.folder(name))], cwd=tmp_path, stderr=subprocess.PIPE)
        for name in ("2023.1", "2023.2")
    ]
    said = [(process.communicate()[1].decode(), process.returncode) for process in started]
    assert {code for _, code in said} <= {0, 1}
    assert all("另一个人正在" in error for error, code in said if code)
    assert 0 in {code for _, code in said}
    assert digests(tmp_path / "site") in [site_of(released_once.verified(name)) for name in ("2023.1", "2023.2")]


@pytest.mark.parametrize(
    ("members", "match"),
    [
        ([(member("index.html", b"2", "/etc/passwd"), b"")], "链接"),
        ([(member("../index.html"), b"")], "不在文件夹之内"),
        ([(member("more.html"), b"")], "多出"),
        ([(member("index.html"), b"x")], "字节"),
        ([], "缺少"),
    ],
)
def test_an_archive_that_is_not_its_list_never_goes_live(released, tmp_path, members, match):
    live = tmp_path / "site"
    publish(released.verified("2023.1"), live, 3, NOW)
    before = digests(live)
    repack(released.folder(), members, f"{EMPTY}  0  index.html\n")
    sign_again(released, released.folder(), date="2024-05-01")
    verified = verify(released.folder(), released.key, SECOND, archive=False)
    with pytest.raises(ReleaseError, match=match):
        publish(verified, live, 3, NOW)
    assert digests(live) == before
    assert not (tmp_path / "index.html").exists()
    assert not (tmp_path / ".site/fresh").exists()


def test_an_archive_that_changes_after_it_was_verified_never_goes_live(released, tmp_path):
    live = tmp_path / "site"
    publish(released.verified("2023.1"), live, 3, NOW)
    before = digests(live)
    verified = released.verified()
    shutil.copy(released.verified("2023.1").archive, verified.archive)
    with pytest.raises(ReleaseError):
        publish(verified, live, 3, NOW)
    assert digests(live) == before


def test_a_folder_with_files_in_the_place_is_left_alone(released_once, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/old.html").write_text("old")
    with pytest.raises(ReleaseError, match="是普通文件夹，里面有文件"):
        publish(released_once.verified(), tmp_path / "site", 3, NOW)
    assert (tmp_path / "site/old.html").read_text() == "old"
    (tmp_path / "site/old.html").unlink()
    publish(released_once.verified(), tmp_path / "site", 3, NOW)
    assert digests(tmp_path / "site") == site_of(released_once.verified())


def test_a_place_without_a_release_cannot_go_back(tmp_path):
    with pytest.raises(ReleaseError, match="没有可以退回的上一版"):
        rollback(tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_leaves_what_is_live(released_once, tmp_path):
    """A limit on the size of files stops the writing in the middle, as a full disk does."""
    live = tmp_path / "site"
    publish(released_once.verified("2023.1"), live, 3, NOW)
    before = digests(live)
    code = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (limit := int(sys.argv.pop(1)),) * 2);"
    code += "from generator.cli import main; main()"
    arguments = ["publish", str(released_once.folder()), "--key", str(released_once.keys / "release.pub"), "--quiet"]
    sizes = sorted({file.size for file in released_once.verified().site.values()})
    for limit in (sizes[0], sizes[len(sizes) // 2], sizes[-1] - 1):
        done = subprocess.run(
            [sys.executable, "-c", code, str(limit), *arguments, "--to", str(live)],
            capture_output=True,
            encoding="utf-8",
        )
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "没有发布：文件超过允许的大小" in done.stderr
        assert digests(live) == before
        assert not (tmp_path / ".site/fresh").exists()
    publish(released_once.verified(), live, 3, NOW)
    assert digests(live) == site_of(released_once.verified())


def test_a_disk_that_is_too_small_is_said_before_anything_is_written(released_once, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(ReleaseError, match="磁盘空间不够"):
        publish(released_once.verified(), tmp_path / "site", 3, NOW)
    assert not (tmp_path / "site").exists()


PUBLISHER = """
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from generator.releases.keys import read_public_key
from generator.releases.publishing import publish
from generator.releases.verifying import verify
verified = verify(Path(sys.argv[1]), read_public_key(Path(sys.argv[2])), date(2024, 6, 1), archive=False)
print("ready", flush=True)
publish(verified, Path(sys.argv[3]), 1, datetime(2024, 6, 1, tzinfo=timezone.utc))
"""


def test_a_publication_killed_at_any_moment_leaves_the_old_release_or_the_new_one(released_once, tmp_path):
    """Kills at 30 moments spread over the time that publishing takes."""
    live = tmp_path / "site"
    sites = {name: site_of(released_once.verified(name)) for name in ("2023.1", "2023.2")}

    def start(name: str) -> subprocess.Popen[str]:
        arguments = [str(released_once.folder(name)), str(released_once.keys / "release.pub"), str(live)]
        process = subprocess.Popen([sys.executable, "-c", PUBLISHER, *arguments], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    began = time.monotonic()
    assert start("2023.1").wait() == 0
    took = time.monotonic() - began
    shown, early = "2023.1", 0
    for number in range(1, 31):
        wanted = "2023.2" if shown == "2023.1" else "2023.1"
        process = start(wanted)
        time.sleep(took * number / 60)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = digests(live)
        assert found in (sites[shown], sites[wanted]), f"half a site after kill {number}"
        early += found == sites[shown]
        shown = wanted if found == sites[wanted] else shown
    assert early, "no kill came before the end"
    for name in ("2023.1", "2023.2"):
        assert start(name).wait() == 0
        assert digests(live) == sites[name]
    assert {path.name for path in (tmp_path / ".site").iterdir() if path.is_dir()} <= set("0123456789") | {
        str(number) for number in Store(live).builds()
    }


def test_the_command_publishes_and_goes_back(released_once, tmp_path):
    key = ["--key", released_once.keys / "release.pub"]
    for name in ("2023.1", "2023.2"):
        done = caselib(["publish", released_once.folder(name), *key, "--to", "site"], tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"site 现在是 {name}" in done.stdout
    done = caselib(["publish", "--to", "site", "--rollback"], tmp_path)
    assert (done.returncode, done.stdout) == (0, "已退回 2023.1，site 现在是这一版\n")
    assert digests(tmp_path / "site") == site_of(released_once.verified("2023.1"))


def test_the_command_refuses_what_is_not_genuine_and_what_makes_no_sense(released, tmp_path):
    key = ["--key", released.keys / "release.pub"]
    publish(released.verified("2023.1"), tmp_path / "site", 3, NOW)
    before = digests(tmp_path / "site")
    (released.folder() / "data/notes.md").write_text("x")
    done = caselib(["publish", released.folder(), *key, "--to", "site"], tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "data/notes.md" in done.stderr
    assert caselib(["publish", released.folder(), "--to", "site"], tmp_path).returncode == 2
    assert caselib(["publish", *key, "--to", "site"], tmp_path).returncode == 2
    assert caselib(["publish", released.folder(), *key, "--to", "site", "--rollback"], tmp_path).returncode == 2
    assert digests(tmp_path / "site") == before


def test_an_expired_key_publishes_nothing(released, tmp_path):
    text = (released.keys / "release.pub").read_text("utf-8")
    (released.keys / "release.pub").write_text(text.replace("2040-12-31", "2024-06-01"), "utf-8")
    arguments = ["publish", released.folder(), "--key", released.keys / "release.pub", "--to", "site"]
    done = caselib(arguments, tmp_path)
    assert (done.returncode, "密钥已于 2024-06-01 到期" in done.stderr) == (1, True)
    assert date.today() > date(2024, 6, 2)
    assert not (tmp_path / "site").exists()
