"""Adds a picture or video to a record: checked, cleaned, named by its content, entered under `media:`.

A picture is made anew from its pixels, so nothing that a camera, a phone or a program wrote into the file stays.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, JpegImagePlugin

from generator.checking.diagnostics import Diagnostic, has_errors
from generator.checking.files import check
from generator.checking.raw import Raw, parse_yaml, read_record
from generator.importers.writing import put_bytes, put_text
from generator.media.copies import read_picture, upright
from generator.records.formatting import comments_of, format_record, record_text
from generator.records.library import shown_name
from generator.records.media import KINDS, VIDEO_KINDS, Problem, inspect_content, opened
from generator.records.model import Media
from generator.records.privacy import find_private
from generator.records.video import clean_video, read_video
from generator.scheme.model import Scheme

# Longer sides are reduced: twice what the largest copy of the site needs on a wide screen.
LONGEST_SIDE = 2400
# A drawing stays PNG up to this size; beyond it, it is a photograph that was saved as PNG.
MAX_PNG = 2_000_000
# As many as the model takes.
MOST = 60
_QUALITY = 90
_PLACE, _CAMERA = 0x8825, (0x010F, 0x0110, 0x8769, 0x9003, 0x0132)
_SUFFIXES = {"MP4": ".mp4", "WEBM": ".webm"}


@dataclass(frozen=True, slots=True)
class CleanMedia:
    """A picture or video as it may be kept. notes: what was changed, for a person."""

    name: str
    content: bytes
    width: int
    height: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of a picture: its entry under `media:`, or why it was not taken.

    file: as the record names it, empty where it was not taken. problems: go on after the name of the picture.
    found: mistakes of the record that keep it from being edited.
    """

    file: str = ""
    clean: CleanMedia | None = None
    problems: tuple[Problem, ...] = ()
    found: tuple[Diagnostic, ...] = ()

    @property
    def added(self) -> bool:
        return bool(self.file)


def add_picture(
    record: Path,
    source: Path,
    alt: str,
    scheme: Scheme,
    *,
    caption: str = "",
    base: Path | None = None,
    reuse: bool = False,
) -> Addition:
    """Puts the picture or video `source` into the folder of `record` (`<library>/<year>/<id>.yml`) and enters it there.

    base: what file names in messages are relative to, the folder above the library where it is not given.
    reuse: takes it though another record has it. Nothing is written where the addition has problems.
    """
    library = record.parent.parent
    base = base or library.parent
    shown = shown_name(record, base)
    raw, found = read_record(record, shown)
    if raw is None or has_errors(found):
        return Addition(found=tuple(found))
    problems = [*_entry_problems(alt, caption, source, scheme), *_record_problems(raw, record)]
    clean, faults = clean_media(source)
    problems += faults
    if clean is None or problems:
        return Addition(problems=tuple(problems))
    places = list(_places(library, record.stem, (clean.content, source.read_bytes())))
    problems += _used(raw, places, library, reuse)
    if problems:
        return Addition(clean=clean, problems=tuple(problems))
    file = f"{record.stem}/{clean.name}"
    text = _with_entry(raw, file, alt.strip(), caption.strip(), scheme)
    target = record.parent / file
    # The picture first: one that no record names harms nothing, and the next attempt takes it up.
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        put_bytes(target, clean.content, new=True)
    if record.read_bytes().decode() != raw.text:
        return Addition(clean=clean, problems=(Problem("没有加入：记录刚刚被别人改过", "请再试一次"),))
    put_text(record, text, new=False)
    return Addition(file, clean)


def clean_media(source: Path) -> tuple[CleanMedia | None, list[Problem]]:
    """The picture or video `source` as it may be kept, or what is wrong with it."""
    kind, problems = inspect_content(source)
    if problems:
        return None, problems
    if kind in VIDEO_KINDS:
        video = read_video(source)
        content = clean_video(source)
        notes = ("拍摄时间、地点等信息已清除",) if content != source.read_bytes() else ()
        return CleanMedia(_name("video", content, _SUFFIXES[kind]), content, video.width, video.height, notes), []
    try:
        return _clean_picture(source, kind), []
    except Exception:  # Pillow's decoders raise many kinds of error at damaged input
        return None, [Problem("不完整或已经损坏", "请在看图软件里打开原图，另存后重新放入")]


def _clean_picture(source: Path, kind: str) -> CleanMedia:
    picture = read_picture(source, kind)
    size = _bounded(picture.width, picture.height)
    image = upright(source, kind, picture.orientation, size)
    notes = list(_notes(source, kind))
    if size != (picture.width, picture.height):
        notes.append(f"由 {picture.width} × {picture.height} 缩小为 {size[0]} × {size[1]} 像素")
    content, suffix = (b"", ".jpg") if kind == "JPEG" else (_encoded(image, "PNG"), ".png")
    if suffix == ".jpg" or len(content) > MAX_PNG:
        content, suffix = _encoded(image, "JPEG"), ".jpg"
    if KINDS[suffix] != kind:
        notes.append(f"存为 {suffix}")
    return CleanMedia(_name("picture", content, suffix), content, *size, tuple(notes))


def _bounded(width: int, height: int) -> tuple[int, int]:
    longest = max(width, height)
    if longest <= LONGEST_SIDE:
        return width, height
    return max(1, round(width * LONGEST_SIDE / longest)), max(1, round(height * LONGEST_SIDE / longest))


def _notes(source: Path, kind: str) -> Iterator[str]:
    """What the file carries that the clean one does not, as far as a person wants to know it."""
    with opened(source, kind) as image:
        exif = Image.Exif()
        try:
            exif.load(image.info.get("exif", b""))
            tags = set(exif)
        except Exception:  # a damaged block is left out like a good one
            tags = set()
        if _PLACE in tags:
            yield "拍摄地点（定位）已清除"
        if tags.intersection(_CAMERA) or {"comment", "xmp", "photoshop"} & set(image.info):
            yield "相机、软件写入的信息已清除"
        if exif.get(0x0112, 1) not in (0, 1):
            yield "已转正"
        if image.mode == "CMYK" and isinstance(image, JpegImagePlugin.JpegImageFile):
            yield "印刷用的 CMYK 颜色已转为 RGB"
        if image.has_transparency_data:
            yield "透明处已垫白底"


def _encoded(image: Image.Image, form: str) -> bytes:
    out = BytesIO()
    if form == "PNG":
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True, subsampling=0)
    return out.getvalue()


def _name(kind: str, content: bytes, suffix: str) -> str:
    """Name by content. Twelve digits: no telephone or identity number has so many, and addresses drop them."""
    number = int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big") % 10**12
    return f"{kind}-{number:012}{suffix}"


def _entry_problems(alt: str, caption: str, source: Path, scheme: Scheme) -> Iterator[Problem]:
    """What is wrong with the words of an entry."""
    words = alt.strip()
    if not words:
        yield Problem("没有替代文字", "请用一句话说明画面内容，给看不见图片的人听，例如：工人用夹具固定零件")
    elif words.casefold() in (source.name.casefold(), source.stem.casefold()):
        yield Problem("的替代文字是文件名", "请用一句话说明画面内容")
    value = {"file": "0000-00000/a.jpg", "alt": words, "caption": caption.strip() or None}
    if words:
        raw, _ = parse_yaml("{file: x, alt: x, caption: x}", "")
        assert raw is not None
        yield from (Problem(f"的{d.message}", d.allowed) for d in check(Media, value, raw, labelled=True)[1])
    for label, text in (("替代文字", words), ("图注", caption)):
        for kind in dict.fromkeys(kind for _, kind in find_private(text, scheme.private_labels)):
            yield Problem(f"的{label}含有{kind}", "电话、身份证号、住址等一律不得写入，请删去")


def _record_problems(raw: Raw, record: Path) -> Iterator[Problem]:
    """Why nothing can be entered in the record."""
    media = raw.value.get("media")
    line, _ = raw.at(("media",))
    if media is not None and not isinstance(media, list):
        yield Problem(f"没有加入：{raw.file} 第 {line} 行的 media 不是列表", "每张图片一项，以「- file: 」开头")
    elif media is not None and len(media) >= MOST:
        yield Problem(f"没有加入：记录里已有 {len(media)} 张", f"一条记录最多 {MOST} 张")
    if (record.parent / record.stem).is_symlink():
        yield Problem(f"没有加入：文件夹 {record.stem} 是符号链接", "请改为真正的文件夹")


def _places(library: Path, case_id: str, contents: Sequence[bytes]) -> Iterator[Path]:
    """Files of the library that hold one of `contents`, those of the record `case_id` first."""
    sizes = {len(content) for content in contents}
    found: list[Path] = []
    for place, folders, names in os.walk(library):
        folders.sort()
        for name in sorted(names):
            path = Path(place) / name
            if Path(name).suffix.lower() in KINDS and not path.is_symlink() and path.stat().st_size in sizes:
                found.append(path)
    own = library / case_id[:4] / case_id
    for path in sorted(found, key=lambda path: (path.parent != own, path)):
        if path.read_bytes() in contents:
            yield path


def _used(raw: Raw, places: Sequence[Path], library: Path, reuse: bool) -> Iterator[Problem]:
    """Why a picture that stands at `places` already is not taken once more."""
    entries = raw.value.get("media") or []
    files = [entry.get("file") if isinstance(entry, dict) else None for entry in entries]
    for path in places:
        name = f"{path.parent.name}/{path.name}"
        if name in files:
            number = files.index(name)
            line, _ = raw.at(("media", number))
            yield Problem(f"已经在这条记录里：media 第 {number + 1} 项 {name}（第 {line} 行）", "不必再加")
            return
    others = [path for path in places if path.parent.name != Path(raw.file).stem]
    if others and not reuse:
        shown = shown_name(others[0], library.parent)
        allowed = "请看是否放错了记录；确实两处都用，请加 --reuse"
        yield Problem(f"已经用在另一条记录里：{shown}", allowed)


def _with_entry(raw: Raw, file: str, alt: str, caption: str, scheme: Scheme) -> str:
    """The text of the record with the entry at the end of its media, in the canonical style."""
    entry: dict[str, Any] = {"file": file, "alt": alt}
    if caption:
        entry["caption"] = caption
    value = {**raw.value, "media": [*(raw.value.get("media") or []), entry]}
    text = record_text(value, scheme, comments_of(raw))
    return format_record(text, raw.file, scheme, mend_aliases=False)[0]
