from pathlib import Path

from generator.checking.diagnostics import CODES, Diagnostic, nearest, summary

TESTS = Path(__file__).parent


def test_every_kind_of_finding_has_a_test():
    here = Path(__file__).name
    text = "\n".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py") if path.name != here)
    assert [code for code in CODES if f'"{code}"' not in text] == []


def test_findings_are_sorted_by_place_and_counted_by_kind():
    rows = [
        Diagnostic("b.yml", 1, 1, "incomplete", "x"),
        Diagnostic("a.yml", 10, 1, "term-unknown", "x"),
        Diagnostic("a.yml", 9, 1, "term-unknown", "x"),
    ]
    assert [(d.file, d.line) for d in sorted(rows)] == [("a.yml", 9), ("a.yml", 10), ("b.yml", 1)]
    assert summary(rows).splitlines()[0] == "2 个错误，1 个警告"


def test_the_nearest_value_is_close_or_none():
    assert nearest("巫山", ["巫溪县", "巫山县"]) == "巫山县"
    assert nearest("一等将", ["一等奖", "二等奖"]) == "一等奖"
    assert nearest("完全不同", ["一等奖", "二等奖"]) == ""
    assert nearest("private", ["name", "programme"]) == ""
