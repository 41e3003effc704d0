"""The scheme has a schema of its own and a reference page, both made from the model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator.cli import caselib
from generator.exports.json_schema import scheme_schema
from generator.scheme_reference import scheme_reference

ROOT = Path(__file__).parents[1]
SCHEMES = [
    ROOT / "cases/scheme.yml",
    ROOT / "generator/starter/scheme.yml",
    *sorted(ROOT.glob("examples/*/scheme.yml")),
]


@pytest.fixture
def schema(tmp_path) -> Path:
    path = tmp_path / "scheme.schema.json"
    path.write_text(json.dumps(scheme_schema()))
    return path


def held(schema: Path, scheme: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("check-jsonschema")
    return subprocess.run([tool, "--schemafile", schema, scheme], capture_output=True, text=True)


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.parent.name)
def test_the_schema_accepts_every_scheme_of_ours(schema, path) -> None:
    done = held(schema, path)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("slug: dongshan", "slug: Dong Shan"),
        ("key: field", "key: 1field"),
        ("role: place", "role: map"),
        ("name: 小库", "title: 小库"),
        ("need: complete", "need: maybe"),
        ("tile: [0, 0]", "tile: [0]"),
        ("private: [", "words: {cases: 成果}\nprivate: ["),
        ("private: [", "fields: [{key: a, label: 甲, type: picture}]\nprivate: ["),
        ("private: [", "brand: {light: {ink: black}}\nprivate: ["),
    ],
)
def test_the_schema_refuses_what_the_check_refuses(schema, library, old: str, new: str) -> None:
    path = library.folder / "scheme.yml"
    assert held(schema, path).returncode == 0
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert held(schema, path).returncode == 1
    assert library.read()[1]


def keys(node: Any) -> set[str]:
    if isinstance(node, dict):
        found = set(node["properties"]) if isinstance(node.get("properties"), dict) else set()
        return found | {key for value in node.values() for key in keys(value)}
    return {key for value in node for key in keys(value)} if isinstance(node, list) else set()


def test_the_reference_page_is_that_of_the_model_and_names_every_key() -> None:
    page = (ROOT / "docs/scheme.md").read_text("utf-8")
    assert page == scheme_reference(), "make docs"
    assert [key for key in keys(scheme_schema()) if f"`{key}`" not in page] == []


def test_the_command_gives_the_schema_of_schemes_and_the_page(library) -> None:
    run = CliRunner().invoke
    assert json.loads(run(caselib, ["schema", "--scheme"]).output) == scheme_schema()
    assert run(caselib, ["schema", "--reference"]).output == scheme_reference()
    done = run(caselib, ["schema", "--scheme", "--write", "--library", str(library.folder)])
    assert done.exit_code == 0, done.output
    assert json.loads((library.folder / "scheme.schema.json").read_text("utf-8")) == scheme_schema()
