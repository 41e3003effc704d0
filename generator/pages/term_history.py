"""What became of the terms of a dimension, as pages show it: with links and with the cases that count under each."""

from __future__ import annotations

from generator import urls
from generator.phrases import Phrases
from generator.scheme.model import Dimension
from generator.theming.contexts import TermLink
from generator.theming.list_contexts import FormerTerm, PassageLine
from generator.views import Views


def term_link(dimension: Dimension, name: str, views: Views) -> TermLink:
    """Link to a term with the number of cases on its page."""
    term = dimension.by_name[name]
    count = len(views.term(dimension, term).cases)
    return TermLink(term.name, urls.term_url(dimension, term), count, term.mark or "", term.slug)


def passage_lines(dimension: Dimension, name: str, views: Views, phrases: Phrases) -> list[PassageLine]:
    """What became of the term and what it was, the earliest first."""
    return [
        PassageLine(
            since=passage.since,
            kind=phrases.text(passage.kind),
            was=[term_link(dimension, other, views) for other in passage.was],
            became=[term_link(dimension, other, views) for other in passage.became],
            about=passage.about or "",
        )
        for passage in dimension.history.of(name)
    ]


def former_terms(dimension: Dimension, views: Views, phrases: Phrases) -> list[FormerTerm]:
    """The terms that are used no longer, in the order of the scheme."""
    history = dimension.history
    return [
        FormerTerm(
            term=term_link(dimension, term.name, views),
            lifetime=history.lifetime(term.name, phrases),
            became=[term_link(dimension, name, views) for name in history.ends[term.name].became],
        )
        for term in dimension.former
    ]


def own_cases(dimension: Dimension, name: str, views: Views) -> int | None:
    """How many cases of the page of a term have that term itself or one below; None where all have."""
    cases = views.term(dimension, dimension.by_name[name]).cases
    own = sum(any(term.name == name for term in dimension.above(case.term(dimension.key))) for case in cases)
    return None if own == len(cases) else own
