"""Pictures and videos of a library: what pages say of them, and the files that the site gets.

What is known of a file (digest, size) is remembered for each case, so that a case that did not change costs nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

import msgspec

from generator import urls
from generator.kept_files import read_kept, write_kept
from generator.keys import key_of
from generator.media.copies import (
    FORM,
    TYPES,
    copy_path,
    copy_sizes,
    encoders,
    make_copies,
    missing_copies,
    read_picture,
)
from generator.records.library import Library
from generator.records.media import KINDS, VIDEO_KINDS
from generator.records.model import Case
from generator.records.video import clean_video, read_video
from generator.store import digest_of_file
from generator.theming.contexts import MediaItem, PictureSize
from generator.workers import run

CHUNK = 20
VIDEO_FORM = 1
# What pages say of a file follows from the file and from this.
MEDIA_FORM = f"media {FORM} {VIDEO_FORM}"

Progress = Callable[[str, int, int], None]


class KnownFile(msgspec.Struct, frozen=True):
    """A picture or video of a case, in the size it has upright. file: relative to the folder of the record."""

    file: str
    alt: str
    caption: str
    digest: str
    width: int
    height: int
    orientation: int = 1
    large: bool = False

    @property
    def kind(self) -> str:
        return KINDS[PurePosixPath(self.file).suffix.lower()]

    @property
    def is_video(self) -> bool:
        return self.kind in VIDEO_KINDS


class KnownCase(msgspec.Struct, frozen=True):
    """The files of a case in the order of its record. `digest` is the one of the entry they were read for."""

    digest: bytes
    files: tuple[KnownFile, ...]


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file that the site gets: its address, the key of its inputs, what it is made from."""

    url: str
    key: bytes
    source: Path
    digest: str
    width: int = 0
    suffix: str = ""


class MediaLibrary(Mapping[str, Sequence[MediaItem]]):
    """Pictures and videos by case id, of the cases that are listed; nothing is read before it is asked for."""

    def __init__(self, library: Library, cache: Path, jobs: int = 1) -> None:
        self.library = library
        self.cache = cache / "media"
        self.jobs = jobs
        self._items: dict[str, Sequence[MediaItem]] = {}

    def __getitem__(self, case_id: str) -> Sequence[MediaItem]:
        found = self._items.get(case_id)
        if found is None:
            found = self._items[case_id] = [media_item(case_id, file) for file in self.known[case_id].files]
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    @cached_property
    def known(self) -> dict[str, KnownCase]:
        """What is known of the files of each listed case that has any."""
        ids = [case_id for case_id in _ids_with_folder(self.library.folder) if self._is_listed(case_id)]
        if not ids:
            return {}
        path = self.cache / f"known-{FORM}-{VIDEO_FORM}.msgpack"
        before = read_kept(path, dict[str, KnownCase]) or {}
        found: dict[str, KnownCase] = {}
        todo: list[str] = []
        for case_id in ids:
            case = before.get(case_id)
            if case is not None and case.digest == self.library.by_id[case_id].digest:
                found[case_id] = case
            else:
                todo.append(case_id)
        chunks = [todo[start : start + CHUNK] for start in range(0, len(todo), CHUNK)]
        for cases in run(_read_cases, chunks, self.jobs, self.library):
            found.update(cases)
        if found != before:
            write_kept(path, found)
        return {case_id: found[case_id] for case_id in ids if found[case_id].files}

    def _is_listed(self, case_id: str) -> bool:
        entry = self.library.by_id.get(case_id)
        return entry is not None and entry.is_public

    def files(self) -> Iterator[SiteFile]:
        """Every file that the site gets, each address once."""
        for case_id, case in self.known.items():
            yield from site_files(case_id, case.files, self.library.folder / case_id.partition("-")[0])

    def prepare(
        self, wanted: Sequence[SiteFile], progress: Progress | None = None, kinds: Sequence[str] = tuple(TYPES)
    ) -> None:
        """Makes the copies that `wanted` needs and the cache lacks. Raises PictureError for a damaged picture.

        kinds: the types of copies to make, all by default.
        """
        sources = {file.digest: file.source for file in wanted if file.suffix}
        if not sources:
            return
        by_digest = {file.digest: file for case in self.known.values() for file in case.files if file.digest in sources}
        todo = [
            (sources[digest], file)
            for digest, file in by_digest.items()
            if missing_copies(self.cache, digest, file.width, file.height, kinds)
        ]
        done = 0
        for large in (False, True):
            part = [entry for entry in todo if entry[1].large == large]
            for _ in run(_make_one, part, 1 if large else self.jobs, (self.cache, kinds)):
                done += 1
                if progress is not None:
                    progress("图片", done, len(todo))

    def content(self, file: SiteFile) -> bytes:
        """The bytes of a file of the site; its copies have been prepared."""
        if not file.suffix:
            return clean_video(file.source)
        return copy_path(self.cache, file.digest, file.width, file.suffix).read_bytes()


def site_files(case_id: str, files: Sequence[KnownFile], home: Path) -> Iterator[SiteFile]:
    """The files that the site gets for those of a case, each address once."""
    made: set[str] = set()
    for file in files:
        stem = _stem(case_id, file)
        if stem in made:
            continue
        made.add(stem)
        source, key = home / file.file, _key(file)
        if file.is_video:
            yield SiteFile(_video_url(stem, file), key, source, file.digest)
            continue
        for width, _ in copy_sizes(file.width, file.height):
            for suffix in TYPES:
                yield SiteFile(f"{stem}-{width}.{suffix}", key, source, file.digest, width, suffix)


def media_item(case_id: str, file: KnownFile) -> MediaItem:
    """What a page says of a file. The address of a picture is the one of its largest JPEG copy."""
    stem = _stem(case_id, file)
    if file.is_video:
        return MediaItem(file.alt, file.caption, True, _video_url(stem, file), file.width, file.height)
    sizes = copy_sizes(file.width, file.height)
    copies = [
        PictureSize(f"{stem}-{width}.{suffix}", width, height, kind)
        for suffix, kind in TYPES.items()
        for width, height in sizes
    ]
    return MediaItem(file.alt, file.caption, False, copies[-1].url, *sizes[-1], copies)


def _stem(case_id: str, file: KnownFile) -> str:
    """Address of a file up to width and suffix.

    Of its name only letters stay: digits in names of files can be times, and numbers of people.
    """
    words = re.findall("[a-z]+", PurePosixPath(file.file).stem.lower())
    name = "-".join(words)[:24].strip("-") or ("video" if file.is_video else "picture")
    return urls.media_url(case_id, f"{name}-{_key(file, addressed=True).hex()[:8]}")


def _video_url(stem: str, file: KnownFile) -> str:
    return stem + PurePosixPath(file.file).suffix.lower()


@cache
def _forms() -> tuple[str, str, str]:
    return f"video {VIDEO_FORM}", f"copies {FORM}", encoders()


def _key(file: KnownFile, addressed: bool = False) -> bytes:
    """Key of what made the files of `file`. addressed: without the encoders, whose versions no address shows."""
    video, copies, encoders_key = _forms()
    return key_of(file.digest, video if file.is_video else copies if addressed else encoders_key)


def _ids_with_folder(folder: Path) -> list[str]:
    """Names of the folders beside the records, in order: only a case that has one can have pictures."""
    found: list[str] = []
    with os.scandir(folder) as rounds:
        years = [entry.path for entry in rounds if entry.name.isdigit() and entry.is_dir()]
    for year in years:
        with os.scandir(year) as entries:
            found += [entry.name for entry in entries if not entry.name.endswith(".yml") and entry.is_dir()]
    return sorted(found)


def _read_cases(ids: Sequence[str], library: Library) -> dict[str, KnownCase]:
    return {case_id: _read_case(case_id, library) for case_id in ids}


def _read_case(case_id: str, library: Library) -> KnownCase:
    files = case_files(library.load(case_id), library.folder / case_id.partition("-")[0])
    return KnownCase(library.by_id[case_id].digest, files)


def case_files(case: Case, home: Path) -> tuple[KnownFile, ...]:
    """What is known of the pictures and videos of a case whose record stands in `home`; headers are read."""
    files = []
    for item in case.media:
        path = home / item.file
        digest = digest_of_file(path).hex()
        texts = (item.file, item.alt, item.caption or "", digest)
        if item.is_video:
            video = read_video(path)
            files.append(KnownFile(*texts, video.width, video.height))
        else:
            picture = read_picture(path)
            files.append(KnownFile(*texts, picture.width, picture.height, picture.orientation, picture.large))
    return tuple(files)


def _make_one(entry: tuple[Path, KnownFile], told: tuple[Path, Sequence[str]]) -> None:
    path, file = entry
    cache, kinds = told
    make_copies(path, file.digest, file.orientation, cache, kinds)
