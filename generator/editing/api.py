"""What the page of the editor asks for and gets, as JSON. One function a request; nothing of HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.checking.diagnostics import Diagnostic
from generator.editing.catalogue import Catalogue
from generator.editing.desk import Checked, Desk, Opened, RefusedError
from generator.editing.form_schema import group_schema
from generator.editing.intake import read_form
from generator.preview.page import PagePreview
from generator.records.model import STATUSES

Json = dict[str, Any]


@dataclass
class Api:
    """Answers the page. preview: None where the site has no configuration to show a page with."""

    desk: Desk
    catalogue: Catalogue
    preview: PagePreview | None

    def library(self) -> Json:
        """What the list of records shows around it."""
        scheme = self.desk.scheme
        return {
            "name": scheme.name,
            "words": scheme.words.by_name,
            "sample": scheme.sample,
            "years": [str(year) for year in sorted(scheme.by_year, reverse=True)],
            "states": [{"value": value, "label": label} for value, label in STATUSES.items()],
            "preview": self.preview is not None,
        }

    def records(self, query: str, year: str, only: str) -> Json:
        """The records that were searched for."""
        found = self.catalogue.find(query[:200], year, only)
        return {
            "ready": self.catalogue.ready.is_set(),
            "done": self.catalogue.done,
            "todo": self.catalogue.todo,
            "all": len(self.catalogue.lines),
            "total": found.total,
            "records": [
                {
                    "id": line.id,
                    "title": line.title,
                    "unit": line.unit,
                    "state": STATUSES.get(line.status, ""),
                    "errors": line.errors,
                    "warnings": line.warnings,
                }
                for line in found.lines
            ],
        }

    def open(self, case_id: str) -> Json:
        return self._opened(self.desk.open(case_id))

    def new(self, body: Json) -> Json:
        year = _text(body, "year")
        return self._opened(self.desk.new(int(year) if year.isdigit() and len(year) == 4 else 0, _text(body, "status")))

    def _opened(self, opened: Opened) -> Json:
        form = opened.form
        groups = [
            {
                "key": group.key,
                "label": group.label,
                "fields": [entry.key for entry in group.fields],
                "schema": group_schema(group, form or {}),
                "value": {entry.key: form[entry.key] for entry in group.fields} if form is not None else {},
            }
            for group in self.desk.groups
        ]
        return {
            "id": opened.id,
            "file": opened.file,
            "before": opened.before,
            "digest": opened.digest,
            "text": opened.text,
            "form": form is not None,
            "groups": groups,
            "notes": [{"path": list(note.path), "text": note.text} for note in opened.notes],
        }

    def check(self, body: Json) -> Json:
        """What the check says of the form, the text that would be written, and where its page can be seen."""
        checked = self.desk.check(*self._draft(body))
        return self._checked(checked) | {"text": checked.text, "preview": self._show(_text(body, "id"), checked)}

    def save(self, body: Json) -> Json:
        case_id, before, form, settled = self._draft(body)
        saved = self.desk.save(case_id, before, _text(body, "expected"), form, settled)
        if saved.written and saved.checked.case is not None:
            self.catalogue.put(saved.checked.case, self.desk.scheme, saved.checked.found)
        return self._checked(saved.checked) | {
            "id": saved.id,
            "written": saved.written,
            "digest": saved.digest,
            "changed": list(saved.changed),
        }

    def picture(self, case_id: str, name: str, content: bytes) -> Json:
        """The entry of a picture that was dropped; its words are still to be written."""
        added = self.desk.add_picture(case_id, name, content)
        return {"file": added.file, "problem": added.problem, "notes": list(added.notes)}

    def prefill(self, case_id: str, name: str, content: bytes) -> Json:
        """What a form that was dropped says, its pictures put beside the record."""
        year = int(case_id[:4]) if case_id[:4].isdigit() else 0
        intake = read_form(name, content, self.desk.folder, self.desk.scheme, year)
        media = []
        for picture in intake.pictures:
            added = self.desk.add_picture(case_id, picture.name, picture.content)
            if added.file:
                media.append({"file": added.file, "alt": picture.alt, "caption": picture.caption})
        return {
            "problem": intake.problem,
            "value": intake.value,
            "media": media,
            "findings": [
                {"outcome": str(f.outcome), "label": f.label, "message": f.message, "shown": f.shown}
                for f in intake.findings
            ],
        }

    def _draft(self, body: Json) -> tuple[str, str, Mapping[str, Any] | str, Sequence[str]]:
        form = body.get("form")
        settled = body.get("settled", [])
        if not isinstance(form, (dict, str)) or not isinstance(settled, list):
            raise RefusedError("请求的写法不对")
        return _text(body, "id"), _text(body, "before"), form, [text for text in settled if isinstance(text, str)]

    def _checked(self, checked: Checked) -> Json:
        return {"saveable": checked.is_saveable, "found": [_finding(diagnostic) for diagnostic in checked.found]}

    def _show(self, case_id: str, checked: Checked) -> str:
        if self.preview is None or checked.case is None:
            return ""
        folder = self.desk.folder / case_id[:4]
        return self.preview.show(checked.case, folder, self.catalogue.entries())


def _finding(diagnostic: Diagnostic) -> Json:
    return {
        "line": diagnostic.line,
        "column": diagnostic.column,
        "severity": str(diagnostic.severity),
        "code": diagnostic.code,
        "message": diagnostic.explanation(),
        "text": diagnostic.text(),
        "path": list(diagnostic.path),
    }


def _text(body: Json, key: str) -> str:
    value = body.get(key, "")
    if not isinstance(value, str):
        raise RefusedError("请求的写法不对")
    return value
