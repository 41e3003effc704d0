from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import corpus
from search_page import write_page
from site_server import copy_client, serve

from search.document import Document
from search.shards import write_index


@pytest.fixture(scope="session")
def documents() -> list[Document]:
    return corpus.documents(260)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, documents: list[Document]) -> Path:
    """A folder with index and client; read only."""
    folder = tmp_path_factory.mktemp("built")
    write_index(documents, corpus.SCHEMA, folder / "search", script_copies=True)
    copy_client(folder / "assets")
    write_page(folder)
    (folder / "index.html").write_text("<!doctype html><meta charset=utf-8><title>t</title>", encoding="utf-8")
    return folder


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """A copy of the built folder, to be damaged."""
    return Path(shutil.copytree(built, tmp_path / "site"))


@pytest.fixture(scope="session")
def address(built: Path) -> Iterator[str]:
    with serve(built) as url:
        yield url


@pytest.fixture
def page(browser: object) -> Iterator[object]:
    context = browser.new_context()  # type: ignore[attr-defined]
    opened = context.new_page()
    opened.errors = []
    opened.on("pageerror", lambda e: opened.errors.append(str(e)))
    yield opened
    context.close()
