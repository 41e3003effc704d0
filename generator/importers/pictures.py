"""Takes pictures out of a document: turned upright, within bounds, without what a camera wrote into them."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PIL import Image, ImageOps

from generator.importers.draft import Draft
from generator.importers.grid import Picture
from generator.importers.safe_files import MAX_PICTURE, Archive, UnreadableFileError

LONGEST_SIDE = 2400
MAX_PIXELS = 80_000_000
MAX_PICTURES = 40
_DRAWN = (".emf", ".wmf", ".svg", ".tif", ".tiff")
_PRIVATE_CAPTION = ("身份证", "证件照", "户口", "银行卡")


@dataclass(frozen=True, slots=True)
class TakenPicture:
    """A picture as it will stand in the folder of the record."""

    name: str
    content: bytes
    caption: str
    alt: str
    place: str


def take_pictures(path: Path, draft: Draft) -> list[TakenPicture]:
    """The pictures of the document at `path` that can be used; the report says why others cannot."""
    taken: list[TakenPicture] = []
    if not draft.pictures:
        return taken
    with Archive(path) as archive:
        for picture in draft.pictures:
            if len(taken) >= MAX_PICTURES:
                draft.drop("图片", f"超过 {MAX_PICTURES} 张，其余没有取", picture.place)
                break
            suffix = PurePosixPath(picture.part).suffix.lower()
            caption = draft.scrubber.clean(picture.caption)[0][:300]
            alt = draft.scrubber.clean(picture.alt)[0][:300].replace("\n", " ")
            if any(word in caption + alt for word in _PRIVATE_CAPTION):
                draft.drop("图片", "图注里写着证件，没有取", picture.place)
            elif suffix in _DRAWN:
                draft.drop("图片", f"{suffix} 格式网页不能显示，没有取；请另存为 PNG 再放入", picture.place)
            else:
                made = _upright(archive, picture, draft)
                if made is not None:
                    content, ending = made
                    taken.append(TakenPicture(f"{len(taken) + 1}{ending}", content, caption, alt, picture.place))
    return taken


def _upright(archive: Archive, picture: Picture, draft: Draft) -> tuple[bytes, str] | None:
    """Content and suffix of a picture made anew; None, and a finding, where it cannot be read."""
    try:
        data = archive.read(picture.part, MAX_PICTURE)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "GIF", "BMP", "WEBP"))
        if image.width * image.height > MAX_PIXELS:
            draft.drop("图片", f"有 {image.width}×{image.height} 像素，太大，没有取；请缩小后再放入", picture.place)
            return None
        if min(image.size) < 16:
            return None  # a line or a dot that the layout needs
        kind = image.format
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        made = ImageOps.exif_transpose(image)
        if max(made.size) > LONGEST_SIDE:
            made.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        stream = io.BytesIO()
        if kind == "JPEG":
            _without_metadata(made.convert("RGB")).save(stream, "JPEG", quality=88, optimize=True)
            return stream.getvalue(), ".jpg"
        _without_metadata(made.convert("RGBA" if "A" in made.getbands() else "RGB")).save(stream, "PNG")
        return stream.getvalue(), ".png"
    except UnreadableFileError as error:
        draft.drop("图片", f"{error}", picture.place)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, EOFError):
        draft.drop("图片", "已损坏或不是常见的图片格式，没有取", picture.place)
    return None


def _without_metadata(image: Image.Image) -> Image.Image:
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean
