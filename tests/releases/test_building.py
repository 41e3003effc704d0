"""A release: from what is committed, complete and checked, the same bytes anywhere; refused in one line otherwise."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import bagit
import msgspec
import pytest

from generator.released.errors import ReleaseError
from generator.released.ledger import read_ledger
from generator.released.names import ReleaseName, parse_name
from generator.releases.building import Releases
from generator.releases.keys import new_key, read_signing_key
from tests.releases.conftest import CHANGES, FIRST, SECOND, Repository, caselib, correct, start, tree


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    new_key(folder, None, None)
    return folder


def refused(
    repository: Repository,
    keys: Path,
    day: date = FIRST,
    number: int | None = None,
    year: int = 2023,
    today: date | None = None,
) -> str:
    """Why the release is refused; nothing is left of it."""
    before = tree(repository.base / "cases")
    with pytest.raises(ReleaseError) as found:
        key = read_signing_key(keys / "release.key", lambda: b"")
        Releases(repository.config).release(year, day, key, today or day, number)
    folder = repository.base / "releases"
    left = [path.name for path in folder.iterdir() if path.name != ".lock"] if folder.is_dir() else []
    assert [name for name in left if name.startswith(".")] == []
    assert tree(repository.base / "cases") == before
    assert "\n" not in str(found.value)
    return str(found.value)


def test_a_release_holds_site_database_ledger_notes_and_a_manifest_of_all(released_once):
    folder = released_once.folder("2023.1")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    facts = manifest["release"], manifest["date"], manifest["previous"], manifest["organiser"]
    assert facts == ("2023.1", "2024-03-01", None, "试验协会")
    files = {file["path"]: file["size"] for file in manifest["files"]}
    assert files == {
        path: len(content)
        for path, content in tree(folder).items()
        if path not in ("manifest.json", "manifest.json.sig")
    }
    names = {"site-2023.1.tar.zst", "cases.sqlite", "ledger.jsonl", "notes.md", "site-files.txt"}
    assert {path.name for path in (folder / "data").iterdir()} == names
    database = (folder / "data/cases.sqlite").read_bytes()
    assert database.startswith(b"SQLite format 3")
    assert json.loads((released_once.folder() / "manifest.json").read_bytes())["previous"] == "2023.1"


def test_a_release_is_a_valid_bag_that_other_tools_check(released_once):
    folder = released_once.folder()
    bag = bagit.Bag(str(folder))
    bag.validate()
    assert (bag.info["External-Identifier"], bag.info["Bagging-Date"]) == ("2023.2", "2024-05-01")
    for name in ("manifest", "tagmanifest"):
        subprocess.run(["sha256sum", "--quiet", "-c", f"{name}-sha256.txt"], cwd=folder, check=True)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(released_once.keys / "release.pub"), "-rawin"]
    subprocess.run([*command, "-in", "manifest.json", "-sigfile", "manifest.json.sig"], cwd=folder, check=True)


def test_the_notes_say_what_is_new_and_count(released_once):
    notes = (released_once.folder() / "data/notes.md").read_text("utf-8")
    for words in (
        "# 小库 2023.2",
        "与 2023.1（2024-03-01）相比，新增 0 项，更正 1 项，撤销 1 项。",
        "2023 届 4 项（减 1）（公布名单 5 项）：甲等 2 项，乙等 2 项（减 1）。",
        "- 2023-00004《黑板擦》（东山县中心小学，乙等）",
        "工作单位由「东山县第一小学」改为「东山县中心小学」",
        "2024-04-02 更正单位名称（单位来函）",
        "撤销 1 项：",
        "2024-04-05 撤销（核查不符）",
    ):
        assert words in notes, words


def test_the_ledger_is_committed_and_the_one_in_the_release(released_once):
    repository = released_once.repository
    assert repository.git("ls-files", "cases/releases").split() == [
        "cases/releases/2023.1.jsonl",
        "cases/releases/2023.2.jsonl",
    ]
    ledger = read_ledger(repository.library.folder, ReleaseName(2023, 2))
    assert ledger.content == (released_once.folder() / "data/ledger.jsonl").read_bytes()
    states = {row.id: (row.status, row.address) for row in ledger.rows.values()}
    assert states["2023-00001"] == ("announced", "cases/2023-00001.html")
    assert states["2023-00005"] == ("revoked", "cases/2023-00005.html")
    assert "people" not in ledger.rows["2023-00005"].record, "what a revoked case hides stays hidden"


def test_the_site_of_a_release_carries_its_number(released_once, tmp_path):
    archive = released_once.folder() / "data/site-2023.2.tar.zst"
    subprocess.run(["tar", "--zstd", "-xf", str(archive), "-C", str(tmp_path)], check=True)
    assert '<dd class="case-num">2023.2</dd>' in (tmp_path / "index.html").read_text("utf-8")
    assert "更正单位名称" in (tmp_path / "changes.html").read_text("utf-8")
    assert (tmp_path / "data/cases.sqlite").read_bytes() == (released_once.folder() / "data/cases.sqlite").read_bytes()


def test_another_path_time_zone_locale_and_hash_seed_give_the_same_bytes(released_once, tmp_path):
    """The tag is cloned elsewhere and built by another process with other settings, some time later."""
    copy = tmp_path / "another place" / "目录"
    subprocess.run(["git", "clone", "--quiet", str(released_once.repository.base), str(copy)], check=True)
    for name, zone, locale, seed in (
        ("2023.1", "Pacific/Kiritimati", "C", "1"),
        ("2023.2", "America/Anchorage", "tr_TR.UTF-8", "77"),
    ):
        subprocess.run(["git", "checkout", "--quiet", name], cwd=copy, check=True)
        done = caselib(
            ["rebuild", name, "--to", f"../{name}", "--against", released_once.folder(name)],
            copy,
            TZ=zone,
            LC_ALL=locale,
            LANG=locale,
            PYTHONHASHSEED=seed,
            HOME=str(tmp_path),
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "逐字节相同" in done.stdout
        expected = tree(released_once.folder(name))
        del expected["manifest.json.sig"]
        assert tree(copy.parent / name) == expected
        shutil.copy(released_once.folder(name) / "manifest.json.sig", copy.parent / name)
        done = caselib(["verify", copy.parent / name, "--key", released_once.keys / "release.pub"], tmp_path)
        assert (done.returncode, done.stdout.split("：")[0]) == (0, "真实、完整")


def test_a_rebuild_says_what_differs_from_another_original(released, tmp_path):
    released.repository.git("checkout", "--quiet", "2023.1")
    original = released.folder("2023.1")
    (original / "data/notes.md").write_text("别的", "utf-8")
    (original / "extra").write_text("")
    base = released.repository.base
    done = caselib(["rebuild", "2023.1", "--to", tmp_path / "again", "--against", original], base)
    assert (done.returncode, done.stdout.splitlines()[:2]) == (1, ["不同：data/notes.md", "不同：extra"])


def test_what_is_not_the_tagged_tree_is_not_rebuilt(released, tmp_path):
    releases = Releases(released.repository.config)
    with pytest.raises(ReleaseError, match=r"git checkout 2023\.1"):
        releases.rebuild(parse_name("2023.1"), tmp_path / "again")
    with pytest.raises(ReleaseError, match=r"没有 2023\.7 的登记表；已登记：2023\.1、2023\.2"):
        releases.rebuild(parse_name("2023.7"), tmp_path / "again")


def test_the_order_in_which_records_were_written_does_not_matter(keys, tmp_path):
    made = []
    for name in ("a", "b"):
        repository = start(tmp_path / name / "库")
        if name == "b":
            for path in sorted((repository.base / "cases/2023").glob("*.yml"), reverse=True):
                text = path.read_bytes()
                path.unlink()
                path.write_bytes(text)
        made.append(tree(repository.release(FIRST, keys)))
    assert made[0] == made[1]


def test_a_tree_with_changes_that_are_not_committed_is_refused(repository, keys):
    record = repository.base / "cases/2023/2023-00001.yml"
    text = record.read_text("utf-8")
    record.write_text(text + "# x\n", "utf-8")
    assert "没有提交的改动：cases/2023/2023-00001.yml" in refused(repository, keys)
    record.write_text(text, "utf-8")
    repository.git("rm", "--quiet", "--cached", "docs/about.md")
    assert "docs/about.md" in refused(repository, keys)
    repository.git("reset", "--quiet")
    (repository.base / "docs/draft.md").write_text("x")
    assert "docs/draft.md" in refused(repository, keys)
    (repository.base / "docs/draft.md").unlink()
    (repository.base / ".git/info/exclude").write_text("*.yml\n")
    repository.library.record("2023-00006", title="没有提交的")
    assert "cases/2023/2023-00006.yml" in refused(repository, keys), "also where git is told to look away"


def test_a_folder_without_git_is_refused(keys, library):
    (library.base / "mkdocs.yml").write_text("site_name: x\n")
    with pytest.raises(ReleaseError, match="不在 git 库里"):
        Releases(library.base / "mkdocs.yml")


def test_a_library_with_an_error_is_refused(repository, keys):
    repository.library.record("2023-00001", title="自动换针架", award="丙等")
    repository.commit()
    assert "资料库有错误，先用 caselib check 查看：1 个错误" in refused(repository, keys)


def test_a_round_that_is_not_complete_is_refused_level_by_level(repository, keys):
    (repository.base / "cases/2023/2023-00001.yml").unlink()
    (repository.base / "cases/2023/2023-00005.yml").unlink()
    repository.commit()
    said = refused(repository, keys)
    assert "奖项「甲等」公布 2 项，入库 1 项" in said
    assert "奖项「乙等」公布 3 项，入库 2 项" in said
    assert "方案没有写本届的公布数" in refused(repository, keys, year=2024)
    assert "方案中没有 2022 这一届；可用：2023、2024" in refused(repository, keys, year=2022)


def test_a_correction_that_is_missing_stops_a_release(released, keys):
    released.repository.library.record("2023-00003", title="铅笔夹（二）")
    released.repository.commit()
    assert "资料库有错误" in refused(released.repository, keys, SECOND)


def test_a_number_is_used_once(released, keys):
    repository = released.repository
    assert "编号 2023.2 已经用过；下一个是 2023.3" in refused(repository, keys, SECOND, number=2)
    assert "下一个是 2023.3，不是 2023.9" in refused(repository, keys, SECOND, number=9)
    repository.git("tag", "2023.3")
    assert "git 里有标签 2023.3" in refused(repository, keys, SECOND)
    repository.git("tag", "-d", "2023.3")
    (repository.base / "releases/2023.3").mkdir()
    assert "releases/2023.3 已经有了" in refused(repository, keys, SECOND)


def test_releases_do_not_go_back_in_time(released, keys):
    assert "早于上一版 2023.2 的 2024-05-01" in refused(released.repository, keys, FIRST)


def test_an_expired_key_signs_nothing(repository, tmp_path):
    new_key(tmp_path / "old", None, date(2024, 2, 29))
    assert "密钥已于 2024-02-29 到期，发布日期 2024-03-01 在其后" in refused(repository, tmp_path / "old")
    earlier, now = date(2024, 2, 1), date(2024, 3, 9)
    assert "今天 2024-03-09 在其后" in refused(repository, tmp_path / "old", earlier, today=now), (
        "nor for a day gone by"
    )


def test_two_at_once_the_second_is_refused(repository, keys):
    releases = Releases(repository.config)
    with releases._locked():
        assert "另一个发布命令正在运行" in refused(repository, keys)


def test_a_release_killed_at_any_moment_leaves_no_half_release(keys, tmp_path):
    """Kills the command in the middle; the next one tidies up and releases the same number."""
    repository = start(tmp_path / "库")
    command = [sys.executable, "-m", "generator", "release", "2023", "--date", "2024-03-01", "--quiet"]
    command += ["--key", str(keys / "release.key")]
    folder = repository.base / "releases"
    for stage in (".work-*", ".work-*/tree/cases", ".work-*/tree/.site", ".work-*/release"):
        process = subprocess.Popen(command, cwd=repository.base)
        while process.poll() is None and not list(folder.glob(stage)):
            pass
        process.kill()
        assert process.wait() == -9, f"ended before {stage}"
        assert not (folder / "2023.1").exists()
        assert not (repository.base / "cases/releases").exists()
    subprocess.run(command, cwd=repository.base, check=True)
    assert sorted(path.name for path in folder.iterdir()) == [".lock", "2023.1"]


def test_a_full_disk_leaves_no_half_release(repository, keys):
    """Files may not grow beyond a limit, in this process and its workers: what a full disk does at that moment."""
    code = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (limit := int(sys.argv.pop(1)),) * 2);"
    code += "from generator.cli import main; main()"
    arguments = ["release", "2023", "--date", "2024-03-01", "--quiet", "--key", str(keys / "release.key")]
    for limit in (3_000, 30_000, 90_000, 150_000):
        done = subprocess.run(
            [sys.executable, "-c", code, str(limit), *arguments],
            cwd=repository.base,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 1, (limit, done.stdout)
        assert [line[:8] for line in done.stderr.splitlines()] == ["caselib:"], done.stderr
        assert not (repository.base / "releases/2023.1").exists()
        assert not (repository.base / "cases/releases").exists()


def test_the_command_says_what_comes_next(repository, keys):
    arguments = ["release", "2023", "--date", "2024-03-01", "--key", keys / "release.key"]
    done = caselib(arguments, repository.base)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2023.1（2024-03-01）：首次发布，共 5 项。" in done.stdout
    assert "git tag 2023.1" in done.stdout
    repository.commit()
    repository.library.record("2023-00004", title="黑板擦", unit="东山县中心小学", text=CHANGES)
    repository.commit()
    done = caselib([*arguments, "--json"], repository.base)
    assert msgspec.json.decode(done.stdout.splitlines()[-1])["release"] == "2023.2"


def test_correct_is_a_release_that_differs(repository, keys):
    repository.release(FIRST, keys)
    correct(repository)
    assert repository.release(SECOND, keys).name == "2023.2"


def test_a_key_with_a_passphrase_signs_without_a_question_where_a_private_file_has_it(repository, tmp_path):
    new_key(tmp_path / "keys", "口令".encode(), None)
    words = tmp_path / "words"
    words.write_text("口令\n", "utf-8")
    arguments = ["release", "2023", "--date", "2024-03-01", "--key", tmp_path / "keys/release.key"]
    arguments += ["--passphrase-file", words, "--quiet"]
    words.chmod(0o644)
    done = caselib(arguments, repository.base)
    assert (done.returncode, "口令文件" in done.stderr, "权限是 0644" in done.stderr) == (1, True, True)
    words.chmod(0o600)
    done = caselib(arguments, repository.base)
    assert (done.returncode, done.stderr) == (0, "")
    key = tmp_path / "keys/release.pub"
    assert caselib(["verify", "releases/2023.1", "--key", key], repository.base).returncode == 0
