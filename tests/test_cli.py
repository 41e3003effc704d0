import json
from pathlib import Path

import click
import jsonschema
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from generator.cli import caselib


@pytest.fixture
def run(library, monkeypatch):
    monkeypatch.chdir(library.base)
    return lambda *arguments: CliRunner().invoke(caselib, arguments)


def test_every_command_has_help_in_chinese_with_an_example():
    for name, command in caselib.commands.items():
        text = CliRunner().invoke(caselib, [name, "--help"]).output
        assert f"例：caselib {name}" in text, name
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, f"{name} {option.name} has no help"


def test_check_ends_with_1_only_for_errors(run, library):
    library.record()
    done = run("check")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "0 个错误，1 个警告")
    library.record(award="丙等")
    done = run("check")
    assert done.exit_code == 1
    assert done.output.startswith("cases/2023/2023-00001.yml:5:8: 错误：奖项「丙等」不在方案中")


def test_check_of_a_path_lists_only_its_findings(run, library):
    library.record("2023-00001", award="丙等")
    library.record("2024-00001", award="丁等")
    done = run("check", "cases/2024")
    assert "丁等" in done.output
    assert "丙等" not in done.output
    assert run("check", "cases/none.yml").exit_code == 2


def test_check_speaks_to_programs(run, library):
    library.record(award="丙等")
    [row] = json.loads(run("check", "--format", "json").output)
    assert (row["file"], row["line"], row["column"], row["severity"], row["code"]) == (
        "cases/2023/2023-00001.yml",
        5,
        8,
        "error",
        "term-unknown",
    )
    line = run("check", "--format", "github").output.splitlines()[0]
    assert line.startswith("::error file=cases/2023/2023-00001.yml,line=5,col=8,title=term-unknown::奖项「丙等」")


def test_a_long_list_is_cut_and_counted(run, library):
    for number in range(1, 31):
        library.record(f"2023-{number:05}", award="丙等")
    lines = run("check", "--max-errors", "5").output.splitlines()
    assert sum("错误：" in line for line in lines) == 5
    assert "……还有 25 条没有列出" in lines
    assert "30 个错误，0 个警告" in lines
    assert "  值不在方案中（term-unknown）：30" in lines


def test_search_in_the_terminal(run, library):
    library.record("2023-00001", title="中药饮片切片机", award="甲等")
    library.record("2023-00002", title="英语书写板", summary="不切饮片")
    done = run("search", "饮片")
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.output.splitlines() if line.startswith("2023-")] == [
        "2023-00001",
        "2023-00002",
    ]
    assert run("search", "yinpian", "--filter", "award=乙等").output.splitlines()[0] == "0 项"
    assert json.loads(run("search", "切片", "--json").output)["total"] == 1
    assert run("search", "没有的").exit_code == 1
    done = run("search", "饮片", "--filter", "award=丙等")
    assert done.exit_code == 2
    assert "奖项没有「丙等」；可用：甲等、乙等" in done.output


def test_the_schema_beside_the_records_is_that_of_the_scheme(run):
    root = Path(__file__).parents[1]
    done = run("schema", "--library", str(root / "cases"))
    assert done.output == (root / "cases/schema.json").read_text("utf-8"), "run caselib schema --write"


def test_the_schema_accepts_the_real_records_and_refuses_a_mistake():
    root = Path(__file__).parents[1]
    validator = jsonschema.Draft202012Validator(json.loads((root / "cases/schema.json").read_text("utf-8")))
    paths = sorted((root / "cases").glob("2*/*.yml"))
    assert paths
    for path in paths:
        record = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
        record["sources"] = [source | {"date": str(source["date"])} for source in record["sources"]]
        assert list(validator.iter_errors(record)) == [], path.name
        assert list(validator.iter_errors(record | {"district": "巫山"}))
        assert list(validator.iter_errors(record | {"titel": "x"}))
