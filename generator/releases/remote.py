"""Puts a release live on another machine, over ssh and rsync, in the same layout as `store.Store` keeps here.

The other machine needs a POSIX shell, GNU coreutils, flock and rsync; nothing of ours. What was sent is checked there
file by file before the link is moved.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

import msgspec

from generator.kept_files import reason_of
from generator.released.errors import ReleaseError
from generator.releases.archive import unpack
from generator.releases.publishing import MARK, UNCHANGED, Live, Mark, refuse_early, refuse_reused
from generator.releases.verifying import Verified
from generator.store import undivided

REMOTE = re.compile(r"(?P<host>(?:\w[\w.-]*@)?\w[\w.-]+):(?P<path>/[^\0\n]*[^/\0\n])")
_BUSY = 75

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class RemotePlace:
    """A link on another machine. host: as ssh takes it. live: absolute path there. ssh: the command and its options."""

    host: str
    live: PurePosixPath
    ssh: Sequence[str] = ("ssh",)

    @property
    def home(self) -> PurePosixPath:
        return self.live.parent / f".{self.live.name}"

    def publish(self, verified: Verified, keep: int, now: datetime, progress: Progress | None = None) -> Live:
        """Makes the release live there; `keep` earlier ones stay. Raises ReleaseError; what was live then stays."""
        refuse_early(verified, now)
        mark = Mark(verified.manifest.release, verified.manifest.date, verified.digest)
        with self._held(), tempfile.TemporaryDirectory(prefix="caselib-") as folder:
            marks = self._marks()
            current = self._current()
            refuse_reused(mark.release, mark.digest, list(marks.values()))
            if marks.get(current) == mark:
                return Live(mark.release, changed=False)
            try:
                unpack(verified.archive, verified.site, Path(folder), progress)
            except OSError as error:
                raise ReleaseError(f"没有发布：{reason_of(error)}（{folder}）；{UNCHANGED}") from None
            self._send(folder, current)
            self._check(verified)
            builds = self._builds()
            self._swap(max([0, *builds]) + 1, mark, verified)
            self._prune([number for number in builds if number != current], keep - (current in builds))
        return Live(mark.release)

    def rollback(self) -> Live:
        """Makes the build before the live one live again. Raises ReleaseError where nothing is kept."""
        if self._run(f"test -d {self._quoted(self.home)} && echo yes || true").strip() != "yes":
            raise ReleaseError(f"{self.host}:{self.live} 不是 caselib publish 发布的，没有可以退回的上一版")
        with self._held():
            current = self._current()
            earlier = [number for number in self._builds() if number < current or not current]
            if not earlier:
                raise ReleaseError("没有可以退回的上一版")
            self._point(earlier[-1])
            mark = self._marks().get(earlier[-1])
        return Live(mark.release if mark else "")

    # what stands there

    def _builds(self) -> list[int]:
        """Numbers of the complete builds, the oldest first."""
        names = self._run(f"cd {self._quoted(self.home)} && ls").split()
        stems = [name.removesuffix(".manifest") for name in names if name.endswith(".manifest")]
        return sorted(int(stem) for stem in stems if stem.isdigit())

    def _current(self) -> int:
        """Number of the build that is live, 0 where none is. Raises ReleaseError where a plain folder is in the way."""
        live = self._quoted(self.live)
        found = self._run(
            f"if [ -L {live} ]; then readlink {live}; elif [ -d {live} ] && ! rmdir {live} 2>/dev/null; then echo /; fi"
        )
        if found.strip() == "/":
            raise ReleaseError(f"{self.host}:{self.live} 是普通文件夹，里面有文件；请先把它改名，再发布到这个位置")
        name = PurePosixPath(found.strip()).name
        return int(name) if name.isdigit() else 0

    def _marks(self) -> dict[int, Mark]:
        """The release of each build that is one."""
        show = f'for f in *{MARK}; do [ -f "$f" ] && echo "$f $(cat "$f")"; done; true'
        marks, builds = {}, self._builds()
        for line in self._run(f"cd {self._quoted(self.home)} && {show}").splitlines():
            name, _, content = line.partition(" ")
            number = name.removesuffix(MARK)
            if number.isdigit() and int(number) in builds:
                marks[int(number)] = msgspec.json.decode(content, type=Mark)
        return marks

    # putting

    def _send(self, folder: str, current: int) -> None:
        """Copies the files of `folder` to the folder `fresh` there; what is live already is not sent again."""
        command = ["rsync", "--recursive", "--times", "--checksum", "--delete", "--chmod=D755,F644"]
        command += ["--rsh", shlex.join(self.ssh), *([f"--copy-dest={self.home / str(current)}"] if current else [])]
        target = f"{self.host}:{self.home / 'fresh'}/"
        self._done([*command, "--protect-args", f"{folder}/", target], b"")

    def _check(self, verified: Verified) -> None:
        """Raises ReleaseError where a file there is not the one that was signed, or there are more or fewer."""
        fresh = self._quoted(self.home / "fresh")
        lines = "".join(f"{file.sha256}  {path}\n" for path, file in verified.site.items())
        self._run(f"cd {fresh} && sha256sum --quiet --strict -c - >&2", lines.encode())
        if int(self._run(f"find {fresh} ! -type d | wc -l")) != len(verified.site):
            raise ReleaseError(f"{self.host} 上的文件数与清单不同；{UNCHANGED}")

    def _swap(self, number: int, mark: Mark, verified: Verified) -> None:
        manifest = undivided({path: bytes.fromhex(file.sha256) for path, file in verified.site.items()})
        home = self._quoted(self.home)
        self._run(f"cd {home} && rm -rf {number} && mv fresh {number}")
        self._run(f"cat > {home}/{number}{MARK}", msgspec.json.encode(mark))
        self._run(
            f"cd {home} && cat > {number}.part && mv {number}.part {number}.manifest", msgspec.msgpack.encode(manifest)
        )
        self._point(number)

    def _point(self, number: int) -> None:
        """Moves the link in one step."""
        link = f"{self._quoted(self.home)}/link"
        target = self._quoted(PurePosixPath(self.home.name) / str(number))
        self._run(f"ln -sfn {target} {link} && mv -fT {link} {self._quoted(self.live)}")

    def _prune(self, others: Sequence[int], keep: int) -> None:
        """Removes the oldest of `others` beyond `keep`."""
        for number in others[: max(0, len(others) - keep)]:
            self._run(f"cd {self._quoted(self.home)} && rm -rf {number}.manifest {number}{MARK} {number}")

    # talking

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Holds the lock there while its holder listens to us; it goes with the connection."""
        if shutil.which(self.ssh[0]) is None or shutil.which("rsync") is None:
            raise ReleaseError("没有找到 ssh 或 rsync；发布到另一台机器要用它们")
        home = self._quoted(self.home)
        script = f"mkdir -p {home} && exec flock -n -E {_BUSY} {home}/lock sh -c 'echo held; cat >/dev/null'"
        holder = subprocess.Popen(
            [*self.ssh, self.host, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with holder:
            assert holder.stdin and holder.stdout and holder.stderr
            if holder.stdout.readline() != b"held\n":
                holder.stdin.close()
                said = holder.stderr.read()
                if holder.wait() == _BUSY:
                    where = f"{self.host}:{self.live}"
                    raise ReleaseError(f"另一个人正在向 {where} 发布，请等他结束再试；{UNCHANGED}")
                raise ReleaseError(f"连不上 {self.host} 或不能写入：{_last(said)}；{UNCHANGED}")
            try:
                yield
            finally:
                holder.stdin.close()

    def _run(self, script: str, content: bytes = b"") -> str:
        """What `script` prints there."""
        return self._done([*self.ssh, self.host, script], content)

    def _done(self, command: Sequence[str], content: bytes) -> str:
        try:
            done = subprocess.run(command, input=content, capture_output=True, check=False)
        except FileNotFoundError:
            raise ReleaseError(f"没有找到 {command[0]}；发布到另一台机器要用 ssh 和 rsync") from None
        if done.returncode:
            raise ReleaseError(f"没有发布，{self.host} 上出错：{_last(done.stderr)}；{UNCHANGED}")
        return done.stdout.decode("utf-8", "replace")

    def _quoted(self, path: PurePosixPath) -> str:
        return shlex.quote(str(path))


def _last(said: bytes) -> str:
    """The last line of what a program complained of."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else "没有说明"
