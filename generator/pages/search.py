"""Gives the cases of a library to the search as documents, and the search page its context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from generator import urls
from generator.keys import code_key, key_of
from generator.markup import plain_text
from generator.pages.alphabet import Alphabets
from generator.pages.links import Links
from generator.phrases import Phrases
from generator.records.library import Library
from generator.records.model import CORE_LABELS, Case, Entry
from generator.scheme.fields import field_text
from generator.scheme.model import METHOD, Dimension
from generator.scheme.model import Term as SchemeTerm
from generator.store import digest_of
from generator.theming.list_contexts import IndexLine, LinkList, SearchContext
from search import bundle
from search.document import Document, Facet, Field, Flag, SearchSchema, Term
from search.shards import write_index
from search.sources import Sources

FOLDER = "search/"
MANIFEST = f"{FOLDER}manifest.json"
TEXTS = "js/say.js"
PICTURE, PATENT = "picture", "patent"


def search_script(phrases: Phrases) -> bytes:
    """What the browser searches with, as one script that says the texts of `phrases`."""
    return bundle.script(phrases.script(bundle.script())).encode()


def texts_script(phrases: Phrases, scripts: Iterable[Path]) -> bytes:
    """The module from which `scripts` take the texts of `phrases`."""
    source = "".join(path.read_text("utf-8") for path in scripts)
    return bundle.module("say.js", phrases.script(source)).encode()


def search_schema(library: Library, phrases: Phrases) -> SearchSchema:
    """Fields and filters of the library's scheme, for the search."""
    scheme = library.scheme
    fields = [
        Field("title", phrases(CORE_LABELS["title"]), "title"),
        Field("unit", phrases(CORE_LABELS["unit"]), "unit"),
        Field("people", phrases(CORE_LABELS["people"]), "people"),
        Field("summary", phrases(CORE_LABELS["summary"]), "summary"),
        *(Field(f"body.{section.key}", section.label, "body") for section in scheme.sections),
        *(Field(f"extra.{extra.key}", extra.label, "body") for extra in scheme.stored if extra.is_searched),
        *(Field(_term_field(d), d.named(phrases.language), "term") for d in scheme.dimensions if not d.filter),
        Field("patents", phrases(CORE_LABELS["patents"]), "body"),
    ]
    years = tuple(Term(str(year), str(year)) for year in sorted(scheme.by_year, reverse=True))
    facets = [Facet("year", phrases(CORE_LABELS["year"]), years, text=False)]
    for dimension in scheme.dimensions:
        if not dimension.filter:
            continue
        if dimension.role == METHOD and not any(entry.term(dimension.key) for entry in library.public):
            continue  # a filter that finds nothing
        terms = tuple(_facet_term(dimension, term, phrases) for term in (*_used(dimension), *dimension.former))
        facets.append(Facet(dimension.key, dimension.named(phrases.language), terms, sound=dimension.role == "place"))
    shown = tuple(facet.key for facet in facets)
    for extra in scheme.stored:
        if extra.filter:
            # What is searched as a text of its own field is not searched once more.
            values = tuple(Term(key, phrases(name) if extra.type == "boolean" else name) for key, name in extra.choices)
            facets.append(Facet(extra.key, extra.label, values, text=False))
    award = scheme.award.key if scheme.award else ""
    return SearchSchema(
        fields=tuple(fields),
        facets=tuple(facets),
        flags=(Flag(PICTURE, phrases("有图片")), Flag(PATENT, phrases("有专利"))),
        award=award,
        facts=tuple(key for key in shown if key != award),
        readings=scheme.readings,
    )


def _used(dimension: Dimension) -> list[SchemeTerm]:
    return [term for term in dimension.terms if term.name not in dimension.history.ends]


def _facet_term(dimension: Dimension, term: SchemeTerm, phrases: Phrases) -> Term:
    mark = f"#{term.mark}" if term.mark else ""
    ended = term.name in dimension.history.ends
    return Term(
        term.slug, term.name, term.aliases, mark, dimension.history.lifetime(term.name, phrases) if ended else ""
    )


def document_of(case: Case, entry: Entry, library: Library) -> Document:
    """The case as the search sees it."""
    scheme = library.scheme
    texts = {
        "title": [case.title],
        "unit": [case.unit or ""],
        "people": [part for person in case.people for part in (person.name, person.post or "")],
        "summary": [case.summary or ""],
        "patents": [part or "" for patent in case.patents for part in (patent.number, patent.kind, patent.title)],
    }
    texts |= {f"body.{s.key}": [plain_text(case.section(s.key) or "")] for s in scheme.sections}
    texts |= {f"extra.{extra.key}": [field_text(case.value(extra.key))] for extra in scheme.stored if extra.is_searched}
    texts |= {
        _term_field(d): [word for term in d.lineage(entry.term(d.key)) for word in (term.name, *term.aliases)]
        for d in scheme.dimensions
        if not d.filter
    }
    flags = {PICTURE} if entry.pictures else set()
    if entry.patents:
        flags.add(PATENT)
    return Document(
        id=case.id,
        url=urls.case_url(case.id),
        texts={key: [part for part in parts if part] for key, parts in texts.items()},
        terms={
            "year": [str(case.year)],
            **{d.key: _terms(d, entry) for d in scheme.dimensions if d.filter},
            **{extra.key: extra.chosen(case.value(extra.key)) for extra in scheme.stored if extra.filter},
        },
        flags=frozenset(flags),
        award=library.award_rank(entry),
        year=case.year,
    )


def _term_field(dimension: Dimension) -> str:
    """Key of the text that stands for a dimension by which nobody filters, so that its terms are found all the same."""
    return f"term.{dimension.key}"


def _terms(dimension: Dimension, entry: Entry) -> list[str]:
    """Keys of the term of a case and of all that stand above it, its own first: a parent finds what its parts hold."""
    return [term.slug for term in dimension.lineage(entry.term(dimension.key))]


def sources(library: Library) -> Sources:
    """Every case that can be found."""
    entries = {entry.id: entry for entry in library.public}
    common = key_of(code_key(), library.scheme.model_dump_json())[:8]  # of what each document depends on
    digests = [(entry.id, entry.digest + common) for entry in entries.values()]
    return Sources(digests, lambda key: document_of(library.load(key), entries[key], library))


def documents(library: Library) -> Iterator[Document]:
    """Every case that can be found."""
    found = sources(library)
    for key, _ in found.digests:
        yield found.load(key)


def write_search(
    library: Library,
    phrases: Phrases,
    site: Path,
    cache: Path,
    jobs: int,
    live: Path | None = None,
    portable: bool = False,
) -> Iterator[tuple[str, bytes, bool]]:
    """Writes the index below `site`; yields path and digest of each of its files, and whether it was written.

    live: a site that stands already; what is the same there is not written. portable: each file also as a script,
    which a page opened from a disk can load.
    """
    index = live / FOLDER if live is not None else None
    report = write_index(
        sources(library),
        search_schema(library, phrases),
        site / FOLDER,
        jobs=jobs,
        cache=cache / "search",
        live=index,
        script_copies=portable,
    )
    for name, digest, written in report.digests:
        yield FOLDER + name, digest, written
    if portable:
        for path in sorted((site / FOLDER).rglob("*.js")):
            yield path.relative_to(site).as_posix(), digest_of(path.read_bytes()), True


def search_context(library: Library, links: Links, alphabets: Alphabets) -> SearchContext:
    """Template search.html."""
    lists = [
        LinkList(
            links.phrases("按{label}的拼音", label=index.label),
            [IndexLine(letter, index.url(letter), size) for letter, size in index.sizes.items()],
        )
        for index in alphabets.all()
    ]
    return SearchContext(links.groups_of(library.public), MANIFEST, len(library.public), lists)
