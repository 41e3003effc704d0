"""One number or a few for every document, as bytes: award and year, terms of facets, order of titles."""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.document import Document, SearchSchema, title
from search.layout import Analysis
from search.pinyin import sort_key
from search.postings import varints

Array = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the columns have of one document.

    sets: for each facet, then for the flags, the places of its terms. title: folded; key: it orders titles.
    """

    id: str
    award: int
    year: int
    sets: tuple[tuple[int, ...], ...]
    title: str
    key: str


def facts_of(document: Document, analysis: Analysis) -> Facts:
    """The facts of a document."""
    schema = analysis.schema
    rows = []
    for facet in schema.facets:
        rows.append(tuple(sorted({place for place, _ in schema.terms_of(facet.key, document)})))
    rows.append(tuple(n for n, f in enumerate(schema.flags) if f.key in document.flags))
    folded = analysis.folder.fold(title(document, schema))
    key = title_key(folded, document.id, analysis)
    return Facts(document.id, document.award, document.year, tuple(rows), folded, key)


def title_key(folded: str, document: str, analysis: Analysis) -> str:
    """Orders documents by the pinyin of their title, then by id."""
    return "\0".join((*sort_key(folded, analysis.reader), "", document))


@dataclass
class Columns:
    """The columns of all documents. sets: for each facet, then the flags, what occurs; of: which of them each has.

    order: the documents by title.
    """

    ids: list[str]
    titles: list[str]
    award: Array
    year: Array
    sets: list[list[tuple[int, ...]]]
    of: list[Array]
    order: Array

    @classmethod
    def build(cls, facts: Sequence[Facts], schema: SearchSchema) -> Columns:
        """The columns of documents in their order."""
        count = len(schema.facets) + 1
        sets = [sorted({f.sets[n] for f in facts}) for n in range(count)]
        places = [{s: n for n, s in enumerate(row)} for row in sets]
        keys = [f.key for f in facts]
        return cls(
            [f.id for f in facts],
            [f.title for f in facts],
            np.array([f.award for f in facts], np.int64),
            np.array([f.year for f in facts], np.int64),
            sets,
            [np.array([p[f.sets[n]] for f in facts], np.int64) for n, p in enumerate(places)],
            np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int64),
        )

    def replace(self, count: int, facts: dict[int, Facts], analysis: Analysis) -> None:
        """Keeps the first `count` documents, and sets some facts, of these or of those that follow them."""
        out = np.array([n for n in facts if n < count], np.int64)
        total = max([count, *(n + 1 for n in facts)])
        self.order = self.order[(self.order < count) & ~np.isin(self.order, out)]
        del self.ids[count:], self.titles[count:]
        self.ids += [""] * (total - count)
        self.titles += [""] * (total - count)
        self.award, self.year = _sized(self.award, count, total), _sized(self.year, count, total)
        self.of = [_sized(of, count, total) for of in self.of]
        for n, fact in sorted(facts.items()):
            self.ids[n], self.titles[n], self.award[n], self.year[n] = fact.id, fact.title, fact.award, fact.year
            for sets, of, value in zip(self.sets, self.of, fact.sets, strict=True):
                if value not in sets:
                    sets.append(value)
                of[n] = sets.index(value)
        self.of = [self._tidy(sets, of) for sets, of in zip(self.sets, self.of, strict=True)]
        order = self.order.tolist()
        for n, fact in facts.items():
            order.insert(bisect_left(order, fact.key, key=lambda d: self._key(d, analysis)), n)
        self.order = np.array(order, np.int64)

    def _key(self, number: int, analysis: Analysis) -> str:
        return title_key(self.titles[number], self.ids[number], analysis)

    @staticmethod
    def _tidy(sets: list[tuple[int, ...]], of: Array) -> Array:
        """Drops the sets that nothing has, and puts the others in order."""
        used = [sets[n] for n in np.unique(of).tolist()]
        used.sort()
        place = {s: n for n, s in enumerate(used)}
        remap = np.array([place.get(s, 0) for s in sets], np.int64)
        sets[:] = used
        return remap[of] if len(sets) else of

    def rank(self) -> bytes:
        """Awards, then years as zigzag steps, varints."""
        step = np.diff(self.year, prepend=0)
        return _pack([_varints(self.award), _varints(np.where(step < 0, -2 * step - 1, 2 * step))])

    def facets(self) -> bytes:
        """For each facet, then for the flags as one: the sets of terms that occur, and which one each document has.

        Varints: number of sets, each as its size and the places of its terms, then the place of a set a document.
        """
        sections = []
        for sets, of in zip(self.sets, self.of, strict=True):
            head = [len(sets), *(number for s in sets for number in (len(s), *s))]
            sections += [_varints(head), _varints(of)]
        return _pack(sections)

    def title_order(self) -> bytes:
        """For each document its place among all by title; varints."""
        place = np.empty(len(self.order), np.uint32)
        place[self.order] = np.arange(len(self.order), dtype=np.uint32)
        return _pack([_varints(place)])


def _sized(values: Array, count: int, total: int) -> Array:
    return np.concatenate([values[:count], np.zeros(total - count, np.int64)])


def _varints(values: object) -> bytes:
    return varints(np.asarray(values, np.uint32))[0].tobytes()


def _pack(sections: Sequence[bytes]) -> bytes:
    packer = zlib.compressobj(9)
    out = [packer.compress(s) + packer.flush(zlib.Z_PARTIAL_FLUSH) for s in sections]
    return b"".join([*out, packer.flush()])
