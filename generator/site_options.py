"""What the configuration says about the site beyond the scheme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.phrases import SOURCE


@dataclass(frozen=True)
class CmsOptions:
    """A Git-based CMS that editors use on the hosting platform (generator/cms.py).

    script: address of its script, integrity: of that script. backend: as the CMS calls its own options.
    origins: what its page may speak to beside the script's origin. folder: of the library in the repository.
    """

    script: str
    backend: Mapping[str, str | int | bool]
    origins: Sequence[str] = ()
    integrity: str = ""
    folder: str = "cases"


@dataclass(frozen=True)
class PortalPart:
    """A library that is built as a part of a portal.

    name, url: of the portal, the address as it leads from the library's root. cache, output: folders of this build.
    """

    name: str
    url: str
    cache: Path
    output: Path


@dataclass(frozen=True)
class SiteOptions:
    """What the configuration says about the site beyond the scheme. Addresses are absolute, or empty.

    licence: of the data: short name, title, address.
    share_limit: up to so many cases each has a picture for chats of its own; 0 makes no pictures.
    portable: whether the search also works in a site opened from a disk (file://), for example from a USB stick.
    portal: name of the portal that the site is part of, and what leads there from its root.
    language: of the interface; records stay as they are written.
    editions: the same library in other languages: language, label, address with a final slash.
    notice: the round whose nominees this build shows in public notice (公示); 0 for none. Never the clock.
    """

    url: str = ""
    version: str = ""
    edit_address: str = ""
    report_address: str = ""
    prose: Sequence[tuple[str, str]] = ()
    footer: Sequence[tuple[str, str, str]] = ()
    licence: tuple[str, str, str] = ("", "", "")
    share_limit: int = 2000
    portable: bool = False
    cms: CmsOptions | None = None
    notice: int = 0
    portal: tuple[str, str] = ("", "")
    language: str = SOURCE
    editions: Sequence[tuple[str, str, str]] = ()
