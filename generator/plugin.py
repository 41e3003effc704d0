"""MkDocs plugin: MkDocs renders the pages of prose, the core everything else. Events and options; nothing more."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from generator import urls
from generator.build_state import CACHE
from generator.checking.diagnostics import has_errors, summary
from generator.cms import cms_problem
from generator.packaged import THEME
from generator.pages.chrome import site_context
from generator.pages.notice import notice_problem
from generator.phrases import SOURCE, Phrases, languages
from generator.reading import read_library
from generator.records.library import SCHEME_FILE, Library, shown_name
from generator.scheme.model import Scheme
from generator.scheme.reading import read_scheme
from generator.sharing.facts import DOWNLOADS, Sharing
from generator.sharing.pictures import general_picture
from generator.sharing.text import find_fonts
from generator.site import BuildOptions, build_site, site_assets
from generator.site_options import CmsOptions, PortalPart, SiteOptions
from generator.store import StoreError
from generator.theming.template_phrases import say_globals

log = logging.getLogger("mkdocs.plugins.caselib")

NO_LICENCE = "主办单位尚未公布许可，使用前请与主办单位联系。"
# What of mkdocs-material's own files the pages of prose load; the rest stays home.
SHIPPED = ("assets/stylesheets/", "assets/javascripts/bundle")


class FooterFact(Config):
    """A line of the footer: a label, a text, perhaps an address."""

    label = c.Type(str)
    text = c.Type(str)
    address = c.Type(str, default="")


class EditionConfig(Config):
    """The same library with its interface in another language: a site of its own, at another address."""

    language = c.Type(str)
    label = c.Type(str)
    address = c.Type(str)


class LicenceConfig(Config):
    """The terms on which the data may be used: short name (SPDX where it has one), title, address."""

    name = c.Type(str, default="")
    title = c.Type(str, default="")
    address = c.Type(str, default="")


class CmsConfig(Config):
    """A Git-based CMS for editors on the hosting platform; off where there is no script.

    folder: of the library in the repository, that of the plugin where it is empty.
    """

    script = c.Type(str, default="")
    integrity = c.Type(str, default="")
    backend = c.Type(dict, default={})
    origins = c.ListOfItems(c.Type(str), default=[])
    folder = c.Type(str, default="")


class CaseLibraryConfig(Config):
    """Options of the plugin in mkdocs.yml. Paths are relative to that file."""

    library = c.Type(str, default="cases")
    jobs = c.Type(int, default=os.cpu_count() or 1)
    keep = c.Type(int, default=1)
    version = c.Type(str, default="")
    edit_address = c.Type(str, default="")
    report_address = c.Type(str, default="")
    share_limit = c.Type(int, default=2000)
    portable = c.Type(bool, default=False)
    notice = c.Type(int, default=0)
    language = c.Type(str, default=SOURCE)
    editions = c.ListOfItems(c.SubConfig(EditionConfig), default=[])
    licence = c.SubConfig(LicenceConfig)
    cms = c.SubConfig(CmsConfig)
    footer = c.ListOfItems(c.SubConfig(FooterFact), default=[])


class CaseLibraryPlugin(BasePlugin[CaseLibraryConfig]):
    """Puts the case library into the site that MkDocs builds.

    part: of a portal, where the site is built as one.
    prose_only: the caller reads the library itself, and builds the site from `options` once MkDocs is done.
    """

    def __init__(self) -> None:
        self.serving = False
        self.prose_only = False
        self.options: BuildOptions | None = None
        self.part: PortalPart | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.base = Path(config.config_file_path).parent
        self.cache = self.part.cache if self.part else self.base / CACHE
        self.library_folder = self.base / self.config.library
        self.scheme = self._read_scheme() if self.prose_only else self._read_library().scheme
        self.theme = self._theme(config)
        self.phrases = self._phrases()
        config.theme.static_templates.clear()
        self.output = self.part.output if self.part else Path(config.site_dir)
        if not self.serving:
            config.site_dir = str(self.cache / "prose")
        return config

    def _theme(self, config: MkDocsConfig) -> list[Path]:
        """The organiser's own folder, where there is one, then the packaged theme; both before mkdocs-material."""
        if config.theme.name != "material":
            raise PluginError("mkdocs.yml 的 theme 请写 name: material；自己的模板和样式放在 custom_dir 指明的文件夹里")
        own = [Path(config.theme.custom_dir)] if config.theme.custom_dir else []
        # A folder with every template is a theme of its own: nothing else belongs to it, so a release is its commit.
        if not any(_templates(THEME) <= _templates(folder) for folder in own):
            config.theme.dirs.insert(len(own), str(THEME))
            own.append(THEME)
        return own

    def _phrases(self) -> Phrases:
        """The texts of the interface in the configured language."""
        known = languages(self.theme)
        if self.config.language not in known:
            allowed = f"可用值：{'、'.join(known)}"
            raise PluginError(
                f"mkdocs.yml 的 plugins.caselib.language：没有「{self.config.language}」这种文字；{allowed}"
            )
        return self.scheme.words.phrases(self.config.language, self.theme)

    def _read_scheme(self) -> Scheme:
        path = self.library_folder / SCHEME_FILE
        scheme, found = read_scheme(path, shown_name(path, self.base))
        if scheme is None:
            raise PluginError("\n".join(d.text() for d in found))
        return scheme

    def _read_library(self) -> Library:
        library, found = read_library(self.library_folder, self.base, cache=self.cache, jobs=self.config.jobs)
        for diagnostic in found:
            if diagnostic.is_error:
                log.error(diagnostic.text())
        if library is None or has_errors(found):
            raise PluginError(f"资料库有错误，没有生成网站；已发布的网站不变。{summary(found)}")
        if problem := notice_problem(library, self.config.notice):
            raise PluginError(f"没有生成网站；已发布的网站不变。{problem}")
        self.library = library
        return library

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Leaves out the files of the themes that no page loads: ours are served as assets, Material's in part."""
        for file in list(files):
            path = Path(file.abs_src_path or "")
            theirs = any(path.is_relative_to(folder) for folder in config.theme.dirs)
            ours = any(path.is_relative_to(folder) for folder in self.theme)
            if theirs and (ours or not file.src_uri.startswith(SHIPPED) or file.src_uri.endswith(".map")):
                files.remove(file)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        for page in nav.pages:
            page.read_source(config)
        self.prose = [(str(page.title), page.url) for page in nav.pages]
        return nav

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        self.options = BuildOptions(
            output=self.cache / "serve" / "site" if self.serving else self.output,
            theme=self.theme,
            cache=self.cache,
            site=self._site_options(config),
            prose=Path(config.site_dir),
            jobs=self.config.jobs,
            keep=self.config.keep,
        )
        self.sharing = Sharing(self.scheme, self.options.site.url, self.phrases)
        self.picture = general_picture(self.scheme) if self.config.share_limit and find_fonts() else None
        env.globals["site"] = site_context(self.scheme, self.options.site, self.phrases)
        env.globals |= say_globals(self.phrases)
        self.asset_root = site_assets(self.theme, self.phrases, self.scheme.brand, self.library_folder).root
        return env

    def _site_options(self, config: MkDocsConfig) -> SiteOptions:
        return SiteOptions(
            url=config.site_url or "",
            version=self.config.version,
            edit_address=self.config.edit_address,
            report_address=self.config.report_address,
            prose=tuple(self.prose),
            licence=(self.config.licence.name, self.config.licence.title, self.config.licence.address),
            share_limit=self.config.share_limit,
            portable=self.config.portable,
            cms=self._cms(),
            notice=self.config.notice,
            portal=(self.part.name, self.part.url) if self.part else ("", ""),
            language=self.config.language,
            editions=tuple(self._editions()),
            footer=tuple((fact.label, fact.text, fact.address) for fact in self.config.footer),
        )

    def _editions(self) -> Iterator[tuple[str, str, str]]:
        for number, edition in enumerate(self.config.editions, 1):
            if not re.fullmatch(r"https?://[^\s\"'<>]+/", edition.address):
                wrong = f"mkdocs.yml 的 plugins.caselib.editions 第 {number} 项：网址「{edition.address}」写法不对"
                raise PluginError(f"{wrong}；请写以 http:// 或 https:// 开头、以 / 结尾的网址")
            yield edition.language, edition.label, edition.address

    def _cms(self) -> CmsOptions | None:
        """What is configured of a CMS; None where nothing is."""
        cms = self.config.cms
        if not cms.script:
            return None
        problem = cms_problem(cms.script, cms.backend, cms.origins)
        if problem:
            raise PluginError(f"mkdocs.yml 的 plugins.caselib.cms：{problem}")
        folder = (cms.folder or self.config.library).strip("/")
        return CmsOptions(cms.script, cms.backend, tuple(cms.origins), cms.integrity, folder)

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Puts the licence of the configuration where a page of prose asks for it."""
        licence = self.config.licence
        text = licence.title or licence.name or NO_LICENCE
        return markdown.replace("{{ licence }}", f"[{text}]({licence.address})" if licence.address else text)

    def on_page_context(self, context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation) -> Any:
        root = urls.root_of(page.url)
        context["root"] = root
        # A page that says `dataset: true` is about the open data.
        licence = self.config.licence.address
        context["head"] = self.sharing.prose(page.url, self.picture)
        if page.meta.get("dataset"):
            context["head"] += self.sharing.data(page.url, licence, DOWNLOADS)
        context["asset"] = lambda path: f"{root}{self.asset_root}{path}"
        return context

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        if self.prose_only:
            return
        assert self.options is not None
        try:
            build_site(self.library, self.options)
        except StoreError as error:
            raise PluginError(str(error)) from None
        if self.serving:
            built = self.options.output.resolve()
            shutil.copytree(built, config.site_dir, dirs_exist_ok=True, copy_function=_link)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        for folder in (self.library_folder, *self.theme):
            server.watch(str(folder))
        return server


def _templates(folder: Path) -> set[str]:
    """Names of the templates of a theme's folder, relative to it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


def _link(source: str, target: str) -> str:
    """Links a built file into the folder that MkDocs serves; another file system gets a copy."""
    Path(target).unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    return target
