"""Findings as programs read them: JSON, annotations of GitHub, code quality of GitLab, SARIF, a table in Markdown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from generator import __version__
from generator.checking.diagnostics import CODES, Diagnostic, Severity, summary
from generator.checking.explaining import explanations

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_GITLAB_WEIGHTS = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def as_json(found: Sequence[Diagnostic]) -> str:
    """A list with an object for each finding."""
    rows = [
        {
            "file": diagnostic.file,
            "line": diagnostic.line,
            "column": diagnostic.column,
            "severity": str(diagnostic.severity),
            "code": diagnostic.code,
            "message": diagnostic.message,
            "allowed": diagnostic.allowed,
            "nearest": diagnostic.nearest,
        }
        for diagnostic in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def as_annotation(diagnostic: Diagnostic) -> str:
    """A workflow command of GitHub Actions, which escapes these characters so."""
    text = diagnostic.explanation().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    file = diagnostic.file.replace("%", "%25").replace(":", "%3A").replace(",", "%2C").replace("\n", "%0A")
    place = f"file={file},line={diagnostic.line},col={diagnostic.column}"
    return f"::{diagnostic.severity} {place},title={diagnostic.code}::{text}"


def as_code_quality(found: Sequence[Diagnostic]) -> str:
    """The report that GitLab shows beside the changed lines of a merge request."""
    rows = []
    seen: dict[str, int] = {}
    for diagnostic in found:
        # A finding keeps its fingerprint when lines are added above it; the same twice in a file is counted.
        name = "\0".join((diagnostic.file, diagnostic.code, diagnostic.message))
        seen[name] = seen.get(name, 0) + 1
        fingerprint = hashlib.blake2b(f"{name}\0{seen[name]}".encode(), digest_size=16).hexdigest()
        rows.append(
            {
                "description": diagnostic.explanation(),
                "check_name": diagnostic.code,
                "fingerprint": fingerprint,
                "severity": _GITLAB_WEIGHTS[diagnostic.severity],
                "location": {"path": diagnostic.file, "lines": {"begin": diagnostic.line}},
            }
        )
    return json.dumps(rows, ensure_ascii=False, indent=1)


def as_sarif(found: Sequence[Diagnostic]) -> str:
    """A log of SARIF 2.1.0 with one run; its rules are the codes that were found, with their explanations."""
    codes = sorted({diagnostic.code for diagnostic in found})
    driver = {
        "name": "caselib",
        "version": __version__,
        "language": "zh-CN",
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, codes.index(diagnostic.code)) for diagnostic in found],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _rule(code: str) -> dict[str, Any]:
    weight, name = CODES[code]
    entry = explanations()[code]
    return {
        "id": code,
        "shortDescription": {"text": name},
        "fullDescription": {"text": entry.why},
        "help": {"text": f"{entry.why}\n怎样改：{entry.fix}\n错：\n{entry.wrong}\n对：\n{entry.right}"},
        "defaultConfiguration": {"level": str(weight)},
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(diagnostic.file), "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": diagnostic.line, "startColumn": diagnostic.column},
    }
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": str(diagnostic.severity),
        "message": {"text": diagnostic.explanation()},
        "locations": [{"physicalLocation": place}],
    }


def as_table(found: Sequence[Diagnostic]) -> str:
    """All findings as a table in Markdown, errors first, headed by their counts."""
    lines = [f"### 检查结果：{summary(found).splitlines()[0]}", ""]
    if found:
        lines += ["| | 位置 | 问题 | 怎样改 |", "|---|---|---|---|"]
    for diagnostic in sorted(found, key=lambda d: (not d.is_error, d)):
        rest = diagnostic.explanation().removeprefix(diagnostic.message).lstrip("；")
        mend = rest or explanations()[diagnostic.code].fix
        mark = "❌ 错误" if diagnostic.is_error else "⚠️ 警告"
        place = f"`{diagnostic.file}` 第 {diagnostic.line} 行"
        cells = (mark, place, f"{markdown(diagnostic.message)}（{diagnostic.code}）", markdown(mend))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


_MARKS = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>#|~!"} | {"\n": " ", "\r": " ", "@": "@\u200b"})


def markdown(text: str) -> str:
    """`text` as it reads in Markdown, on one line: nothing in it is a mark, a tag, a cell, or calls an account."""
    return text.translate(_MARKS)
