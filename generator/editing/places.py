"""Where the editor may read and write: records and their pictures inside the library, never through a link."""

from __future__ import annotations

import re
from pathlib import Path

from generator.records.media import KINDS

_ID = re.compile("[0-9]{4}-[0-9]{5,7}")
_FILE = re.compile(r"[^/\\\x00-\x1f.][^/\\\x00-\x1f]{0,150}")


class OutsideError(Exception):
    """A place that the editor does not touch; the message says why, in one line."""


def record_path(folder: Path, case_id: str) -> Path:
    """Where the record `case_id` stands or will stand. Raises OutsideError where that is not inside the library."""
    if not _ID.fullmatch(case_id):
        raise OutsideError("编号的写法不对，应为 届次-序号，例如 2023-00001")
    home = folder / case_id[:4]
    path = home / f"{case_id}.yml"
    for place in (home, path, home / case_id):
        if place.is_symlink():
            raise OutsideError(f"「{place.name}」是符号链接；只改资料库里的文件本身")
    if home.exists() and home.resolve().parent != folder.resolve():
        raise OutsideError(f"「{home.name}」不在资料库里")
    return path


def media_path(folder: Path, case_id: str, name: str) -> Path:
    """Where the file `name` of a record's own folder stands. Raises OutsideError where it is not there."""
    home = record_path(folder, case_id).parent / case_id
    path = home / name
    if not _FILE.fullmatch(name) or Path(name).suffix.lower() not in KINDS:
        raise OutsideError("没有这个文件")
    if not path.is_file() or path.resolve().parent != home.resolve():
        raise OutsideError("没有这个文件")
    return path
