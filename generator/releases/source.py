"""The tree that a release is made of: what git has committed, and nothing else."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from generator.released.errors import ReleaseError
from generator.released.names import ReleaseName


@dataclass(frozen=True)
class Source:
    """A checked out git repository. base: folder of the configuration, in which the release is asked for."""

    root: Path
    base: Path

    @property
    def prefix(self) -> str:
        """Path of `base` in the repository, with a slash at the end, or empty."""
        below = self.base.relative_to(self.root).as_posix()
        return "" if below == "." else f"{below}/"


def _git(folder: Path, *arguments: str) -> bytes:
    """What git prints. Raises ReleaseError where it is not there or refuses."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise ReleaseError("没有找到 git；发布要从 git 里已提交的内容生成") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ReleaseError(f"git {arguments[0]} 没有成功：{lines[-1] if lines else done.returncode}")
    return done.stdout


def find_source(base: Path) -> Source:
    """The repository that the folder `base` lies in. Raises ReleaseError where it lies in none, or nothing is there."""
    try:
        root = Path(_git(base, "rev-parse", "--show-toplevel").decode().removesuffix("\n"))
        _git(base, "rev-parse", "--verify", "HEAD^{commit}")
    except ReleaseError as error:
        raise ReleaseError(f"{base} 不在 git 库里，或还没有提交；发布要从已提交的内容生成（{error}）") from None
    return Source(root.resolve(), base.resolve())


def refuse_dirty(source: Source, inputs: list[Path], outputs: list[Path]) -> None:
    """Raises ReleaseError where the folder holds anything that is not committed.

    inputs: folders that a build reads; there, files that git is told to ignore count too.
    outputs: what commands of ours write, which never counts.
    """
    spared = [f":(exclude){path.relative_to(source.root)}" for path in outputs if path.is_relative_to(source.root)]
    changed = _names(
        _git(source.root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", ".", *spared), 3
    )
    read = [str(path.relative_to(source.root)) for path in inputs if path.is_relative_to(source.root)]
    if read:
        changed += _names(_git(source.root, "ls-files", "--others", "-z", "--", *read), 0)
    if changed:
        more = f" 等 {len(set(changed))} 个文件" if len(set(changed)) > 1 else ""
        raise ReleaseError(f"有没有提交的改动：{min(changed)}{more}；请先提交或移走")


def _names(listing: bytes, skip: int) -> list[str]:
    return [entry[skip:] for entry in listing.decode("utf-8", "replace").split("\0") if entry]


def has_tag(source: Source, name: ReleaseName) -> bool:
    return bool(_git(source.root, "tag", "--list", str(name)).strip())


def tree_digest(source: Source, without: Path) -> str:
    """SHA-256 of the names and contents that are committed, the file `without` left out.

    The ledger of a release is committed after it, so it is left out: the commit before and the tag after agree.
    """
    own = without.resolve().relative_to(source.root).as_posix().encode()
    digest = hashlib.sha256()
    for line in _git(source.root, "ls-tree", "-r", "-z", "--full-tree", "HEAD").split(b"\0"):
        if line and line.partition(b"\t")[2] != own:
            digest.update(line + b"\0")
    return digest.hexdigest()


def export(source: Source, folder: Path) -> Path:
    """Writes what is committed below `folder`; the folder there that corresponds to `base`."""
    # What a person has set for all repositories changes nothing.
    plain = ["-c", "core.autocrlf=false", "-c", "core.attributesFile=/dev/null"]
    command = ["git", "-C", str(source.root), *plain, "archive", "--format=tar", "HEAD"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with tarfile.open(fileobj=process.stdout, mode="r|") as tar:
            tar.extractall(folder, filter="data")
    return folder / source.prefix
