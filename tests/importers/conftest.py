"""Libraries with the real schemes, and the corpus, built once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The corpus and the editor's library are modules beside the tests.
sys.path.insert(0, str(Path(__file__).parent))

from editor_folder import EditorFolder
from filled_files import build_corpus


@pytest.fixture
def chongqing(tmp_path) -> EditorFolder:
    return EditorFolder(tmp_path, "chongqing")


@pytest.fixture
def jiangxi(tmp_path) -> EditorFolder:
    return EditorFolder(tmp_path, "jiangxi")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """The corpus on the disk, read by every test, changed by none."""
    return build_corpus(tmp_path_factory.mktemp("corpus"))
