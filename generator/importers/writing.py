"""Puts drafts into the library: new records with the next id, existing ones only where that was asked for.

A file is written whole beside its place and then put there; nothing half written is ever left.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from generator.checking.diagnostics import Diagnostic
from generator.checking.raw import Raw, parse_yaml
from generator.importers.draft import Draft, Outcome
from generator.importers.former_terms import fit_to_round
from generator.importers.known_records import KnownRecord, record_id
from generator.importers.pictures import TakenPicture
from generator.records.formatting import Comments, comments_of, record_text
from generator.records.model import labels, record_model
from generator.records.validate import PENDING, Location, validate_case
from generator.scheme.model import Scheme

PENDING_NOTE = f"{PENDING}："


class Mode(StrEnum):
    """What may happen to a record that is there: nothing, what it lacks is added, or it is written anew."""

    KEEP = "keep"
    FILL = "fill"
    OVERWRITE = "overwrite"


class Action(StrEnum):
    """What becomes of a draft."""

    NEW = "新记录"
    CHANGED = "改写已有记录"
    KEPT = "已有记录，没有改动"
    SAME = "已有记录，内容相同"
    REFUSED = "没有写"


@dataclass
class Plan:
    """A record as it will be written. `changes`: what differs from the record that is there."""

    draft: Draft
    id: str
    path: Path
    action: Action
    text: str = ""
    before: str = ""
    changes: list[str] = field(default_factory=list)
    pictures: list[TakenPicture] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    reason: str = ""

    @property
    def writes(self) -> bool:
        return self.action in (Action.NEW, Action.CHANGED)

    @property
    def needs_a_person(self) -> bool:
        """Whether someone has to look before the record is right."""
        return (
            self.action is Action.REFUSED
            or bool(self.draft.of(Outcome.DOUBTFUL))
            or any(problem.is_error for problem in self.problems)
        )


def plan_new(draft: Draft, folder: Path, year: int, number: int, status: str, pictures: list[TakenPicture]) -> Plan:
    """The plan of a record that is not there yet."""
    fit_to_round(draft, year)
    case_id = record_id(year, number)
    value: dict[str, Any] = {"id": case_id, "year": str(year), **draft.value, "status": status}
    if draft.scheme.sample:
        value["sample"] = "true"
    plan = Plan(draft, case_id, folder / str(year) / f"{case_id}.yml", Action.NEW, pictures=pictures)
    comments = Comments()
    _add_pictures(plan, value, comments)
    _finish(plan, value, comments)
    return plan


def plan_unchanged(draft: Draft, known: KnownRecord) -> tuple[Plan, Raw | None]:
    """A plan that leaves a record as it is, and what the record holds; refused, and None, where it cannot be read."""
    plan = Plan(draft, known.id, known.path, Action.KEPT, before=known.text)
    raw, _ = parse_yaml(known.text, known.file)
    if raw is None:
        plan.action, plan.reason = Action.REFUSED, f"{known.file} 有语法错误，请先改正（caselib check）"
    return plan, raw


def plan_existing(draft: Draft, known: KnownRecord, mode: Mode) -> Plan:
    """The plan for a record that is there: what differs, and its new text where `mode` allows."""
    plan, raw = plan_unchanged(draft, known)
    if raw is None:
        return plan
    value = dict(raw.value)
    names = labels(record_model(draft.scheme))
    for key, new in draft.value.items():
        old = value.get(key)
        if key == "body" and isinstance(old, dict) and isinstance(new, dict):
            merged = {**new, **old} if mode is Mode.FILL else {**old, **new}
            if mode is Mode.OVERWRITE and _same(old, merged):
                continue
            for section, words in new.items():
                if not _same(old.get(section), words):
                    title = next((s.label for s in draft.scheme.sections if s.key == section), section)
                    plan.changes.append(_change(title, old.get(section), words))
            value[key] = merged
            continue
        if _same(old, new) or (key == "people" and _says_less(old, new)):
            continue
        plan.changes.append(_change(names.get(key, key), old, new))
        if mode is Mode.OVERWRITE or not old:
            value[key] = new
    if not plan.changes:
        plan.action = Action.SAME
        return plan
    if mode is Mode.KEEP:
        return plan
    plan.action = Action.CHANGED
    _finish(plan, value, comments_of(raw))
    if plan.text == plan.before:
        plan.action = Action.KEPT
    return plan


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, str) and isinstance(new, str):
        return old.strip() == new.strip()
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return bool(old == new)


def _says_less(old: Any, new: Any) -> bool:
    """Whether `new` names some of the people of `old`, the lead among them, and nothing else: as tables do."""
    if not isinstance(old, list) or not all(isinstance(person, dict) for person in old):
        return False
    known = {(person.get("name"), person.get("role")): person for person in old}
    return bool(new) and all(
        _same(known.get((person["name"], person["role"]), {}).get("post", ""), person.get("post"))
        or ("post" not in person and (person["name"], person["role"]) in known)
        for person in new
    )


def _change(label: str, old: Any, new: Any) -> str:
    return f"{label}：{_shown(old) or '（空）'} → {_shown(new)}"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        words = " ".join(value.split())
        return f"「{words[:40]}…」" if len(words) > 40 else f"「{words}」"
    if isinstance(value, list):
        return "、".join(str(entry.get("name", entry)) if isinstance(entry, dict) else str(entry) for entry in value)
    if isinstance(value, dict):
        return f"{len(value)} 节"
    return ""


def _add_pictures(plan: Plan, value: dict[str, Any], comments: Comments) -> None:
    """Pictures with words become media; those without wait for words as comments."""
    media: list[dict[str, str]] = []
    for picture in plan.pictures:
        file = f"{plan.id}/{picture.name}"
        words = picture.alt or picture.caption
        if words:
            entry = {"file": file, "alt": words}
            if picture.caption:
                entry["caption"] = picture.caption
            media.append(entry)
            message = f"{file}：替代文字用的是图注，请改成画面内容，并确认图中没有证件、电话等个人信息"
            plan.draft.doubt("media", message, picture.place, label="图片")
        else:
            message = f"图片 {file} 没有图注；请确认图中没有个人信息，写上 alt（画面内容）后加入 media，或删去文件"
            plan.draft.doubt("media", message, picture.place, label="图片")
    if media:
        value["media"] = media


def _finish(plan: Plan, value: dict[str, Any], comments: Comments) -> None:
    """Writes the text with its comments and checks it as `caselib check` will."""
    scheme = plan.draft.scheme
    for key, doubts in plan.draft.doubts.items():
        value.setdefault(key, None)
        lines = [PENDING_NOTE + " ".join(f"{doubt}".split()) for doubt in doubts]
        there = comments.before.setdefault((key,), [])
        there += [line for line in lines if line not in there]
    for dimension in scheme.dimensions:
        needed = dimension.need == "required" and not (dimension.role == "award" and _unpublished(value))
        if needed and dimension.key not in value:
            value[dimension.key] = None
            comments.before.setdefault((dimension.key,), []).append(
                f"{PENDING_NOTE}表上没有写{dimension.label}，请填写"
            )
    plan.text = record_text(value, scheme, comments)
    comment_text = "\n".join(line for lines in comments.before.values() for line in lines)
    check_plan(plan)
    if plan.draft.scrubber.clean(comment_text)[0] != comment_text:
        _refuse_private(plan)


def check_plan(plan: Plan) -> None:
    """Checks the text of a plan as `caselib check` will; one with private data in it is not written."""
    year = plan.path.parent.name
    location = Location(f"{year}/{plan.path.name}", year, plan.id, plan.path.parent)
    raw, found = parse_yaml(plan.text, location.file)
    assert raw is not None, found
    if plan.pictures:
        raw.value.pop("media", None)  # its files are not in place yet
    plan.problems = [
        d for d in validate_case(raw, plan.draft.scheme, location)[1] if d.code not in ("incomplete", "pending")
    ]
    if any(problem.code == "private-data" for problem in plan.problems):
        _refuse_private(plan)


def _refuse_private(plan: Plan) -> None:
    plan.action = Action.REFUSED
    plan.reason = "里面还有不能公开的内容；请在原表中删去后再导入"
    plan.text = ""


def _unpublished(value: Mapping[str, Any]) -> bool:
    return value.get("status") in ("nominated", "notice")


def write_plan(plan: Plan, scheme: Scheme) -> None:
    """Puts the pictures and then the record in place. FileExistsError where a new record's place is taken."""
    plan.path.parent.mkdir(parents=True, exist_ok=True)
    if plan.pictures:
        _put_pictures(plan.path.parent / plan.id, plan.pictures)
    put_text(plan.path, plan.text, new=plan.action is Action.NEW)


def put_text(path: Path, text: str, *, new: bool) -> None:
    """Writes a file whole. new: FileExistsError, and nothing changed, where there is one."""
    put_bytes(path, text.encode(), new=new)


def put_bytes(path: Path, content: bytes, *, new: bool = False) -> None:
    """Writes a file whole, beside its place first."""
    handle, name = tempfile.mkstemp(prefix=".caselib-", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        part.chmod(0o644 if not path.exists() else path.stat().st_mode & 0o777)
        if new:
            os.link(part, path)
        else:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _put_pictures(folder: Path, pictures: list[TakenPicture]) -> None:
    """Puts a new folder of pictures in place as a whole. FileExistsError where there is one."""
    if folder.exists():
        raise FileExistsError(folder)
    part = Path(tempfile.mkdtemp(prefix=".caselib-", dir=folder.parent))
    try:
        for picture in pictures:
            (part / picture.name).write_bytes(picture.content)
        part.chmod(0o755)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
