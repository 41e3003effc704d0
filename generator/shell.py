"""The build of the command line: MkDocs for the pages of prose, only where they changed; then the core.

What MkDocs made and decided is kept in the cache under a key of everything it read, so that a build that only
concerns records does not start MkDocs at all. The result is that of `mkdocs build`.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.build_state import CACHE, BuildReport
from generator.checking.diagnostics import has_errors, summary
from generator.kept_files import database_errors, read_kept, reason_of, write_kept
from generator.keys import code_key, digest_of_files, key_of
from generator.scheme.logo import FOLDER as BRAND_FOLDER
from generator.site_options import PortalPart, SiteOptions
from generator.stamps import stamp_of_tree
from generator.store import Store, StoreError
from search import bundle

# What a build without changes does not need is imported where it is used.
if TYPE_CHECKING:
    from generator.plugin import CaseLibraryPlugin
    from generator.records.library import Library
    from generator.site import BuildOptions

MOST_LINES = 50
_DISK = "磁盘写不下或写不了，没有生成网站，已发布的网站不变"

# Names of the environment's variables that a configuration asks for.
_ENV = re.compile(r"!ENV\s+(\[[^\]]*\]|\w+)")

Progress = Callable[[str, int, int], None]


class ShellError(Exception):
    """The build stopped before it wrote. lines: what is wrong, one finding each."""

    def __init__(self, message: str, lines: Sequence[str] = ()) -> None:
        super().__init__("\n".join([*lines, message]))
        self.lines = list(lines) or [message]


class ShellState(msgspec.Struct):
    """What MkDocs read and decided. Paths are absolute."""

    key: bytes
    library: str
    docs: str
    theme: list[str]
    output: str
    prose: str
    site: SiteOptions
    jobs: int
    keep: int


class Built(msgspec.Struct):
    """The last build: identity of all it was made from, of the site that it published, and what it told."""

    made_from: bytes
    site: bytes
    files: int
    number: int


class Shell:
    """Builds the site that a mkdocs.yml describes, again and again.

    version: of the data, in place of what the configuration says. part: of a portal, where it is built as one.
    """

    def __init__(self, config: Path, version: str = "", part: PortalPart | None = None) -> None:
        self.config = config.resolve()
        self.version = version
        self.base = self.config.parent
        self.part = part
        self.cache = part.cache if part else self.base / CACHE
        self.state: ShellState | None = None

    @property
    def output(self) -> Path:
        """The published folder; known after the first build or attempt."""
        return Path(self.state.output) if self.state else self.base / "site"

    def sources(self) -> list[Path]:
        """Files and folders whose change calls for a new build."""
        assert self.state is not None
        folders = (self.state.library, self.state.docs, *self.state.theme)
        found = [*_configurations(self.config), *map(Path, folders)]
        return [path for path in found if path.exists()]

    def build(self, progress: Progress | None = None, notice: int | None = None) -> BuildReport:
        """Builds the site. Raises ShellError where something is wrong; what was published then stays.

        notice: the round in public notice, in place of what the configuration says.
        """
        state = self.prepare()
        if notice is not None:
            state = msgspec.structs.replace(state, site=replace(state.site, notice=notice))
        # Taken before anything is read: what changes while the site is built is seen by the next build.
        records = stamp_of_tree(Path(state.library))
        made_from = key_of(state.key, bundle.script(), str(state.site.notice), records)
        store = Store(Path(state.output), state.keep)
        last = read_kept(self.cache / "built.msgpack", Built)
        if last is not None and last.made_from == made_from and last.site == store.identity() != b"":
            return BuildReport(last.files, 0, last.number)
        try:
            report = self._build(state, progress)
        except OSError as error:
            raise ShellError(f"{_DISK}：{reason_of(error)}") from None
        except database_errors() as error:
            raise ShellError(f"{_DISK}：{error}") from None
        built = Built(made_from, store.identity(), report.files, report.number)
        write_kept(self.cache / "built.msgpack", built)
        return report

    def _build(self, state: ShellState, progress: Progress | None) -> BuildReport:
        from generator.site import build_site

        # Nearly all that a build makes lives to its end; to look for what does not takes a seventh of an edit's time.
        collected = gc.isenabled()
        gc.disable()
        try:
            library, options = self._ready(state, progress)
            return build_site(library, options, progress)
        except StoreError as error:
            raise ShellError(str(error)) from None
        finally:
            if collected:
                gc.enable()

    def ready(self, progress: Progress | None = None) -> tuple[Library, BuildOptions]:
        """The library and how its site is built. Raises ShellError where something is wrong."""
        return self._ready(self.prepare(), progress)

    def _ready(self, state: ShellState, progress: Progress | None) -> tuple[Library, BuildOptions]:
        from generator.pages.notice import notice_problem
        from generator.reading import read_library
        from generator.site import BuildOptions

        library, found = read_library(
            Path(state.library),
            self.base,
            cache=self.cache,
            jobs=state.jobs,
            progress=(lambda done, todo: progress("记录", done, todo)) if progress else None,
        )
        if library is None or has_errors(found):
            errors = [diagnostic.text() for diagnostic in found if diagnostic.is_error]
            more = (
                [f"……还有 {len(errors) - MOST_LINES} 个错误，caselib check 列出全部"]
                if len(errors) > MOST_LINES
                else []
            )
            message = f"没有生成网站，已发布的网站不变。{summary(found)}"
            raise ShellError(message, errors[:MOST_LINES] + more)
        if problem := notice_problem(library, state.site.notice):
            raise ShellError(f"没有生成网站，已发布的网站不变。{problem}")
        options = BuildOptions(
            output=Path(state.output),
            theme=[Path(folder) for folder in state.theme],
            cache=self.cache,
            site=state.site,
            prose=Path(state.prose),
            jobs=state.jobs,
            keep=state.keep,
        )
        return library, options

    def prepare(self) -> ShellState:
        """What MkDocs made and decided, from the cache where it read the same. Raises ShellError."""
        if not self.config.exists():
            raise ShellError(f"没有配置文件 {self.config.name}；请在资料库的文件夹里运行，或用 --config 指明")
        known = self.state or read_kept(self.cache / "shell.msgpack", ShellState)
        if known is None or known.key != self._key(known):
            known = self._run_mkdocs()
        self.state = known
        return known

    def _key(self, state: ShellState) -> bytes:
        """Key of everything that MkDocs reads."""
        from mkdocs import __version__ as mkdocs_version

        files = [*_configurations(self.config), Path(state.library) / "scheme.yml"]
        folders = (state.docs, *state.theme, f"{state.library}/{BRAND_FOLDER}")
        files += [path for folder in folders for path in _files(Path(folder))]
        named = [(str(path), path) for path in files if path.is_file()]
        asked = [name for path in _configurations(self.config) for name in _ENV.findall(path.read_text("utf-8"))]
        values = [f"{name}={os.environ.get(name, '')}" for names in asked for name in re.findall(r"\w+", names)]
        return key_of(code_key(), mkdocs_version, self.version, repr(self.part), digest_of_files(named), *values)

    def _run_mkdocs(self) -> ShellState:
        from mkdocs.commands.build import build
        from mkdocs.config import load_config
        from mkdocs.exceptions import MkDocsException

        from generator.plugin import CaseLibraryPlugin

        logging.basicConfig(format="%(message)s", level=logging.ERROR)
        try:
            config = load_config(str(self.config))
            plugin = _plugin(config.plugins.values(), CaseLibraryPlugin)
            if plugin is None:
                raise ShellError(f"{self.config.name} 的 plugins 里没有 caselib")
            plugin.prose_only = True
            plugin.part = self.part
            plugin.config.version = self.version or plugin.config.version
            shutil.rmtree(self.cache / "prose", ignore_errors=True)
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
            config.plugins.on_shutdown()
        except MkDocsException as error:
            raise ShellError(str(error)) from None
        options = plugin.options
        assert options is not None and options.prose is not None
        state = ShellState(
            key=b"",
            library=str(plugin.library_folder),
            docs=str(config.docs_dir),
            theme=[str(folder) for folder in options.theme],
            output=str(options.output),
            prose=str(options.prose),
            site=options.site,
            jobs=options.jobs,
            keep=options.keep,
        )
        state.key = self._key(state)
        write_kept(self.cache / "shell.msgpack", state)
        return state


def site_address(config: Path) -> str:
    """The public address of the site that `config` describes, empty where it names none. Raises ShellError."""
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    if not config.exists():
        return ""
    logging.basicConfig(format="%(message)s", level=logging.ERROR)
    try:
        return str(load_config(str(config)).site_url or "")
    except MkDocsException as error:
        raise ShellError(str(error)) from None


def _plugin(plugins: Iterable[object], kind: type[CaseLibraryPlugin]) -> CaseLibraryPlugin | None:
    return next((plugin for plugin in plugins if isinstance(plugin, kind)), None)


def _configurations(path: Path) -> Iterator[Path]:
    """The configuration file and those it inherits from."""
    seen: set[Path] = set()
    while path.is_file() and path not in seen:
        seen.add(path)
        yield path
        parent = re.search(r"^INHERIT:\s*[\"']?([^\"'#\n]+)", path.read_text("utf-8"), re.MULTILINE)
        if parent is None:
            return
        path = (path.parent / parent.group(1).strip()).resolve()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
