"""The data package and the metadata for Datasette."""

from __future__ import annotations

import json

import frictionless

from .conftest import Exported


def test_frictionless_finds_nothing_wrong_with_any_resource(sample: Exported, special: Exported) -> None:
    for exported in (sample, special):
        path = exported.folder / "data/datapackage.json"
        with frictionless.system.use_context(trusted=True):
            report = frictionless.validate(str(path))
        assert report.valid, report.flatten(["title", "message"])
        assert {task.name for task in report.tasks} >= {"cases", "terms", "rounds", "changes", "revoked"}
        rows = {resource["path"] for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]}
        files = {name.name for name in (exported.folder / "data").iterdir()}
        assert rows == files - {"datapackage.json", "metadata.json"}


def test_frictionless_reads_types_and_keys(sample: Exported) -> None:
    package = frictionless.Package(str(sample.folder / "data/datapackage.json"))
    assert package.get_resource("cases").schema.primary_key == ["编号"]
    rows = package.get_resource("cases").read_rows()
    assert len(rows) == len(sample.library.public)
    assert {type(row["届次"]) for row in rows} == {int}
    assert {type(row["示例"]) for row in rows} == {bool}
    assert [row["编号"] for row in rows] == sorted(entry.id for entry in sample.library.public)


def test_a_wrong_cell_is_found(sample: Exported, tmp_path: object) -> None:
    descriptor = json.loads(sample.text("data/datapackage.json"))
    cases = next(resource for resource in descriptor["resources"] if resource["name"] == "cases")
    broken = sample.text("data/cases.csv").replace("true", "maybe", 1)
    resource = frictionless.Resource.from_descriptor({**cases, "path": "cases.csv"})
    target = sample.folder.parent / "broken"
    target.mkdir(exist_ok=True)
    (target / "cases.csv").write_text(broken, encoding="utf-8")
    resource.basepath = str(target)
    assert not frictionless.validate(resource).valid


def test_licence_and_publisher_come_from_the_configuration(sample: Exported) -> None:
    package = json.loads(sample.text("data/datapackage.json"))
    (licence,) = package["licenses"]
    assert licence["name"] == "CC-BY-4.0"
    assert package["contributors"] == [{"title": sample.library.scheme.organiser, "role": "publisher"}]
    assert "created" not in package


def test_every_query_and_table_of_the_metadata_works(sample: Exported) -> None:
    metadata = json.loads(sample.text("data/metadata.json"))["databases"]["cases"]
    database = sample.database
    for name, table in metadata["tables"].items():
        columns = {row[0] for row in database.execute("SELECT name FROM pragma_table_info(?)", (name,))}
        assert columns, name
        named = {table.get("label_column"), table.get("fts_pk"), table.get("sort"), *table.get("facets", ())} - {None}
        assert named <= columns, name
    for query in metadata["queries"].values():
        database.execute(query["sql"], {"text": "装置"}).fetchall()
