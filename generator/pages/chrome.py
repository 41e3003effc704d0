"""What every page of a site knows."""

from __future__ import annotations

from generator import urls
from generator.phrases import Phrases
from generator.records.model import CORE_LABELS
from generator.scheme.model import METHOD, Scheme
from generator.site_options import SiteOptions
from generator.theming.contexts import Group, SiteContext, TermLink


def site_context(scheme: Scheme, options: SiteOptions, phrases: Phrases) -> SiteContext:
    """What every page knows; without counts, so that a new case does not change every page."""
    years = [TermLink(str(year), urls.year_url(year), slug=str(year)) for year in sorted(scheme.by_year, reverse=True)]
    groups = [Group("year", phrases(CORE_LABELS["year"]), urls.index_url(urls.YEARS), years)]
    for dimension in scheme.paged:
        if dimension.role == METHOD:
            continue
        terms = [
            TermLink(term.name, urls.term_url(dimension, term), 0, term.mark or "", term.slug)
            for term in dimension.lasting
            if term.name not in dimension.history.ends
        ]
        groups.append(
            Group(
                *(dimension.key, dimension.named(phrases.language), urls.index_url(dimension.path)),
                *(terms, 0, dimension.role or ""),
            )
        )
    methods = None
    if scheme.method_dimensions:
        methods = TermLink(scheme.methods.label, urls.index_url(urls.METHODS), about=scheme.methods.about or "")
    return SiteContext(
        name=scheme.name,
        programme=scheme.programme,
        organiser=scheme.organiser,
        intro=scheme.intro or "",
        sample=scheme.sample,
        groups=groups,
        words=scheme.words_of_name,
        methods=methods,
        url=options.url,
        version=options.version,
        prose=options.prose,
        footer=[*((line.label, line.text, line.address or "") for line in scheme.brand.footer), *options.footer],
        portal=TermLink(*options.portal) if options.portal[0] else None,
        rankings=[TermLink(ranking.label, urls.ranking_url(ranking.key)) for ranking in scheme.rankings],
        colours=scheme.brand.has_colours,
        logo=scheme.brand.logo_name,
        editions=options.editions,
    )
