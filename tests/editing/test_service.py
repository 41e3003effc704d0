"""Who is refused by the editor's server, and what it never does."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from generator.editing import service
from generator.editing.session import EDITOR_POLICY
from tests.conftest import LibraryFolder
from tests.editing.conftest import Client, draft, photo

PICTURE = "/api/picture?id=2023-00001&name=a.jpg"


def test_only_the_address_with_the_token_lets_a_browser_in(client: Client) -> None:
    assert client.get("/", Cookie=None).status == 403
    assert client.get("/?token=guessed", Cookie=None).status == 403
    answer = client.get(f"/?token={client.session.token}", Cookie=None, Origin=None)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert client.session.token not in cookie
    page = client.get("/", Cookie=cookie.split(";")[0], Origin=None)
    assert page.status == 200
    assert client.session.token.encode() not in page.content


@pytest.mark.parametrize(
    "path",
    ["/", "/api/library", "/api/records", "/api/record?id=2023-00001", "/files/2023-00001/a.jpg", "/preview/1/x"],
)
def test_without_the_cookie_nothing_is_read(client: Client, path: str) -> None:
    assert client.get(path, Cookie=None).status == 403
    assert client.get(path, Cookie=f"{client.session.cookie_name}=guessed").status == 403
    assert client.get(path, Cookie=f"{client.session.cookie_name}={client.session.token}").status == 403


def test_the_assets_need_the_cookie_and_may_be_kept_for_ever(client: Client) -> None:
    path = f"/{client.server.assets.root}editor.js"
    assert client.get(path, Cookie=None).status == 403
    assert "immutable" in client.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", ""])
def test_another_host_is_refused_before_anything_else(client: Client, host: str) -> None:
    for answer in (client.get("/api/library", Host=host), client.post("/api/new", {}, Host=host)):
        assert answer.status == 421
        assert "只接受本机".encode() in answer.content


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"])
def test_another_origin_is_refused_with_and_without_the_cookie(client: Client, origin: str) -> None:
    assert client.get("/api/library", Origin=origin).status == 403
    assert client.post("/api/new", {"year": "2023", "status": "notice"}, Origin=origin).status == 403


def test_a_writing_request_without_an_origin_is_refused(client: Client) -> None:
    assert client.get("/api/library", Origin=None).status == 200
    assert client.post("/api/new", {"year": "2023", "status": "notice"}, Origin=None).status == 403


def test_a_page_of_another_site_cannot_ask_by_its_browser(client: Client) -> None:
    assert client.get("/api/library", Sec_Fetch_Site="cross-site").status == 403
    assert client.get("/api/library", Sec_Fetch_Site="same-site").status == 403
    assert client.get("/api/library", Sec_Fetch_Site="same-origin").status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_plain_form_of_another_page_is_no_request(client: Client, kind: str) -> None:
    assert client.post("/api/new", {"year": "2023", "status": "notice"}, Content_Type=kind).status == 415
    assert client.upload(PICTURE, b"x", Content_Type=kind).status == 415


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert client.ask(method, "/api/library").status == 405


def test_too_much_is_refused_before_it_is_read(client: Client) -> None:
    large = str(service.MAX_JSON + 1)
    answer = client.ask("POST", "/api/check", None, Content_Type="application/json", Content_Length=large)
    assert answer.status == 413
    large = str(service.MAX_UPLOAD + 1)
    answer = client.ask("POST", PICTURE, None, Content_Type="application/octet-stream", Content_Length=large)
    assert (answer.status, "太大".encode() in answer.content) == (413, True)
    answer = client.ask("POST", "/api/check", None, Content_Type="application/json")
    assert answer.status == 411


def test_every_answer_has_a_strict_policy(client: Client) -> None:
    for path in ("/", "/nowhere", "/api/library", f"/{client.server.assets.root}editor.css"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"] == EDITOR_POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
    assert "unsafe" not in EDITOR_POLICY
    assert "http" not in EDITOR_POLICY


def test_only_the_loopback_address_answers(client: Client) -> None:
    assert client.server.server_address[0] == "127.0.0.1"
    addresses = {entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in addresses - {"127.0.0.1", "127.0.1.1"}:
        with pytest.raises(OSError, match=r"refused|timed out"):
            socket.create_connection((str(address), client.session.port), timeout=2)


IDS = [
    "../../etc/passwd",
    "2023-00001/../../x",
    "2023-1",
    "scheme",
    "",
    "2023-00001\0",
    "２０２３-00001",
    "2023-00001.yml",
]


@pytest.mark.parametrize("case_id", IDS)
def test_an_id_that_is_none_opens_and_writes_nothing(client: Client, library: LibraryFolder, case_id: str) -> None:
    before = tree(library.base)
    opened = client.get("/api/record?id=2023-00001").json()
    answer = client.post("/api/save", draft(opened) | {"id": case_id})
    assert (answer.status, "编号的写法不对" in answer.json()["refused"]) == (422, True)
    assert client.upload(f"/api/picture?id={'..%2F' if '/' in case_id else 'x'}&name=a.jpg", photo()).status == 422
    assert tree(library.base) == before


def test_nothing_is_written_through_a_link(client: Client, library: LibraryFolder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    os.symlink(elsewhere, library.folder / "2024")
    opened = client.get("/api/record?id=2023-00001").json()
    for case_id in ("2024-00001",):
        answer = client.post("/api/save", draft(opened) | {"id": case_id, "expected": ""})
        assert "符号链接" in answer.json()["refused"]
        assert "符号链接" in client.upload(f"/api/picture?id={case_id}&name=a.jpg", photo()).json()["refused"]
    os.symlink(elsewhere, library.folder / "2023/2023-00001")
    assert "符号链接" in client.upload(PICTURE, photo()).json()["refused"]
    os.symlink(elsewhere / "x.yml", library.folder / "2023/2023-00002.yml")
    assert "符号链接" in client.get("/api/record?id=2023-00002").json()["refused"]
    assert list(elsewhere.iterdir()) == []


def test_a_round_that_the_scheme_has_not_gets_no_folder(client: Client, library: LibraryFolder) -> None:
    assert "没有 1999 这一届" in client.post("/api/new", {"year": "1999", "status": "notice"}).json()["refused"]
    assert "没有 1999 这一届" in client.upload("/api/picture?id=1999-00001&name=a.jpg", photo()).json()["refused"]
    assert not (library.folder / "1999").exists()


@pytest.mark.parametrize(
    "name", ["../2023-00001.yml", "..%2f2023-00001.yml", "2023-00001.yml", ".hidden.jpg", "link.jpg"]
)
def test_only_pictures_of_the_record_are_shown(client: Client, library: LibraryFolder, name: str) -> None:
    library.write("2023/2023-00001/.hidden.jpg", photo())
    os.symlink(library.write("secret.jpg", photo()), library.folder / "2023/2023-00001/link.jpg")
    library.write("2023/2023-00001/a.jpg", photo())
    assert client.get("/files/2023-00001/a.jpg").status == 200
    assert client.get(f"/files/2023-00001/{name}").status == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id": 1}', b'{"id": "2023-00001", "form": 3}', b"[" * 100_000])
def test_a_request_that_makes_no_sense_is_told_so(client: Client, body: bytes) -> None:
    answer = client.ask("POST", "/api/check", body, Content_Type="application/json")
    assert (answer.status, answer.json()["refused"]) == (422, "请求的写法不对")


def tree(folder: Path) -> dict[str, bytes]:
    """Content of every file below `folder`, the cache aside."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "cache" not in path.parts
    }
