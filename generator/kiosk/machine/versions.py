"""Versions of the content on one screen: the live one, one that waits, one that was before.

A build of the store with a higher number than the live one waits; one with a lower number is what was live before.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from generator.kiosk.content_facts import FACTS, INDEX, ContentFacts, read_facts
from generator.kiosk.machine.state import Refused, State, Trial
from generator.released.errors import ReleaseError
from generator.server import file_at

REFUSED_KEPT = 20


@dataclass(frozen=True)
class Version:
    """A complete build of the content."""

    number: int
    folder: Path
    facts: ContentFacts


class Versions:
    """The versions in the state of a screen. What changes them holds the lock of the store; what reads does not."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.store = state.content
        self._read: dict[tuple[int, int, int], Version] = {}

    def _version(self, number: int) -> Version | None:
        """The build of this number; None where its facts cannot be read."""
        folder = self.store.folder(number)
        try:
            status = (folder / FACTS).stat()
            # A number is used again once its build is gone.
            key = number, status.st_ino, status.st_mtime_ns
            if key not in self._read:
                self._read[key] = Version(number, folder, read_facts(folder))
        except (ReleaseError, OSError):
            return None
        return self._read[key]

    @property
    def live(self) -> Version | None:
        number = self.store.current()
        return self._version(number) if number is not None else None

    @property
    def ready(self) -> Version | None:
        """The newest version that waits and was not refused."""
        live = self.store.current() or 0
        for number in reversed(self.store.builds()):
            version = self._version(number) if number > live else None
            if version is not None and version.facts.version not in self.refused:
                return version
        return None

    @property
    def before(self) -> Version | None:
        """What was live before."""
        live = self.store.current() or 0
        numbers = [number for number in self.store.builds() if number < live]
        return self._version(numbers[-1]) if numbers else None

    @property
    def trial(self) -> Trial | None:
        """The trial of the live version; None where it has proved itself."""
        trial = self.state.read(Trial)
        return trial if trial is not None and trial.number == self.store.current() else None

    @property
    def refused(self) -> tuple[str, ...]:
        refused = self.state.read(Refused)
        return refused.versions if refused else ()

    def file(self, address: str) -> Path | None:
        """The file for an address: of the live version, or of the one before it, whose page may still be open."""
        for version in (self.live, self.before):
            found = file_at(version.folder, address) if version else None
            if found is not None:
                return found
            if address.partition("?")[0] in ("/", f"/{INDEX}"):
                break
        return None

    def swap(self, to: Version) -> None:
        """Makes a version that waits live, on trial. Raises StoreError or OSError; the live one then stays."""
        with self.store.locked():
            self.state.write(Trial(to.number))
            self.store.show(to.number)

    def started(self) -> None:
        """Counts a start of the server against a version on trial."""
        trial = self.trial
        if trial is not None:
            self.state.write(Trial(trial.number, trial.starts + 1))

    def confirm(self) -> None:
        """The live version has proved itself."""
        self.state.forget(Trial)
        self.state.forget(Refused)

    def tidy(self) -> None:
        """Removes builds that nothing leads to: all but the live one, the one before it and the newest that waits."""
        live = self.store.current() or 0
        builds = self.store.builds()
        keep = {live, *[n for n in builds if n < live][-1:], *[n for n in builds if n > live][-1:]}
        for number in set(builds) - keep:
            self.store.remove(number)

    def refuse(self) -> Version | None:
        """Takes the live version back and returns what is live now; None where nothing else is there, so it stays."""
        live, before = self.live, self.before
        number = self.store.current()
        if before is None or number is None:
            self.state.forget(Trial)
            return None
        with self.store.locked():
            if live is not None:
                self.state.write(Refused((*self.refused, live.facts.version)[-REFUSED_KEPT:]))
            self.store.show(before.number)
            self.state.forget(Trial)
            self.store.remove(number)
        return before

    def forgive(self) -> None:
        """Lets refused versions be tried again."""
        self.state.forget(Refused)

    def repair(self) -> str:
        """Makes the best version live if what is live cannot be shown; says in one line what was done, or nothing."""
        if self.live is not None or not os.path.lexists(self.store.live):
            return ""
        refused = self.refused
        found = filter(None, (self._version(number) for number in reversed(self.store.builds())))
        usable = [version for version in found if version.facts.version not in refused]
        if not usable:
            return ""
        with self.store.locked():
            self.store.show(usable[0].number)
        return f"展示内容不完整，已换成 {usable[0].facts.version[:12]}"

    def make_room(self) -> None:
        """Removes what is neither live nor on trial's return: earlier versions, and what was fetched half."""
        live = self.store.current()
        keep = {live}
        if self.trial is not None and self.before is not None:
            keep.add(self.before.number)
        for number in self.store.builds():
            if number not in keep:
                self.store.remove(number)
        shutil.rmtree(self.store.fresh, ignore_errors=True)
