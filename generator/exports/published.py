"""What leaves of a case: the one place that decides it for every export.

An announced case leaves as its record, which holds nothing private. A revoked one leaves as a notice: what it was,
where that was published, what changed; no people, texts, pictures or patents. Others do not leave at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, cast

import msgspec

from generator import urls
from generator.reading import CaseLoader
from generator.records.cache import CaseReader
from generator.records.library import Library
from generator.records.model import PUBLISHED, REVOKED_KEYS, Entry
from generator.scheme.model import Scheme


class PersonRow(msgspec.Struct, gc=False):
    name: str
    role: str = "member"
    post: str | None = None


class MediaRow(msgspec.Struct, gc=False):
    file: str
    alt: str
    caption: str | None = None


class PatentRow(msgspec.Struct, gc=False):
    number: str | None = None
    kind: str | None = None
    title: str | None = None
    status: str | None = None
    date: str | None = None


class SourceRow(msgspec.Struct, gc=False):
    title: str
    address: str | None = None
    date: str | None = None


class ChangeRow(msgspec.Struct, gc=False):
    date: str
    what: str
    why: str | None = None


class Facts(msgspec.Struct, gc=False):
    """The record without its long texts; terms of the dimensions stand in its Entry. Fields of the scheme are added."""

    id: str
    title: str
    year: int
    unit: str | None = None
    people: list[PersonRow] = []
    summary: str | None = None
    media: list[MediaRow] = []
    patents: list[PatentRow] = []
    sources: list[SourceRow] = []
    changes: list[ChangeRow] = []
    status: str = "announced"
    sample: bool = False


def extra_value(facts: Facts, key: str) -> Any:
    """Value of the extra field `key` of the scheme, None where the record has none."""
    return getattr(facts, key, None)


def section_text(facts: Facts, key: str) -> str | None:
    """Markdown of the section `key`, None where it is not filled in or was not asked for."""
    return (getattr(facts, "body", None) or {}).get(key)


def facts_type(scheme: Scheme, *, body: bool) -> type[Facts]:
    """Facts with the fields of the scheme, and with the sections where `body` is true."""
    added: list[tuple[str, Any, Any]] = [(extra.key, Any, None) for extra in scheme.stored]
    if body:
        added.append(("body", dict[str, str | None] | None, None))
    return cast(type[Facts], msgspec.defstruct("SchemeFacts", added, bases=(Facts,), gc=False))


class Published:
    """The exported cases of a library, streamed. Workers make their own connection to the records."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.entries = tuple(entry for entry in library.entries if entry.status in PUBLISHED)
        self.revoked = tuple(entry for entry in self.entries if entry.status == "revoked")

    @cached_property
    def _readers(self) -> dict[int, Callable[[str], bytes]]:
        return {}

    def _read(self) -> Callable[[str], bytes]:
        """What reads a record, over a connection of this process."""
        reader = self._readers.get(os.getpid())
        if reader is None:
            reader = self._readers[os.getpid()] = content_reader(self.library)
        return reader

    @cached_property
    def _decoders(self) -> tuple[msgspec.json.Decoder[Facts], msgspec.json.Decoder[Facts]]:
        """Decoders of facts without and with the sections."""
        scheme = self.library.scheme
        short, whole = (msgspec.json.Decoder(facts_type(scheme, body=body)) for body in (False, True))
        return short, whole

    @cached_property
    def _kept_of_revoked(self) -> frozenset[str]:
        return frozenset((*REVOKED_KEYS, *(dimension.key for dimension in self.library.scheme.dimensions)))

    def contents(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """Each of `entries` with its record as JSON; what does not leave of it is gone."""
        read = self._read()
        for entry in entries:
            if entry.status not in PUBLISHED:
                continue
            content = read(entry.id)
            if entry.status == "revoked":
                record = msgspec.json.decode(content)
                content = msgspec.json.encode({k: v for k, v in record.items() if k in self._kept_of_revoked})
            yield entry, content

    def facts(self, entries: Iterable[Entry], *, body: bool = False) -> Iterator[tuple[Entry, Facts]]:
        """Each of `entries` with its facts, and with the sections where `body` is true."""
        decode = self._decoders[body].decode
        for entry, content in self.contents(entries):
            yield entry, decode(content)

    def documents(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """Each of `entries` with its public JSON document, one line: the record, its state, its page."""
        for entry, content in self.contents(entries):
            page = urls.case_url(entry.id)
            state = b'"status":"announced",' if entry.status == "announced" else b""
            yield entry, b'%s,%s"page":"%s"}' % (content[:-1], state, page.encode())


def content_reader(library: Library) -> Callable[[str], bytes]:
    """A function that gives the record of an id as JSON without its defaults; straight from the cache where it can."""
    loader = getattr(library.load, "__self__", None)
    if isinstance(loader, CaseLoader):
        return CaseReader(loader.path, loader.files).content
    return lambda case_id: library.load(case_id).model_dump_json(exclude_defaults=True).encode()
