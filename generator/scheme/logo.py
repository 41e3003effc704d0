"""Whether a file can be shown as the logo of a site: a drawing that runs and fetches nothing, or a small picture."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

# Below the library; a build looks here for what belongs to every page.
FOLDER = "brand"
MOST_BYTES = 200_000
MOST_PIXELS = 2000
SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}href"
# Everything else of SVG can run, fetch or embed, or is never needed by a logo.
_ELEMENTS = frozenset(
    (
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse", "line"),
        *("polyline", "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "mask"),
        *("pattern",),
    )
)
_INSTRUCTION = re.compile(rb"<\?(?!xml\s)")
_FETCHES = re.compile(r"url\(\s*[\"']?(?!#)|@import|expression\(|javascript:", re.IGNORECASE)


def logo_problem(folder: Path, name: str) -> str:
    """What keeps the file `name` of a library from being the logo, in words that follow its name; else empty."""
    path = folder / name
    if PurePosixPath(name).parts[:1] != (FOLDER,) or ".." in PurePosixPath(name).parts or "\\" in name:
        return f"不在资料库的 {FOLDER} 文件夹里"
    if path.suffix.lower() not in (".svg", ".png"):
        return "不是 SVG 或 PNG"
    if path.is_symlink() or not path.is_file():
        return "没有这个文件"
    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        return f"有 {len(content) // 1000} kB，最多 {MOST_BYTES // 1000} kB"
    return _svg_problem(content) if path.suffix.lower() == ".svg" else _png_problem(content)


def _svg_problem(content: bytes) -> str:
    from lxml import etree  # only a library with a logo has a use for it

    if _INSTRUCTION.search(content):
        return "里有处理指令"
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return "里有 DOCTYPE 或 ENTITY"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        return f"不是完整的 SVG：第 {error.lineno} 行"
    if root.tag != f"{{{SVG}}}svg":
        return "不是 SVG"
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        space, _, tag = element.tag.rpartition("}")
        if space.lstrip("{") == SVG and tag not in _ELEMENTS:
            return f"里有 <{tag}>"
        for attribute, value in element.attrib.items():
            text, key = str(value), str(attribute)
            if key.lower().startswith("on"):
                return f"里有脚本（{key}）"
            if key in ("href", _XLINK) and not text.startswith("#"):
                return "引用了别处的内容"
            if _FETCHES.search(text):
                return "引用了别处的内容"
    return ""


def _png_problem(content: bytes) -> str:
    import io

    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
            if max(picture.size) > MOST_PIXELS:
                return f"有 {picture.size[0]}×{picture.size[1]} 像素，每边最多 {MOST_PIXELS}"
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return "不是完整的 PNG"
    return ""
