"""What a content folder says of itself in `kiosk.json`; all else in it is for the browser only."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from generator.released.errors import ReleaseError
from generator.releases.manifest import read_bounded

FACTS = "kiosk.json"
INDEX = "index.html"
FORM = 1
Day = date


class ContentFacts(msgspec.Struct, frozen=True):
    """version: stamp of the content. date: a day, of the newest record or the release. cases: how many."""

    organiser: str
    version: str
    date: str
    release: str = ""
    cases: int = 0
    format: int = FORM

    @property
    def day(self) -> Day:
        return Day.fromisoformat(self.date)


def read_facts(folder: Path) -> ContentFacts:
    """The facts of the content in `folder`. Raises ReleaseError where it is no content of a showcase."""
    if not (folder / INDEX).is_file():
        raise ReleaseError(f"{folder} 里没有 {INDEX}；展示内容由 caselib kiosk build 生成")
    try:
        facts = msgspec.json.decode(read_bounded(folder / FACTS, "说明"), type=ContentFacts)
        date.fromisoformat(facts.date)
    except (msgspec.DecodeError, ValueError) as error:
        raise ReleaseError(f"{folder / FACTS} 的写法不对：{error}") from None
    if facts.format != FORM:
        raise ReleaseError(f"{folder / FACTS} 是第 {facts.format} 种格式，这一版程序只认第 {FORM} 种")
    if not facts.version or not facts.organiser:
        raise ReleaseError(f"{folder / FACTS} 没有写明主办单位或版本")
    return facts
