"""Which files differ from an earlier state of the repository, by git; what findings concern them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from generator.checking.diagnostics import Diagnostic
from generator.records.library import SCHEME_FILE

# Tried in this order where no state is named.
USUAL_BASES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
# Findings about several records at once: the file they name need not be the one that was changed.
OF_SEVERAL = ("id-duplicate",)
_RECORD = re.compile(r"(\d{4})/(\d{4}-\d{5,7})(?:\.yml|/.+)")


class GitError(Exception):
    """The comparison cannot be made; the message says why, in Chinese."""


@dataclass(frozen=True)
class Changed:
    """What differs between the common ancestor of `start` and the files as they stand, uncommitted ones included.

    top: root of the repository. start: the commit compared with. folder: the library, relative to `top`.
    paths: of files that were added, changed or removed, relative to `top`.
    """

    top: Path
    start: str
    folder: str
    paths: frozenset[str]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of the records whose file or whose pictures differ, removed ones included, in order."""
        return tuple(sorted({match.group(2) for match in self._matches}))

    @cached_property
    def record_paths(self) -> dict[str, str]:
        """Path of each of these records, relative to `top`, by id."""
        found = {match.group(2): f"{self.folder}{match.group(1)}/{match.group(2)}.yml" for match in self._matches}
        return dict(sorted(found.items()))

    @property
    def _matches(self) -> list[re.Match[str]]:
        below = (path.removeprefix(self.folder) for path in self.paths if path.startswith(self.folder))
        return [match for path in below if (match := _RECORD.fullmatch(path))]

    @property
    def scheme(self) -> bool:
        """Whether the scheme differs, so that every record may be concerned."""
        return f"{self.folder}{SCHEME_FILE}" in self.paths

    def before(self, path: str) -> bytes | None:
        """Content of a file as it was, None where there was none. path: relative to `top`."""
        done = _run(self.top, "cat-file", "blob", f"{self.start}:{path}")
        return done.stdout if done.returncode == 0 else None

    def concerned(self, found: Sequence[Diagnostic], base: Path) -> list[Diagnostic]:
        """Those of `found` that a change can have caused. base: what their file names are relative to.

        A finding about several records counts whichever of them it names, and one about the scheme always does:
        without a scheme no record is checked.
        """
        if self.scheme:
            return list(found)
        names = self.paths | set(self.record_paths.values())
        # A finding about a folder concerns what was put into it.
        names |= {str(folder) for path in self.paths for folder in PurePosixPath(path).parents}
        scheme = f"{self.folder}{SCHEME_FILE}"
        kept = []
        for diagnostic in found:
            path = (base / diagnostic.file).resolve()
            name = path.relative_to(self.top).as_posix() if path.is_relative_to(self.top) else ""
            if diagnostic.code in OF_SEVERAL or name == scheme or name in names:
                kept.append(diagnostic)
        return kept


def changed_since(folder: Path, ref: str | None = None) -> Changed:
    """What differs in the library `folder` since `ref` (a branch or commit) and the files as they stand split.

    ref: the usual main branch where it is not given. Raises GitError.
    """
    folder = folder.resolve()
    top = Path(_lines(folder, "rev-parse", "--show-toplevel", why="这里不是 git 仓库，看不出改了哪些文件")[0]).resolve()
    commit = _commit(top, ref)
    why = "找不到与它共同的起点；浅克隆请取完整的历史（git fetch --unshallow）"
    start = _lines(top, "merge-base", commit, "HEAD", why=f"{ref or commit}：{why}")[0]
    here = folder.relative_to(top).as_posix()
    differing = _names(top, "diff", "--name-only", "--no-renames", "-z", start)
    added = _names(top, "ls-files", "--others", "--exclude-standard", "-z")
    return Changed(top, start, "" if here == "." else f"{here}/", frozenset(differing) | frozenset(added))


def _commit(top: Path, ref: str | None) -> str:
    """The commit that `ref`, or the first usual base that there is, stands for."""
    for name in (ref,) if ref else USUAL_BASES:
        done = _run(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if done.returncode == 0:
            return done.stdout.decode().strip()
    if ref:
        raise GitError(f"没有分支或提交「{ref}」；远端的分支请写成 origin/分支名，并先 git fetch")
    raise GitError("不知道与哪个分支比较；请用 --base 写明，例如 --base origin/main")


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise GitError("没有安装 git，看不出改了哪些文件") from None


def _lines(folder: Path, *arguments: str, why: str) -> list[str]:
    done = _run(folder, *arguments)
    if done.returncode:
        raise GitError(why)
    return done.stdout.decode().splitlines()


def _names(top: Path, *arguments: str) -> Iterable[str]:
    done = _run(top, *arguments)
    if done.returncode:
        raise GitError(f"git 出错：{done.stderr.decode('utf-8', 'replace').strip()}")
    return (name for name in done.stdout.decode("utf-8", "surrogateescape").split("\0") if name)
