"""Builds the showcase: one page, its client, data, search and pictures; written whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.kiosk.content import PICTURE, Content, encoded, media_path
from generator.kiosk.geometry import style_sheet
from generator.kiosk.page import PageParts, render_page
from generator.kiosk.settings import KioskSettings, Screen
from generator.media.copies import PictureError
from generator.media.library import MediaLibrary, SiteFile
from generator.pages.related import related
from generator.pages.search import write_search
from generator.phrases import SOURCE, Phrases
from generator.records.library import Library
from generator.scheme.brand import Brand, brand_css
from generator.store import Store, StoreError, digest_of, digest_of_file, undivided
from generator.theming.assets import Assets, collect_assets
from generator.theming.render import environment
from search import bundle

FORMAT = 1
INDEX, ABOUT = "index.html", "kiosk.json"
# Styles of the site that the showcase uses as they are.
SHARED_STYLES = ("css/tokens.css",)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class KioskOptions:
    """How and where a showcase is built. theme: template folders, the first wins. release: its id, perhaps empty."""

    output: Path
    theme: Sequence[Path]
    cache: Path
    site: str = ""
    language: str = SOURCE
    release: str = ""
    jobs: int = 1
    keep: int = 1


@dataclass(frozen=True)
class KioskReport:
    """What was built. number: of the build that is live now."""

    files: int
    size: int
    cases: int
    playing: int
    version: str
    number: int


def build_kiosk(
    library: Library, settings: KioskSettings, options: KioskOptions, progress: Progress | None = None
) -> KioskReport:
    """Makes the showcase of `library` live. Raises StoreError where it cannot be written; what was live then stays."""
    store = Store(options.output, options.keep)
    with store.locked():
        return _Build(library, settings, options, store).run(progress)


class _Build:
    def __init__(self, library: Library, settings: KioskSettings, options: KioskOptions, store: Store) -> None:
        self.library = library
        self.settings = settings
        self.options = options
        self.store = store
        self.files: dict[str, bytes] = {}
        self.media = MediaLibrary(library, options.cache, options.jobs)
        self.phrases = library.scheme.words.phrases(options.language, options.theme)

    def run(self, progress: Progress | None) -> KioskReport:
        self.store.clear_fresh()
        similar = related(self.library.public, self.options.cache / "related.msgpack")
        content = Content(self.library, self.settings, self.media, similar, self.options.site)
        self._pictures(progress)
        search = self._search()
        data = self._data(content)
        assets = client_assets(self.options.theme, self.settings.screen, self.phrases, self.library.scheme.brand)
        for name, source in assets.files.items():
            self._write(assets.root + name, source if isinstance(source, bytes) else source.read_bytes())
        start = content.start() | {"data": data, "search": search}
        start_name = f"{data}start-{digest_of(encoded(start)).hex()[:12]}.json"
        self._write(start_name, encoded(start))
        version = self._version()
        env = environment(self.options.theme, self.phrases, self.options.cache / "templates")
        page = render_page(env, PageParts(content, start, assets, start_name, version, self.options.language))
        self._write(INDEX, page)
        self._write(ABOUT, encoded(self._about(content, version)))
        return self._publish(content, start, version)

    def _publish(self, content: Content, start: dict[str, list[object]], version: str) -> KioskReport:
        size = sum((self.store.fresh / path).stat().st_size for path in self.files)
        current = self.store.current()
        if current is not None and undivided(self.files) == self.store.manifest(current):
            number = current
            shutil.rmtree(self.store.fresh)
        else:
            number = self.store.publish(undivided(self.files), set(self.files))
        return KioskReport(len(self.files), size, len(content.cases), len(start["playlist"]), version, number)

    def _write(self, path: str, content: bytes) -> None:
        target = self.store.fresh / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.files[path] = digest_of(content)

    def _pictures(self, progress: Progress | None) -> None:
        files = [file for file in self.media.files() if file.suffix in ("", PICTURE)]
        try:
            self.media.prepare(files, progress, (PICTURE,))
        except PictureError as error:
            raise StoreError(str(error)) from None
        for file in files:
            self._write(_path_of(file), self.media.content(file))

    def _search(self) -> str:
        """Writes the index; its folder, named by what is in it."""
        for _ in write_search(self.library, self.phrases, self.store.fresh, self.options.cache, self.options.jobs):
            pass
        made = self.store.fresh / "search"
        files = {p.relative_to(made).as_posix(): digest_of_file(p) for p in sorted(made.rglob("*")) if p.is_file()}
        root = f"data/search-{digest_of(encoded(sorted((n, d.hex()) for n, d in files.items()))).hex()[:12]}/"
        (self.store.fresh / "data").mkdir(exist_ok=True)
        made.rename(self.store.fresh / root)
        self.files |= {root + name: digest for name, digest in files.items()}
        return root

    def _data(self, content: Content) -> str:
        """Writes the data; its folder, named by what is in it."""
        files = dict(content.files())
        names = [(name, digest_of(body).hex()) for name, body in files.items()]
        root = f"data/{digest_of(encoded(names)).hex()[:12]}/"
        for name, body in files.items():
            self._write(root + name, body)
        return root

    def _version(self) -> str:
        """Stamp of everything but the page itself, which follows from it."""
        return digest_of(encoded([(path, self.files[path].hex()) for path in sorted(self.files)])).hex()[:16]

    def _about(self, content: Content, version: str) -> dict[str, object]:
        settings, scheme = self.settings, self.library.scheme
        return {
            "format": FORMAT,
            "organiser": scheme.name,
            "version": version,
            "release": self.options.release,
            "date": content.day.isoformat(),
            "cases": len(content.cases),
            "screen": settings.screen.model_dump(),
            "idle": settings.idle.model_dump(),
            "hours": settings.hours.model_dump() if settings.hours else None,
        }


def client_assets(theme: Sequence[Path], screen: Screen, phrases: Phrases, brand: Brand) -> Assets:
    """Client, styles and the modules of the search, what they say, the sizes of `screen` and the colours."""
    clients = [folder / "kiosk" / "client" for folder in theme]
    scripts = [*bundle.files(), *(path for folder in clients for path in sorted(folder.glob("*.js")))]
    texts = phrases.script("".join(path.read_text("utf-8") for path in scripts))
    made = {f"search/{path.name}": bundle.module(path.name, texts).encode() for path in bundle.files()}
    for name in SHARED_STYLES:
        found = next((folder / "assets" / name for folder in theme if (folder / "assets" / name).is_file()), None)
        if found is not None:
            made[name] = found.read_bytes()
    made["css/screen.css"] = style_sheet(screen)
    if brand.has_colours:
        made["css/brand.css"] = brand_css(brand)
    return collect_assets([("", folder) for folder in clients], made)


def _path_of(file: SiteFile) -> str:
    return media_path(file.url)
