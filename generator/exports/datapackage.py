"""datapackage.json (Data Package v1): what each file under data/ is; and the metadata that Datasette shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generator.exports.feeds import Feeds
from generator.exports.tables import Column
from generator.scheme.model import Scheme

Document = dict[str, Any]


@dataclass(frozen=True)
class Licence:
    """The terms on which the data may be used; data of the configuration."""

    name: str = ""
    title: str = ""
    address: str = ""


@dataclass(frozen=True)
class Resource:
    """A file under data/. columns: of a table in CSV; empty for other formats."""

    file: str
    title: str
    description: str
    columns: Sequence[Column] = ()
    key: str = ""


MEDIA_TYPES = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sqlite": "application/vnd.sqlite3",
}


def data_package(scheme: Scheme, resources: Sequence[Resource], licence: Licence, feeds: Feeds) -> Document:
    """The descriptor of all `resources`."""
    found: Document = {
        "profile": "data-package",
        "name": "caselib",
        "id": feeds.urn("data", "datapackage"),
        "title": scheme.name,
        "description": scheme.intro or f"{scheme.organiser} {scheme.programme}",
    }
    if feeds.site:
        found["homepage"] = feeds.site
    if feeds.version:
        found["version"] = feeds.version
    if licence.name or licence.address:
        parts = {"name": licence.name, "title": licence.title, "path": licence.address}
        found["licenses"] = [{key: value for key, value in parts.items() if value}]
    found["contributors"] = [{"title": scheme.organiser, "role": "publisher"}]
    found["resources"] = [_resource(resource) for resource in resources]
    return found


def _resource(resource: Resource) -> Document:
    stem, _, ending = resource.file.rpartition(".")
    found: Document = {
        "name": f"{stem}-{ending}" if not resource.columns else stem,
        "path": resource.file,
        "title": resource.title,
        "description": resource.description,
        "format": ending,
        "mediatype": MEDIA_TYPES[ending],
        "profile": "data-resource",
    }
    if resource.columns:
        fields = [{"name": c.label, "type": c.type, "description": c.key} for c in resource.columns]
        found |= {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": {"fields": fields}}
        if resource.key:
            found["schema"]["primaryKey"] = resource.key
    else:
        found["type"] = "file"
    return found


def datasette_metadata(scheme: Scheme, licence: Licence, feeds: Feeds, database: str) -> Document:
    """What `datasette database.sqlite -m metadata.json` shows: titles, the search, ready queries."""
    said = scheme.words.said
    about: Document = {"title": scheme.name, "source": scheme.organiser}
    if feeds.site:
        about["source_url"] = feeds.site
    if licence.title or licence.name:
        about["license"] = licence.title or licence.name
    if licence.address:
        about["license_url"] = licence.address
    search = {"fts_table": "cases_fts", "fts_pk": "number", "sort": "number"}
    tables: Document = {
        "cases": {
            "label_column": "title",
            "description": said("{case}；撤销的也在内，计数请用 public_cases。"),
            "facets": ["year", "status"],
        },
        "public_cases": {"description": said("公布的{case}。只有这些计数。"), **search},
        "case_list": {
            "description": said("公布的{case}，各维度写成名称。"),
            **search,
            "facets": ["year", *(dimension.key for dimension in scheme.dimensions)],
        },
        "counts": {"description": said("每个取值的{case}数，与网页上的相同；上级包含下级。")},
        "cross_counts": {"description": said("两个维度交叉的{case}数。")},
        "units": {"label_column": "name"},
        "terms": {"label_column": "name"},
    }
    columns = ("title", "unit", "people", "summary")
    two = " OR ".join(f"{column} LIKE '%' || :text || '%'" for column in columns)
    queries: Document = {
        "find": {
            "title": "按任意文字查找（两个字也可以）",
            "sql": f"SELECT id, title, year, unit, page FROM public_cases WHERE {two}",  # noqa: S608 - fixed columns
        },
        "find_in_text": {
            "title": "在正文中查找",
            "sql": "SELECT DISTINCT public_cases.id, title, year, unit, page FROM sections JOIN public_cases "
            "ON public_cases.id = sections.case_id WHERE sections.text LIKE '%' || :text || '%'",
        },
        "find_fast": {
            "title": "按三个字以上的文字查找（用索引）",
            "sql": "SELECT id, title, year, unit, page FROM public_cases WHERE number IN "
            "(SELECT rowid FROM cases_fts WHERE cases_fts MATCH '\"' || replace(:text, '\"', '\"\"') || '\"')",
        },
    }
    return {**about, "databases": {database: {"tables": tables, "queries": queries}}}
