"""Answers of a query: which documents, how many, what the filters would leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.analyzer import Folder, fold_table
from search.document import Document, SearchSchema
from search.matching import Folded, counts, fold_document, ordered, passes, tier
from search.pinyin import Reader, sort_key
from search.query import parse


def tools(schema: SearchSchema) -> tuple[Folder, Reader]:
    """What folds and what reads the texts of a schema."""
    folder = Folder(fold_table(schema.equivalents))
    return folder, Reader({folder.fold(p): s for p, s in schema.readings.items()})


@dataclass(frozen=True, slots=True)
class Answer:
    """total: number of documents that match query and filters; documents: those asked for, in order.

    counts: facet or flag key -> term key -> documents that would be left with it. cut, empty: as of Query.
    """

    total: int
    documents: tuple[Document, ...]
    counts: Mapping[str, Mapping[str, int]]
    cut: bool
    empty: bool


def scan(
    documents: Sequence[Document],
    schema: SearchSchema,
    text: str,
    filters: Mapping[str, Sequence[str]] | None = None,
    sort: str = "relevance",
    limit: int = 10,
    offset: int = 0,
    folded: Sequence[Folded] = (),
) -> Answer:
    """The answer by reading every document: the definition, slow. folded: the documents folded, if they are already."""
    folder, reader = tools(schema)
    query = parse(text, folder)
    found = []
    if not query.empty:
        for document, read in zip(documents, folded or fold_all(documents, schema), strict=True):
            level = tier(query, read)
            if level is not None:
                found.append((level, document, read.title))
    return answer(found, schema, reader, filters or {}, sort, limit, offset, query.cut, query.empty)


def fold_all(documents: Sequence[Document], schema: SearchSchema) -> list[Folded]:
    """The documents as search reads them."""
    folder, reader = tools(schema)
    return [fold_document(document, schema, folder, reader) for document in documents]


def answer(
    found: Sequence[tuple[int, Document, str]],
    schema: SearchSchema,
    reader: Reader,
    filters: Mapping[str, Sequence[str]],
    sort: str,
    limit: int,
    offset: int,
    cut: bool,
    empty: bool,
) -> Answer:
    """Filters, counts and orders (tier, document, folded title)."""
    kept = [hit for hit in found if passes(hit[1], filters, schema)]
    keys = {d.id: sort_key(t, reader) for _, d, t in kept} if sort == "title" else {}
    shown = ordered([(level, d) for level, d, _ in kept], sort, keys)
    left = counts([d for _, d, _ in found], filters, schema)
    return Answer(len(shown), tuple(shown[offset : offset + limit]), left, cut, empty)
