"""A form that was dropped on the editor: what it holds for one record. Nothing of the file itself is kept."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from generator.importers.draft import Draft, Finding, sorted_findings
from generator.importers.options import Options
from generator.importers.pictures import TakenPicture, take_pictures
from generator.importers.run import SUFFIXES, read_file
from generator.importers.safe_files import UnreadableFileError
from generator.scheme.model import Scheme


@dataclass(frozen=True, slots=True)
class Intake:
    """What a form says: values by key, findings for a person, pictures. problem: why nothing was taken."""

    problem: str = ""
    value: Mapping[str, Any] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    pictures: Sequence[TakenPicture] = ()


def read_form(name: str, content: bytes, folder: Path, scheme: Scheme, year: int) -> Intake:
    """What the application form `content`, called `name`, holds; the copy that is read is deleted before this ends."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        return Intake("这里只收申报表（.docx）；图片请放到「图片与视频」里")
    with tempfile.TemporaryDirectory(prefix="caselib-") as scratch:
        path = Path(scratch) / f"form{suffix}"
        path.write_bytes(content)
        report = read_file(path, Options(folder, folder.parent, scheme, year))
        if report.error:
            return Intake(f"没有读出内容：{report.error}")
        if report.kind != "申报表":
            told = scheme.words.said("这不是一份申报表；推荐汇总表和{awarded}名单请用 caselib import 导入")
            return Intake(told)
        if len(report.drafts) != 1:
            return Intake(f"文件里有 {len(report.drafts)} 份申报表；请分成一份一个文件，或用 caselib import 导入")
        draft = report.drafts[0]
        pictures = _pictures(path, draft)
        return Intake("", draft.value, sorted_findings(draft), pictures)


def _pictures(path: Path, draft: Draft) -> Sequence[TakenPicture]:
    try:
        return take_pictures(path, draft)
    except UnreadableFileError:
        return ()
