"""Looks into video files without decoding them: are they whole, how large is the picture, what must not be published.

MP4 (ISO 14496-12) and WebM (Matroska) are trees of sized boxes. What may tell a place, a time or a device is blanked
where it stands, with nothing moved, so that every offset in the file stays right.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

MOST_BOXES = 100_000

Span = tuple[int, int]


class BrokenVideoError(Exception):
    """The file is not what its name says, not whole, or holds what a browser cannot show; the message says which."""


@dataclass(slots=True)
class Video:
    """Size of the picture as it is shown, and the changes that take out what is private.

    changes: (offset, bytes to put there), ascending.
    """

    width: int = 0
    height: int = 0
    changes: list[tuple[int, bytes]] = field(default_factory=list)


def read_video(path: Path) -> Video:
    """What stands in the container. Raises BrokenVideoError, or OSError where it cannot be read."""
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        return _read_webm(stream, size) if stream.read(4) == _EBML else _read_mp4(stream, size)


def clean_video(path: Path) -> bytes:
    """The video without what is private in it."""
    data = bytearray(path.read_bytes())
    for offset, content in read_video(path).changes:
        data[offset : offset + len(content)] = content
    return bytes(data)


# MP4. What is not named here becomes a box "free" of the same size.
_KEPT: dict[str, frozenset[bytes]] = {
    "file": frozenset(b"ftyp moov mdat free skip wide moof mfra sidx ssix styp pdin".split()),
    "moov": frozenset(b"mvhd trak mvex iods free skip".split()),
    "trak": frozenset(b"tkhd edts tref mdia free skip".split()),
    "moof": frozenset(b"mfhd traf free skip".split()),
    "traf": frozenset(b"tfhd tfdt trun sdtp sbgp sgpd subs saiz saio senc free skip".split()),
}
_TRACKS = frozenset(b"vide soun text sbtl subt clcp tmcd".split())
_CODECS = frozenset(b"avc1 avc3 hvc1 hev1 av01 vp08 vp09".split())


@dataclass(frozen=True, slots=True)
class Box:
    """A box of an MP4 or AVIF file: its kind, its place, the place of its content, its end."""

    kind: bytes
    start: int
    content: int
    end: int


def boxes(stream: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places of a file. Raises BrokenVideoError where one does not fit."""
    for _ in range(MOST_BOXES):
        if end - start < 8:
            return
        stream.seek(start)
        head = stream.read(16)
        size, content = int.from_bytes(head[:4], "big"), start + 8
        if size == 1:
            size, content = int.from_bytes(head[8:16], "big"), start + 16
        stop = end if size == 0 else start + size
        if stop < content or stop > end:
            raise BrokenVideoError("不完整，可能没有传完")
        yield Box(head[4:8], start, content, stop)
        start = stop
    raise BrokenVideoError("结构过于复杂")


def _read_mp4(stream: BinaryIO, size: int) -> Video:
    video = Video()
    kinds = set()
    for box in boxes(stream, 0, size):
        kinds.add(box.kind)
        if box.kind not in _KEPT["file"]:
            _blank_box(video, box)
        elif box.kind == b"moov":
            _read_movie(stream, box, video)
        elif box.kind == b"moof":
            for part in _kept(stream, box, "moof", video):
                if part.kind == b"traf":
                    list(_kept(stream, part, "traf", video))
    if b"moov" not in kinds:
        raise BrokenVideoError("没有目录（moov），可能没有录完或没有传完")
    if not video.width or not video.height:
        raise BrokenVideoError("没有画面")
    video.changes.sort()
    return video


def _kept(stream: BinaryIO, parent: Box, name: str, video: Video) -> Iterator[Box]:
    """The boxes in `parent` that stay; the others are blanked."""
    for box in boxes(stream, parent.content, parent.end):
        if box.kind in _KEPT[name]:
            yield box
        else:
            _blank_box(video, box)


def _blank_box(video: Video, box: Box) -> None:
    video.changes.append((box.start + 4, b"free"))
    video.changes.append((box.content, bytes(box.end - box.content)))


def _read_movie(stream: BinaryIO, movie: Box, video: Video) -> None:
    for box in _kept(stream, movie, "moov", video):
        if box.kind == b"mvhd":
            _blank_times(stream, box, video)
        elif box.kind == b"trak":
            _read_track(stream, box, video)


def _read_track(stream: BinaryIO, track: Box, video: Video) -> None:
    size: Span = (0, 0)
    handler = b""
    for box in _kept(stream, track, "trak", video):
        if box.kind == b"tkhd":
            _blank_times(stream, box, video)
            size = _shown_size(_content(stream, box))
        elif box.kind == b"mdia":
            for part in boxes(stream, box.content, box.end):
                if part.kind == b"mdhd":
                    _blank_times(stream, part, video)
                elif part.kind == b"hdlr":
                    handler = _content(stream, part)[8:12]
                elif part.kind == b"minf" and handler == b"vide":
                    _check_codec(stream, part)
    if handler not in _TRACKS:
        raise BrokenVideoError("带有画面和声音以外的轨道，其中可能有拍摄地点")
    if handler == b"vide" and not video.width:
        video.width, video.height = size


def _content(stream: BinaryIO, box: Box, most: int = 4096) -> bytes:
    stream.seek(box.content)
    return stream.read(min(box.end - box.content, most))


def _blank_times(stream: BinaryIO, box: Box, video: Video) -> None:
    """Times of creation and change, which stand first in mvhd, tkhd and mdhd, become unknown."""
    wide = _content(stream, box, 1) == b"\x01"
    video.changes.append((box.content + 4, bytes(min(16 if wide else 8, max(0, box.end - box.content - 4)))))


def _shown_size(head: bytes) -> Span:
    """Width and height of a track by its header, turned where its matrix turns it by a quarter."""
    if len(head) < 84:
        return 0, 0
    matrix = head[-44:-8]
    width, height = (int.from_bytes(head[place : place + 2], "big") for place in (-8, -4))
    quarter = matrix[:4] == bytes(4) and matrix[4:8] != bytes(4)
    return (height, width) if quarter else (width, height)


def _check_codec(stream: BinaryIO, information: Box) -> None:
    for table in boxes(stream, information.content, information.end):
        if table.kind != b"stbl":
            continue
        for box in boxes(stream, table.content, table.end):
            if box.kind == b"stsd" and (codec := _content(stream, box, 16)[12:16]) not in _CODECS:
                raise BrokenVideoError(f"的编码（{codec.decode('ascii', 'replace')}）浏览器放不了")


# WebM. Numbers of the elements that matter, as they stand in the file.
_EBML = bytes.fromhex("1a45dfa3")
_DOC_TYPE, _SEGMENT, _INFO, _ALL_TRACKS = 0x4282, 0x18538067, 0x1549A966, 0x1654AE6B
_TRACK, _TRACK_TYPE, _CODEC, _PICTURE, _WIDTH, _HEIGHT = 0xAE, 0x83, 0x86, 0xE0, 0xB0, 0xBA
_PRIVATE_PARTS = frozenset((0x1254C367, 0x1941A469))  # tags, attachments
_PRIVATE_FACTS = frozenset((0x7BA9, 0x4461, 0x7384, 0x3C83AB, 0x3E83BB, 0x73A4))  # title, date, file names, UID


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a WebM file: its number, its place, the place of its content, its end."""

    number: int
    start: int
    content: int
    end: int


def _elements(stream: BinaryIO, start: int, end: int) -> Iterator[Element]:
    """The elements between two places; one of unknown size is followed by its own content."""
    for _ in range(MOST_BOXES * 10):
        if start >= end:
            return
        stream.seek(start)
        head = stream.read(12)
        first = _length(head[0])
        second = _length(head[first]) if first <= 4 and first < len(head) else 9
        if second > 8 or len(head) < first + second:
            raise BrokenVideoError("已经损坏")
        content = start + first + second
        bits = 7 * second
        size = int.from_bytes(head[first : first + second], "big") & ((1 << bits) - 1)
        unknown = size == (1 << bits) - 1
        stop = content if unknown else content + size
        if stop > end:
            raise BrokenVideoError("不完整，可能没有传完")
        yield Element(int.from_bytes(head[:first], "big"), start, content, stop)
        start = stop
    raise BrokenVideoError("结构过于复杂")


def _length(first: int) -> int:
    """Number of bytes of a number by its first byte."""
    return 9 - first.bit_length()


def _read_webm(stream: BinaryIO, size: int) -> Video:
    video = Video()
    top = _elements(stream, 0, size)
    header = next(top)
    kinds = {e.number: _value(stream, e) for e in _elements(stream, header.content, header.end)}
    if kinds.get(_DOC_TYPE, b"").rstrip(b"\0") != b"webm":
        raise BrokenVideoError("是 Matroska（.mkv）视频，不是 WebM")
    for element in top:
        if element.number == _SEGMENT and element.end > element.content:
            for part in _elements(stream, element.content, element.end):
                _read_part(stream, part, video)
        else:
            _read_part(stream, element, video)
    if not video.width or not video.height:
        raise BrokenVideoError("没有画面")
    return video


def _read_part(stream: BinaryIO, part: Element, video: Video) -> None:
    if part.number in _PRIVATE_PARTS:
        _blank_element(video, part)
    elif part.number == _INFO:
        for fact in _elements(stream, part.content, part.end):
            if fact.number in _PRIVATE_FACTS:
                _blank_element(video, fact)
    elif part.number == _ALL_TRACKS:
        for track in _elements(stream, part.content, part.end):
            if track.number == _TRACK:
                _read_webm_track(stream, track, video)


def _read_webm_track(stream: BinaryIO, track: Element, video: Video) -> None:
    facts = {e.number: e for e in _elements(stream, track.content, track.end)}
    kind = _value(stream, facts[_TRACK_TYPE]) if _TRACK_TYPE in facts else b""
    if int.from_bytes(kind, "big") != 1 or _PICTURE not in facts:
        return
    codec = _value(stream, facts[_CODEC]) if _CODEC in facts else b""
    if codec not in (b"V_VP8", b"V_VP9", b"V_AV1"):
        raise BrokenVideoError(f"的编码（{codec.decode('ascii', 'replace')}）浏览器放不了")
    picture = facts[_PICTURE]
    sizes = {e.number: _value(stream, e) for e in _elements(stream, picture.content, picture.end)}
    video.width = int.from_bytes(sizes.get(_WIDTH, b""), "big")
    video.height = int.from_bytes(sizes.get(_HEIGHT, b""), "big")


def _value(stream: BinaryIO, element: Element) -> bytes:
    stream.seek(element.content)
    return stream.read(min(element.end - element.content, 64))


def _blank_element(video: Video, element: Element) -> None:
    """The element becomes a void one of the same size."""
    length = element.end - element.start
    head = bytes((0xEC, 0x80 | length - 2)) if length < 9 else b"\xec\x01" + (length - 9).to_bytes(7, "big")
    video.changes.append((element.start, head + bytes(length - len(head))))
