"""Batches: a round whose results are published as they ripen. Each is a term with its round and its day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from generator.checking.diagnostics import Diagnostic
from generator.checking.raw import Raw, Step

# The role of the dimension whose terms are batches.
BATCH = "batch"


def batch_findings(
    terms: Sequence[tuple[str, int | None, date | None]],
    years: Sequence[int],
    raw: Raw,
    path: tuple[Step, ...],
    *,
    are_batches: bool,
) -> Iterator[Diagnostic]:
    """Batches without a round or of one that is not there; terms of other dimensions with what only a batch has.

    terms: name, round and day of each. path: of the terms of the dimension in the file.
    """
    for number, (name, year, day) in enumerate(terms):
        if not are_batches:
            for key, value in (("round", year), ("date", day)):
                if value is not None:
                    line, column = raw.at((*path, number, key), key=True)
                    message, allowed = f"「{name}」不是批次，不能有 {key}", "role: batch 的维度才有届次和日期"
                    yield Diagnostic(raw.file, line, column, "field-unknown", message, allowed)
        elif year is None:
            line, column = raw.at((*path, number))
            message, allowed = f"批次「{name}」没有写属于哪一届", "请写 round: 届次的年份"
            yield Diagnostic(raw.file, line, column, "field-missing", message, allowed)
        elif year not in years:
            line, column = raw.at((*path, number, "round"))
            message = f"批次「{name}」的届次「{year}」不存在"
            allowed = f"可用值：{'、'.join(map(str, years))}"
            yield Diagnostic(raw.file, line, column, "scheme-reference", message, allowed)
