"""The project's generated records as documents, for measuring: the fields and facets that its site has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from search.document import Document, Facet, Field, Flag, SearchSchema, Term
from tests.samples import sample_records

SECTIONS = ("background", "difficulty", "solution", "economic", "social")
DIMENSIONS = (("kind", "种类"), ("category", "类别"), ("district", "区县"), ("award", "奖项"))


def sample_corpus(count: int, seed: int = 1) -> tuple[list[Document], SearchSchema]:
    """Documents and their schema."""
    records = list(sample_records(count, seed))
    values = {key: sorted({r[key] for r in records if r.get(key)}) for key, _ in DIMENSIONS}
    values["award"].sort(key=["特等奖", "一等奖", "二等奖", "三等奖"].index)
    years = sorted({r["year"] for r in records}, reverse=True)
    facets = [Facet("year", "届次", tuple(Term(str(y), str(y)) for y in years), text=False)]
    facets += [
        Facet(key, label, tuple(Term(f"{key}{n}", v) for n, v in enumerate(values[key])), sound=key == "district")
        for key, label in DIMENSIONS
    ]
    schema = SearchSchema(
        fields=(
            Field("title", "项目名称", "title"),
            Field("unit", "工作单位", "unit"),
            Field("people", "完成人", "people"),
            Field("summary", "项目简介", "summary"),
            *(Field(s, s, "body") for s in SECTIONS),
            Field("patents", "专利", "body"),
        ),
        facets=tuple(facets),
        flags=(Flag("patent", "有专利"),),
        award="award",
        facts=("year", "kind", "category", "district"),
    )
    return [_document(r, values) for r in records], schema


def _document(record: dict[str, Any], values: dict[str, list[str]]) -> Document:
    people = record.get("people", ())
    patents = record.get("patents", ())
    texts: dict[str, Sequence[str]] = {
        "title": [record["title"]],
        "unit": [record.get("unit") or ""],
        "people": [part for p in people for part in (p["name"], p.get("post") or "")],
        "summary": [record.get("summary") or ""],
        "patents": [part for p in patents for part in (p["number"], p["kind"], p.get("title") or "")],
    } | {s: [re.sub(r"\*\*|\n+", "", record.get("body", {}).get(s) or "")] for s in SECTIONS}
    return Document(
        id=record["id"],
        url=f"cases/{record['id']}.html",
        texts={k: [t for t in v if t] for k, v in texts.items()},
        terms={"year": [str(record["year"])]}
        | {k: [f"{k}{values[k].index(record[k])}"] for k in values if record.get(k)},
        flags=frozenset({"patent"} if patents else ()),
        award=values["award"].index(record["award"]) if record.get("award") else 9,
        year=record["year"],
    )
