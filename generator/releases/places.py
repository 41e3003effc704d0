"""Where a release can be published: here, or on another machine."""

from __future__ import annotations

import shlex
from pathlib import Path, PurePosixPath

from generator.released.errors import ReleaseError
from generator.releases.publishing import LocalPlace, Place
from generator.releases.remote import REMOTE, RemotePlace


def place_of(text: str, ssh: str = "ssh") -> Place:
    """The place that `text` names: a path, or user@host:/path. ssh: the command for the latter, with its options.

    Raises ReleaseError where it names none.
    """
    found = REMOTE.fullmatch(text)
    if found is not None:
        return RemotePlace(found["host"], PurePosixPath(found["path"]), shlex.split(ssh))
    if ":" in text.partition("/")[0]:
        raise ReleaseError(f"「{text}」不是位置；另一台机器写作 用户@主机:/文件夹，例如 web@example.org:/srv/www/site")
    return LocalPlace(Path(text))
