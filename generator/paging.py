"""Long lists, page by page; pages count from 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def page_count(items: Sequence[T], size: int) -> int:
    """How many pages of `size` items there are; none where there is no item."""
    return -(-len(items) // size)


def page_of(items: Sequence[T], number: int, size: int) -> Sequence[T]:
    """The items on page `number`."""
    return items[(number - 1) * size : number * size]
