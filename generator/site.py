"""Builds the site: pages, search index and data, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from generator import urls
from generator.alphabet import Alphabet, Alphabets
from generator.assets import Assets, collect_assets
from generator.build_state import BuildState, code_key, digest_of_files, key_of, read_state, write_state
from generator.contexts import AlphabetContext, PageContext, PageLinks
from generator.corrections_page import LABEL as CORRECTIONS
from generator.corrections_page import Corrections
from generator.exports.datapackage import Licence
from generator.exports.jobs import ExportJob, ExportOptions, Exports, job_groups, write_group
from generator.library import Library
from generator.media import MEDIA_FORM, MediaLibrary
from generator.media_copies import PictureError
from generator.model import Entry
from generator.precompress import SUFFIXES, compressed, is_compressed
from generator.present import SHOWN, Presenter, SiteOptions, site_context
from generator.related import related
from generator.render import Renderer, environment
from generator.search_pages import FOLDER, search_context, search_schema, search_script, write_search
from generator.share_pictures import SharePictures
from generator.sharing import Sharing
from generator.sitemap import search_engine_files
from generator.store import Manifest, Store, StoreError, digest_of
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


@dataclass(frozen=True)
class BuildReport:
    """What a build did: files in the site, files made anew, number of the build."""

    files: int
    made: int
    number: int


@dataclass(frozen=True)
class Job:
    """A file to make: its path, the key of its inputs, and what `_make` needs."""

    path: str
    key: bytes
    kind: str
    argument: Any = None


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
        self.sharing = Sharing(library.scheme, options.site.url)
        share_limit = options.site.share_limit if options.site.url else 0
        self.share = SharePictures(library, self.views, options.cache, share_limit)
        self.env = environment(options.theme, options.cache / "templates")
        self.renderer = Renderer(self.env, site_context(library.scheme, options.site), self.assets.root)
        self.alphabets = Alphabets(self.views, ("项目名称", self.presenter.unit_label))
        self.related = related(library.public)
        told = ExportOptions(
            site=options.site.url,
            version=options.site.version,
            licence=Licence(*options.site.licence),
            cache=options.cache,
        )
        self.exports = Exports(library, self.views, told)
        self.corrections = Corrections(self.exports.published)
        self.common = self._common_key()
        self.tasks: list[Sequence[Job] | Sequence[ExportJob]] = []

    def _common_key(self) -> bytes:
        """Key of what every page depends on: versions, scheme, options, templates, names of the assets."""
        templates = [
            (f"{number}/{path.relative_to(folder).as_posix()}", path)
            for number, folder in enumerate(self.options.theme)
            for path in folder.rglob("*")
            if path.is_file() and "assets" not in path.relative_to(folder).parts
        ]
        return key_of(
            code_key(),
            self.library.scheme.model_dump_json(),
            msgspec.json.encode(self.options.site),
            digest_of_files(templates),
            self.assets.root,
            MEDIA_FORM,
            self.share.form,
        )

    def run(self, progress: Progress | None) -> BuildReport:
        state_path = self.options.cache / "state.msgpack"
        published = self.store.manifest(self.store.current())
        before = read_state(state_path)
        self.store.clear_fresh()
        state = BuildState({})
        todo: list[Job] = []
        exports: list[ExportJob] = []
        for job in self._everything():
            digest = before.known(job.path, job.key, published)
            if digest is not None:
                state.files[job.path] = (job.key, digest)
            elif isinstance(job, Job):
                todo.append(job)
            else:
                exports.append(job)
        written: set[str] = set()
        self._prepare_pictures(todo, progress)
        for path, key, digest in self._make_all(todo, exports, progress):
            state.files[path] = (key, digest)
            written.add(path)
        searched, indexed = self._search(before, published)
        state.groups[FOLDER] = self.search_key
        state.files |= {path: (b"", digest) for path, digest in searched.items()}
        written |= indexed
        written |= self._compress(state, before, published, written)
        manifest: Manifest = {path: digest for path, (_, digest) in state.files.items()}
        current = self.store.current()
        number = current if current and manifest == published else self.store.publish(manifest, written)
        write_state(state_path, state)
        return BuildReport(len(manifest), len(written), number)

    # what there is to make

    def _everything(self) -> Iterator[Job | ExportJob]:
        yield from self.jobs()
        yield from self.exports.jobs()

    def jobs(self) -> Iterator[Job]:
        """Every file that the core makes, with the key of its inputs."""
        library, common = self.library, self.common
        digests = {entry.id: entry.digest for entry in library.entries}
        for entry, previous, following in self._neighbours():
            close = self.related.get(entry.id, [])
            around = [digests[e.id] if e else b"" for e in (previous, following)] + [digests[i] for i in close]
            picture = self.share.of_case(entry)
            key = key_of(common, entry.digest, *around, picture.url if picture else "")
            yield Job(urls.case_url(entry.id), key, "case", (entry.id, previous, following, close))
        for view in self.views.all():
            changed = [entry.digest for entry in self.presenter.changed_in(view)]
            facts = repr((self.presenter.view_counts(view), view.page_count, changed))
            for number in range(1, view.page_count + 1):
                cards = b"".join(entry.digest for entry in view.page(number))
                yield Job(view.url(number), key_of(common, facts, str(number), cards), "view", (view, number))
        for index in self.alphabets.all():
            yield from self._alphabet_jobs(index)
        everything = key_of(common, *(entry.digest for entry in library.public))
        yield Job(urls.index_url(urls.YEARS), everything, "index", None)
        for dimension in library.scheme.dimensions:
            yield Job(urls.index_url(dimension.path), everything, "index", dimension)
        if library.scheme.method_dimensions:
            yield Job(urls.index_url(urls.METHODS), everything, "methods")
        for path, key, number in self.corrections.pages():
            yield Job(path, key_of(common, key, str(number)), "changes", number)
        yield Job(urls.HOME, everything, "home")
        yield Job(urls.SEARCH, everything, "search")
        yield Job(urls.NOT_FOUND, common, "not-found")
        yield from self._copies()
        site = self.options.site
        for path, content in search_engine_files(library, self.views, site.url, [url for _, url in site.prose]):
            yield Job(path, key_of(content), "content", content)
        for file in self.media.files():
            yield Job(file.url, file.key, "media", file)
        for shared in self.share.files():
            yield Job(shared.url, shared.key, "share", shared)

    def _alphabet_jobs(self, index: Alphabet) -> Iterator[Job]:
        """A page for each letter; the first letter also is the page of the index."""
        letters = repr([(letter, len(lines)) for letter, lines in index.letters.items()])
        for letter in index.letters:
            for number in range(1, index.page_count(letter) + 1):
                key = key_of(self.common, letters, str(number), repr(index.page(letter, number)))
                yield Job(index.url(letter, number), key, "alphabet", (index, letter, number))
        first = next(iter(index.letters), None)
        lines = repr(index.page(first, 1)) if first else ""
        yield Job(urls.index_url(index.path), key_of(self.common, letters, lines), "alphabet", (index, first, 1))

    def _neighbours(self) -> Iterator[tuple[Entry, Entry | None, Entry | None]]:
        """Each case that has a page, with its neighbours in the round."""
        shown = [entry for entry in self.library.entries if entry.status in SHOWN]
        listed = [entry for entry in shown if entry.is_public]
        place = {entry.id: number for number, entry in enumerate(listed)}
        for entry in shown:
            number = place.get(entry.id)
            previous = listed[number - 1] if number else None
            following = listed[number + 1] if number is not None and number + 1 < len(listed) else None
            same = [e if e is not None and e.year == entry.year else None for e in (previous, following)]
            yield entry, same[0], same[1]

    # making

    def _prepare_pictures(self, todo: Sequence[Job], progress: Progress | None) -> None:
        """Makes the copies of pictures that `todo` needs; each picture once, wherever it is shown."""
        try:
            self.media.prepare([job.argument for job in todo if job.kind == "media"], progress)
        except PictureError as error:
            raise StoreError(str(error)) from None

    def _make_all(
        self, todo: Sequence[Job], exports: Sequence[ExportJob], progress: Progress | None
    ) -> Iterator[tuple[str, bytes, bytes]]:
        """Makes the files of `todo` and `exports` in the fresh folder; yields path, key and digest of each."""
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

    def make(self, job: Job) -> bytes:
        """Content of the file of `job`."""
        if job.kind == "content":
            return bytes(job.argument)
        if job.kind == "copy":
            return bytes(job.argument.read_bytes())
        if job.kind == "media":
            return self.media.content(job.argument)
        if job.kind == "share":
            return self.share.content(job.argument)
        page: str = getattr(self, f"_page_{job.kind.replace('-', '_')}")(job)
        return page.encode()

    def _page_case(self, job: Job) -> str:
        case_id, previous, following, close = job.argument
        case = self.library.load(case_id)
        others = [self.library.by_id[other] for other in close]
        context = self.presenter.case(case, previous, following, others)
        section = f"{urls.YEARS}"
        description = case.summary or "，".join(
            filter(None, (case.unit, str(case.year), self.library.scheme.programme))
        )
        head = self.sharing.case(context, self.share.of_case(self.library.by_id[case_id]))
        title = f"已撤销：{case.id}" if context.revoked else case.title
        return self._page(job, "case.html", context, title, description, section, head)

    def _page_view(self, job: Job) -> str:
        view, number = job.argument
        context = self.presenter.view(view, number)
        path = view.dimension.path if view.dimension else urls.UNITS if view.unit else urls.YEARS
        title = f"{context.group_label}：{context.heading}" + (f"（第 {number} 页）" if number > 1 else "")
        head = self.sharing.view(context, job.path, title, self.share.of_page(view.url()))
        return self._page(job, "view.html", context, title, f"{context.heading}，{context.total} 项", path, head)

    def _page_index(self, job: Job) -> str:
        dimension = job.argument
        context = self.presenter.index(dimension)
        path = dimension.path if dimension else urls.YEARS
        head = self.sharing.index(context, job.path, self.share.of_page(job.path))
        return self._page(job, "dimension.html", context, context.group.label, "", path, head)

    def _page_methods(self, job: Job) -> str:
        context = self.presenter.methods()
        head = self.sharing.page(context.label, context.about, job.path, self.share.of_page(job.path))
        return self._page(job, "methods.html", context, context.label, context.about, urls.METHODS, head)

    def _page_changes(self, job: Job) -> str:
        context = self.corrections.context(job.argument)
        title = CORRECTIONS + (f"（第 {job.argument} 页）" if job.argument > 1 else "")
        head = self.sharing.page(title, "", job.path, self.share.of_page(job.path))
        return self._page(job, "changes.html", context, title, "", "", head)

    def _page_alphabet(self, job: Job) -> str:
        index, letter, number = job.argument
        if letter is None:
            context = AlphabetContext(index.label, "", [], [], PageLinks(1, []), 0)
        else:
            context = self.presenter.alphabet(index, letter, number)
        title = f"{index.label}：{letter or '拼音索引'}" + (f"（第 {number} 页）" if number > 1 else "")
        return self._page(job, "alphabet.html", context, title, "", index.path)

    def _page_home(self, job: Job) -> str:
        scheme = self.library.scheme
        head = self.sharing.home(self.share.of_page(job.path))
        return self._page(job, "home.html", self.presenter.home(), scheme.name, scheme.intro or "", "", head)

    def _page_search(self, job: Job) -> str:
        return self._page(
            job, "search.html", search_context(self.library, self.presenter, self.alphabets), "检索", "", urls.SEARCH
        )

    def _page_not_found(self, job: Job) -> str:
        return self._page(job, "404.html", None, "没有这一页", "", "")

    def _page(
        self,
        job: Job,
        template: str,
        context: Any,
        title: str,
        description: str,
        section: str,
        head: Markup = Markup(),  # noqa: B008 - never changed
    ) -> str:
        scheme = self.library.scheme
        description = description or f"{title}：{scheme.organiser}{scheme.programme}获奖项目的公开案例库。"
        return self.renderer.render(template, context, PageContext(job.path, title, description, section, head=head))

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


def _make_task(number: int, build: Build) -> list[tuple[str, bytes, bytes]]:
    jobs = build.tasks[number]
    if isinstance(jobs[0], ExportJob):
        return write_group(build.exports, [job for job in jobs if isinstance(job, ExportJob)], build.store.fresh)
    results = []
    fresh = str(build.store.fresh)
    for job in jobs:
        assert isinstance(job, Job)
        content = build.make(job)
        with open(os.path.join(fresh, job.path), "wb") as stream:
            stream.write(content)
        results.append((job.path, job.key, digest_of(content)))
    return results
