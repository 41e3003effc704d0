"""Which files of the site stand and which have to be made; at the end, what the next build has to know of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from generator.build_state import BuildState, JobGroup, OpenGroup
from generator.exports.jobs import ExportJob
from generator.pages.jobs import Job
from generator.precompress import SUFFIXES
from generator.store import Manifest
from generator.theming.frames import PageForm

J = TypeVar("J", Job, ExportJob)


class Made(NamedTuple):
    """A file that was made: path in the site, key of its inputs, digest; of a page, how it was put together.

    key: empty for a file that was made together with another, as a compressed copy is.
    """

    path: str
    key: bytes
    digest: bytes
    form: PageForm | None = None


class Plan:
    """The build in progress. before: what the last build knew. published: the files of the live build."""

    def __init__(self, before: BuildState, published: Manifest) -> None:
        self.before = before
        self.published = published
        self.written: set[str] = set()
        # Of pages that have to be made: how they were put together last time, and the digest of what stands.
        self.stood: dict[str, tuple[PageForm, bytes]] = {}
        self._state = BuildState({})
        self._manifest: Manifest = {}
        self._open: dict[str, tuple[bytes, OpenGroup]] = {}
        self._group_of: dict[str, OpenGroup] = {}

    def look_into(self, groups: Iterable[JobGroup[J]]) -> Iterator[J]:
        """The jobs of `groups` that have to be made; what stands is taken over."""
        for name, key, jobs in groups:
            if not self.carry(name, key):
                yield from self._differing(name, key, jobs)

    def carry(self, name: str, key: bytes) -> bool:
        """Takes over a group where nothing has changed; whether it could be."""
        if not self.before.known(name, key, self.published):
            return False
        self._state.groups[name] = self.before.groups[name]
        self._manifest[name] = self.published[name]
        return True

    def _differing(self, name: str, key: bytes, jobs: Callable[[], Iterable[J]]) -> Iterator[J]:
        old = self.before.opened(name, self.published)
        group = self._opened(name, key)
        for job in jobs():
            if old.known(job.path, job.key):
                group.take(job.path, old, [job.path + suffix for suffix in SUFFIXES])
                continue
            self._group_of[job.path] = group
            form, digest = old.inputs.pages.get(job.path), old.digests.get(job.path)
            if form is not None and digest is not None:
                self.stood[job.path] = (form, digest)
            yield job

    def _opened(self, name: str, key: bytes) -> OpenGroup:
        group = OpenGroup()
        self._open[name] = (key, group)
        return group

    def made(self, file: Made) -> None:
        """A file of a job, or a compressed copy of one, stands in the fresh folder."""
        path = file.path if file.path in self._group_of else file.path.rpartition(".")[0]
        self._group_of[path].add(*file)
        self.written.add(file.path)

    def made_together(self, name: str, key: bytes, files: Iterable[tuple[str, bytes, bool]]) -> None:
        """A whole group: path and digest of each file, and whether it stands in the fresh folder or the live build."""
        group = self._opened(name, key)
        for path, digest, written in files:
            group.add(path, b"", digest)
            if written:
                self.written.add(path)

    def finish(self) -> tuple[BuildState, Manifest]:
        """What the next build has to know, and the files of this one."""
        for name, (key, group) in self._open.items():
            self._manifest[name] = self._state.close(name, key, group)
        return self._state, self._manifest
