"""Gives the cases of a library to the search as documents, and the search page its context."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator import urls
from generator.alphabet import Alphabets
from generator.build_state import code_key, key_of
from generator.contexts import IndexLine, LinkList, SearchContext
from generator.library import Library
from generator.markup import plain_text
from generator.model import Case, Entry
from generator.present import Presenter
from generator.scheme import METHOD, Dimension
from generator.scheme import Term as SchemeTerm
from generator.store import digest_of
from search import bundle
from search.document import Document, Facet, Field, Flag, SearchSchema, Term
from search.shards import Sources, write_index

FOLDER = "search/"
MANIFEST = f"{FOLDER}manifest.json"
PICTURE, PATENT = "picture", "patent"


def search_script() -> bytes:
    """What the browser searches with, as one script."""
    return bundle.script().encode()


def search_schema(library: Library) -> SearchSchema:
    """Fields and filters of the library's scheme, for the search."""
    scheme = library.scheme
    fields = [
        Field("title", "项目名称", "title"),
        Field("unit", "工作单位", "unit"),
        Field("people", "完成人", "people"),
        Field("summary", "项目简介", "summary"),
        *(Field(f"body.{section.key}", section.label, "body") for section in scheme.sections),
        *(
            Field(f"extra.{extra.key}", extra.label, "body")
            for extra in scheme.fields
            if extra.type in ("text", "enum")
        ),
        Field("patents", "专利", "body"),
    ]
    years = tuple(Term(str(year), str(year)) for year in sorted(scheme.by_year, reverse=True))
    facets = [Facet("year", "届次", years, text=False)]
    for dimension in scheme.dimensions:
        if dimension.role == METHOD and not any(entry.term(dimension.key) for entry in library.public):
            continue  # a filter that finds nothing
        terms = tuple(_facet_term(dimension, term) for term in (*_used(dimension), *dimension.former))
        facets.append(Facet(dimension.key, dimension.label, terms, sound=dimension.role == "place"))
    award = scheme.award.key if scheme.award else ""
    return SearchSchema(
        fields=tuple(fields),
        facets=tuple(facets),
        flags=(Flag(PICTURE, "有图片"), Flag(PATENT, "有专利")),
        award=award,
        facts=tuple(facet.key for facet in facets if facet.key != award),
        readings=scheme.readings,
    )


def _used(dimension: Dimension) -> list[SchemeTerm]:
    return [term for term in dimension.terms if term.name not in dimension.history.ends]


def _facet_term(dimension: Dimension, term: SchemeTerm) -> Term:
    mark = f"#{term.mark}" if term.mark else ""
    ended = term.name in dimension.history.ends
    return Term(term.slug, term.name, term.aliases, mark, dimension.history.lifetime(term.name) if ended else "")


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
    texts |= {
        f"extra.{extra.key}": [str(case.value(extra.key) or "")]
        for extra in scheme.fields
        if extra.type in ("text", "enum")
    }
    flags = {PICTURE} if entry.pictures else set()
    if entry.patents:
        flags.add(PATENT)
    return Document(
        id=case.id,
        url=urls.case_url(case.id),
        texts={key: [part for part in parts if part] for key, parts in texts.items()},
        terms={"year": [str(case.year)]} | {d.key: _terms(d, entry) for d in scheme.dimensions},
        flags=frozenset(flags),
        award=library.award_rank(entry),
        year=case.year,
    )


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
    library: Library, site: Path, cache: Path, jobs: int, live: Path | None = None, portable: bool = False
) -> Iterator[tuple[str, bytes, bool]]:
    """Writes the index below `site`; yields path and digest of each of its files, and whether it was written.

    live: a site that stands already; what is the same there is not written. portable: each file also as a script,
    which a page opened from a disk can load.
    """
    index = live / FOLDER if live is not None else None
    report = write_index(
        sources(library),
        search_schema(library),
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


def search_context(library: Library, presenter: Presenter, alphabets: Alphabets) -> SearchContext:
    """Template search.html."""
    lists = [
        LinkList(
            f"按{index.label}的拼音",
            [IndexLine(letter, index.url(letter), len(lines)) for letter, lines in index.letters.items()],
        )
        for index in alphabets.all()
    ]
    return SearchContext(presenter.groups_of(library.public), MANIFEST, len(library.public), lists)
