"""The desk of one library: opens records, checks what a form would write with the messages of the check, saves it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.checking.diagnostics import Diagnostic, has_errors
from generator.checking.raw import MAX_BYTES, parse_yaml
from generator.checking.raw import read_text as read_file
from generator.editing.composing import Note, compose, pending_notes, read_text
from generator.editing.form_schema import FormGroup, form_groups, form_value
from generator.editing.pictures import Added, Pictures
from generator.editing.places import OutsideError, record_path
from generator.importers.known_records import next_number, record_id
from generator.importers.writing import put_bytes
from generator.new_record import record_of
from generator.records.formatting import format_record, record_text
from generator.records.library import SCHEME_FILE, shown_name
from generator.records.model import UNPUBLISHED, Case
from generator.records.validate import Location, validate_case
from generator.scheme.model import Scheme
from generator.scheme.reading import read_scheme
from generator.store import digest_of

# Texts that were opened and may be built upon; each is a record of a few kB.
KEPT = 500


class RefusedError(Exception):
    """Something that is not done; the message says why and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A record on the desk. before: names the text that its form is built upon. digest: of the file, "" without one.

    form: None where the text cannot be shown as a form; then the text itself is edited.
    """

    id: str
    file: str
    before: str
    digest: str
    text: str
    form: Mapping[str, Any] | None
    notes: Sequence[Note]


@dataclass(frozen=True, slots=True)
class Checked:
    """What would be written, and what `caselib check` says of it."""

    text: str
    found: Sequence[Diagnostic]
    case: Case | None

    @property
    def is_saveable(self) -> bool:
        return not has_errors(self.found)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a record. id: another one where its own was taken meanwhile.

    changed: the difference between the file as it now is and what would have been written; then nothing was written.
    """

    id: str
    checked: Checked
    written: bool
    digest: str
    changed: Sequence[str] = ()


class Desk:
    """Edits the records of `folder`. base: folder that file names in messages are relative to."""

    def __init__(self, folder: Path, base: Path) -> None:
        self.folder = folder.resolve()
        self.base = base
        self.lock = threading.Lock()
        self.texts: OrderedDict[str, str] = OrderedDict()
        self.pictures = Pictures(self.folder)

    @cached_property
    def scheme(self) -> Scheme:
        """The scheme as it is when the editor starts. Raises RefusedError where it has errors."""
        path = self.folder / SCHEME_FILE
        scheme, found = read_scheme(path, shown_name(path, self.base))
        if scheme is None:
            raise RefusedError("\n".join(diagnostic.text() for diagnostic in found))
        return scheme

    @cached_property
    def groups(self) -> list[FormGroup]:
        return form_groups(self.scheme)

    def open(self, case_id: str) -> Opened:
        """The record as it stands in its file. Raises RefusedError where it cannot be read."""
        path = self._path(case_id)
        text, found = read_file(path, self._shown(path))
        if text is None:
            raise RefusedError(found[0].text())
        return self._opened(case_id, text, digest_of(path.read_bytes()).hex())

    def new(self, year: int, status: str) -> Opened:
        """A record that is not written yet, under the next free id. Raises RefusedError for an unknown round."""
        if year not in self.scheme.by_year:
            raise RefusedError(self.scheme.unknown_round(year))
        if status not in (*UNPUBLISHED, "announced"):
            raise RefusedError("新记录的状态只能是推荐、公示或公布")
        value = record_of({}, self.scheme, year, next_number(self.folder, year), status)
        return self._opened(value["id"], record_text(value, self.scheme), "")

    def _opened(self, case_id: str, text: str, digest: str) -> Opened:
        path = self._path(case_id)
        raw = read_text(text, self._shown(path))
        form = None if raw is None else form_value(raw.value, self.groups, self.scheme)
        notes = pending_notes(raw) if raw is not None else []
        return Opened(case_id, self._shown(path), self._keep(text), digest, text, form, notes)

    def check(self, case_id: str, before: str, form: Mapping[str, Any] | str, settled: Collection[str] = ()) -> Checked:
        """What `form` (values, or the whole text) would write over the text `before`. RefusedError as in `open`."""
        path = self._path(case_id)
        shown = self._shown(path)
        if isinstance(form, str):
            text = format_record(form.replace("\r\n", "\n"), shown, self.scheme)[0]
        else:
            raw = read_text(self._kept(before), shown)
            if raw is None:
                raise RefusedError("这条记录写法有误，不能用表单改；请先按文本改正")
            try:
                text = compose(form, raw, self.groups, self.scheme, settled)
            except ValueError:
                raise RefusedError("内容里有不能保存的字符，请删去后再试") from None
        if len(text.encode()) > MAX_BYTES:
            raise RefusedError(f"记录超过 {MAX_BYTES:,} 字节；请缩短")
        raw, found = parse_yaml(text, shown)
        case = None
        if raw is not None:
            location = Location(shown, case_id[:4], case_id, path.parent)
            case, more = validate_case(raw, self.scheme, location)
            found = [*found, *more]
        return Checked(text, sorted(found), None if has_errors(found) else case)

    def save(
        self,
        case_id: str,
        before: str,
        expected: str,
        form: Mapping[str, Any] | str,
        settled: Collection[str] = (),
    ) -> Saved:
        """Writes the record whole, unless the check finds an error or the file is not what `expected` says it is."""
        with self.lock:
            checked = self.check(case_id, before, form, settled)
            if not checked.is_saveable:
                return Saved(case_id, checked, False, expected)
            path = self._path(case_id)
            there = path.read_bytes() if path.exists() else None
            now = digest_of(there).hex() if there is not None else ""
            if not expected and there is not None:
                return self._save_elsewhere(case_id, before, form, settled)
            if now != expected:
                changed = _difference(there or b"", checked.text)
                return Saved(case_id, checked, False, now, changed or ["文件已被删除"])
            path.parent.mkdir(exist_ok=True)
            put_bytes(path, checked.text.encode(), new=there is None)
            self.pictures.settle(case_id)
            return Saved(case_id, checked, True, digest_of(checked.text.encode()).hex())

    def add_picture(self, case_id: str, name: str, content: bytes) -> Added:
        """Puts a picture beside the record. Raises RefusedError for a round that the scheme has not."""
        self._path(case_id)
        if int(case_id[:4]) not in self.scheme.by_year:
            raise RefusedError(self.scheme.unknown_round(int(case_id[:4])))
        try:
            return self.pictures.add(case_id, name, content)
        except OutsideError as error:
            raise RefusedError(str(error)) from None

    def _save_elsewhere(
        self, case_id: str, before: str, form: Mapping[str, Any] | str, settled: Collection[str]
    ) -> Saved:
        """Saves a new record whose id was taken meanwhile under the next free one, its new pictures with it."""
        year = int(case_id[:4])
        while True:
            other = record_id(year, next_number(self.folder, year))
            self.pictures.move(case_id, other)
            old = self._kept(before)
            moved = self._keep(old.replace(case_id, other))
            checked = self.check(other, moved, _with_id(form, case_id, other), settled)
            if not checked.is_saveable:
                return Saved(other, checked, False, "")
            try:
                put_bytes(self._path(other), checked.text.encode(), new=True)
            except FileExistsError:
                case_id, before, form = other, moved, _with_id(form, case_id, other)
                continue
            self.pictures.settle(other)
            return Saved(other, checked, True, digest_of(checked.text.encode()).hex())

    def _path(self, case_id: str) -> Path:
        try:
            return record_path(self.folder, case_id)
        except OutsideError as error:
            raise RefusedError(str(error)) from None

    def _shown(self, path: Path) -> str:
        return shown_name(path, self.base.resolve())

    def _keep(self, text: str) -> str:
        key = digest_of(text.encode()).hex()
        self.texts[key] = text
        self.texts.move_to_end(key)
        while len(self.texts) > KEPT:
            self.texts.popitem(last=False)
        return key

    def _kept(self, key: str) -> str:
        if key not in self.texts:
            raise RefusedError("这条记录打开得太久了；请重新打开")
        return self.texts[key]


def _difference(there: bytes, text: str) -> list[str]:
    """What differs between the file as it is (-) and `text` (+), with two lines around it; "…" for lines left out."""
    old = there.decode("utf-8", "replace").splitlines()
    lines = list(unified_diff(old, text.splitlines(), lineterm="", n=2))[2:]
    return ["…" if line.startswith("@@") else line for line in lines]


def _with_id(form: Any, old: str, new: str) -> Any:
    """The form with the id of the record replaced where it names files of its own."""
    if isinstance(form, str):
        return form.replace(old, new)
    if isinstance(form, Mapping):
        return {key: _with_id(value, old, new) for key, value in form.items()}
    if isinstance(form, list):
        return [_with_id(value, old, new) for value in form]
    return form
