"""Makes the pages of a library, each from a job; or only puts a new frame around one that stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from generator import urls
from generator.pages.alphabet import Alphabets
from generator.pages.corrections import Corrections
from generator.pages.jobs import Job
from generator.pages.moved import moved_context, moved_page
from generator.pages.notice import notice_context
from generator.pages.present import Presenter
from generator.pages.search import search_context
from generator.phrases import Phrases
from generator.rankings import Rankings
from generator.records.library import Library
from generator.sharing.facts import Sharing
from generator.sharing.pictures import SharePictures
from generator.theming.contexts import PageContext, PageLinks
from generator.theming.frames import PageForm
from generator.theming.list_contexts import AlphabetContext
from generator.theming.render import Renderer


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page, and how it was put together."""

    content: bytes
    form: PageForm


@dataclass(frozen=True)
class Pages:
    """What pages are made of."""

    library: Library
    presenter: Presenter
    renderer: Renderer
    alphabets: Alphabets
    sharing: Sharing
    share: SharePictures
    corrections: Corrections
    rankings: Rankings

    @property
    def say(self) -> Phrases:
        return self.presenter.links.phrases

    def _numbered(self, title: str, number: int) -> str:
        """`title` of page `number` of a list."""
        return title + (self.say("（第 {n} 页）", n=number) if number > 1 else "")

    def make(self, job: Job) -> Page:
        """The page of `job`."""
        page: Page = getattr(self, f"_page_{job.kind.replace('-', '_')}")(job)
        return page

    def reframed(self, job: Job, content: bytes, form: PageForm) -> Page | None:
        """The page of `job` from the one that stands, `content`, of which only the frame has changed.

        None where the frame wants what does not stand there.
        """
        frame = self.renderer.frame(form.template, form.section, job.path)
        try:
            framed, spans = frame.fill(form.values(content))
        except KeyError:
            return None
        return Page(framed, PageForm(job.article, form.template, form.section, spans))

    def _page_case(self, job: Job) -> Page:
        case_id, previous, following, close = job.argument
        case = self.library.load(case_id)
        others = [self.library.by_id[other] for other in close]
        context = self.presenter.cases.context(case, previous, following, others)
        description = case.summary or "，".join(
            filter(None, (case.unit, str(case.year), self.library.scheme.programme))
        )
        head = self.sharing.case(context, self.share.of_case(self.library.by_id[case_id]))
        title = case.title
        if context.revoked:
            title = self.say("已撤销：{id}", id=case.id)
            description = self.say("编号 {id} 的{case}已撤销公布。", id=case.id)
        return self._page(job, "case.html", context, title, description, urls.YEARS, head)

    def _page_view(self, job: Job) -> Page:
        view, number = job.argument
        context = self.presenter.lists.context(view, number)
        path = view.dimension.path if view.dimension else urls.UNITS if view.unit else urls.YEARS
        title = self._numbered(f"{context.group_label}：{context.heading}", number)
        head = self.sharing.view(context, job.path, title, self.share.of_page(view.url()))
        description = self.say("{heading}，{n} {measure}", heading=context.heading, n=context.total)
        return self._page(job, "view.html", context, title, description, path, head)

    def _page_index(self, job: Job) -> Page:
        dimension = job.argument
        context = self.presenter.indexes.index(dimension)
        path = dimension.path if dimension else urls.YEARS
        head = self.sharing.index(context, job.path, self.share.of_page(job.path))
        return self._page(job, "dimension.html", context, context.group.label, "", path, head)

    def _page_methods(self, job: Job) -> Page:
        context = self.presenter.indexes.methods()
        head = self.sharing.page(context.label, context.about, job.path, self.share.of_page(job.path))
        return self._page(job, "methods.html", context, context.label, context.about, urls.METHODS, head)

    def _page_changes(self, job: Job) -> Page:
        context = self.corrections.context(job.argument)
        title = self._numbered(context.label, job.argument)
        head = self.sharing.page(title, "", job.path, self.share.of_page(job.path))
        return self._page(job, "changes.html", context, title, "", "", head)

    def _page_ranking(self, job: Job) -> Page:
        ranking, month = job.argument
        context = self.presenter.indexes.ranking(self.rankings, ranking, month)
        title = ranking.label + (f" {self.presenter.indexes.month_label(month)}" if month else "")
        head = self.sharing.page(title, context.about, job.path, None)
        return self._page(job, "ranking.html", context, title, "", "", head)

    def _page_moved(self, job: Job) -> Page:
        context = moved_context(self.library, job.argument)
        page = moved_page(context, self.presenter.options.url, self.say)
        content, spans = self.renderer.render("moved.html", context, page)
        return Page(content, PageForm(job.article, "moved.html", page.section, spans))

    def _page_notice(self, job: Job) -> Page:
        context = notice_context(self.presenter.links, self.presenter.options.notice, job.argument)
        title = self._numbered(self.say("{year} 年评选结果公示", year=context.year), job.argument)
        return self._page(job, "notice.html", context, title, "", urls.YEARS)

    def _page_alphabet(self, job: Job) -> Page:
        index, letter, number = job.argument
        if letter is None:
            context = AlphabetContext(index.label, "", [], [], PageLinks(1, []), 0)
        else:
            context = self.presenter.indexes.alphabet(index, letter, number)
        title = self._numbered(f"{index.label}：{letter or self.say('拼音索引')}", number)
        return self._page(job, "alphabet.html", context, title, "", index.path)

    def _page_home(self, job: Job) -> Page:
        scheme = self.library.scheme
        head = self.sharing.home(self.share.of_page(job.path))
        return self._page(job, "home.html", self.presenter.indexes.home(), scheme.name, scheme.intro or "", "", head)

    def _page_search(self, job: Job) -> Page:
        context = search_context(self.library, self.presenter.links, self.alphabets)
        return self._page(job, "search.html", context, self.say("检索"), "", urls.SEARCH)

    def _page_not_found(self, job: Job) -> Page:
        return self._page(job, "404.html", None, self.say("没有这一页"), "", "")

    def _page(
        self,
        job: Job,
        template: str,
        context: Any,
        title: str,
        description: str,
        section: str,
        head: Markup = Markup(),  # noqa: B008 - never changed
    ) -> Page:
        scheme = self.library.scheme
        if not description:
            names = {"organiser": scheme.organiser, "programme": scheme.programme}
            description = self.say(
                "{title}：{organiser}{programme}{awarded}{item}的公开{case}库。", title=title, **names
            )
        page = PageContext(job.path, title, description, section, head=head)
        content, spans = self.renderer.render(template, context, page)
        return Page(content, PageForm(job.article, template, section, spans))
