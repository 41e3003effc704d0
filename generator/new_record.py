"""Makes a record from answers: asks for what the scheme needs, offers only what it allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.checking.diagnostics import nearest
from generator.checking.raw import parse_yaml
from generator.importers.known_records import next_number, record_id
from generator.importers.values import Reading, items_of, match_term, person_name, read_date, read_extra
from generator.importers.writing import put_text
from generator.records.formatting import record_text
from generator.records.model import UNPUBLISHED
from generator.records.privacy import find_private
from generator.records.validate import Location, validate_case
from generator.scheme.fields import GROUPS, LIST, ExtraField
from generator.scheme.model import DECIDED, Dimension, Scheme

STATUS_LABELS = {"announced": "已公布", "notice": "公示中", "nominated": "推荐"}

# Asks one question: what to ask, what it may be (empty: anything), whether it may be left empty.
Check = Callable[[str], Reading]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask for. check: turns an answer into a value, or says what is wrong with it."""

    key: str
    label: str
    need: str
    check: Check
    help: str = ""
    choices: tuple[str, ...] = ()


def term_question(dimension: Dimension, scheme: Scheme, need: str, year: int) -> Question:
    """Asks for a term of the round `year`: by its number, its name, or a short form of it."""
    names = dimension.names_in(year)

    def check(text: str) -> Reading:
        if text.isdecimal() and 1 <= int(text) <= len(names):
            return Reading(names[int(text) - 1])
        found = match_term(dimension, text, scheme.forms.prefixes)
        if found.value is not None and found.value not in names:
            message, allowed, _ = dimension.misuse(found.value, year)
            return Reading(None, f"{message}；{allowed}")
        if found.value is not None:
            return Reading(found.value)
        close = nearest(text, [*names, *dimension.by_alias])
        close = dimension.by_alias[close].name if close in dimension.by_alias else close
        hint = f"是否应为「{close}」？" if close else "请写编号或名称"
        return Reading(None, f"没有「{text}」这个{dimension.label}；{hint}")

    return Question(dimension.key, dimension.label, need, check, dimension.about or "", tuple(names))


def text_question(key: str, label: str, need: str, most: int, scheme: Scheme, help: str = "") -> Question:
    """Asks for a text of one line without private data."""

    def check(text: str) -> Reading:
        if len(text) > most:
            return Reading(None, f"有 {len(text)} 个字，最多 {most} 个字")
        kind = next((kind for _, kind in find_private(text, scheme.private_labels)), None)
        if kind is not None:
            return Reading(None, f"含有{kind}，不能公开；请删去")
        return Reading(text)

    return Question(key, label, need, check, help)


def extra_question(extra: ExtraField, scheme: Scheme) -> Question:
    """Asks for a further field of the scheme."""

    def check(text: str) -> Reading:
        kind = next((kind for _, kind in find_private(text, scheme.private_labels)), None)
        if kind is not None:
            return Reading(None, f"含有{kind}，不能公开；请删去")
        if extra.type == "enum" and text.isdigit() and 1 <= int(text) <= len(extra.values):
            return Reading(extra.values[int(text) - 1])
        return read_extra(extra, text)

    hints = {"boolean": "是或否", "date": "例如 2023-09-02", "number": "只写数字", LIST: "几条用顿号分开"}
    return Question(extra.key, extra.label, extra.need, check, hints.get(extra.type, extra.about or ""), extra.values)


def questions(scheme: Scheme, status: str, year: int) -> list[Question]:
    """What to ask for a record of the round `year` in the state `status`, in the order of a record."""
    words = scheme.words
    found = [text_question("title", words.said("{item}名称"), "required", 200, scheme)]
    for dimension in scheme.dimensions:
        if dimension.role in DECIDED and status in UNPUBLISHED:
            continue
        found.append(term_question(dimension, scheme, dimension.need, year))
    found.append(text_question("unit", words.unit, "complete", 200, scheme))
    found.append(text_question("lead", words.lead, "complete", 40, scheme, "姓名或团队名称"))
    found.append(text_question("post", words.said("{lead}的{post}"), "optional", 60, scheme))
    found.append(text_question("members", words.member, "optional", 400, scheme, "几个人用顿号分开"))
    found.append(text_question("summary", words.said("{item}简介"), "complete", 100, scheme, "最多 100 字"))
    found += [
        extra_question(extra, scheme) for extra in scheme.stored if extra.need != "optional" and extra.type != GROUPS
    ]
    if status not in UNPUBLISHED and not scheme.sample:
        found.append(
            text_question(
                "source_title", "来源的标题", "required", 300, scheme, words.said("公布{awarded}结果的网页或文件")
            )
        )
        found.append(text_question("source_address", "来源的网址", "optional", 1000, scheme))
        found.append(Question("source_date", "来源的日期", "optional", read_date, "例如 2023-09-02"))
    return found


def record_of(answers: dict[str, str], scheme: Scheme, year: int, number: int, status: str) -> dict[str, Any]:
    """The record that the answers make."""
    value: dict[str, Any] = {"id": record_id(year, number), "year": str(year), "status": status}
    lists = {extra.key for extra in scheme.stored if extra.type == LIST}
    for key, answer in answers.items():
        if key not in ("lead", "post", "members", "source_title", "source_address", "source_date"):
            value[key] = items_of(answer) if key in lists else answer
    people: list[dict[str, str]] = []
    if answers.get("lead"):
        lead = {"name": person_name(answers["lead"]), "role": "lead"}
        people.append(lead | ({"post": answers["post"]} if answers.get("post") else {}))
    members = answers.get("members", "").replace("，", "、").replace(",", "、").split("、")
    people += [{"name": person_name(name), "role": "member"} for name in members if name.strip()]
    if people:
        value["people"] = people
    source = {part: answers[f"source_{part}"] for part in ("title", "address", "date") if answers.get(f"source_{part}")}
    if source:
        value["sources"] = [source]
    if scheme.sections:
        value["body"] = {section.key: None for section in scheme.sections}
    if scheme.sample:
        value["sample"] = "true"
    return value


def write_new(answers: dict[str, str], scheme: Scheme, folder: Path, year: int, status: str) -> tuple[Path, list[str]]:
    """Writes the record under the next free id; its path, and what the check still says about it."""
    while True:
        number = next_number(folder, year)
        value = record_of(answers, scheme, year, number, status)
        text = record_text(value, scheme)
        path = folder / str(year) / f"{value['id']}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            put_text(path, text, new=True)
        except FileExistsError:
            continue  # someone else took the number just now
        raw, _ = parse_yaml(text, path.name)
        assert raw is not None
        _, found = validate_case(raw, scheme, Location(path.name, str(year), path.stem, path.parent))
        return path, [diagnostic.text() for diagnostic in found]
