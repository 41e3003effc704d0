"""Builds a portal: every library as it is alone but for a link back, the portal's own pages, published in one step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from generator.build_state import CACHE, BuildReport
from generator.kept_files import reason_of
from generator.packaged import THEME
from generator.portal.config import Portal
from generator.portal.pages import BuiltLibrary, portal_files
from generator.precompress import SUFFIXES, compressed, is_compressed
from generator.scheme.words import Words
from generator.shell import Shell, ShellError
from generator.site_options import PortalPart
from generator.store import Manifest, Part, Store, StoreError, digest_of, files_of, size_of
from generator.theming.assets import collect_assets
from search.portal_bundle import portal_script

# Told of each library as it is built: its name in the address, then as the shell tells.
Progress = Callable[[str, int, int], None]
SCRIPT = "search/portal-search.js"


def build_portal(config: Path, portal: Portal, progress: Progress | None = None) -> BuildReport:
    """Makes the portal live. Raises ShellError or StoreError where it cannot; what was live then stays."""
    base = config.resolve().parent
    store = Store(base / portal.output)
    with store.locked():
        cache = base / CACHE / "portal"
        built = [_build_library(base, portal, number, cache, progress) for number in range(len(portal.libraries))]
        return _publish(portal, built, store)


def _build_library(base: Path, portal: Portal, number: int, cache: Path, progress: Progress | None) -> Store:
    """Builds a library into its own store, from its own cache."""
    library = portal.libraries[number]
    home = cache / library.path
    part = PortalPart(portal.name, "../index.html", home, home / "site")
    shell = Shell(base / library.folder / "mkdocs.yml", part=part)
    try:
        address = shell.prepare().site.url
        if portal.url and address != f"{portal.url}{library.path}/":
            raise ShellError(
                f"{library.folder}/mkdocs.yml 的 site_url 是「{address}」，"
                f"在总库里应为「{portal.url}{library.path}/」；没有生成总库，已发布的不变"
            )
        shell.build(progress)
    except ShellError as error:
        raise ShellError(f"总库里的「{library.path}」没有生成", error.lines) from None
    return Store(part.output)


def _publish(portal: Portal, built: Sequence[Store], store: Store) -> BuildReport:
    """Puts the libraries and the portal's pages together and makes them live, where anything has changed."""
    parts = [BuiltLibrary(library, site.live) for library, site in zip(portal.libraries, built, strict=True)]
    theme = [THEME]
    phrases = Words().phrases(portal.language, theme)
    script = portal_script(phrases.script(portal_script()))
    assets = collect_assets([("", THEME / "assets")], {SCRIPT: script.encode()})
    own: dict[str, bytes] = {}
    for name, source in assets.files.items():
        own[assets.root + name] = source if isinstance(source, bytes) else source.read_bytes()
    own |= dict(portal_files(portal, parts, assets, theme, phrases))
    for path in [path for path in own if is_compressed(path)]:
        own |= {path + suffix: compressed(own[path], suffix) for suffix in SUFFIXES}
    manifest: Manifest = {"": Part.of({path: digest_of(content) for path, content in own.items()})}
    sources: dict[str, Path] = {}
    for part, site in zip(parts, built, strict=True):
        files = files_of(site.manifest(site.current()).values())
        manifest[part.root] = Part.of({part.root + path: digest for path, digest in files.items()})
        sources |= {part.root + path: site.live / path for path in files}
    current = store.current()
    published = store.manifest(current)
    if current is not None and manifest == published:
        return BuildReport(size_of(manifest), 0, current)
    before = files_of(published.values())
    written = {path for path, digest in files_of(manifest.values()).items() if before.get(path) != digest}
    fresh = store.clear_fresh()
    try:
        for path in sorted(written):
            target = fresh / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if path in own:
                target.write_bytes(own[path])
            else:
                _link(sources[path], target)
        return BuildReport(size_of(manifest), len(written), store.publish(manifest, written))
    except OSError as error:
        raise StoreError(f"磁盘写不下或写不了，没有生成总库，已发布的不变：{reason_of(error)}") from None


def _link(source: Path, target: Path) -> None:
    """The built file a second time; another file system gets a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
