"""JSON Schemas (draft 2020-12) of records, of the scheme, and of the documents under api/v1/."""

from __future__ import annotations

import json
from typing import Any

from generator.records.model import PUBLISHED, record_model
from generator.scheme.model import Scheme

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def record_schema(scheme: Scheme) -> Schema:
    """What a record file holds: the fields of every library, the dimensions, sections and fields of the scheme.

    It says what a schema can say. Private data, control characters and the like are found by `caselib check`.
    """
    schema = record_model(scheme).model_json_schema()
    return _headed(
        schema, "record", f"{scheme.name}：记录", scheme.words.said("一条记录（cases/{rounds}/编号.yml）的写法。")
    )


def scheme_schema() -> Schema:
    """What a scheme file holds."""
    return _headed(Scheme.model_json_schema(), "scheme", "方案", "scheme.yml 的写法。")


def case_schema(scheme: Scheme) -> Schema:
    """The document of a case: the record as published, its state, its page. A revoked case is a notice."""
    schema = record_schema(scheme)
    dimensions = [dimension.key for dimension in scheme.dimensions if dimension.need == "required"]
    announced: Schema = {"required": sorted({*schema["required"], *dimensions})}
    schema["properties"]["status"] = {"title": "状态", "enum": [*PUBLISHED, "moved"]}
    schema["properties"]["moved_to"] = {"title": "现编号", "type": "string", "description": "合并或改号之后的编号"}
    schema["properties"]["document"] = {"title": "现在的文件", "type": "string"}
    schema["properties"]["page"] = {"title": "网页", "type": "string", "description": "相对于网站根目录的地址"}
    schema["required"] = ["id", "year", "status", "page"]
    schema["allOf"] = [
        {
            "if": {"properties": {"status": {"const": "moved"}}},
            "then": {"required": ["moved_to", "document"]},
            "else": {"required": ["title"], "not": {"required": ["moved_to"]}},
        }
    ]
    schema["if"] = {"properties": {"status": {"const": "announced"}}}
    schema["then"] = announced
    schema["else"] = {
        "not": {"anyOf": [{"required": [key]} for key in ("people", "summary", "body", "patents", "media")]}
    }
    return _headed(
        schema,
        "case",
        f"{scheme.name}：{scheme.words.case}",
        "api/v1/cases/编号.json 与 data/cases.jsonl 每一行的内容。",
    )


def _line_of_case(scheme: Scheme) -> Schema:
    """A case in a list: enough to show it; its id leads to its document."""
    text: Schema = {"type": "string"}
    properties: Schema = {
        "id": {"type": "string", "pattern": r"^\d{4}-\d{5,7}$"},
        "title": text,
        "year": {"type": "integer"},
        "unit": text,
        "people": {"type": "array", "items": text},
        **{dimension.key: {"enum": dimension.names, "title": dimension.label} for dimension in scheme.dimensions},
    }
    required = ["id", "title", "year"]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def view_schema(scheme: Scheme) -> Schema:
    """The document of a round or a term: its name, its counts, its cases, best first."""
    said = scheme.words.said
    properties: Schema = {
        "dimension": {"enum": ["year", "unit", *scheme.by_key]},
        "name": {"type": "string"},
        "slug": {"type": "string"},
        "page": {"type": "string"},
        "total": {"type": "integer", "minimum": 0},
        "announced": {"type": ["integer", "null"], "description": said("公布的{item}数；没有公布时为 null")},
        "counts": {
            "type": "object",
            "description": said("按{rounds}（year）和各维度的取值计数；上级包含下级"),
            "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
        },
        "cases": {"type": "array", "items": _line_of_case(scheme)},
    }
    return _object(
        properties, "view", said("一个{rounds}、一个取值或一个单位的{case}"), "例如 api/v1/years/2023.json。"
    )


_LIFE: Schema = {
    "since": {"type": "integer", "description": "从哪一届起使用"},
    "until": {"type": "integer", "description": "从哪一届起不再使用"},
    "became": {"type": "array", "items": {"type": "string"}, "description": "后来成为哪些取值（slug）"},
}


def index_schema(scheme: Scheme) -> Schema:
    """The document of a dimension, or of the rounds: its terms with their counts."""
    life = _LIFE if any(dimension.concordance for dimension in scheme.dimensions) else {}
    term: Schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "slug": {"type": "string"},
            "parent": {"type": "string"},
            **life,
            "total": {"type": "integer", "minimum": 0},
            "announced": {"type": ["integer", "null"]},
            "page": {"type": "string"},
            "document": {"type": "string"},
        },
        "required": ["name", "slug", "total", "page", "document"],
        "additionalProperties": False,
    }
    properties: Schema = {
        "dimension": {"type": "string"},
        "label": {"type": "string"},
        "total": {"type": "integer", "minimum": 0},
        "unpublished": {"type": "integer", "minimum": 0, "description": scheme.words.said("没有公布这一项的{case}数")},
        "terms": {"type": "array", "items": term},
    }
    return _object(properties, "index", "一个维度的全部取值", "例如 api/v1/years/index.json。")


def _object(properties: Schema, name: str, title: str, description: str) -> Schema:
    schema: Schema = {"type": "object", "properties": properties, "required": list(properties)}
    schema["additionalProperties"] = False
    return _headed(schema, name, title, description)


def _headed(schema: Schema, name: str, title: str, description: str) -> Schema:
    head = {"$schema": DIALECT, "$id": f"urn:caselib:v1:{name}", "title": title, "description": description}
    return {**head, **{key: value for key, value in schema.items() if key not in head}}


def schema_file(schema: Schema) -> bytes:
    return (json.dumps(schema, ensure_ascii=False, indent=1) + "\n").encode()
