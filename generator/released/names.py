"""Names of releases: the round and a number, as in 2023.1. Their order is the order of publication."""

from __future__ import annotations

import re
from typing import NamedTuple

from generator.released.errors import ReleaseError

_NAME = re.compile(r"(\d{4})\.([1-9]\d{0,3})")


class ReleaseName(NamedTuple):
    """The name of a release. year: of the round it was made for. number: counts from 1 in each round."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}.{self.number}"


def parse_name(text: str) -> ReleaseName:
    """The name that `text` writes. Raises ReleaseError where it writes none."""
    found = _NAME.fullmatch(text)
    if found is None:
        raise ReleaseError(f"「{text}」不是发布编号；请写成 届次.序号，例如 2023.1")
    return ReleaseName(int(found[1]), int(found[2]))
