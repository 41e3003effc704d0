"""Publishing to another machine: a real sshd and rsync, here on this one."""

import getpass
import hashlib
import os
import shlex
import shutil
import socket
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.released.errors import ReleaseError
from generator.releases.places import place_of
from generator.releases.publishing import LocalPlace, rollback
from generator.releases.remote import RemotePlace
from generator.store import Store, files_of
from tests.releases.conftest import Released, caselib

NOW = datetime(2024, 6, 1, tzinfo=UTC)
SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory):
    """The ssh command that reaches an sshd of our own."""
    assert SSHD and shutil.which("rsync"), "the tests need openssh-server and rsync (make chromium)"
    home = tmp_path_factory.mktemp("sshd")
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / name)], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (home / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {home}/host\nAuthorizedKeysFile {home}/user.pub\n"
        f"PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
    )
    (home / "ssh_config").write_text(
        f"Host other\n  HostName 127.0.0.1\n  Port {port}\n  IdentityFile {home}/user\n"
        f"  UserKnownHostsFile {home}/known\n  StrictHostKeyChecking accept-new\n  BatchMode yes\n"
        f"  ControlMaster auto\n  ControlPath {home}/c\n  ControlPersist 60\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    server = subprocess.Popen([str(SSHD), "-D", "-e", "-f", str(home / "sshd_config")], stderr=subprocess.PIPE)
    command = f"ssh -F {shlex.quote(str(home / 'ssh_config'))}"
    for _ in range(100):
        if subprocess.run([*shlex.split(command), "other", "true"], capture_output=True).returncode == 0:
            break
        time.sleep(0.1)
    yield command
    subprocess.run([*shlex.split(command), "-O", "exit", "other"], capture_output=True)
    server.terminate()
    server.wait()


def digests(live: Path) -> dict[str, str]:
    root = live.resolve()
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def site(released: Released, name: str) -> dict[str, str]:
    return {path: file.sha256 for path, file in released.verified(name).site.items()}


def test_a_place_is_here_or_on_another_machine(tmp_path):
    assert isinstance(place_of(str(tmp_path / "a:b")), LocalPlace)
    place = place_of("web@example.org:/srv/www/我的 site", "ssh -p 22")
    assert isinstance(place, RemotePlace)
    assert (place.host, str(place.live), list(place.ssh)) == (
        "web@example.org",
        "/srv/www/我的 site",
        ["ssh", "-p", "22"],
    )
    for wrong in ("web@example.org:srv/www", "web@example.org:/", "-oProxyCommand=x:/srv/a", "a b:/srv/x"):
        with pytest.raises(ReleaseError, match="不是位置"):
            place_of(wrong)


def test_a_release_goes_live_on_another_machine_and_comes_back(released_once, tmp_path, ssh):
    live = tmp_path / "我的 www/site"
    live.parent.mkdir()
    place = place_of(f"{getpass.getuser()}@other:{live}", ssh)
    for name in ("2023.1", "2023.2"):
        assert place.publish(released_once.verified(name), 3, NOW).release == name
        assert digests(live) == site(released_once, name)
        again = place.publish(released_once.verified(name), 3, NOW)
        assert (again.release, again.changed) == (name, False)
    assert place.rollback().release == "2023.1"
    assert digests(live) == site(released_once, "2023.1")
    with pytest.raises(ReleaseError, match="没有可以退回的上一版"):
        place.rollback()


def test_the_layout_is_the_one_of_this_machine(released_once, tmp_path, ssh):
    live = tmp_path / "site"
    place = place_of(f"other:{live}", ssh)
    for name in ("2023.1", "2023.2", "2023.1", "2023.2"):
        place.publish(released_once.verified(name), 1, NOW)
    store = Store(live)
    assert (store.builds(), store.current()) == ([3, 4], 4)
    published = {p: bytes.fromhex(d) for p, d in site(released_once, "2023.2").items()}
    assert files_of(store.manifest(4).values()) == published
    assert rollback(live).release == "2023.1"
    assert {p.stat().st_nlink for p in (tmp_path / ".site").rglob("*") if p.is_file()} == {1}


def test_two_at_once_the_second_is_refused(released_once, tmp_path, ssh):
    live = tmp_path / "site"
    place = place_of(f"other:{live}", ssh)
    place.publish(released_once.verified("2023.1"), 3, NOW)
    with Store(live).locked():
        for call in (lambda: place.publish(released_once.verified(), 3, NOW), place.rollback):
            with pytest.raises(ReleaseError, match="另一个人正在向"):
                call()
    assert digests(live) == site(released_once, "2023.1")
    assert place.publish(released_once.verified(), 3, NOW).release == "2023.2"


def test_what_does_not_arrive_whole_never_goes_live(released_once, tmp_path, ssh, monkeypatch):
    live = tmp_path / "site"
    place = place_of(f"other:{live}", ssh)
    place.publish(released_once.verified("2023.1"), 3, NOW)
    send = RemotePlace._send
    fresh = tmp_path / ".site/fresh"

    def cut(self: RemotePlace, folder: str, current: int) -> None:
        send(self, folder, current)
        (fresh / "index.html").write_text("halb")

    def added(self: RemotePlace, folder: str, current: int) -> None:
        send(self, folder, current)
        (fresh / "more.html").write_text("")

    for damage, match in ((cut, "other 上出错"), (added, "文件数与清单不同")):
        monkeypatch.setattr(RemotePlace, "_send", damage)
        with pytest.raises(ReleaseError, match=match):
            place.publish(released_once.verified(), 3, NOW)
        assert digests(live) == site(released_once, "2023.1")
    monkeypatch.undo()
    place.publish(released_once.verified(), 3, NOW)
    assert digests(live) == site(released_once, "2023.2")


def test_a_folder_with_files_in_the_place_is_left_alone(released_once, tmp_path, ssh):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/old.html").write_text("old")
    with pytest.raises(ReleaseError, match="是普通文件夹"):
        place_of(f"other:{tmp_path / 'site'}", ssh).publish(released_once.verified(), 3, NOW)
    assert (tmp_path / "site/old.html").read_text() == "old"


def test_the_command_says_in_one_line_why_it_cannot(released_once, tmp_path, ssh):
    arguments = ["publish", released_once.folder(), "--key", released_once.keys / "release.pub", "--ssh", ssh]
    for to, words in (
        ("nowhere.invalid:/srv/site", "连不上 nowhere.invalid"),
        ("other:/proc/none/site", "不能写入"),
    ):
        done = caselib([*arguments, "--to", to], tmp_path)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert words in done.stderr
    done = caselib(["publish", "--to", f"other:{tmp_path}/none", "--rollback", "--ssh", ssh], tmp_path)
    assert (done.returncode, "没有可以退回的上一版" in done.stderr) == (1, True)
    done = caselib([*arguments, "--to", f"other:{tmp_path}/site"], tmp_path)
    assert (done.returncode, f"other:{tmp_path}/site 现在是 2023.2" in done.stdout) == (0, True), done.stderr
