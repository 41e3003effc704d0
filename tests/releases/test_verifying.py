"""A copy is genuine and whole, or refused in one line: every byte of every file counts."""

import io
import os
import random
import shutil
import tarfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import zstandard

from generator.released.errors import ReleaseError
from generator.releases.keys import PublicKey, SigningKey, earliest_day, new_key, read_public_key, read_signing_key
from generator.releases.manifest import (
    ManifestFile,
    ReleaseManifest,
    decode_manifest,
    describe,
    encode_manifest,
)
from generator.releases.packing import sign_release
from generator.releases.verifying import verify
from tests.releases.conftest import SECOND, Released, caselib, tree

ARCHIVE = "data/site-2023.2.tar.zst"
LISTING = "data/site-files.txt"


def why(folder: Path, key: PublicKey, day: date = SECOND) -> str:
    """Why the release is refused, in one line."""
    with pytest.raises(ReleaseError) as found:
        verify(folder, key, day)
    assert "\n" not in str(found.value)
    return str(found.value)


def private(released: Released) -> SigningKey:
    return read_signing_key(released.keys / "release.key", lambda: b"")


def sign_again(released: Released, folder: Path, **changes: object) -> None:
    """Describes the folder as it is now and signs that: what someone with the key could hand out."""
    old = decode_manifest((released.folder("2023.1") / "manifest.json").read_bytes())
    fields = {name: getattr(old, name) for name in ReleaseManifest.__struct_fields__}
    manifest = ReleaseManifest(**{**fields, "release": "2023.2", "files": describe(folder), **changes})
    (folder / "manifest.json").write_bytes(encode_manifest(manifest))
    sign_release(folder, private(released))


def repack(folder: Path, members: list[tuple[tarfile.TarInfo, bytes]], listing: str | None = None) -> None:
    """Puts another archive in the place of the site, and its list."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for member, content in members:
            member.size = len(content) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(content))
    (folder / ARCHIVE).write_bytes(zstandard.compress(plain.getvalue()))
    if listing is not None:
        (folder / LISTING).write_text(listing, "utf-8")


def test_what_was_released_is_genuine_and_whole(released_once):
    for name in ("2023.1", "2023.2"):
        verified = released_once.verified(name)
        assert verified.manifest.release == name
        assert "index.html" in verified.site


def test_every_single_byte_counts_in_every_file(released):
    """Forty random positions of each file, the first and the last byte among them; each with another value."""
    chance = random.Random(8)
    folder, key = released.folder(), released.key
    for path, content in tree(folder).items():
        places = {0, len(content) - 1, *(chance.randrange(len(content)) for _ in range(40))}
        for place in sorted(places):
            changed = bytearray(content)
            changed[place] ^= chance.randrange(1, 256)
            (folder / path).write_bytes(changed)
            assert why(folder, key), (path, place)
        (folder / path).write_bytes(content)
    assert verify(folder, key, SECOND)


def test_every_byte_of_manifest_and_signature_counts(released):
    folder, key = released.folder(), released.key
    for name in ("manifest.json", "manifest.json.sig"):
        content = (folder / name).read_bytes()
        for place in range(len(content)):
            changed = bytearray(content)
            changed[place] ^= 1 << (place % 8)
            (folder / name).write_bytes(changed)
            assert "签名不对" in why(folder, key)
        for other in (content[:-1], content + b"\0", content + b"\n", b""):
            (folder / name).write_bytes(other)
            assert "签名不对" in why(folder, key)
        (folder / name).write_bytes(content)


def test_a_missing_file_an_extra_one_and_a_longer_one_are_named(released):
    folder, key = released.folder(), released.key
    for path, content in tree(folder).items():
        (folder / path).unlink()
        assert Path(path).name in why(folder, key)
        (folder / path).write_bytes(content)
        if not path.startswith("manifest.json"):
            (folder / path).write_bytes(content + b"x")
            assert f"「{path}」" in why(folder, key)
            (folder / path).write_bytes(content)
    for extra in ("extra.txt", "data/extra.txt", ".hidden", "data/deep/er.txt"):
        (folder / extra).parent.mkdir(exist_ok=True)
        (folder / extra).write_text("")
        assert f"多出文件「{extra}」" in why(folder, key)
        (folder / extra).unlink()


def test_links_and_special_files_are_refused(released, tmp_path):
    folder, key = released.folder(), released.key
    outside = tmp_path / "notes.md"
    shutil.copy(folder / "data/notes.md", outside)
    (folder / "data/notes.md").unlink()
    (folder / "data/notes.md").symlink_to(outside)
    assert "「data/notes.md」是链接" in why(folder, key), "although the content is the same"
    (folder / "data/notes.md").unlink()
    os.mkfifo(folder / "data/notes.md")
    assert "「data/notes.md」是链接或特殊文件" in why(folder, key)
    (folder / "data/notes.md").unlink()
    shutil.copy(outside, folder / "data/notes.md")
    (folder / "more").symlink_to(tmp_path)
    assert "「more」是链接" in why(folder, key)
    (folder / "more").unlink()
    content = (folder / "manifest.json").read_bytes()
    (tmp_path / "manifest.json").write_bytes(content)
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").symlink_to(tmp_path / "manifest.json")
    assert "manifest.json 是链接" in why(folder, key)


def test_another_key_does_not_verify(released, tmp_path):
    new_key(tmp_path / "other", None, None)
    other = read_public_key(tmp_path / "other/release.pub")
    assert f"不是用密钥 {other.id} 签署的" in why(released.folder(), other)


def test_a_release_signed_by_another_key_is_not_ours(released, tmp_path):
    new_key(tmp_path / "other", None, None)
    sign_release(released.folder(), read_signing_key(tmp_path / "other/release.key", lambda: b""))
    assert "签名不对" in why(released.folder(), released.key)


def test_an_expired_key_is_refused_but_an_old_release_can_be_checked_for_its_day(released):
    folder = released.folder()
    key = PublicKey(released.key.key, date(2024, 6, 30))
    assert verify(folder, key, date(2024, 6, 30))
    assert "密钥已于 2024-06-30 到期" in why(folder, key, date(2024, 7, 1))
    earlier = PublicKey(released.key.key, date(2024, 4, 30))
    assert "发布日期 2024-05-01 在其后" in why(folder, earlier, date(2024, 4, 1)), "signed after its last day"


def test_a_clock_an_hour_off_is_no_reason(released):
    key = PublicKey(released.key.key, date(2024, 6, 30))
    midnight = datetime(2024, 6, 30, 16, tzinfo=UTC)  # the end of that day in China
    assert verify(released.folder(), key, earliest_day(midnight + timedelta(minutes=59)))
    assert "到期" in why(released.folder(), key, earliest_day(midnight + timedelta(minutes=61)))


@pytest.mark.parametrize("path", ["../x", "/etc/x", "data/../../x", "a//b", "./x", "a\\..\\b", "", "a\nb", "a/"])
def test_a_path_that_leaves_the_folder_is_refused_even_if_it_is_signed(released, path):
    folder = released.folder()
    sign_again(released, folder, files=[*describe(folder), ManifestFile(path, 0, "0" * 64)])
    assert "不在文件夹之内" in why(folder, released.key)


def test_a_manifest_that_says_nonsense_is_refused_even_if_it_is_signed(released):
    folder, key = released.folder(), released.key
    files = describe(folder)
    sign_again(released, folder, files=[*files, files[0]])
    assert "列了两次" in why(folder, key)
    sign_again(released, folder, files=[*files, ManifestFile("manifest.json", 0, "0" * 64)])
    assert "列了两次" in why(folder, key)
    sign_again(released, folder, files=[*files[:-1], ManifestFile(files[-1].path, 1, "0")])
    assert "校验值不对" in why(folder, key)
    sign_again(released, folder, release="2023")
    assert "不是发布编号" in why(folder, key)
    sign_again(released, folder, date="昨天")
    assert "日期" in why(folder, key)
    sign_again(released, folder, form=2)
    assert "第 2 种格式" in why(folder, key)
    (folder / "manifest.json").write_text("[]")
    sign_release(folder, private(released))
    assert "不是发布清单" in why(folder, key)


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname = kind, target
    return found


EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("members", "match"),
    [
        ([(member("index.html", tarfile.SYMTYPE, "/etc/passwd"), b"")], "链接或特殊文件"),
        ([(member("index.html", tarfile.LNKTYPE, "x"), b"")], "链接或特殊文件"),
        ([(member("index.html", tarfile.FIFOTYPE), b"")], "链接或特殊文件"),
        ([(member("index.html", tarfile.DIRTYPE), b"")], "链接或特殊文件"),
        ([(member("../index.html"), b"")], "不在文件夹之内"),
        ([(member("/index.html"), b"")], "不在文件夹之内"),
        ([(member("index.html"), b""), (member("more.html"), b"")], "多出「more.html」"),
        ([(member("index.html"), b""), (member("index.html"), b"")], "出现了两次"),
        ([(member("index.html"), b"x")], "有 1 字节，清单里是 0 字节"),
        ([], "缺少「index.html」"),
    ],
)
def test_an_archive_with_more_than_its_files_is_refused_even_if_it_is_signed(released, members, match):
    folder = released.folder()
    repack(folder, members, f"{EMPTY}  0  index.html\n")
    sign_again(released, folder)
    assert match in why(folder, released.key)


def test_an_archive_that_is_none_is_refused_even_if_it_is_signed(released):
    folder, key = released.folder(), released.key
    content = (folder / ARCHIVE).read_bytes()
    for other in (b"", b"x" * 100, content[: len(content) // 2], zstandard.compress(b"x" * 2000)):
        (folder / ARCHIVE).write_bytes(other)
        sign_again(released, folder)
        assert "归档" in why(folder, key)


def test_a_list_that_does_not_fit_the_archive_is_refused_even_if_it_is_signed(released):
    folder, key = released.folder(), released.key
    text = (folder / LISTING).read_text("utf-8")
    first = text.splitlines()[0]
    for other, match in (
        (text.replace(first[:8], "00000000", 1), "SHA-256 不同"),
        (text + f"{EMPTY}  0  ../x\n", "不在文件夹之内"),
        (text + f"{EMPTY}  0  x.html\n", "缺少「x.html」"),
        (text.replace(first + "\n", ""), "多出"),
        ("x\n", "写法不对"),
    ):
        (folder / LISTING).write_text(other, "utf-8")
        sign_again(released, folder)
        assert match in why(folder, key)


def test_no_folder_and_an_empty_one_are_said(released, tmp_path):
    assert "没有文件夹" in why(tmp_path / "none", released.key)
    (tmp_path / "empty").mkdir()
    assert "缺少清单 manifest.json" in why(tmp_path / "empty", released.key)


def test_the_command_says_what_it_found(released, tmp_path):
    arguments = ["verify", released.folder(), "--key", released.keys / "release.pub"]
    done = caselib(arguments, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("真实、完整：小库 2023.2，2024-05-01 发布")
    (released.folder() / "data/notes.md").write_text("x")
    done = caselib([*arguments, "--quiet"], tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert caselib([*arguments[:2]], tmp_path).returncode == 2, "no key, no answer"
