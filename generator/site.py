"""Builds the site: pages, search index and data, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path

import msgspec

from generator.build_plan import Made, Plan
from generator.build_state import BuildReport, BuildState, JobGroup
from generator.cms import cms_files
from generator.exports.datapackage import Licence
from generator.exports.jobs import GIVEN, ExportJob, ExportOptions, Exports, job_groups, write_group
from generator.kept_files import read_kept, write_kept
from generator.keys import code_key, key_of
from generator.media.copies import PictureError
from generator.media.library import MEDIA_FORM, MediaLibrary
from generator.pages.alphabet import Alphabets
from generator.pages.chrome import site_context
from generator.pages.corrections import Corrections
from generator.pages.jobs import Job, PageJobs
from generator.pages.making import Page, Pages
from generator.pages.moved import redirect_files
from generator.pages.present import Presenter
from generator.pages.related import related
from generator.pages.search import FOLDER, TEXTS, search_schema, search_script, texts_script, write_search
from generator.pages.sitemap import search_engine_files
from generator.phrases import Phrases
from generator.precompress import SUFFIXES, compressed, is_compressed
from generator.records.library import Library
from generator.scheme.brand import Brand, brand_css
from generator.sharing.facts import Sharing
from generator.sharing.pictures import SharePictures
from generator.site_options import SiteOptions
from generator.store import Store, StoreError, digest_of, files_of, size_of
from generator.theming.assets import Assets, collect_assets
from generator.theming.frames import PageForm
from generator.theming.render import Renderer, environment
from generator.theming.template_keys import TemplateKeys
from generator.views import Views
from generator.workers import ahead, run
from search.document import schema_hash
from search.tables import keep_in

BRAND_CSS = "css/brand.css"
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


def build_site(library: Library, options: BuildOptions, progress: Progress | None = None) -> BuildReport:
    """Makes the site of `library` live. Raises StoreError where it cannot be written; what was live then stays."""
    store = Store(options.output, options.keep)
    with store.locked():
        build = Build(library, options, store)
        return build.run(progress)


def site_assets(theme: Sequence[Path], phrases: Phrases, brand: Brand, folder: Path) -> Assets:
    """Styles and scripts of the theme folders and of the search, what scripts say, the colours and the logo.

    folder: of the library.
    """
    scripts = [path for folder in theme for path in sorted((folder / "assets").rglob("*.js"))]
    made = {"search/search.js": search_script(phrases), TEXTS: texts_script(phrases, scripts)}
    if brand.has_colours:
        made[BRAND_CSS] = brand_css(brand)
    if brand.logo:
        made[brand.logo_name] = (folder / brand.logo).read_bytes()
    return collect_assets([("", folder / "assets") for folder in theme], made)


class Build:
    """One build: what has to be made, making it, publishing it."""

    def __init__(self, library: Library, options: BuildOptions, store: Store) -> None:
        self.library = library
        self.options = options
        self.store = store
        keep_in(options.cache / "search")
        self.phrases = library.scheme.words.phrases(options.site.language, options.theme)
        self.assets = site_assets(options.theme, self.phrases, library.scheme.brand, library.folder)
        self.views = Views(library)
        self.media = MediaLibrary(library, options.cache, options.jobs)
        self.presenter = Presenter.of(library, self.views, self.phrases, options.site, self.media)
        share_limit = options.site.share_limit if options.site.url else 0
        self.share = SharePictures(library, self.views, options.cache, share_limit)
        self.env = environment(options.theme, self.phrases, options.cache / "templates")
        renderer = Renderer(self.env, site_context(library.scheme, options.site, self.phrases), self.assets.root)
        links = self.presenter.links
        alphabets = Alphabets(self.views, (links.core_label("title"), links.core_label("unit")))
        sharing = Sharing(library.scheme, options.site.url, self.phrases)
        told = ExportOptions(
            site=options.site.url,
            version=options.site.version,
            licence=Licence(*options.site.licence),
            cache=options.cache,
        )
        self.exports = Exports(library, self.views, told)
        corrections = Corrections(self.exports.published, self.phrases)
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
            TemplateKeys(self.env, options.theme, self.assets.root, options.cache / "templates.msgpack"),
            self._common_key(),
        )
        self.plan = Plan(BuildState(), {})
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
        published = self.store.manifest(self.store.current())
        plan = self.plan = Plan(read_kept(state_path, BuildState) or BuildState(), published)
        self.store.clear_fresh()
        jobs = self.options.jobs
        indexed = plan.carry(FOLDER, self.search_key)
        whole = list(job_groups(plan.look_into([self.exports.whole_group()])))
        self._make_folders(job.path for group in whole for job in group)
        # The longest pieces of work that cannot be divided well begin before all else is looked into. An index that
        # is made whole comes after the pages: both at once would take too much memory.
        early = not indexed and FOLDER in published
        with (
            ahead(_make_jobs, whole, jobs, self) as made_whole,
            ahead(_write_search, (max(1, jobs // 2),) if early else (), jobs, self) as index,
        ):
            todo = list(plan.look_into(self.groups()))
            exports = list(plan.look_into(self.exports.groups()))
            self.prepare_pictures(todo, progress)
            for made in self._make_all(todo, exports, progress):
                plan.made(made)
            for made in chain.from_iterable(made_whole()):
                plan.made(made)
            searched = index()
        if not indexed:
            plan.made_together(FOLDER, self.search_key, searched[0] if early else self.write_index(jobs))
        state, manifest = plan.finish()
        current = self.store.current()
        number = current if current and manifest == published else self.store.publish(manifest, plan.written)
        write_kept(state_path, state)
        return BuildReport(size_of(manifest), len(plan.written), number)

    # what there is to make

    def groups(self) -> Iterator[JobGroup[Job]]:
        """Every file but the data and the search, in groups."""
        yield from self.page_jobs.groups()
        yield JobGroup("files", b"", self._files)

    def jobs(self) -> Iterator[Job]:
        """Every file but the data and the search."""
        for group in self.groups():
            yield from group.jobs()

    def _files(self) -> Iterator[Job]:
        """Every file that is no page."""
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
        self._make_folders(job.path for jobs in (exports, todo) for job in jobs)
        self.tasks = [*job_groups(exports), *(todo[start : start + CHUNK] for start in range(0, len(todo), CHUNK))]
        done, total = 0, len(exports) + len(todo)
        # Workers inherit the tasks and get their numbers: a view is too large to be sent for each of its pages.
        for results in run(_make_task, range(len(self.tasks)), self.options.jobs, self):
            yield from results
            done += sum(made.key != b"" for made in results)  # copies are made with their files
            if progress is not None:
                progress("网页和数据", done, total)

    def _make_folders(self, paths: Iterable[str]) -> None:
        for folder in {os.path.dirname(path) for path in paths}:
            (self.store.fresh / folder).mkdir(parents=True, exist_ok=True)

    def make(self, job: Job) -> tuple[bytes, PageForm | None]:
        """Content of the file of `job`; of a page, how it was put together."""
        if not job.article:
            return self._file(job), None
        page = self._reframed(job) or self.pages.make(job)
        return page.content, page.form

    def _reframed(self, job: Job) -> Page | None:
        """The page of `job` from the published one, where only the frame has changed."""
        form, digest = self.plan.stood.get(job.path, (None, b""))
        if form is None or form.article != job.article:
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

    @cached_property
    def search_key(self) -> bytes:
        """Key of what the index is made of."""
        return key_of(
            code_key(),
            schema_hash(search_schema(self.library, self.phrases)),
            str(self.options.site.portable),
            *(entry.digest for entry in self.library.public),
        )

    def write_index(self, jobs: int) -> list[tuple[str, bytes, bool]]:
        """Writes the search index; path and digest of each of its files, and whether it stands in the fresh folder."""
        portable, fresh = self.options.site.portable, self.store.fresh
        stands = files_of([part for name, part in self.plan.published.items() if name == FOLDER])
        for live in (self.store.live, None):
            made = list(write_search(self.library, self.phrases, fresh, self.options.cache, jobs, live, portable))
            if all(written or stands.get(path) == digest for path, digest, written in made):
                break
        for path, _, written in list(made):
            copies = [path + suffix for suffix in SUFFIXES] if is_compressed(path) else []
            if written:
                made += [(*copy, True) for copy in self.copies(path)]
            else:
                made += [(copy, stands[copy], False) for copy in copies]
        return made

    def copies(self, path: str) -> list[tuple[str, bytes]]:
        """Path and digest of the compressed copies of a file of the fresh folder, which are made; few kinds have any.

        A copy that is a file of its own (data/cases.csv.gz) is made there.
        """
        if not is_compressed(path):
            return []
        content = (self.store.fresh / path).read_bytes()
        made = []
        for copy in (path + suffix for suffix in SUFFIXES):
            if copy not in GIVEN:
                packed = compressed(content, copy[-3:])
                (self.store.fresh / copy).write_bytes(packed)
                made.append((copy, digest_of(packed)))
        return made


def _write_search(jobs: int, build: Build) -> list[tuple[str, bytes, bool]]:
    return build.write_index(jobs)


def _make_task(number: int, build: Build) -> list[Made]:
    return _make_jobs(build.tasks[number], build)


def _make_jobs(jobs: Sequence[Job] | Sequence[ExportJob], build: Build) -> list[Made]:
    fresh = str(build.store.fresh)
    results = []
    if isinstance(jobs[0], ExportJob):
        group = [job for job in jobs if isinstance(job, ExportJob)]
        results = [Made(*made) for made in write_group(build.exports, group, build.store.fresh)]
    else:
        for job in jobs:
            assert isinstance(job, Job)
            content, form = build.make(job)
            with open(os.path.join(fresh, job.path), "wb") as stream:
                stream.write(content)
            results.append(Made(job.path, job.key, digest_of(content), form))
    return results + [Made(copy, b"", digest) for made in results for copy, digest in build.copies(made.path)]
