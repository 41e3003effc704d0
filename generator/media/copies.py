"""Right-sized copies of a picture: upright, sRGB, without metadata, as AVIF, WebP and JPEG; the same bytes every time.

A copy is kept in the cache under the digest of the picture and of everything that shaped it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageFile, features

from generator.kept_files import write_whole
from generator.keys import key_of
from generator.records.media import KINDS, MAX_COPY, decoding_memory, largest_copy, opened

WIDTHS = (480, 960)
# The form of the copies: part of their addresses. Raise it when sizes or qualities change.
FORM = 1
# A picture whose decoding takes more than this is worked on alone.
LARGE = 150_000_000

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip


class PictureError(Exception):
    """A picture passed the check and still cannot be decoded; the message names it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What the header of a picture says: size as it is shown (upright), EXIF orientation, whether it is large work."""

    width: int
    height: int
    orientation: int
    large: bool


def read_picture(path: Path, kind: str = "") -> Picture:
    """Size and orientation of the picture at `path`; nothing is decoded. kind: by its suffix where it is not given."""
    with opened(path, kind or KINDS[path.suffix.lower()]) as image:
        orientation = _orientation(image)
        width, height = image.size[::-1] if orientation >= 5 else image.size
        return Picture(width, height, orientation, decoding_memory(image) > LARGE)


def _orientation(image: ImageFile.ImageFile) -> int:
    """EXIF orientation from 1 to 8. Only what stands before the pixels counts, as reading on would decode them."""
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        found = exif.get(_ORIENTATION)
    except Exception:  # a damaged EXIF block is no reason to refuse the picture
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def copy_sizes(width: int, height: int) -> list[tuple[int, int]]:
    """Sizes of the copies of a picture, the smallest first; never larger than the picture."""
    top = largest_copy(width, height)
    narrower = [wide for wide in WIDTHS if wide < top[0] * 0.85]
    return [*((wide, max(1, round(top[1] * wide / top[0]))) for wide in narrower), top]


@lru_cache(maxsize=1)
def encoders() -> str:
    """Key of everything beyond the picture that shapes the bytes of a copy."""
    versions = [str(features.version(name)) for name in ("pil", "avif", "webp", "jpg", "libjpeg_turbo", "littlecms2")]
    return key_of(str(FORM), repr(WIDTHS), repr(MAX_COPY), *versions).hex()[:8]


def copy_path(folder: Path, digest: str, width: int, suffix: str) -> Path:
    """Where the copy of the picture with this digest stands in the cache."""
    return folder / digest[:2] / f"{digest}-{encoders()}-{width}.{suffix}"


def missing_copies(folder: Path, digest: str, width: int, height: int, kinds: Sequence[str] = tuple(TYPES)) -> bool:
    """Whether the cache lacks a copy of the picture with this digest and (upright) size, in one of `kinds`."""
    return any(
        not copy_path(folder, digest, wide, suffix).exists()
        for wide, _ in copy_sizes(width, height)
        for suffix in kinds
    )


def make_copies(path: Path, digest: str, orientation: int, folder: Path, kinds: Sequence[str] = tuple(TYPES)) -> None:
    """Puts the copies of the picture at `path` into the cache. Raises PictureError where it cannot be decoded."""
    try:
        sharp = path.suffix.lower() == ".png"
        for image in _scaled(path, orientation):
            for suffix in kinds:
                write_whole(copy_path(folder, digest, image.width, suffix), _encoded(image, suffix, sharp))
    except PictureError:
        raise
    except Exception as error:
        raise PictureError(f"图片 {path.name}（{path.parent.name}）不完整或已经损坏：{error}") from None


def _scaled(path: Path, orientation: int) -> Iterator[Image.Image]:
    """The picture in each of its sizes, the largest first."""
    with opened(path, KINDS[path.suffix.lower()]) as source:
        top = copy_sizes(*(source.size[::-1] if orientation >= 5 else source.size))[-1]
    image = upright(path, KINDS[path.suffix.lower()], orientation, top)
    sizes = copy_sizes(*image.size)
    assert sizes[-1] == image.size
    yield image
    for size in reversed(sizes[:-1]):
        yield image.resize(size, Image.Resampling.LANCZOS)


def upright(path: Path, kind: str, orientation: int, size: tuple[int, int]) -> Image.Image:
    """The picture of `kind` at `path` as it is shown: turned, of `size`, in sRGB, on white, without metadata."""
    with opened(path, kind) as source:
        lying = size[::-1] if orientation >= 5 else size
        profile = source.info.get("icc_profile")
        source.draft(source.mode, lying)
        image = _workable(source)
        if image.size != lying:
            image = image.resize(lying, Image.Resampling.LANCZOS, reducing_gap=2.0)
    image = _srgb(_on_white(image), profile)
    if orientation in _TURNS:
        image = image.transpose(_TURNS[orientation])
    image.info.clear()
    return image


def _workable(image: Image.Image) -> Image.Image:
    """The decoded picture in a mode that can be scaled."""
    image.load()
    if image.mode.startswith("I"):
        # Sixteen bits of grey: Pillow would cut instead of scale.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    """The picture on white paper: line drawings on no ground would vanish on a dark page."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


@lru_cache(maxsize=1)
def _srgb_profile() -> Any:
    return ImageCms.createProfile("sRGB")


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB; a profile that does not fit it is ignored."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if image.mode != "RGB" or "srgb" not in ImageCms.getProfileDescription(source).lower():
                converted = ImageCms.profileToProfile(image, source, _srgb_profile(), outputMode="RGB")
                assert converted is not None
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert("RGB")


def _encoded(image: Image.Image, suffix: str, sharp: bool) -> bytes:
    """The file of a copy. sharp: a drawing, whose thin coloured lines keep their colour in every pixel."""
    out = BytesIO()
    if suffix == "avif":
        chroma = "4:4:4" if sharp else "4:2:0"
        image.save(out, "AVIF", quality=60, speed=8, subsampling=chroma, codec="aom", max_threads=1, autotiling=False)
    elif suffix == "webp":
        image.save(out, "WEBP", quality=78, method=3, use_sharp_yuv=sharp)
    else:
        image.save(out, "JPEG", quality=82, optimize=True, progressive=True, subsampling=0 if sharp else 2)
    return out.getvalue()
