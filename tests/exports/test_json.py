"""JSON: documents under api/v1/, JSON Lines, and the schemas that describe them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from generator import urls
from generator.checking.raw import read_record
from generator.exports.jobs import Exports
from generator.exports.json_schema import record_schema
from generator.pages.present import Presenter
from generator.scheme.model import Scheme

from .conftest import Exported


def document(exported: Exported, path: str) -> Any:
    return json.loads(exported.text(path))


def validator(exported: Exported, name: str) -> Draft202012Validator:
    schema = document(exported, f"api/v1/schema/{name}.schema.json")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def test_each_exported_case_has_a_document_that_its_schema_accepts(sample: Exported, special: Exported) -> None:
    for exported in (sample, special):
        schema = validator(exported, "case")
        wanted = {e.id for e in exported.library.entries if e.status in ("announced", "revoked")}
        prefix = "api/v1/cases/"
        found = {
            path.removeprefix(prefix).removesuffix(".json") for path in exported.written if path.startswith(prefix)
        }
        assert found == wanted
        for case_id in wanted:
            shown = document(exported, f"{prefix}{case_id}.json")
            assert [error.message for error in schema.iter_errors(shown)] == []
            assert shown["page"] == urls.case_url(case_id)
            assert shown["status"] == exported.library.by_id[case_id].status


def test_a_document_holds_the_whole_record(sample: Exported) -> None:
    for entry in sample.library.public:
        case = sample.library.load(entry.id)
        shown = document(sample, f"api/v1/cases/{entry.id}.json")
        kept = json.loads(case.model_dump_json(exclude_defaults=True))
        assert shown == {**kept, "status": "announced", "page": urls.case_url(entry.id)}


def test_the_document_of_a_revoked_case_is_a_notice(special: Exported) -> None:
    shown = document(special, "api/v1/cases/2023-00003.json")
    assert set(shown) == {"id", "title", "year", "place", "award", "unit", "sources", "status", "changes", "page"}
    schema = validator(special, "case")
    assert not schema.is_valid({**shown, "people": [{"name": "张三", "role": "lead"}]})
    assert document(special, "api/v1/revoked.json") == {"total": 1, "cases": [shown]}


def test_lines_are_the_documents_of_the_announced_cases(sample: Exported) -> None:
    lines = sample.text("data/cases.jsonl").splitlines()
    assert [json.loads(line)["id"] for line in lines] == sorted(entry.id for entry in sample.library.public)
    for line in lines:
        case_id = json.loads(line)["id"]
        assert sample.text(f"api/v1/cases/{case_id}.json") == line + "\n"


def test_documents_of_views_count_as_the_pages_do(sample: Exported) -> None:
    schema = validator(sample, "view")
    presenter = Presenter.of(sample.library, sample.views, sample.library.scheme.words.phrases())
    for view in sample.views.all():
        shown = document(sample, urls.api_url(view.url()))
        assert [error.message for error in schema.iter_errors(shown)] == []
        assert shown["total"] == len(view.cases)
        assert [case["id"] for case in shown["cases"]] == [entry.id for entry in view.cases]
        groups = presenter.links.groups_of(
            view.cases, view.dimension.key if view.dimension else "year" if view.round else ""
        )
        counts = {g.key: {t.slug: t.count for t in g.terms if t.count} for g in groups}
        # Pages leave out a method of which no case tells.
        assert {key: found for key, found in shown["counts"].items() if found or key in counts} == counts


def test_documents_of_dimensions_count_as_the_pages_do(sample: Exported) -> None:
    schema = validator(sample, "index")
    presenter = Presenter.of(sample.library, sample.views, sample.library.scheme.words.phrases())
    for dimension in (None, *sample.library.scheme.dimensions):
        group = presenter.indexes.index(dimension).group
        shown = document(sample, urls.api_url(group.url))
        assert [error.message for error in schema.iter_errors(shown)] == []
        assert [(t["slug"], t["total"]) for t in shown["terms"]] == [(t.slug, t.count) for t in group.terms]
        assert shown["unpublished"] == group.unpublished
    units = document(sample, urls.api_url(urls.index_url(urls.UNITS)))
    assert schema.is_valid(units)
    assert {t["name"]: t["total"] for t in units["terms"]} == {u: len(v.cases) for u, v in sample.views.units.items()}


def test_every_address_in_the_first_document_leads_to_a_file(sample: Exported) -> None:
    start = document(sample, "api/v1/index.json")
    addresses: list[str] = []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            for part in value.values():
                collect(part)
        elif isinstance(value, list):
            for part in value:
                collect(part)
        elif isinstance(value, str) and value.endswith(".json"):
            addresses.append(value.replace("{id}", sample.library.public[0].id))

    collect(start)
    assert len(addresses) > 10
    assert [address for address in addresses if address not in sample.written] == []
    assert start["total"] == len(sample.library.public)


def test_the_record_schema_accepts_every_record(sample: Exported) -> None:
    schema = validator(sample, "record")
    for entry in sample.library.public:
        record = json.loads(sample.library.load(entry.id).model_dump_json(exclude_none=True))
        assert [error.message for error in schema.iter_errors(record)] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "2023-1"),
        ("title", ""),
        ("title", "长" * 201),
        ("place", "北山县"),
        ("status", "maybe"),
        ("people", [{"name": "张三", "role": "boss"}]),
        ("people", [{"name": "张三", "role": "lead", "phone": "13800000000"}]),
        ("sources", [{"title": "公告", "date": "2023年9月"}]),
        ("联系电话", "13800000000"),
        ("summary", "字" * 101),
        ("year", None),
    ],
)
def test_the_record_schema_refuses(special: Exported, key: str, value: object) -> None:
    schema = validator(special, "record")
    record = json.loads(special.library.load("2023-00002").model_dump_json(exclude_none=True))
    assert schema.is_valid(record)
    changed = {**record, key: value}
    if value is None:
        del changed[key]
    assert not schema.is_valid(changed)


def test_the_scheme_schema_accepts_the_scheme_and_refuses_another(sample: Exported) -> None:
    schema = validator(sample, "scheme")
    raw, _ = read_record(sample.library.folder / "scheme.yml", "scheme.yml")
    assert raw is not None
    shown = document(sample, "api/v1/scheme.json")
    assert schema.is_valid(shown)
    assert not schema.is_valid({**shown, "dimensions": []})
    assert not schema.is_valid({**shown, "surprise": 1})
    assert "private" not in shown


def test_labels_stand_in_the_record_schema(sample: Exported) -> None:
    scheme: Scheme = sample.library.scheme
    properties = record_schema(scheme)["properties"]
    assert properties["title"]["title"] == scheme.words.said("{item}名称")
    for dimension in scheme.dimensions:
        assert properties[dimension.key]["title"] == dimension.label
        assert dimension.names == json.loads(json.dumps(_enum_of(properties[dimension.key])))


def _enum_of(schema: dict[str, Any]) -> list[str]:
    options = [schema, *schema.get("anyOf", [])]
    return next(option["enum"] for option in options if "enum" in option)


def test_a_job_has_another_key_when_its_input_changes(special: Exported) -> None:
    exports = Exports(special.library, special.views)
    keys = {job.path: job.key for job in exports.jobs()}
    assert len(keys) == len(list(exports.jobs()))
    assert set(keys) == set(special.written)
