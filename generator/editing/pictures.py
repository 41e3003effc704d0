"""Pictures that come in through the editor: cleaned, put into the folder of the record, taken back if never used."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generator.checking.raw import read_record
from generator.editing.places import record_path
from generator.importers.writing import put_bytes
from generator.media.adding import clean_media


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a picture: the name that the record gives it, or why it was not taken; what was changed in it."""

    file: str = ""
    problem: str = ""
    notes: tuple[str, ...] = ()


class Pictures:
    """Puts pictures into the library at `folder`, and remembers which no saved record names yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.waiting: set[tuple[str, str]] = set()

    def add(self, case_id: str, name: str, content: bytes) -> Added:
        """Cleans the picture or video and puts it beside the record, which may not be written yet.

        Raises OutsideError where the record has no place.
        """
        home = record_path(self.folder, case_id).parent / case_id
        suffix = PurePosixPath(name).suffix.lower()[:6]
        with tempfile.TemporaryDirectory(prefix="caselib-") as scratch:
            source = Path(scratch) / f"upload{suffix if suffix[1:].isalnum() else ''}"
            source.write_bytes(content)
            clean, problems = clean_media(source)
        if clean is None:
            return Added(problem="；".join(f"图片{problem.message}，{problem.allowed}" for problem in problems))
        target = home / clean.name
        if not target.exists():
            home.mkdir(parents=True, exist_ok=True)
            put_bytes(target, clean.content, new=True)
            self.waiting.add((case_id, clean.name))
        return Added(f"{case_id}/{clean.name}", notes=clean.notes)

    def settle(self, case_id: str) -> None:
        """Marks the new pictures that the saved record names as its own."""
        self.waiting -= {(case_id, PurePosixPath(name).name) for name in self._named(case_id)}

    def move(self, case_id: str, other: str) -> None:
        """Lets the new pictures of a record that is not written yet follow it to its new id."""
        for entry in [entry for entry in self.waiting if entry[0] == case_id]:
            self.waiting.discard(entry)
            source = self.folder / case_id[:4] / case_id / entry[1]
            home = record_path(self.folder, other).parent / other
            home.mkdir(parents=True, exist_ok=True)
            source.rename(home / entry[1])
            self.waiting.add((other, entry[1]))
        self._remove_folder(case_id)

    def close(self) -> None:
        """Takes back every new picture that no saved record names."""
        for case_id in sorted({entry[0] for entry in self.waiting}):
            self.settle(case_id)
        for case_id, name in sorted(self.waiting):
            (self.folder / case_id[:4] / case_id / name).unlink(missing_ok=True)
            self._remove_folder(case_id)
        self.waiting.clear()

    def _named(self, case_id: str) -> Iterator[str]:
        raw, _ = read_record(self.folder / case_id[:4] / f"{case_id}.yml", case_id)
        entries = raw.value.get("media") if raw is not None else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("file"), str):
                yield entry["file"]

    def _remove_folder(self, case_id: str) -> None:
        try:
            (self.folder / case_id[:4] / case_id).rmdir()
        except OSError:
            return  # it holds other files, or never was
