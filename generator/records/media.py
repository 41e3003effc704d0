"""Whether a picture or video may be used: whole, what its name says, of a size that can be worked on.

Looks at the header and at the ends of parts, never decodes; what was looked at is remembered with the record.
"""

from __future__ import annotations

import mmap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFile, JpegImagePlugin

from generator.records.video import BrokenVideoError, boxes, read_video

MAX_PICTURE_BYTES = 60_000_000
MAX_VIDEO_BYTES = 100_000_000
MAX_PIXELS = 120_000_000
MAX_SIDE = 30_000
# Copies are never larger than this.
MAX_COPY = (1600, 2400)
# What decoding a picture may take, in bytes.
MAX_MEMORY = 600_000_000

# Pillow refuses twice this number; the check below draws the same line with a message.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2

KINDS = {
    ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".avif": "AVIF", ".mp4": "MP4", ".webm": "WEBM"
}  # fmt: skip
VIDEO_KINDS = ("MP4", "WEBM")
_MADE_OF_PICTURES = ("PDF", "Office 文档或压缩包", "旧版 Office 文档", "网页")
_SHOWN = {"WEBP": "WebP", "WEBM": "WebM", "HEIC": "HEIC（苹果手机照片）", "SVG": "SVG 图形", "": "别的文件"}
# How many bytes a decoded pixel takes at most, with the conversions that follow; 8 for other modes.
_PIXEL_BYTES = {"1": 5, "L": 1, "P": 5, "RGB": 4, "CMYK": 4}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file cannot be used, as it goes on after the file's name; what is allowed; the right file name."""

    message: str
    allowed: str
    nearest: str = ""


def inspect(path: Path) -> list[Problem]:
    """What is wrong with the picture or video at `path`, by its suffix; nothing for one that can be used."""
    try:
        return list(_inspect(path, KINDS[path.suffix.lower()]))
    except OSError as error:
        return [_unreadable(error)]


def inspect_content(path: Path) -> tuple[str, list[Problem]]:
    """Kind of the file at `path` by its content, whatever it is called, and what is wrong with it."""
    try:
        with path.open("rb") as stream:
            kind = kind_of(stream.read(4096))
        if kind not in KINDS.values() and path.stat().st_size:
            return kind, [_unusable(kind)]
        return kind, list(_inspect(path, kind or "JPEG"))
    except OSError as error:
        return "", [_unreadable(error)]


def _unreadable(error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem("读不到：没有这个文件", "请检查文件名和路径")
    if isinstance(error, PermissionError):
        return Problem("读不到：没有权限", "请检查文件的权限")
    return Problem(f"读不到：{error.strerror or '文件有误'}", "请检查文件和权限")


def _unusable(kind: str) -> Problem:
    allowed = "可以放 JPG、PNG、WebP、AVIF 图片和 MP4、WebM 视频"
    if kind in ("GIF", "BMP", "TIFF", "SVG", "HEIC"):
        allowed += "；请用看图软件另存为 .jpg 或 .png，只改后缀没有用"
    elif kind in ("MOV", "AVI"):
        allowed += "；请导出为 .mp4，只改后缀没有用"
    elif kind in _MADE_OF_PICTURES:
        allowed += "；请先把里面的图片另存出来"
    shown = _SHOWN.get(kind, kind)
    return Problem(f"不是能用的图片或视频，内容是{' ' if shown[0].isascii() else ''}{shown}", allowed)


def _inspect(path: Path, kind: str) -> Iterator[Problem]:
    most = MAX_VIDEO_BYTES if kind in VIDEO_KINDS else MAX_PICTURE_BYTES
    size = path.stat().st_size
    if size == 0:
        yield Problem("是空的", "请重新放入")
        return
    if size > most:
        yield Problem(f"有 {size / 1e6:.0f} MB，太大", f"不超过 {most // 10**6} MB，请缩小后重新放入")
        return
    with path.open("rb") as stream:
        found = kind_of(stream.read(4096))
    if found != kind:
        yield _renamed(path, kind, found)
    elif kind in VIDEO_KINDS:
        try:
            read_video(path)
        except BrokenVideoError as error:
            yield Problem(str(error), "请用 H.264 编码的 MP4 重新导出")
    else:
        yield from _picture(path, kind)


def _renamed(path: Path, kind: str, found: str) -> Problem:
    suffix = next((suffix for suffix, name in KINDS.items() if name == found), "")
    message = f"的内容是{' ' if found in _SHOWN or found else ''}{_SHOWN.get(found, found)}，与后缀 {path.suffix} 不符"
    if suffix:
        return Problem(message, "后缀应与内容一致，请改文件名", path.stem + suffix)
    if kind in VIDEO_KINDS:
        return Problem(message, "请导出为 .mp4 或 .webm，只改后缀没有用")
    return Problem(message, "请另存为 .jpg 或 .png，只改后缀没有用")


_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\x1a\x45\xdf\xa3", "WEBM"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "Office 文档或压缩包"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文档"),
)


def kind_of(head: bytes) -> str:
    """Kind of a file by its first bytes, empty where it is none that is known."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "WEBP", b"AVI ": "AVI"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        length = int.from_bytes(head[:4], "big")
        brands = {head[8:12], *(head[place : place + 4] for place in range(16, min(length, len(head)), 4))}
        if brands & {b"avif", b"avis"}:
            return "AVIF"
        if brands & {b"heic", b"heix", b"hevc", b"mif1", b"msf1"}:
            return "HEIC"
        return "MOV" if head[8:12] == b"qt  " else "MP4"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "SVG"
    return "网页" if text.startswith((b"<!doctype html", b"<html")) else ""


@contextmanager
def opened(path: Path, kind: str) -> Iterator[ImageFile.ImageFile]:
    """The picture, not decoded yet, read as `kind` and as nothing else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        image = Image.open(path, formats=(kind,))
    with image:
        yield image


def _picture(path: Path, kind: str) -> Iterator[Problem]:
    broken = Problem("不完整或已经损坏", "请在看图软件里打开原图，另存后重新放入")
    if not _is_whole(path, kind):
        yield broken
        return
    try:
        with opened(path, kind) as image:
            problem = _too_much(image, kind)
            if problem is not None:
                yield problem
            elif kind == "PNG":
                image.verify()
    except Image.DecompressionBombError:
        yield Problem(f"超过 {MAX_PIXELS // 10_000} 万像素", "请缩小后重新放入")
    except Exception:  # Pillow's readers raise many kinds of error at hostile input
        yield broken


def _too_much(image: ImageFile.ImageFile, kind: str) -> Problem | None:
    width, height = image.size
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        return Problem("是动画", "请用静止的图片，动的画面请放 .mp4 视频")
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE or decoding_memory(image) > MAX_MEMORY:
        allowed = f"最多 {MAX_PIXELS // 10_000} 万像素、边长 {MAX_SIDE}；长边 3000 就足够清楚，请缩小后重新放入"
        return Problem(f"有 {width} × {height} 像素，太大", allowed)
    return None


def largest_copy(width: int, height: int) -> tuple[int, int]:
    """Size of the largest copy of a picture: never larger than the picture or than MAX_COPY."""
    wide, high = MAX_COPY
    if width <= wide and height <= high:
        return width, height
    if width * high >= height * wide:
        return wide, max(1, round(height * wide / width))
    return max(1, round(width * high / height)), high


def decoding_memory(image: ImageFile.ImageFile) -> int:
    """Bytes that decoding `image` for its copies may take."""
    width, height = image.size
    if not isinstance(image, JpegImagePlugin.JpegImageFile):
        each = _PIXEL_BYTES.get(image.mode, 8) if image.format == "PNG" else 12
        return width * height * each
    # libjpeg reduces by 2, 4 or 8 while it decodes; a progressive file is held whole as coefficients of 2 bytes.
    wide, high = largest_copy(width, height)
    scale = min(width // wide, height // high)
    step = next((step for step in (8, 4, 2) if scale >= step), 1)
    decoded = width * height * 4 // step**2
    if "progressive" not in image.info and "progression" not in image.info:
        return decoded
    parts = [(entry[1], entry[2]) for entry in image.layer]
    most = max((across for across, _ in parts), default=1) * max((down for _, down in parts), default=1)
    share = sum(across * down for across, down in parts) / max(most, 1)
    return decoded + int(width * height * 2 * share)


def _is_whole(path: Path, kind: str) -> bool:
    """Whether the file ends where its parts say that it does. PNG is verified by its reader."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if kind == "JPEG":
            scan = _scan_of(data)
            return scan > 0 and data.rfind(b"\xff\xd9", scan) > 0
        if kind == "WEBP":
            return int.from_bytes(data[4:8], "little") + 8 <= len(data)
        if kind == "AVIF":
            try:
                return any(box.kind == b"mdat" for box in boxes(stream, 0, len(data)))
            except BrokenVideoError:
                return False
    return True


def _scan_of(data: mmap.mmap) -> int:
    """Place of the first scan of a JPEG file, after its other parts (and their thumbnails); 0 where there is none."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xDA:
            return place
        if marker == 0xFF:
            place += 1
        elif marker == 1 or 0xD0 <= marker <= 0xD8:
            place += 2
        else:
            place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return 0
