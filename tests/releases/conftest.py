"""A small library in git, released twice; each test gets copies that it may spoil."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from generator.releases.building import Releases
from generator.releases.keys import PRIVATE_NAME, PUBLIC_NAME, PublicKey, new_key, read_public_key, read_signing_key
from generator.releases.verifying import Verified, verify
from tests.conftest import THEME, LibraryFolder

CONFIG = """\
site_name: 小库
docs_dir: docs
site_dir: site
use_directory_urls: false
theme: {{name: material, custom_dir: {theme}, language: zh, font: false}}
plugins: [caselib]
"""
FIRST, SECOND = date(2024, 3, 1), date(2024, 5, 1)
CHANGES = "changes:\n  - {date: 2024-04-02, what: 更正单位名称, why: 单位来函}\n"
REVOKED = "status: revoked\nchanges:\n  - {date: 2024-04-05, what: 撤销, why: 核查不符}\n"


class Repository:
    """A library in git, as staff keep it."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.library = LibraryFolder(base)
        self.config = base / "mkdocs.yml"

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=编辑", "-c", "user.email=editor@example.org", "-c", "init.defaultBranch=main")
        done = subprocess.run(["git", *who, *arguments], cwd=self.base, capture_output=True, check=True)
        return done.stdout.decode()

    def commit(self, message: str = "改动") -> None:
        self.git("add", "-A")
        self.git("commit", "--quiet", "-m", message)

    def release(self, day: date, keys: Path, number: int | None = None) -> Path:
        """Releases the round 2023, commits the ledger and tags it; the folder of the release."""
        key = read_signing_key(keys / PRIVATE_NAME, lambda: b"")
        built = Releases(self.config).release(2023, day, key, day, number)
        self.commit(str(built.name))
        self.git("tag", str(built.name))
        return built.folder


class Released:
    """A library with the releases 2023.1 and 2023.2, and the keys that signed them."""

    def __init__(self, base: Path) -> None:
        self.repository = Repository(base / "库")
        self.keys = base / "keys"

    @property
    def key(self) -> PublicKey:
        return read_public_key(self.keys / PUBLIC_NAME)

    def folder(self, name: str = "2023.2") -> Path:
        return self.repository.base / "releases" / name

    def verified(self, name: str = "2023.2") -> Verified:
        return verify(self.folder(name), self.key, SECOND)


def start(base: Path) -> Repository:
    """A library in git that is complete and was never released."""
    repository = Repository(base)
    (base / "docs").mkdir()
    (base / "docs/about.md").write_text("# 关于\n\n小库。\n", "utf-8")
    repository.config.write_text(CONFIG.format(theme=THEME), "utf-8")
    (base / ".gitignore").write_text("/site\n/.site/\n/.cache/\n/cache/\n/releases/\n", "utf-8")
    record = repository.library.record
    record("2023-00001", title="自动换针架", award="甲等")
    record("2023-00002", title="换针车", award="甲等", place="西山县", summary="一种换针车。")
    record("2023-00003", title="铅笔夹", text="body:\n  background: |\n    手工夹笔很慢。\n")
    record("2023-00004", title="黑板擦")
    record("2023-00005", title="粉笔盒")
    repository.git("init", "--quiet")
    repository.commit("开始")
    return repository


def correct(repository: Repository) -> None:
    """Corrects a published record and revokes another."""
    repository.library.record("2023-00004", title="黑板擦", unit="东山县中心小学", text=CHANGES)
    repository.library.record("2023-00005", title="粉笔盒", text=REVOKED)
    repository.commit()


@pytest.fixture(scope="session")
def released_once(tmp_path_factory: pytest.TempPathFactory) -> Released:
    released = Released(tmp_path_factory.mktemp("released"))
    new_key(released.keys, None, date(2040, 12, 31))
    repository = start(released.repository.base)
    repository.release(FIRST, released.keys)
    correct(repository)
    repository.release(SECOND, released.keys)
    return released


@pytest.fixture
def released(released_once: Released, tmp_path: Path) -> Released:
    """A copy of the library with two releases."""
    source = released_once.repository.base.parent
    for name in ("库", "keys"):
        shutil.copytree(source / name, tmp_path / "own" / name, symlinks=True)
    return Released(tmp_path / "own")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A library that was never released."""
    return start(tmp_path / "new")


def tree(folder: Path) -> dict[str, bytes]:
    """Content of every file below `folder`."""
    root = folder.resolve()
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def caselib(arguments: Sequence[str | Path], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as staff do, in a process of its own."""
    command = [str(Path(sys.executable).with_name("caselib")), *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, encoding="utf-8", check=False
    )
