"""What an index is made of: the digest of every document, and the documents one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.document import Document, content_hash


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents of an index, not all of them in memory.

    digests: (id, digest of all that the document depends on); in any order, ids all different.
    load: the document of an id.
    """

    digests: Sequence[tuple[str, bytes]]
    load: Callable[[str], Document]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Sources:
        """Documents that are in memory."""
        return cls([(d.id, content_hash(d).encode()) for d in documents], {d.id: d for d in documents}.__getitem__)
