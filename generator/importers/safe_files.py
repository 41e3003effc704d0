"""Opens files from outside within bounds: says what they are by their content, refuses what is hostile or damaged."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from lxml import etree

MAX_FILE = 64 << 20
MAX_PART = 96 << 20  # one XML part, unpacked
MAX_UNPACKED = 512 << 20  # all parts together, as the archive declares them
MAX_PARTS = 4000
MAX_RATIO = 400  # unpacked to packed, of parts over 1 MiB
MAX_PICTURE = 40 << 20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WIDE = {name: name.encode("utf-16-le") for name in ("EncryptedPackage", "WordDocument", "Workbook", "Book")}
_SAVE_AS_DOCX = "请用 Word 或 WPS 打开它，选「另存为」，类型选「Word 文档（*.docx）」，再导入"


class UnreadableFileError(Exception):
    """A file that cannot be imported; the message says why and what to do, in one line."""


def kind_of(path: Path) -> str:
    """What a file is by its first bytes and parts: docx, xlsx, ods, odt, doc, xls, pdf, rtf or text.

    Raises UnreadableFileError for anything else, a protected, macro-carrying or damaged file among them.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise UnreadableFileError(f"读不到：{error.strerror}") from None
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFileError("不是普通文件")
    if status.st_size == 0:
        raise UnreadableFileError("文件是空的（0 字节）")
    if status.st_size > MAX_FILE:
        raise UnreadableFileError(f"文件有 {status.st_size >> 20} MB，最多 {MAX_FILE >> 20} MB；请把图片压缩后再存一次")
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(path)
    if head.startswith(_OLE):
        return _kind_of_compound(path)
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if path.suffix.lower() in (".docx", ".xlsx", ".doc", ".xls", ".ods", ".odt"):
        lower = head.lower()
        if b"<html" in lower or b"<table" in lower or b"<?xml" in lower:
            message = f"内容是网页或 XML，不是 {path.suffix}；请用 Excel 或 WPS 打开后另存为 .docx 或 .xlsx"
            raise UnreadableFileError(message)
        raise UnreadableFileError(f"内容不是 {path.suffix} 文件：可能没有下载完整或改过扩展名；请重新取得原文件")
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFileError(
            f"不认识这种文件（{path.suffix or '没有扩展名'}）；可导入 .docx、.xlsx、.xls、.ods、.csv"
        )
    return "text"


def _kind_of_archive(path: Path) -> str:
    with Archive(path) as archive:
        names = archive.names
        if any(PurePosixPath(name).name.lower() == "vbaproject.bin" for name in names):
            raise UnreadableFileError("文件带有宏，不能导入；请另存为不带宏的 .docx 或 .xlsx")
        if "mimetype" in names:
            kind = archive.read("mimetype", 200).decode("ascii", "replace").strip()
            if "encryption-data" in archive.read_optional("META-INF/manifest.xml", 1 << 20).decode("utf-8", "replace"):
                raise UnreadableFileError("文件有密码保护；请去掉密码后再存一次")
            if kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
                return "ods"
            if kind.startswith("application/vnd.oasis.opendocument.text"):
                return "odt"
        if "word/document.xml" in names:
            return "docx"
        if "xl/workbook.xml" in names:
            return "xlsx"
        types = archive.read_optional("[Content_Types].xml", 1 << 20)
        if b"wordprocessingml" in types or b"spreadsheetml" in types:
            return "docx" if b"wordprocessingml" in types else "xlsx"
    raise UnreadableFileError("是压缩包，但不是 Word 或 Excel 文件；请先解压，再导入里面的表格")


def _kind_of_compound(path: Path) -> str:
    data = path.read_bytes()
    if _WIDE["EncryptedPackage"] in data:
        raise UnreadableFileError("文件有密码保护；请用 Word 或 Excel 打开，去掉密码后再存一次")
    if _WIDE["WordDocument"] in data:
        return "doc"
    if _WIDE["Workbook"] in data or _WIDE["Book"] in data:
        return "xls"
    raise UnreadableFileError(f"是旧格式的文件，但不是 Word 或 Excel；{_SAVE_AS_DOCX}")


class Archive:
    """The parts of a .docx, .xlsx or .ods, read within bounds. A context manager."""

    def __init__(self, path: Path) -> None:
        try:
            self.archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            message = "文件不完整或已损坏：可能没有下载完；请重新取得，或用 Word / Excel 打开修复后另存一次"
            raise UnreadableFileError(message) from None
        parts = self.archive.infolist()
        if len(parts) > MAX_PARTS:
            self._refuse(f"里面有 {len(parts):,} 个部分，不像一份表格")
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            self._refuse(f"解开后超过 {MAX_UNPACKED >> 20} MB，不像一份表格")
        for part in parts:
            if part.flag_bits & 1:
                self._refuse("文件有密码保护；请去掉密码后再存一次")
            if part.file_size > 1 << 20 and part.file_size > MAX_RATIO * max(part.compress_size, 1):
                self._refuse("压缩得过分紧，像是「压缩炸弹」，没有打开")
        self.names = frozenset(self.archive.namelist())

    def _refuse(self, message: str) -> None:
        self.archive.close()
        raise UnreadableFileError(message)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.archive.close()

    def read(self, name: str, most: int = MAX_PART) -> bytes:
        """Content of a part. Raises UnreadableFileError where it is absent, damaged or longer than `most`."""
        try:
            with self.archive.open(name) as stream:
                data = stream.read(most + 1)
        except KeyError:
            raise UnreadableFileError(f"文件里缺少 {name}，打不开；请用 Word / Excel 打开后另存一次") from None
        except Exception as error:  # zlib, struct, CRC: a damaged archive fails in many ways
            if isinstance(error, MemoryError):
                raise
            message = "文件不完整或已损坏；请重新取得，或用 Word / Excel 打开修复后另存一次"
            raise UnreadableFileError(message) from None
        if len(data) > most:
            raise UnreadableFileError(f"里面的 {name} 超过 {most >> 20} MB，没有读")
        return data

    def read_optional(self, name: str, most: int = MAX_PART) -> bytes:
        """Content of a part, empty where there is none."""
        return self.read(name, most) if name in self.names else b""

    def xml(self, name: str) -> etree._Element:
        """Root of an XML part."""
        return parse_xml(self.read(name), name)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Root of an XML document without a document type: nothing external or expanding is ever read."""
    refuse_document_type(data, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise UnreadableFileError(f"里面的 {name} 已损坏；请用 Word / Excel 打开后另存一次") from None


def refuse_document_type(data: bytes, name: str) -> None:
    """Raises UnreadableFileError where an XML part declares entities, which office programs never write."""
    declared = ("<!DOCTYPE", "<!ENTITY")
    if any(mark.encode(code) in data for mark in declared for code in ("ascii", "utf-16-le", "utf-16-be")):
        raise UnreadableFileError(f"里面的 {name} 含有外部实体声明，不安全，没有读")


def walk_xml(data: bytes, name: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """Each element with one of `tags` of a large part, complete; what was read is let go."""
    refuse_document_type(data, name)
    walk = etree.iterparse(
        io.BytesIO(data), events=("end",), tag=tags, resolve_entities=False, no_network=True, huge_tree=False
    )
    try:
        for _, element in walk:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError:
        raise UnreadableFileError(f"里面的 {name} 已损坏；请用 Word / Excel 打开后另存一次") from None
