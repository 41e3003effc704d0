"""The configuration of deploy/nginx.conf in a real nginx, over a small site."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.server import POLICY
from tests.conftest import LibraryFolder
from tests.nginx import nginx
from tests.test_site import fill

Answer = tuple[int, http.client.HTTPMessage, bytes]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = LibraryFolder(tmp_path_factory.mktemp("deploy"))
    fill(library)
    return library.build()


@pytest.fixture(scope="module")
def port(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with nginx(site, tmp_path_factory.mktemp("nginx")) as port:
        yield port


@pytest.fixture
def ask(port: int) -> object:
    def request(path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        return response.status, response.headers, response.read()

    return request


def test_pages_are_small_fresh_and_under_the_policy(ask) -> None:
    status, headers, _ = ask("/cases/2023-00001.html", Accept_Encoding="gzip")
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ask("/cases/2023-00001.html", If_None_Match=headers["ETag"].removeprefix("W/"))[0] in (200, 304)
    assert ask("/")[0] == 200
    assert ask("/years/")[0] == 200


def test_assets_come_compressed_from_the_disk_and_stay_for_ever(ask, site: Path) -> None:
    style = next((site.resolve() / "assets").rglob("tokens.css"))
    path = f"/{style.relative_to(site.resolve())}"
    _, headers, content = ask(path, Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert content == Path(f"{style}.gz").read_bytes()
    assert "immutable" in headers["Cache-Control"]
    assert headers["Content-Type"].startswith("text/css")
    script = next((site.resolve() / "assets").rglob("search.js"))
    assert ask(f"/{script.relative_to(site.resolve())}")[1]["Content-Type"].startswith("text/javascript")


def test_files_of_the_search_keep_their_names_and_so_are_asked_for_again(ask, site: Path) -> None:
    shard = next((site.resolve() / "search").rglob("*.bin"))
    for path in ("/search/manifest.json", f"/{shard.relative_to(site.resolve())}"):
        assert ask(path)[1]["Cache-Control"] == "no-cache"


def test_a_missing_page_is_the_sites_own(ask) -> None:
    status, headers, content = ask("/cases/9999-00001.html")
    assert status == 404
    assert "没有这一页" in content.decode()
    assert headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("path", ["/.site/lock", "/../deploy", "/%2e%2e/cases/scheme.yml", "/cases/.x"])
def test_nothing_hidden_or_outside_is_served(ask, path: str) -> None:
    assert ask(path)[0] in (400, 404)


def test_only_reading_is_allowed(ask) -> None:
    assert ask("/", "POST")[0] == 403
    assert ask("/", "DELETE")[0] == 403
    assert ask("/", "HEAD")[0] == 200


def test_a_new_build_is_served_at_once(ask, site: Path) -> None:
    library = LibraryFolder.__new__(LibraryFolder)
    library.base, library.folder, library.cache = site.parent, site.parent / "cases", site.parent / "cache"
    library.record("2024-00007", title="刚刚公布的")
    assert ask("/cases/2024-00007.html")[0] == 404
    library.build()
    assert ask("/cases/2024-00007.html")[0] == 200
