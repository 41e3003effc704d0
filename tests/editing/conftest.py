"""An editor's server over a small library, asked with real requests."""

from __future__ import annotations

import http.client
import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from generator.editing.api import Api
from generator.editing.catalogue import Catalogue
from generator.editing.desk import Desk
from generator.editing.service import EditorServer
from tests.conftest import LibraryFolder


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


class Client:
    """Speaks to an editor's server as a browser that was given the token would, unless told otherwise."""

    def __init__(self, server: EditorServer) -> None:
        self.server = server
        self.session = server.session
        self.headers = {
            "Host": self.session.host,
            "Origin": self.session.origin,
            "Cookie": f"{self.session.cookie_name}={self.session.secret}",
        }

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str | None) -> Answer:
        """headers: in place of the usual ones, None leaves one out; underscores are dashes."""
        changed = {key.replace("_", "-"): value for key, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.session.port, timeout=20)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in (self.headers | changed).items():
            if value is not None:
                connection.putheader(name, value)
        if body is not None and "Content-Length" not in changed:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def get(self, path: str, **headers: str | None) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: dict[str, Any], **headers: str | None) -> Answer:
        return self.ask("POST", path, json.dumps(body).encode(), **({"Content_Type": "application/json"} | headers))

    def upload(self, path: str, content: bytes, **headers: str | None) -> Answer:
        return self.ask("POST", path, content, **({"Content_Type": "application/octet-stream"} | headers))


@pytest.fixture
def client(library: LibraryFolder) -> Iterator[Client]:
    """An editor of a library with one record, 2023-00001, without a preview."""
    library.record("2023-00001")
    desk = Desk(library.folder, library.base)
    catalogue = Catalogue(desk.folder, library.base, library.cache)
    catalogue.refresh()
    server = EditorServer(0, Api(desk, catalogue, None), None)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Client(server)
    server.close()


def draft(opened: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A request to check or save what was opened, with some values changed."""
    form: dict[str, Any] = {}
    for group in opened["groups"]:
        form |= group["value"]
    return {
        "id": opened["id"],
        "before": opened["before"],
        "expected": opened["digest"],
        "form": form | changes,
        "settled": [],
    }


def photo(size: tuple[int, int] = (320, 200), **options: Any) -> bytes:
    """A small JPEG file. options: of Pillow's save."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, "JPEG", **options)
    return out.getvalue()
