"""The data package and the metadata for Datasette."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from pathlib import Path

import frictionless

from .conftest import Exported

GUIDE = Path(__file__).parents[2] / "docs/data.md"


def test_frictionless_finds_nothing_wrong_with_any_resource(sample: Exported, special: Exported) -> None:
    for exported in (sample, special):
        path = exported.folder / "data/datapackage.json"
        with frictionless.system.use_context(trusted=True):
            report = frictionless.validate(str(path))
        assert report.valid, report.flatten(["title", "message"])
        assert {task.name for task in report.tasks} >= {"cases", "terms", "rounds", "changes", "revoked"}
        rows = {resource["path"] for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]}
        files = {name.name for name in (exported.folder / "data").iterdir()}
        copies = {name for name in files if name.endswith(".gz")}
        assert rows == files - copies - {"datapackage.json", "metadata.json"}
        assert copies == {"cases.csv.gz", "cases.jsonl.gz"}
        for name in copies:
            data = exported.folder / "data" / name
            assert gzip.decompress(data.read_bytes()) == data.with_suffix("").read_bytes()
            # One member: some readers stop after the first.
            reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
            reader.decompress(data.read_bytes())
            assert reader.eof
            assert not reader.unused_data


def test_frictionless_reads_types_and_keys(sample: Exported) -> None:
    package = frictionless.Package(str(sample.folder / "data/datapackage.json"))
    assert package.get_resource("cases").schema.primary_key == ["编号"]
    rows = package.get_resource("cases").read_rows()
    assert len(rows) == len(sample.library.public)
    assert {type(row["届次"]) for row in rows} == {int}
    assert {type(row["示例"]) for row in rows} == {bool}
    assert [row["编号"] for row in rows] == sorted(entry.id for entry in sample.library.public)


def test_a_wrong_cell_is_found(sample: Exported, tmp_path: Path) -> None:
    descriptor = json.loads(sample.text("data/datapackage.json"))
    cases = next(resource for resource in descriptor["resources"] if resource["name"] == "cases")
    broken = sample.text("data/cases.csv").replace("true", "maybe", 1)
    resource = frictionless.Resource.from_descriptor({**cases, "path": "cases.csv"})
    (tmp_path / "cases.csv").write_text(broken, encoding="utf-8")
    resource.basepath = str(tmp_path)
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


def test_files_and_queries_of_the_guide_are_there(sample: Exported) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    files = [path for path in re.findall(r'href="([^"]+)"', guide) if not path.endswith(".html")]
    assert len(files) > 14
    if "district" not in sample.library.scheme.by_key:
        files.remove("data/annex4-2023.xlsx")  # a table of the organiser whose guide this is
    assert [path for path in files if path not in sample.written] == []
    named = set(re.findall(r"`(data/[\w.]+|api/v1/[\w/.-]+\.json|\w+\.atom)`", guide))
    if "district" not in sample.library.scheme.by_key:
        named = {name for name in named if "districts/" not in name}
    if 2023 not in sample.library.scheme.by_year:
        named.remove("api/v1/years/2023.json")
    assert {name for name in named if "编号" not in name} <= set(sample.written)
    statements = [part for block in re.findall(r"```sql\n(.*?)```", guide, re.DOTALL) for part in block.split(";")]
    assert len([statement for statement in statements if statement.strip()]) == 4
    for statement in statements:
        sample.database.execute(statement).fetchall()
    tables = {row[0] for row in sample.database.execute("SELECT name FROM sqlite_schema")}
    section = guide.partition("## 数据库")[2].partition("每个维度一个视图")[0].rpartition("|")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert {name for row in rows[:-1] for name in re.findall(r"`(\w+)`", row)} <= tables
