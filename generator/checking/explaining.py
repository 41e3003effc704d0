"""What each code of a finding means: why there is such a rule, how to mend it, an example of wrong and right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from generator.checking.diagnostics import CODES, Severity
from generator.checking.raw import parse_yaml

FILE = Path(__file__).with_name("explanations.yml")
# What an example is: lines of a record or of the scheme, a whole file, a path, or told in words.
KINDS = ("record", "file", "scheme", "path", "words")
WEIGHTS = {Severity.ERROR: "错误", Severity.WARNING: "警告"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of one code. kind: one of KINDS."""

    why: str
    fix: str
    kind: str
    wrong: str
    right: str


@lru_cache(maxsize=1)
def explanations() -> dict[str, Explanation]:
    """The explanation of every code."""
    raw, found = parse_yaml(FILE.read_text("utf-8"), FILE.name)
    assert raw is not None and not found, found
    return {
        code: Explanation(**{"kind" if key == "in" else key: value for key, value in entry.items()})
        for code, entry in raw.value.items()
    }


def explained(code: str) -> str:
    """The explanation of `code` as people read it."""
    weight, name = CODES[code]
    entry = explanations()[code]
    lines = [f"{code}：{name}（{WEIGHTS[weight]}）", "", entry.why, f"怎样改：{entry.fix}", ""]
    for label, text in (("错", entry.wrong), ("对", entry.right)):
        lines += [f"{label}：", *(f"  {line}" for line in text.rstrip("\n").split("\n"))]
    lines += ["", "例子取自编造的资料库；字段和可用的值以本库的方案为准。"]
    return "\n".join(lines)


def overview() -> Iterator[str]:
    """One line for each code: errors first, in the order of CODES."""
    width = max(map(len, CODES))
    for weight in Severity:
        yield f"{WEIGHTS[weight]}："
        yield from (f"  {code:<{width}}  {name}" for code, (severity, name) in CODES.items() if severity is weight)
