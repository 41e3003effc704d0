"""Builds the site: pages, search index and data, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec

from generator.alphabet import Alphabets
from generator.assets import Assets, collect_assets
from generator.build_state import BuildReport, BuildState, code_key, key_of
from generator.cms import cms_files
from generator.corrections_page import Corrections
from generator.exports.datapackage import Licence
from generator.exports.jobs import ExportJob, ExportOptions, Exports, job_groups, write_group
from generator.frames import PageForm
from generator.kept_files import read_kept, write_kept
from generator.library import Library
from generator.media import MEDIA_FORM, MediaLibrary
from generator.media_copies import PictureError
from generator.moved_page import redirect_files
from generator.page_jobs import Job, PageJobs
from generator.pages import Page, Pages
from generator.precompress import SUFFIXES, compressed, is_compressed
from generator.present import Presenter, site_context
from generator.related import related
from generator.render import Renderer, environment
from generator.search_pages import FOLDER, search_schema, search_script, write_search
from generator.share_pictures import SharePictures
from generator.sharing import Sharing
from generator.site_options import SiteOptions
from generator.sitemap import search_engine_files
from generator.store import Manifest, Store, StoreError, digest_of
from generator.template_keys import TemplateKeys
from generator.views import Views
from generator.workers import run
from search.document import schema_hash
from search.tables import keep_in

CHUNK = 150

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class BuildOptions:
    """How and where a site is built. theme: template folders, the first wins. prose: pages made by the shell."""

    output: Path
    theme: Sequence[Path]
    cache: Path
    site: SiteOptions = field(default_factory=SiteOptions)
    prose: Path | None = None
    jobs: int = 1
    keep: int = 1


class Made(NamedTuple):
    """A file that was made: path in the site, key of its inputs, digest; of a page, how it was put together."""

    path: str
    key: bytes
    digest: bytes
    form: PageForm | None = None


def build_site(library: Library, options: BuildOptions, progress: Progress | None = None) -> BuildReport:
    """Makes the site of `library` live. Raises StoreError where it cannot be written; what was live then stays."""
    store = Store(options.output, options.keep)
    with store.locked():
        build = Build(library, options, store)
        return build.run(progress)


def site_assets(theme: Sequence[Path]) -> Assets:
    """Styles and scripts of the theme folders and of the search."""
    return collect_assets([("", folder / "assets") for folder in theme], {"search/search.js": search_script()})


class Build:
    """One build: what has to be made, making it, publishing it."""

    def __init__(self, library: Library, options: BuildOptions, store: Store) -> None:
        self.library = library
        self.options = options
        self.store = store
        keep_in(options.cache / "search")
        self.assets = site_assets(options.theme)
        self.views = Views(library)
        self.media = MediaLibrary(library, options.cache, options.jobs)
        self.presenter = Presenter(library, self.views, options.site, self.media)
        share_limit = options.site.share_limit if options.site.url else 0
        self.share = SharePictures(library, self.views, options.cache, share_limit)
        self.env = environment(options.theme, options.cache / "templates")
        renderer = Renderer(self.env, site_context(library.scheme, options.site), self.assets.root)
        alphabets = Alphabets(self.views, ("项目名称", self.presenter.unit_label))
        sharing = Sharing(library.scheme, options.site.url)
        told = ExportOptions(
            site=options.site.url,
            version=options.site.version,
            licence=Licence(*options.site.licence),
            cache=options.cache,
        )
        self.exports = Exports(library, self.views, told)
        corrections = Corrections(self.exports.published)
        rankings = self.exports.rankings
        self.pages = Pages(library, self.presenter, renderer, alphabets, sharing, self.share, corrections, rankings)
        self.page_jobs = PageJobs(
            library,
            self.views,
            self.presenter,
            alphabets,
            related(library.public, options.cache / "related.msgpack"),
            self.share,
            corrections,
            rankings,
            TemplateKeys(self.env, options.theme, self.assets.root),
            self._common_key(),
        )
        self.before = BuildState()
        self.published: Manifest = {}
        self.tasks: list[Sequence[Job] | Sequence[ExportJob]] = []

    def _common_key(self) -> bytes:
        """Key of what every page depends on: versions, scheme, options."""
        return key_of(
            code_key(),
            self.library.scheme.model_dump_json(),
            # Which round is in public notice belongs to the keys of the pages that lead to it.
            msgspec.json.encode(replace(self.options.site, notice=0)),
            MEDIA_FORM,
            self.share.form,
        )

    def run(self, progress: Progress | None) -> BuildReport:
        state_path = self.options.cache / "state.msgpack"
        published = self.published = self.store.manifest(self.store.current())
        before = self.before = read_kept(state_path, BuildState) or BuildState()
        self.store.clear_fresh()
        state = BuildState({})
        todo: list[Job] = []
        exports: list[ExportJob] = []
        for job in self._everything():
            digest = before.known(job.path, job.key, published)
            if digest is not None:
                state.files[job.path] = (job.key, digest)
                if job.path in before.pages:
                    state.pages[job.path] = before.pages[job.path]
            elif isinstance(job, Job):
                todo.append(job)
            else:
                exports.append(job)
        written: set[str] = set()
        self.prepare_pictures(todo, progress)
        for made in self._make_all(todo, exports, progress):
            state.files[made.path] = (made.key, made.digest)
            written.add(made.path)
            if made.form is not None:
                state.pages[made.path] = made.form
        searched, indexed = self._search(before, published)
        state.groups[FOLDER] = self.search_key
        state.files |= {path: (b"", digest) for path, digest in searched.items()}
        written |= indexed
        written |= self._compress(state, before, published, written)
        manifest: Manifest = {path: digest for path, (_, digest) in state.files.items()}
        current = self.store.current()
        number = current if current and manifest == published else self.store.publish(manifest, written)
        write_kept(state_path, state)
        return BuildReport(len(manifest), len(written), number)

    # what there is to make

    def _everything(self) -> Iterator[Job | ExportJob]:
        yield from self.jobs()
        yield from self.exports.jobs()

    def jobs(self) -> Iterator[Job]:
        """Every file but the data."""
        yield from self.page_jobs.jobs()
        yield from self._copies()
        site = self.options.site
        for path, content in redirect_files(self.library, site.url):
            yield Job(path, key_of(content), "content", content)
        for path, content in search_engine_files(self.library, self.views, site.url, [url for _, url in site.prose]):
            yield Job(path, key_of(content), "content", content)
        if site.cms is not None:
            for path, content in cms_files(self.library.scheme, site.cms):
                yield Job(path, key_of(content), "content", content)
        for file in self.media.files():
            yield Job(file.url, file.key, "media", file)
        for shared in self.share.files():
            yield Job(shared.url, shared.key, "share", shared)

    # making

    def prepare_pictures(self, todo: Sequence[Job], progress: Progress | None) -> None:
        """Makes the copies of pictures that `todo` needs; each picture once, wherever it is shown."""
        try:
            self.media.prepare([job.argument for job in todo if job.kind == "media"], progress)
        except PictureError as error:
            raise StoreError(str(error)) from None

    def _make_all(self, todo: Sequence[Job], exports: Sequence[ExportJob], progress: Progress | None) -> Iterator[Made]:
        """Makes the files of `todo` and `exports` in the fresh folder."""
        paths = [*(job.path for job in todo), *(job.path for job in exports)]
        for folder in {os.path.dirname(path) for path in paths}:
            (self.store.fresh / folder).mkdir(parents=True, exist_ok=True)
        self.tasks = [*job_groups(exports), *(todo[start : start + CHUNK] for start in range(0, len(todo), CHUNK))]
        done, total = 0, len(paths)
        # Workers inherit the tasks and get their numbers: a view is too large to be sent for each of its pages.
        for results in run(_make_task, range(len(self.tasks)), self.options.jobs, self):
            yield from results
            done += len(results)
            if progress is not None:
                progress("网页和数据", done, total)

    def make(self, job: Job) -> tuple[bytes, PageForm | None]:
        """Content of the file of `job`; of a page, how it was put together."""
        if not job.article:
            return self._file(job), None
        page = self._reframed(job) or self.pages.make(job)
        return page.content, page.form

    def _reframed(self, job: Job) -> Page | None:
        """The page of `job` from the published one, where only the frame has changed."""
        form = self.before.pages.get(job.path)
        digest = self.published.get(job.path)
        if form is None or form.article != job.article or self.before.files[job.path][1] != digest:
            return None
        try:
            content = (self.store.live / job.path).read_bytes()
        except OSError:
            return None
        return self.pages.reframed(job, content, form) if digest_of(content) == digest else None

    def _file(self, job: Job) -> bytes:
        """Content of a file that is no page."""
        if job.kind == "content":
            return bytes(job.argument)
        if job.kind == "copy":
            return bytes(job.argument.read_bytes())
        if job.kind == "media":
            return self.media.content(job.argument)
        return self.share.content(job.argument)

    def _copies(self) -> Iterator[Job]:
        """Assets, and the pages of prose that the shell made."""
        for name, path in self.assets.files.items():
            kind = "content" if isinstance(path, bytes) else "copy"
            yield Job(self.assets.root + name, key_of("asset", self.assets.root), kind, path)
        if self.options.prose is not None:
            for path in sorted(self.options.prose.rglob("*")):
                if path.is_file():
                    name = path.relative_to(self.options.prose).as_posix()
                    yield Job(name, key_of("prose", path.read_bytes()), "copy", path)

    def _compress(self, state: BuildState, before: BuildState, published: Manifest, written: set[str]) -> set[str]:
        """Adds the compressed copies to `state`; the paths of those that were made anew."""
        todo: list[tuple[str, Path]] = []
        for path, (_, digest) in list(state.files.items()):
            if not is_compressed(path):
                continue
            for suffix in SUFFIXES:
                if path + suffix in state.files:  # made with the file itself
                    continue
                known = before.known(path + suffix, digest, published)
                if known is not None:
                    state.files[path + suffix] = (digest, known)
                else:
                    source = self.store.fresh if path in written else self.store.live
                    (self.store.fresh / path).parent.mkdir(parents=True, exist_ok=True)
                    todo.append((path + suffix, source / path))
        for copy, digest in run(_compress_one, todo, self.options.jobs, self.store.fresh):
            state.files[copy] = (state.files[copy[:-3]][1], digest)
        return {copy for copy, _ in todo}

    @cached_property
    def search_key(self) -> bytes:
        """Key of what the index is made of."""
        return key_of(
            code_key(),
            schema_hash(search_schema(self.library)),
            str(self.options.site.portable),
            *(entry.digest for entry in self.library.public),
        )

    def _search(self, before: BuildState, published: Manifest) -> tuple[dict[str, bytes], set[str]]:
        """Digest of each file of the index by its path, and the paths of those that were written."""
        known = before.known_group(FOLDER, self.search_key, published)
        if known is not None:
            return known, set()
        portable = self.options.site.portable
        for live in (self.store.live, None):
            made = list(
                write_search(self.library, self.store.fresh, self.options.cache, self.options.jobs, live, portable)
            )
            if all(written or published.get(path) == digest for path, digest, written in made):
                break
        return {path: digest for path, digest, _ in made}, {path for path, _, written in made if written}


def _compress_one(task: tuple[str, Path], fresh: Path) -> tuple[str, bytes]:
    copy, source = task
    content = compressed(source.read_bytes(), copy[-3:])
    (fresh / copy).write_bytes(content)
    return copy, digest_of(content)


def _make_task(number: int, build: Build) -> list[Made]:
    jobs = build.tasks[number]
    if isinstance(jobs[0], ExportJob):
        group = [job for job in jobs if isinstance(job, ExportJob)]
        return [Made(*made) for made in write_group(build.exports, group, build.store.fresh)]
    results = []
    fresh = str(build.store.fresh)
    for job in jobs:
        assert isinstance(job, Job)
        content, form = build.make(job)
        with open(os.path.join(fresh, job.path), "wb") as stream:
            stream.write(content)
        results.append(Made(job.path, job.key, digest_of(content), form))
    return results
