"""Pages of records that were just saved, before the whole site is built anew: for the live preview."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator import urls
from generator.checking.raw import read_record
from generator.preview.page import PagePreview
from generator.reading import check_folder
from generator.records.library import shown_name
from generator.records.model import PUBLISHED, Entry
from generator.records.validate import Location, validate_case
from generator.scheme.model import Scheme
from generator.shell import ShellState

# With more at once (another branch was checked out) the whole build is as good.
MOST = 20


@dataclass(frozen=True)
class Saved:
    """What saved records come to: pages by address, and what is wrong with those that have none."""

    pages: dict[str, bytes] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)


class SavedRecords:
    """Renders single records over the library as it was read last. base: what file names are relative to."""

    def __init__(self, state: ShellState, base: Path, cache: Path) -> None:
        self.state = state
        self.folder = Path(state.library)
        self.base = base
        self.cache = cache
        self.scheme: Scheme | None = None
        self.entries: Sequence[Entry] = ()
        self.preview: PagePreview | None = None

    def refresh(self) -> None:
        """Reads what changed since the last time, templates too."""
        checked = check_folder(self.folder, self.base, cache=self.cache)
        self.scheme = checked.scheme
        self.entries = checked.entries()
        self.preview = PagePreview(self.state, checked.scheme, self.cache) if checked.scheme is not None else None

    def render(self, paths: Collection[Path]) -> Saved:
        """The pages of the records among `paths`; nothing where another file changed or they are many."""
        saved = Saved()
        if self.preview is None or self.scheme is None or len(paths) > MOST:
            return saved
        for path in paths:
            place = path.parent
            if path.suffix != ".yml" or place.parent != self.folder or not path.is_file():
                return Saved()
        for path in sorted(paths):
            location = Location(shown_name(path, self.base), path.parent.name, path.stem, path.parent)
            raw, found = read_record(path, location.file)
            case = None
            if raw is not None:
                case, more = validate_case(raw, self.scheme, location)
                found += more
            errors = [diagnostic.text() for diagnostic in sorted(found) if diagnostic.is_error]
            saved.mistakes.extend(errors)
            if case is not None and not errors and case.status in PUBLISHED:
                saved.pages[urls.case_url(case.id)] = self.preview.render(case, location.folder, self.entries)
        return saved
