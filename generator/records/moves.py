"""Records that were merged or got another number: `moved.yml` says where each old number leads, for ever.

moved:
  - {id: 2023-00007, to: 2023-00003, date: 2024-05-01, why: 重复录入，已合并}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from generator.checking.diagnostics import Diagnostic, has_errors, nearest
from generator.checking.fields import Day, Line, Model, RecordId, described
from generator.checking.files import check
from generator.checking.raw import Raw, read_record
from generator.records.model import PUBLISHED

MOVED_FILE = "moved.yml"


# Makes a finding at a key of a move: number of the move, key, code, message, what is right, nearest value.
_Note = Callable[..., Diagnostic]


class Move(Model):
    """An old number and the record that it stands for now."""

    id: RecordId = described("原编号", need="required")
    to: RecordId = described("现编号", need="required")
    date: Day | None = described("日期")
    why: Annotated[str, Line(200)] | None = described("原因")


class Moves(Model):
    """The content of moved.yml."""

    moved: tuple[Move, ...] = described("移动过的记录", need="required")


def read_moves(path: Path, file: str) -> tuple[tuple[Move, ...], Raw | None, list[Diagnostic]]:
    """The moves in `path`, shown to people as `file`, by old number; none where there is no such file."""
    if not path.exists():
        return (), None, []
    raw, found = read_record(path, file)
    if raw is None:
        return (), None, found
    moves, problems = check(Moves, raw.value, raw)
    found += problems
    if moves is None or has_errors(found):
        return (), raw, found
    return moves.moved, raw, found


def wrong_moves(moves: Sequence[Move], raw: Raw, states: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Moves that lead nowhere, in a chain or in a circle, and old numbers that are not free.

    states: state of each record by its id, empty where the record has mistakes of its own.
    """
    targets: dict[str, str] = {}
    for move in moves:
        targets.setdefault(move.id, move.to)

    def note(number: int, key: str, code: str, message: str, allowed: str, close: str = "") -> Diagnostic:
        line, column = raw.at(("moved", number, key))
        return Diagnostic(raw.file, line, column, code, message, allowed, close)

    seen: set[str] = set()
    for number, move in enumerate(moves):
        if move.id in seen:
            yield note(number, "id", "moved-taken", f"原编号「{move.id}」前面已经写过", "一个编号只写一行")
        seen.add(move.id)
        if move.id in states:
            message = f"原编号「{move.id}」还有记录"
            yield note(number, "id", "moved-taken", message, "合并或改号之后，原来的记录文件要删去")
        if move.to in targets:
            yield _chain(note, number, move, targets)
        elif move.to not in states:
            message = f"现编号「{move.to}」没有记录"
            yield note(number, "to", "moved-target", message, "请写现在的编号", nearest(move.to, sorted(states)))
        elif states[move.to] and states[move.to] not in PUBLISHED:
            message = f"现编号「{move.to}」还没有公布（status: {states[move.to]}），没有网页"
            yield note(number, "to", "moved-target", message, "等它公布之后再写")


def _chain(note: _Note, number: int, move: Move, targets: Mapping[str, str]) -> Diagnostic:
    """A move whose target has moved too: to another one, or in a circle."""
    end, passed = move.to, {move.id}
    while end in targets and end not in passed:
        passed.add(end)
        end = targets[end]
    if end in passed:
        message = f"「{move.id}」转来转去又回到「{end}」"
        return note(number, "to", "moved-chain", message, "请写一个现在还有记录的编号")
    return note(number, "to", "moved-chain", f"「{move.to}」自己也移走了", "请直接写最后的编号", end)
