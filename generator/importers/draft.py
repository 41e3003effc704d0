"""A record in the making: what was read for each field, from where, and what a person still has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from generator.importers.grid import Picture
from generator.importers.scrub import Scrubber
from generator.records.formatting import key_order
from generator.records.model import labels, record_model
from generator.scheme.fields import field_text
from generator.scheme.model import DECIDED, Scheme


class Outcome(StrEnum):
    """What became of something in the file."""

    TAKEN = "收录"
    DROPPED = "舍去"
    DOUBTFUL = "待确认"
    MISSING = "缺"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `shown` is the value as it was taken; never a private one."""

    outcome: Outcome
    label: str
    message: str = ""
    place: str = ""
    shown: str = ""


@dataclass
class Draft:
    """Values of one record by key, and the findings about them. Every text passes through the scrubber.

    origin: name of the file, and row of the table. doubts: what stands in the record as a comment, by key.
    """

    scheme: Scheme
    origin: str
    scrubber: Scrubber
    value: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    doubts: dict[str, list[str]] = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    @property
    def _further(self) -> set[str]:
        return {extra.key for extra in self.scheme.stored}

    def label(self, key: str) -> str:
        """How the report calls a field; the short introduction and the one in sections are told apart."""
        if key == "summary":
            return self.scheme.words.said("{item}简介（100字）")
        return labels(record_model(self.scheme)).get(key, key)

    def clean(self, text: str, label: str, place: str) -> str:
        """`text` without private data; says so in the report where there was some."""
        cleaned, kinds = self.scrubber.clean(text)
        if kinds:
            self.drop("、".join(kinds), f"写在「{label}」里，已从文字中去掉；请通读这一处是否通顺", place)
        return cleaned

    def take(self, key: str, value: Any, place: str, *, note: str = "", label: str = "") -> None:
        """Puts `value` into the record."""
        self.value[key] = value
        self.places[key] = place
        shown = value if isinstance(value, str) else field_text(value) if key in self._further else ""
        note, _ = self.scrubber.clean(note)
        self.findings.append(Finding(Outcome.TAKEN, label or self.label(key), note, place, shown))

    def doubt(self, key: str, message: str, place: str, *, label: str = "") -> None:
        """Leaves something to a person: in the report, and as a comment beside the key in the record."""
        message, _ = self.scrubber.clean(message)
        self.findings.append(Finding(Outcome.DOUBTFUL, label or self.label(key), message, place))
        self.doubts.setdefault(key, []).append(f"{message}（{' '.join(filter(None, (self.origin, place)))}）")

    def drop(self, label: str, message: str = "", place: str = "") -> None:
        self.findings.append(Finding(Outcome.DROPPED, label, message, place))

    def miss(self, key: str, message: str = "", *, label: str = "") -> None:
        self.findings.append(Finding(Outcome.MISSING, label or self.label(key), message))

    def of(self, outcome: Outcome) -> list[Finding]:
        return [finding for finding in self.findings if finding.outcome is outcome]


def read_people(entries: Iterable[tuple[str, str, str | None, str]], draft: Draft) -> list[dict[str, str]]:
    """People of the record from (role, name, post, place), the lead first; the same person once."""
    people: list[dict[str, str]] = []
    words = draft.scheme.words
    for role, name, post, place in entries:
        name = draft.clean(name, "姓名", place).strip()
        if not name or any(person["name"] == name for person in people):
            continue
        person = {"name": name, "role": role}
        if post and (post := draft.clean(post, words.post, place).strip()):
            if len(post) > 60:
                message = f"{name}的{words.post}有 {len(post)} 字，最多 60 字，没有收录"
                draft.doubt("people", message, place, label=words.post)
            else:
                person["post"] = post
        if len(name) > 40:
            draft.doubt("people", f"姓名有 {len(name)} 字，不像一个人，没有收录", place, label="姓名")
            continue
        people.append(person)
    return sorted(people, key=lambda person: person["role"] != "lead")


def note_missing(draft: Draft, *, with_award: bool) -> None:
    """Says what a complete record has and this one does not have yet."""
    scheme, value = draft.scheme, draft.value
    for dimension in scheme.dimensions:
        if dimension.need == "optional" or value.get(dimension.key) or dimension.key in draft.doubts:
            continue
        if dimension.role in DECIDED and not with_award:
            continue
        names = dimension.names
        allowed = "、".join(names) if len(names) <= 8 else f"{len(names)} 个值见 scheme.yml"
        draft.miss(dimension.key, f"可用值：{allowed}")
    for key in ("unit", "people", "summary"):
        if not value.get(key) and key not in draft.doubts:
            draft.miss(key, "最多 100 字；推荐汇总表里有" if key == "summary" else "表上没有写")
    body = value.get("body") or {}
    absent = [section.label for section in scheme.sections if section.need != "optional" and section.key not in body]
    if absent and "body" not in draft.doubts:
        draft.miss("body", f"没有写到：{'、'.join(absent)}" if body else "没有分节的简介")


def sorted_findings(draft: Draft) -> list[Finding]:
    """Findings about fields in the order of the record, then what was dropped."""
    order = {draft.label(key): place for place, key in enumerate(key_order(draft.scheme))}
    return sorted(draft.findings, key=lambda f: (f.outcome is Outcome.DROPPED, order.get(f.label, len(order))))


def apply_given(draft: Draft, given: Sequence[tuple[str, str]]) -> None:
    """Puts the values that were given on the command line in place of what the file says."""
    for key, value in given:
        draft.doubts.pop(key, None)
        label = draft.label(key)
        draft.findings = [f for f in draft.findings if f.label != label]
        draft.take(key, value, "命令行 --set")
