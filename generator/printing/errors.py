"""What stops the making of a document."""

from __future__ import annotations


class PrintError(Exception):
    """What people can mend, a line for each: a round, an id, a font, a template. Nothing was written."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
