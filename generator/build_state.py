"""Which inputs made each file of the site: what is made again is what has other inputs than last time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar
from zlib import crc32

import msgspec

from generator.store import Manifest, Part, digest_of
from generator.theming.frames import PageForm

J = TypeVar("J")

# Cases are looked into in so many groups.
GROUPS = 256
# Folder of the cache beside mkdocs.yml; it can be deleted at any time.
CACHE = ".cache"


@dataclass(frozen=True)
class BuildReport:
    """What a build did: files in the site, files made anew, number of the build."""

    files: int
    made: int
    number: int


class JobGroup(NamedTuple, Generic[J]):
    """Files that depend on the same things. name: the same in every build. jobs: makes the jobs of its files.

    key: of all that the keys of its jobs depend on, so that a group with the same key need not be looked into; empty
    for one that always is.
    """

    name: str
    key: bytes
    jobs: Callable[[], Iterable[J]]


class Inputs(msgspec.Struct, array_like=True):
    """Key of the inputs of each file of a group by its path, and of pages how they were put together."""

    keys: dict[str, bytes] = {}
    pages: dict[str, PageForm] = {}


class GroupState(msgspec.Struct, array_like=True):
    """A group of the last build: its key, the digest of its part of the manifest, and its Inputs, as encoded."""

    key: bytes
    part: bytes
    inputs: bytes


@dataclass
class OpenGroup:
    """A group that is looked into: inputs, forms and digests of its files by their path.

    Files without inputs of their own are made together with another.
    """

    inputs: Inputs = field(default_factory=Inputs)
    digests: dict[str, bytes] = field(default_factory=dict)

    def known(self, path: str, key: bytes) -> bool:
        """Whether the file was made from these inputs and still stands."""
        return self.inputs.keys.get(path) == key and path in self.digests

    def take(self, path: str, other: OpenGroup, copies: Iterable[str]) -> None:
        """Takes over the file `path` of `other`, with those of `copies` that were made together with it."""
        self.add(path, other.inputs.keys[path], other.digests[path], other.inputs.pages.get(path))
        for copy in copies:
            if copy in other.digests and copy not in other.inputs.keys:
                self.digests[copy] = other.digests[copy]

    def add(self, path: str, key: bytes, digest: bytes, form: PageForm | None = None) -> None:
        """A file that was made. key: empty for one that was made together with another."""
        self.digests[path] = digest
        if key:
            self.inputs.keys[path] = key
        if form is not None:
            self.inputs.pages[path] = form


class BuildState(msgspec.Struct):
    """What each file of the last build was made from, by the name of its group."""

    groups: dict[str, GroupState] = {}

    def known(self, name: str, key: bytes, published: Manifest) -> bool:
        """Whether all files of a group were made from the same inputs and still stand in `published`."""
        group = self.groups.get(name)
        return group is not None and group.key == key != b"" and self._stands(name, published)

    def opened(self, name: str, published: Manifest) -> OpenGroup:
        """The group as it stands in `published`; an empty one where another build made what stands there."""
        if not self._stands(name, published):
            return OpenGroup()
        return OpenGroup(_inputs.decode(self.groups[name].inputs), published[name].files)

    def _stands(self, name: str, published: Manifest) -> bool:
        group, part = self.groups.get(name), published.get(name)
        return group is not None and part is not None and group.part == digest_of(part.content)

    def close(self, name: str, key: bytes, group: OpenGroup) -> Part:
        """Remembers a group; its part of the manifest."""
        part = Part.of(group.digests)
        self.groups[name] = GroupState(key, digest_of(part.content), msgspec.msgpack.encode(group.inputs))
        return part


_inputs = msgspec.msgpack.Decoder(Inputs)


def group_of(case_id: str) -> int:
    """Number of the group of cases in which this one is looked into; it depends on the id alone."""
    return crc32(case_id.encode()) % GROUPS
