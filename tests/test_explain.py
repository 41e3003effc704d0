"""`caselib explain`: every code has an explanation whose examples are true; findings as programs read them."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from generator.checking.diagnostics import CODES
from generator.checking.explaining import KINDS, explanations
from generator.checking.raw import MAX_BYTES
from generator.cli import caselib
from tests.conftest import SCHEME, LibraryFolder
from tests.releases.test_corrections import CHANGE, publish
from tests.test_media import halves, saved

ROOT = Path(__file__).parents[1]


def merged(base: str, lines: str) -> str:
    """`base` with the blocks of `lines` in place of its own of the same key."""
    blocks = {block.split(":")[0]: block for block in re.split(r"\n(?=\w)", base.strip())}
    new = re.split(r"\n(?=[\w#])", lines.strip())
    keys = {block.split(":")[0] for block in new}
    return "\n".join([*(block for key, block in blocks.items() if key not in keys), *new]) + "\n"


def with_example(library: LibraryFolder, kind: str, text: str) -> None:
    """Puts the example into a library that is right but for it, and has a picture."""
    record = library.record().read_text("utf-8")
    saved(library.folder / "2023/2023-00001/figure.png", halves())
    if kind == "record":
        library.write("2023/2023-00001.yml", merged(record, text))
    elif kind == "file":
        library.write("2023/2023-00001.yml", text)
    elif kind == "scheme":
        library.write("scheme.yml", merged(SCHEME, text))
    elif kind == "path":
        (library.folder / "2023/2023-00001.yml").unlink()
        for place in re.findall(r"cases/(\S+\.yml)", text):
            name = Path(place).stem
            changed = record.replace("2023-00001", name) if name.startswith("2023-") else record
            library.write(place, changed)


def codes_in(library):
    return {diagnostic.code for diagnostic in library.read()[1]}


TOLD_BY_LINES = [code for code, entry in explanations().items() if entry.kind != "words"]


def test_every_code_is_explained_and_nothing_else():
    assert list(explanations()) == list(CODES)
    for code, entry in explanations().items():
        assert entry.kind in KINDS, code
        assert all(text.strip() for text in (entry.why, entry.fix, entry.wrong, entry.right)), code


@pytest.mark.parametrize("code", TOLD_BY_LINES)
def test_the_wrong_example_gives_the_code_and_the_right_one_does_not(library, tmp_path, code):
    entry = explanations()[code]
    with_example(library, entry.kind, entry.wrong)
    assert code in codes_in(library)
    right = LibraryFolder(tmp_path / "right")
    with_example(right, entry.kind, entry.right)
    assert code not in codes_in(right)
    assert not [d.text() for d in right.read()[1] if d.is_error]


def replaced(library, content):
    library.write("2023/2023-00001.yml", content)


def moved_out(library):
    record = library.folder / "2023/2023-00001.yml"
    record.rename(library.base / "out.yml").replace(library.base / "elsewhere.yml")
    record.symlink_to(library.base / "elsewhere.yml")


def folder_in_place(library):
    (library.folder / "2023/2023-00001.yml").unlink()
    (library.folder / "2023/2023-00001.yml").mkdir()


def unsafe_picture(library):
    library.write("2023/2023-00001/figure.png", b"PK\x03\x04 a document")
    library.record(text="media:\n  - {file: 2023-00001/figure.png, alt: 图}\n")


def published(deed):
    """`deed` after the library was released; an edit of a record then brings a correction with it or not."""

    def done(library):
        library.record(text=CHANGE)
        publish(library)
        deed(library)

    return done


def moves(lines):
    return lambda library: library.write("moved.yml", f"moved:\n{lines}")


# Found by other commands than the check; their tests stand in tests/printing, tests/kiosk and tests/test_portal.py.
ELSEWHERE = {"template-error", "kiosk-case", "portal-library"}
# What the examples in words tell, done.
DEEDS = {
    "released-missing": published(lambda library: (library.folder / "2023/2023-00001.yml").unlink()),
    "released-address": published(
        lambda library: library.write("scheme.yml", SCHEME.replace("slug: dongshan", "slug: dongshan-county"))
    ),
    "released-withdrawn": published(lambda library: library.record(text=CHANGE, status="nominated")),
    "released-change-missing": published(lambda library: library.record(text=CHANGE, unit="东山县第二小学")),
    "released-change-gone": published(lambda library: library.record()),
    "released-change-why": published(
        lambda library: library.record(text=CHANGE + "  - {date: 2024-05-02, what: 更正单位}\n")
    ),
    "release-ledger": published(lambda library: library.write("releases/2023.1.jsonl", "{}\n")),
    "moved-target": moves("  - {id: 2023-00007, to: 2023-00999}\n"),
    "moved-chain": moves("  - {id: 2023-00007, to: 2023-00008}\n  - {id: 2023-00008, to: 2023-00001}\n"),
    "moved-taken": moves("  - {id: 2023-00001, to: 2023-00002}\n"),
    "file-unreadable": lambda library: library.folder.rename(library.base / "gone"),
    "file-not-regular": folder_in_place,
    "file-outside": moved_out,
    "file-too-large": lambda library: replaced(library, b"a: " + b"x" * MAX_BYTES),
    "encoding-bom": lambda library: replaced(library, b"\xef\xbb\xbf" + library.record().read_bytes()),
    "encoding-not-utf8": lambda library: replaced(library, library.record().read_text("utf-8").encode("gbk")),
    "real-in-sample": lambda library: library.write("scheme.yml", SCHEME + "sample: true\n"),
    "media-unsafe": unsafe_picture,
    "scheme-missing": lambda library: (library.folder / "scheme.yml").unlink(),
}


def test_what_is_told_in_words_gives_the_code(library, tmp_path):
    assert sorted(DEEDS) == sorted(set(CODES) - set(TOLD_BY_LINES) - ELSEWHERE)
    for code, deed in DEEDS.items():
        place = LibraryFolder(tmp_path / code)
        place.record()
        assert code not in codes_in(place)
        deed(place)
        assert code in codes_in(place), code


def test_explain_shows_why_how_and_an_example():
    output = CliRunner().invoke(caselib, ["explain", "term-unknown"]).output
    assert output.startswith("term-unknown：值不在方案中（错误）\n")
    assert "怎样改：" in output and "错：\n  place: 东山\n对：\n  place: 东山县\n" in output


def test_explain_alone_lists_all_and_a_slip_gets_the_nearest():
    output = CliRunner().invoke(caselib, ["explain"]).output
    assert all(f"  {code} " in output for code in CODES)
    done = CliRunner().invoke(caselib, ["explain", "term-unknwon"])
    assert (done.exit_code, "是否应为「term-unknown」？" in done.output) == (2, True)
    assert CliRunner().invoke(caselib, ["explain", "[term-unknown]"]).exit_code == 0


def test_a_failed_check_leads_to_the_explanation(library, monkeypatch):
    monkeypatch.chdir(library.base)
    library.record(place="东山")
    assert CliRunner().invoke(caselib, ["check"]).output.endswith("：caselib explain term-unknown\n")


# the mark of what nobody has confirmed


def test_an_announced_record_with_a_mark_left_is_warned_of(library):
    record = library.record()
    record.write_text("# 待确认：全名\n" + record.read_text("utf-8") + "# 待确认\n", "utf-8")
    found = [(d.line, d.column, d.code, d.is_error) for d in library.check()]
    assert found == [(1, 1, "pending", False), (12, 1, "pending", False)]
    assert "全名" in library.check()[0].message


@pytest.mark.parametrize("status", ["nominated", "notice"])
def test_a_mark_in_a_record_that_is_not_announced_is_in_order(library, status):
    library.record(status=status, award="", text="# 待确认：全名\n")
    assert library.check() == []


def test_the_words_of_a_mark_inside_a_text_are_text(library):
    library.record(text="body:\n  background: |\n    # 待确认：这是正文\n")
    assert library.check() == []


def test_private_data_in_a_comment_is_found_and_not_repeated(library):
    library.record(unit="东山县第一小学 # 张三 13812345678", text="# 待确认：联系电话：123\n")
    found = library.check()
    assert [(d.line, d.column, d.code) for d in found] == [
        (6, 20, "private-data"),
        (11, 1, "pending"),
        (11, 7, "private-data"),
    ]
    assert not any(word in d.text() for d in found for word in ("138", "123"))


# formats


def check(library, monkeypatch, form):
    monkeypatch.chdir(library.base)
    return CliRunner().invoke(caselib, ["check", "--format", form]).output


# The part of the SARIF 2.1.0 schema that covers what we write; nothing else may stand there.
def _closed(properties, required=()):
    return {
        "type": "object",
        "properties": properties,
        "required": list(required) or list(properties),
        "additionalProperties": False,
    }


TEXT = _closed({"text": {"type": "string", "minLength": 1}})
LEVEL = {"enum": ["none", "note", "warning", "error"]}
NATURAL = {"type": "integer", "minimum": 1}
RULE = _closed(
    {
        "id": {"type": "string"},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": TEXT,
        "defaultConfiguration": _closed({"level": LEVEL}),
    }
)
LOCATION = _closed(
    {
        "physicalLocation": _closed(
            {
                "artifactLocation": _closed(
                    {"uri": {"type": "string", "pattern": r"^[!-~]+$"}, "uriBaseId": {"const": "%SRCROOT%"}}
                ),
                "region": _closed({"startLine": NATURAL, "startColumn": NATURAL}),
            }
        )
    }
)
RESULT = _closed(
    {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION, "minItems": 1},
    }
)
DRIVER = _closed(
    {
        "name": {"type": "string"},
        "version": {"type": "string"},
        "language": {"type": "string", "pattern": "^[a-z]{2}-[A-Z]{2}$"},
        "rules": {"type": "array", "items": RULE, "uniqueItems": True},
    }
)
RUN = _closed(
    {
        "tool": _closed({"driver": DRIVER}),
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": {"type": "array", "items": RESULT},
    }
)
SARIF = _closed(
    {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": RUN, "minItems": 1, "maxItems": 1},
    }
)


@pytest.mark.parametrize("broken", [False, True])
def test_sarif_follows_its_schema_and_each_result_its_rule(library, monkeypatch, broken):
    library.record(place="东山" if broken else "东山县")
    library.write("2023/张 三.yml", "") if broken else None
    log = json.loads(check(library, monkeypatch, "sarif"))
    jsonschema.Draft202012Validator(SARIF).validate(log)
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [result["ruleId"] for result in run["results"]] == [rules[r["ruleIndex"]]["id"] for r in run["results"]]
    assert [r["ruleId"] for r in run["results"]] == (["term-unknown", "file-name"] if broken else ["incomplete"])


def test_gitlab_gets_a_fingerprint_that_lines_above_do_not_change(library, monkeypatch):
    library.record(place="东山", award="丙等")
    first = json.loads(check(library, monkeypatch, "gitlab"))
    assert len({row["fingerprint"] for row in first}) == len(first) == 2
    assert first[0]["location"] == {"path": "cases/2023/2023-00001.yml", "lines": {"begin": 4}}
    library.write("2023/2023-00001.yml", "\n\n" + (library.folder / "2023/2023-00001.yml").read_text("utf-8"))
    later = json.loads(check(library, monkeypatch, "gitlab"))
    assert [row["fingerprint"] for row in later] == [row["fingerprint"] for row in first]
    assert later[0]["location"]["lines"]["begin"] == 6


# help in the editor


def test_vs_code_finds_the_schema_and_its_descriptions():
    settings = json.loads((ROOT / ".vscode/settings.json").read_text("utf-8"))
    [(schema, pattern)] = settings["yaml.schemas"].items()
    assert all(path.match(pattern) for path in (ROOT / "cases").glob("2*/*.yml"))
    assert not (ROOT / "cases/scheme.yml").match(pattern)
    properties = json.loads((ROOT / schema).read_text("utf-8"))["properties"]
    scheme = YAML(typ="safe").load((ROOT / "cases/scheme.yml").read_text("utf-8"))
    assert all(re.search("[一-鿿]", entry["title"]) for entry in properties.values())
    for dimension in scheme["dimensions"]:
        names = [term["name"] for term in dimension["terms"]]
        assert json.dumps(names, ensure_ascii=False) in json.dumps(properties[dimension["key"]], ensure_ascii=False)
