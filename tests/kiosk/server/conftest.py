from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kiosk.server.parts import Machinery, Shown, Staff


@pytest.fixture
def staff(tmp_path: Path) -> Staff:
    return Staff(tmp_path / "staff")


@pytest.fixture
def machinery(staff: Staff, tmp_path: Path) -> Machinery:
    return Machinery(tmp_path / "machine", staff.root, staff.folder.path)


@pytest.fixture
def shown(staff: Staff, machinery: Machinery) -> Iterator[Shown]:
    """A screen that shows version aaaa0001."""
    staff.put("aaaa0001")
    assert machinery.look().code == ""
    shown = Shown(machinery)
    ready = shown.screen.versions.ready
    assert ready is not None
    shown.screen.versions.swap(ready)
    shown.screen.versions.confirm()
    with shown.served():
        yield shown
