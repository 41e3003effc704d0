"""The configuration of a portal, `portal.yml`: which libraries stand side by side, and where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from generator.checking.diagnostics import Diagnostic, has_errors
from generator.checking.fields import Address, Line, Model, OneOf, Prose, Slug, described
from generator.checking.files import check_file
from generator.checking.raw import Raw, Step
from generator.packaged import THEME
from generator.phrases import SOURCE, languages

PORTAL_FILE = "portal.yml"
LIBRARY = "portal-library"
# What a portal has at its own root; no library can stand there.
TAKEN = frozenset(("assets", "search"))


class PortalFact(Model):
    """A line of the foot: a label, a text, perhaps an address."""

    label: Annotated[str, Line(20)] = described("名称", need="required")
    text: Annotated[str, Line(100)] = described("内容", need="required")
    address: Address | None = described("网址")


class PortalLibrary(Model):
    """A library of the portal."""

    folder: Annotated[str, Line(300)] = described("文件夹", "放着 mkdocs.yml，相对于 portal.yml", need="required")
    path: Slug = described("网址中的写法", "总库网址之下的文件夹", need="required")
    name: Annotated[str, Line(60)] | None = described("名称", "不写时用方案里的名称")
    about: Annotated[str, Prose(400)] | None = described("说明")


class Portal(Model):
    """Several libraries on one site."""

    name: Annotated[str, Line(60)] = described("总库名称", need="required")
    organiser: Annotated[str, Line(60)] = described("主办单位", need="required")
    intro: Annotated[str, Prose(400)] | None = described("一句话介绍")
    url: Address | None = described("公开的网址", "以 / 结尾")
    output: Annotated[str, Line(300)] = described("写到哪个文件夹", "相对于 portal.yml", default="portal")
    language: Annotated[str, OneOf(languages([THEME]))] = described(
        "界面的文字", "总库自己的网页；各库用各自的", default=SOURCE
    )
    libraries: tuple[PortalLibrary, ...] = described("案例库", need="required", min_length=1)
    footer: tuple[PortalFact, ...] = described("页脚", default=())


def read_portal(path: Path) -> tuple[Portal | None, list[Diagnostic]]:
    """The portal that `path` describes, None where there is an error in it."""
    if not path.is_file():
        message, allowed = f"没有总库的配置文件 {path.name}", "请在它的文件夹里运行，或用 --config 指明"
        return None, [Diagnostic(path.name, 1, 1, "file-unreadable", message, allowed)]
    portal, raw, found = check_file(Portal, path, path.name)
    if portal is not None and raw is not None:
        found += _problems(portal, raw, path.parent)
    return (None if has_errors(found) else portal), sorted(found)


def _problems(portal: Portal, raw: Raw, base: Path) -> Iterator[Diagnostic]:
    def found(where: tuple[Step, ...], message: str, allowed: str) -> Diagnostic:
        line, column = raw.at(where)
        return Diagnostic(raw.file, line, column, LIBRARY, message, allowed)

    if portal.url and not portal.url.endswith("/"):
        yield found(("url",), f"网址「{portal.url}」不是以 / 结尾", f"请写成 {portal.url}/")
    paths: set[str] = set()
    folders: set[Path] = set()
    for number, library in enumerate(portal.libraries):
        folder = (base / library.folder).resolve()
        if not folder.is_dir():
            yield found(("libraries", number, "folder"), f"没有文件夹「{library.folder}」", "写法相对于 portal.yml")
        elif not (folder / "mkdocs.yml").is_file():
            message = f"文件夹「{library.folder}」里没有 mkdocs.yml"
            yield found(("libraries", number, "folder"), message, "请写放着 mkdocs.yml 的文件夹；新建用 caselib init")
        elif folder in folders:
            message = f"文件夹「{library.folder}」与前面的重复"
            yield found(("libraries", number, "folder"), message, "一个库在总库里只放一次")
        folders.add(folder)
        if library.path in TAKEN:
            message = f"网址「{library.path}」已用于总库自己的网页"
            yield found(("libraries", number, "path"), message, "请换一个写法")
        elif library.path in paths:
            message = f"网址「{library.path}」与前面的重复"
            yield found(("libraries", number, "path"), message, "每个库用自己的网址")
        paths.add(library.path)
