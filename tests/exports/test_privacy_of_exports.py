"""Nothing leaves that was not announced, and nothing private."""

from __future__ import annotations

import zipfile
from pathlib import Path

from generator.records.privacy import find_private

from .conftest import Exported


def contents(folder: Path) -> dict[str, bytes]:
    """Content of every file below `folder`, the parts of ZIP files each for itself."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[path.name] = path.read_bytes()
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as parts:
                    found |= {f"{path.name}/{name}": parts.read(name) for name in parts.namelist()}
    return found


def test_what_is_not_announced_is_in_no_file(special: Exported) -> None:
    files = contents(special.folder)
    assert any("被撤销的项目".encode() in content for content in files.values())
    for text in ("只被推荐的项目", "正在公示的项目", "2024-00001", "2024-00002"):
        assert [name for name, content in files.items() if text.encode() in content] == []


def test_the_texts_and_people_of_a_revoked_case_are_in_no_file(special: Exported) -> None:
    assert special.library.load("2023-00003").summary == "撤销的简介不再公开"
    files = contents(special.folder)
    assert [name for name, content in files.items() if "撤销的简介不再公开".encode() in content] == []


def test_no_file_holds_private_data(sample: Exported) -> None:
    labels = sample.library.scheme.private
    assert labels
    for name, content in contents(sample.folder).items():
        if name.endswith((".json", ".jsonl", ".csv", ".atom", ".xml")) and not name.endswith("schema.json"):
            text = content.decode()
            assert [kind for _, kind in find_private(text, labels)] == [], name


def test_the_folder_of_the_library_is_in_no_file(sample: Exported) -> None:
    place = str(sample.library.folder.parent).encode()
    assert [name for name, content in contents(sample.folder).items() if place in content] == []
