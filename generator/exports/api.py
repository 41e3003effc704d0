"""The documents under api/v1/: a case, a round or a term, a dimension, and where everything is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from generator import urls
from generator.exports.published import Published
from generator.records.model import Entry
from generator.records.moves import Move
from generator.scheme.model import Dimension, Scheme, Term
from generator.views import View, Views, count_as_said, count_with_parents, count_years

YEAR, UNIT = "year", "unit"

Document = dict[str, Any]


def document_file(document: Document) -> bytes:
    """The file of a small document, to be read by people too."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


@dataclass
class ViewDocuments:
    """Documents of the views. A case stands in several of them; its line is made once."""

    views: Views
    _lines: dict[str, bytes] = field(default_factory=dict)

    @property
    def scheme(self) -> Scheme:
        return self.views.library.scheme

    def line(self, entry: Entry) -> bytes:
        """The case as it stands in a list."""
        line = self._lines.get(entry.id)
        if line is None:
            line = self._lines[entry.id] = msgspec.json.encode(self._listed(entry))
        return line

    def _listed(self, entry: Entry) -> Document:
        listed: Document = {"id": entry.id, "title": entry.title, "year": entry.year}
        listed |= {key: value for key in ("unit", "people") if (value := getattr(entry, key))}
        return listed | entry.terms

    def view(self, view: View) -> bytes:
        """The document of a round or a term."""
        own = view_key(view)
        head: Document = {
            "dimension": own,
            "name": view.label,
            "slug": view_slug(view),
            "page": view.url(),
            "total": len(view.cases),
            "announced": view.round.total if view.round else None,
            "counts": self.counts(view.cases, own, view.round.year if view.round else None),
        }
        start = msgspec.json.encode(head)[:-1]
        return b'%s,"cases":[\n%s\n]}\n' % (start, b",\n".join([self.line(entry) for entry in view.cases]))

    def counts(self, cases: Sequence[Entry], without: str, year: int | None = None) -> Document:
        """Counts of `cases` by round and by each dimension except `without`, by slug, where there are any.

        year: the round whose terms are counted as they were said then.
        """
        count = count_with_parents if year is None else count_as_said
        found: Document = {}
        if without != "year":
            years = count_years(cases)
            found["year"] = {str(year): years[year] for year in sorted(years, reverse=True)}
        for dimension in self.scheme.dimensions:
            if dimension.key != without:
                counts = count(cases, dimension)
                found[dimension.key] = {t.slug: counts[t.name] for t in dimension.terms if counts.get(t.name)}
        return found

    def index(self, dimension: Dimension | None) -> Document:
        """The document of `dimension`, or of the rounds for None."""
        views = self.views
        if dimension is None:
            total = len(views.library.public)
            terms: list[Document] = [
                {
                    "name": view.label,
                    "slug": view_slug(view),
                    "total": len(view.cases),
                    "announced": view.round.total if view.round else None,
                    **_places(view),
                }
                for view in views.years
            ]
            return {
                "dimension": "year",
                "label": views.library.scheme.words.rounds,
                "total": total,
                "unpublished": 0,
                "terms": terms,
            }
        terms = []
        slugs = {term.name: term.slug for term in dimension.terms}
        for term in dimension.terms:
            view = views.term(dimension, term)
            parent = {"parent": slugs[term.parent]} if term.parent else {}
            life = _life(dimension, term)
            head = {"name": term.name, "slug": term.slug, **parent, **life}
            terms.append({**head, "total": len(view.cases), **_places(view)})
        return {
            "dimension": dimension.key,
            "label": dimension.label,
            "total": len(views.library.public),
            "unpublished": views.counts[dimension.key].get(None, 0),
            "terms": terms,
        }

    def units(self) -> Document:
        """The document of the units that have a page, by name."""
        terms: list[Document] = [
            {"name": unit, "slug": view_slug(view), "total": len(view.cases), **_places(view)}
            for unit, view in self.views.units.items()
        ]
        public = self.views.library.public
        named = sum(len(cases) for cases in self.views.by_unit.values())
        return {
            "dimension": UNIT,
            "label": self.views.library.scheme.words.unit,
            "total": len(public),
            "unpublished": len(public) - named,
            "terms": terms,
        }

    def start(self, published: Published, facts: Document) -> Document:
        """The document that leads to all others. facts: what the configuration says about the library."""
        scheme = self.scheme
        dimensions = [
            {"key": d.key, "label": d.label, "document": urls.api_url(urls.index_url(d.path))} for d in scheme.paged
        ]
        return {
            **facts,
            "api": "v1",
            "total": len(published.library.public),
            "revoked": len(published.revoked),
            "cases": {"document": f"{urls.API}cases/{{id}}.json", "schema": schema_url("case")},
            "years": {"document": urls.api_url(urls.index_url(urls.YEARS)), "schema": schema_url("index")},
            "dimensions": dimensions,
            "units": {"document": urls.api_url(urls.index_url(urls.UNITS)), "schema": schema_url("index")},
            "lists": {"schema": schema_url("view")},
            "revoked_cases": f"{urls.API}revoked.json",
            "scheme": {"document": f"{urls.API}scheme.json", "schema": schema_url("scheme")},
            "record": {"schema": schema_url("record")},
            "data": urls.data_url("datapackage.json"),
            "guide": "data.html",
        }

    def revoked(self, published: Published) -> bytes:
        """The documents of all revoked cases."""
        rows = [document for _, document in published.documents(published.revoked)]
        return b'{"total":%d,"cases":[\n%s\n]}\n' % (len(rows), b",\n".join(rows))


def moved_document(move: Move) -> Document:
    """The document at the address of a case that was merged or got another number."""
    page = urls.case_url(move.to)
    found = {"id": move.id, "year": int(move.id[:4]), "status": "moved", "moved_to": move.to, "page": page}
    return found | {"document": urls.api_url(page)}


def _life(dimension: Dimension, term: Term) -> Document:
    """The first round of a term, the first without it, and what it became, as far as it has changed."""
    start, end = dimension.history.starts.get(term.name), dimension.history.ends.get(term.name)
    found: Document = {"since": start.since} if start else {}
    if end:
        found |= {"until": end.since, "became": [dimension.by_name[name].slug for name in end.became]}
    return found


def view_key(view: View) -> str:
    """What the cases of a view have in common: year, unit, or the key of a dimension."""
    if view.dimension:
        return view.dimension.key
    return YEAR if view.round else UNIT


def view_slug(view: View) -> str:
    """The name of a view in addresses."""
    return view.url().rpartition("/")[2].removesuffix(".html")


def _places(view: View) -> Document:
    return {"page": view.url(), "document": urls.api_url(view.url())}


def schema_url(name: str) -> str:
    return f"{urls.API}schema/{name}.schema.json"


def scheme_document(scheme: Scheme) -> Document:
    """The scheme as data, without what only the organiser's own work needs."""
    own = {"private", "forms", "rules", "layouts", "print"}
    document = scheme.model_dump(mode="json", exclude_none=True, exclude=own)
    # What most schemes do without; programs that read one know that it may be missing.
    for holder, key in ((document, "rankings"), *((entry, "called") for entry in document["rounds"])):
        if not holder[key]:
            del holder[key]
    for dimension in document["dimensions"]:
        if not dimension["concordance"]:
            del dimension["concordance"]
    return document
