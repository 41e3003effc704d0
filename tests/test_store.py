import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from zlib import crc32

import pytest

from generator.store import BusyError, Part, Store, StoreError, digest_of, files_of


def put(store: Store, files: dict[str, str], fresh: set[str] | None = None) -> int:
    """Publishes `files`; only those of `fresh` are written anew, by default those that are not live already."""
    with store.locked():
        live = files_of(store.manifest(store.current()).values())
        store.clear_fresh()
        manifest = {path: digest_of(text.encode()) for path, text in files.items()}
        written = fresh if fresh is not None else {p for p, d in manifest.items() if live.get(p) != d}
        for path in written:
            target = store.fresh / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(files[path])
        return store.publish(divided(manifest), written)


def divided(files: dict[str, bytes]) -> dict[str, Part]:
    """The manifest, in groups between which files move as their number changes."""
    groups: dict[str, dict[str, bytes]] = {}
    for path, digest in files.items():
        groups.setdefault(str(crc32(f"{path}{len(files)}".encode()) % 3), {})[path] = digest
    return {name: Part.of(group) for name, group in groups.items()}


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder.resolve())): path.read_text()
        for path in sorted(folder.resolve().rglob("*"))
        if path.is_file()
    }


def test_the_live_folder_is_what_was_published_last(tmp_path):
    store = Store(tmp_path / "site", keep=1)
    versions = [
        {"a.html": "1", "x/b.html": "1", "x/c.html": "1"},
        {"a.html": "2", "x/b.html": "1", "y/d.html": "1"},
        {"a.html": "2", "x/b.html": "2"},
        {"a.html": "2", "x/b.html": "1", "x/c.html": "3"},
        {"a.html": "2", "x/b.html": "1", "x/c.html": "3"},
    ]
    for files in versions:
        put(store, files)
        assert tree(tmp_path / "site") == files
        assert {p.name for p in (tmp_path / "site").resolve().iterdir()} == {p.split("/")[0] for p in files}


def test_random_edits_give_what_a_clean_build_gives(tmp_path):
    chance = random.Random(7)
    store = Store(tmp_path / "site", keep=1)
    for _ in range(40):
        names = chance.sample([f"{d}/{n}" for d in "ab" for n in range(6)], chance.randrange(1, 12))
        files = {name: str(chance.randrange(3)) for name in names}
        put(store, files)
        assert tree(tmp_path / "site") == files


def test_earlier_builds_are_kept_whole_and_can_come_back(tmp_path):
    store = Store(tmp_path / "site", keep=2)
    for number in range(1, 6):
        put(store, {"a.html": str(number), "same.html": "x"})
    assert store.builds() == [3, 4, 5]
    assert store.rollback() == 4
    assert tree(tmp_path / "site") == {"a.html": "4", "same.html": "x"}
    put(store, {"a.html": "6"})
    assert store.rollback() == 5
    assert tree(tmp_path / "site")["a.html"] == "5"


def test_nothing_to_go_back_to_is_said(tmp_path):
    store = Store(tmp_path / "site")
    put(store, {"a": "1"})
    with pytest.raises(StoreError, match="没有可以退回的上一版"):
        store.rollback()


def test_a_second_build_stops_at_once(tmp_path):
    first, second = Store(tmp_path / "site"), Store(tmp_path / "site")
    with first.locked(), pytest.raises(BusyError, match="另一个构建"), second.locked():
        pass


def test_a_plain_folder_in_the_way_is_put_aside_not_lost(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/old.html").write_text("old")
    put(Store(tmp_path / "site"), {"a": "1"})
    assert tree(tmp_path / "site") == {"a": "1"}
    assert [path.read_text() for path in tmp_path.rglob("old.html")] == ["old"]


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StoreError, match="不能写入"), Store(blocked / "site").locked():
        pass


PUBLISHER = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.test_store import put
from generator.store import Store
store = Store(Path(sys.argv[1]), keep=1)
number = int(sys.argv[2])
print("ready", flush=True)
put(store, {{f"d{{n % 7}}/{{n}}.html": f"{{number}}-{{n}}" if n % 3 else "same" for n in range(number % 5, 400)}})
"""


def test_a_build_killed_at_any_moment_leaves_the_old_site_or_the_new_one(tmp_path):
    """Kills at 25 moments spread over the time that a build takes."""
    live = tmp_path / "site"
    code = PUBLISHER.format(root=str(Path(__file__).parents[1]))

    def expected(number: int) -> dict[str, str]:
        return {f"d{n % 7}/{n}.html": f"{number}-{n}" if n % 3 else "same" for n in range(number % 5, 400)}

    def start(number: int) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(live), str(number)], stdout=subprocess.PIPE, cwd=tmp_path
        )
        process.stdout.readline()
        return process

    began = time.monotonic()
    assert start(0).wait() == 0
    took = time.monotonic() - began
    old, seen = 0, set()
    for number in range(1, 26):
        process = start(number)
        time.sleep(took * number / 36)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = tree(live)
        assert found in (expected(old), expected(number)), f"half a site after kill {number}"
        seen.add(found == expected(number))
        old = number if found == expected(number) else old
    assert False in seen, "no kill came before the end"
    assert live.readlink().parts[0] == ".site"
    put(Store(live), {"a": "1"})
    assert tree(live) == {"a": "1"}
