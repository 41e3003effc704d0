"""One number or a few for every document, as bytes: award and year, terms of facets, order of titles."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from search.document import Document, SearchSchema
from search.pinyin import Reader, sort_key
from search.postings import varints


def rank(documents: Sequence[Document]) -> bytes:
    """Awards, then years as zigzag steps, varints."""
    award = np.array([d.award for d in documents], np.uint32)
    year = np.array([d.year for d in documents], np.int64)
    step = np.diff(year, prepend=0)
    return _pack([_varints(award), _varints(np.where(step < 0, -2 * step - 1, 2 * step))])


def facets(documents: Sequence[Document], schema: SearchSchema) -> bytes:
    """For each facet, then for the flags as one: the sets of terms that occur, and which one each document has.

    Varints: number of sets, each as its size and the places of its terms, then the place of a set a document.
    """
    rows: list[list[tuple[int, ...]]] = []
    for facet in schema.facets:
        place = {t.key: n for n, t in enumerate(facet.terms)}
        rows.append([tuple(sorted({place[t] for t in d.terms.get(facet.key, ()) if t in place})) for d in documents])
    rows.append([tuple(n for n, f in enumerate(schema.flags) if f.key in d.flags) for d in documents])
    sections = []
    for row in rows:
        sets = {s: n for n, s in enumerate(sorted(set(row)))}
        head = [len(sets), *(number for s in sets for number in (len(s), *s))]
        sections += [_varints(head), _varints([sets[s] for s in row])]
    return _pack(sections)


def title_order(documents: Sequence[Document], folded_titles: Sequence[str], reader: Reader) -> bytes:
    """For each document its place among all by the pinyin of its title, then by id; varints."""
    keys = [(sort_key(t, reader), d.id) for t, d in zip(folded_titles, documents, strict=True)]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    place = np.empty(len(keys), np.uint32)
    place[order] = np.arange(len(keys), dtype=np.uint32)
    return _pack([_varints(place)])


def _varints(values: object) -> bytes:
    return varints(np.asarray(values, np.uint32))[0].tobytes()


def _pack(sections: Sequence[bytes]) -> bytes:
    packer = zlib.compressobj(9)
    out = [packer.compress(s) + packer.flush(zlib.Z_PARTIAL_FLUSH) for s in sections]
    return b"".join([*out, packer.flush()])
