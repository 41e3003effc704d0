"""The real page of one record that may not be saved yet: the templates of the site over a library of a few cases."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from generator import urls
from generator.media.copies import copy_path, make_copies, read_picture
from generator.media.library import SiteFile, case_files, media_item, site_files
from generator.pages.chrome import site_context
from generator.pages.present import Presenter
from generator.records.library import Library
from generator.records.model import Case, Entry, entry_of
from generator.records.video import clean_video
from generator.scheme.model import Scheme
from generator.server import TYPES
from generator.shell import ShellState
from generator.site import site_assets
from generator.theming.assets import Assets
from generator.theming.contexts import MediaItem, PageContext
from generator.theming.render import Renderer, environment
from generator.views import Views

# Pages that are kept for the frame that asks for them.
KEPT = 20


@dataclass
class PagePreview:
    """Renders pages of records as the site of `state` has them. cache: folder of the copies of pictures.

    Similar cases are left out: they are found by comparing the whole library.
    """

    state: ShellState
    scheme: Scheme
    cache: Path
    pages: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    files: dict[str, SiteFile] = field(default_factory=dict)
    number: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        theme = [Path(folder) for folder in self.state.theme]
        self.phrases = self.scheme.words.phrases(self.state.site.language, theme)
        self.assets: Assets = site_assets(theme, self.phrases, self.scheme.brand, Path(self.state.library))
        env = environment(theme, self.phrases, self.cache / "templates")
        self.renderer = Renderer(env, site_context(self.scheme, self.state.site, self.phrases), self.assets.root)

    def show(self, case: Case, folder: Path, others: Sequence[Entry]) -> str:
        """Address, below the preview, of the page of `case` whose record stands in `folder`.

        others: what else the library holds; neighbours in the round and other cases of the unit are linked.
        """
        with self.lock:
            url = urls.case_url(case.id)
            page = self.render(case, folder, others)
            self.number += 1
            address = f"{self.number}/{url}"
            self.pages[address] = page
            while len(self.pages) > KEPT:
                self.pages.popitem(last=False)
            return address

    def render(self, case: Case, folder: Path, others: Sequence[Entry]) -> bytes:
        """The page of `case`, as `show` has it."""
        entry = entry_of(case, self.scheme, b"", str)
        known = case_files(case, folder)
        media: Mapping[str, Sequence[MediaItem]] = {case.id: [media_item(case.id, file) for file in known]}
        self.files |= {file.url: file for file in site_files(case.id, known, folder)}
        before, after = _neighbours(entry, others)
        same = [other for other in others if other.unit == entry.unit and other.id != entry.id]
        entries = {other.id: other for other in (*same, *(o for o in (before, after) if o is not None), entry)}
        library = Library(self.scheme, folder, tuple(entries[key] for key in sorted(entries)), lambda _: case)
        presenter = Presenter.of(library, Views(library), self.phrases, self.state.site, media)
        context = presenter.cases.context(case, before, after, [])
        title = self.phrases("已撤销：{id}", id=case.id) if context.revoked else case.title
        page = PageContext(urls.case_url(case.id), title, case.summary or "", urls.YEARS, head=Markup())
        content, _ = self.renderer.render("case.html", context, page)
        return content

    def file(self, address: str) -> tuple[str, bytes] | None:
        """Type and content of what stands at an address below the preview: a page, an asset, a picture."""
        page = self.pages.get(address)
        if page is not None:
            return TYPES[".html"], page
        number, _, path = address.partition("/")
        if not number.isdigit():
            return None
        kind = TYPES.get(Path(path).suffix, "application/octet-stream")
        if path.startswith(self.assets.root):
            source = self.assets.files.get(path.removeprefix(self.assets.root))
            if source is not None:
                return kind, source if isinstance(source, bytes) else source.read_bytes()
        media = self.files.get(path)
        return (_media_type(path), self._media(media)) if media is not None else None

    def _media(self, file: SiteFile) -> bytes:
        if not file.suffix:
            return clean_video(file.source)
        copies = self.cache / "media"
        path = copy_path(copies, file.digest, file.width, file.suffix)
        with self.lock:
            if not path.exists():
                make_copies(file.source, file.digest, read_picture(file.source).orientation, copies)
        return path.read_bytes()


def _media_type(path: str) -> str:
    kinds = {".jpg": "image/jpeg", ".mp4": "video/mp4", ".webm": "video/webm"}
    suffix = Path(path).suffix
    return kinds.get(suffix) or TYPES[suffix]


def _neighbours(entry: Entry, others: Sequence[Entry]) -> tuple[Entry | None, Entry | None]:
    """The public cases before and after `entry` in its round. others: in order of id."""
    if not entry.is_public:
        return None, None
    same = [other for other in others if other.year == entry.year and other.is_public and other.id != entry.id]
    before = [other for other in same if other.id < entry.id]
    return (before[-1] if before else None), (same[len(before)] if len(before) < len(same) else None)
