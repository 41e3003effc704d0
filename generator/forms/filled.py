"""The application form of a record: what a unit looks through and completes; `caselib import --fill` reads it back."""

from __future__ import annotations

from pathlib import Path

from generator.checking.diagnostics import has_errors, nearest
from generator.checking.raw import read_record
from generator.forms.application import application_form
from generator.records.library import record_files
from generator.records.validate import validate_case
from generator.scheme.model import Scheme


def filled_form(folder: Path, base: Path, scheme: Scheme, case_id: str) -> tuple[bytes | None, list[str]]:
    """The content of a .docx, or None and why there is none, a line each."""
    locations = {location.id: location for location in record_files(folder, base)[0]}
    location = locations.get(case_id)
    if location is None:
        close = nearest(case_id, locations)
        return None, [f"没有记录「{case_id}」" + (f"；是否应为「{close}」？" if close else "")]
    raw, found = read_record(Path(location.path), location.file)
    if raw is not None:
        case, problems = validate_case(raw, scheme, location)
        found += problems
        if case is not None and not has_errors(found):
            return application_form(scheme, case), []
    return None, [diagnostic.text() for diagnostic in found if diagnostic.is_error]
