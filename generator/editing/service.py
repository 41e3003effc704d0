"""The editor over HTTP, on the loopback address only: what it serves, what it refuses, how much it takes."""

from __future__ import annotations

import json
import mimetypes
import re
import threading
from collections.abc import Callable
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from generator.editing.api import Api, Json
from generator.editing.desk import RefusedError
from generator.editing.places import OutsideError, media_path
from generator.editing.session import EDITOR_POLICY, PREVIEW_POLICY, READING, Session
from generator.records.media import MAX_VIDEO_BYTES
from generator.server import TYPES, LoopbackServer
from generator.theming.assets import Assets, collect_assets

CLIENT = Path(__file__).with_name("client")
PREVIEW = "/preview/"
# How much one request may bring: a record is at most 1 MiB, and its texts come escaped.
MAX_JSON = 4 << 20
MAX_UPLOAD = MAX_VIDEO_BYTES + (1 << 20)

JSON_TYPE, BYTES_TYPE = "application/json", "application/octet-stream"
_ASSETS_MARK = "@assets/"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_SCRIPT = re.compile(rb"<script[^>]* src=[^>]*></script>")
_PLAIN = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"><main><h1>{title}</h1><p>{text}</p></main></html>'
)


class EditorServer(LoopbackServer):
    """Serves one editor. theme: folder of the site's styles, which the editor shares."""

    def __init__(self, port: int, api: Api, theme: Path | None) -> None:
        super().__init__(port, _Handler)
        self.api = api
        self.theme = theme
        self.session = Session(self.server_address[1])

    @cached_property
    def assets(self) -> Assets:
        """Files of the editor's page, in a folder named by their content."""
        folders = [("", CLIENT)]
        if self.theme is not None:
            folders += [("site/css/", self.theme / "assets/css"), ("site/img/", self.theme / "assets/img")]
        return collect_assets(folders, {})

    def close(self) -> None:
        """Stops, and takes back the pictures that no saved record names."""
        self.shutdown()
        self.server_close()
        self.api.desk.pictures.close()


class _Handler(BaseHTTPRequestHandler):
    server: EditorServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._handle
        raise AttributeError(name)

    # what is refused

    def _handle(self) -> None:
        session, parts = self.server.session, urlsplit(self.path)
        headers = dict(self.headers.items())
        refusal = session.refusal(self.command, headers)
        if refusal is not None:
            self._plain(refusal.status, "不能打开", refusal.message)
            return
        if self.command in READING and parts.path == "/":
            token = parse_qs(parts.query).get("token", [""])[0]
            if token and session.is_token(token):
                self._send(HTTPStatus.SEE_OTHER, "", b"", {"Location": "/", "Set-Cookie": session.cookie})
                return
        if not session.is_known(headers):
            text = "请在运行 caselib edit 的窗口里，重新打开它给出的地址。"
            self._plain(HTTPStatus.FORBIDDEN, "这个网页只给打开编辑器的人用", text)
            return
        try:
            if self.command in READING:
                self._read(parts.path, {key: values[0] for key, values in parse_qs(parts.query).items()})
            else:
                self._write(parts.path, {key: values[0] for key, values in parse_qs(parts.query).items()})
        except RefusedError as error:
            self._json({"refused": str(error)}, HTTPStatus.UNPROCESSABLE_ENTITY)
        except OSError as error:
            self._json({"refused": f"没有成功：{error.strerror or '读写失败'}"}, HTTPStatus.INTERNAL_SERVER_ERROR)

    # what is served

    def _read(self, path: str, query: dict[str, str]) -> None:
        api, assets = self.server.api, self.server.assets
        if path == "/":
            page = (CLIENT / "index.html").read_text("utf-8").replace(_ASSETS_MARK, f"/{assets.root}")
            self._send(HTTPStatus.OK, TYPES[".html"], page.encode())
        elif path.startswith(f"/{assets.root}"):
            source = assets.files.get(unquote(path).removeprefix(f"/{assets.root}"))
            if isinstance(source, Path):
                kind = TYPES.get(source.suffix) or mimetypes.guess_type(source.name)[0] or BYTES_TYPE
                self._send(HTTPStatus.OK, kind, source.read_bytes(), {"Cache-Control": "max-age=31536000, immutable"})
            else:
                self._missing()
        elif path == "/api/library":
            self._json(api.library())
        elif path == "/api/records":
            if query.get("refresh"):
                threading.Thread(target=api.catalogue.refresh, daemon=True).start()
            self._json(api.records(query.get("q", ""), query.get("year", ""), query.get("only", "")))
        elif path == "/api/record":
            self._json(api.open(query.get("id", "")))
        elif path.startswith("/files/"):
            self._file(unquote(path.removeprefix("/files/")))
        elif path.startswith(PREVIEW):
            self._preview(unquote(path.removeprefix(PREVIEW)), framed="frame" in query)
        else:
            self._missing()

    def _file(self, name: str) -> None:
        """A picture of a record, as it lies in its folder."""
        case_id, _, file = name.partition("/")
        try:
            path = media_path(self.server.api.desk.folder, case_id, file)
        except OutsideError:
            self._missing()
            return
        kind = TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or BYTES_TYPE
        self._send(HTTPStatus.OK, kind, path.read_bytes())

    def _preview(self, address: str, *, framed: bool) -> None:
        """A page or file below the preview. framed: without the scripts that the frame would refuse."""
        preview = self.server.api.preview
        found = preview.file(address) if preview is not None else None
        if found is None:
            text = "预览只有这一页；保存并生成网站后，链接都能打开。"
            self._plain(HTTPStatus.NOT_FOUND, "预览里没有这一页", text, PREVIEW_POLICY)
            return
        kind, content = found
        if framed:
            content = _SCRIPT.sub(b"", content)
        self._send(HTTPStatus.OK, kind, content, {"Content-Security-Policy": PREVIEW_POLICY})

    def _write(self, path: str, query: dict[str, str]) -> None:
        api = self.server.api
        calls: dict[str, Callable[[Json], Json]] = {
            "/api/new": api.new,
            "/api/check": api.check,
            "/api/save": api.save,
        }
        uploads = {"/api/picture": api.picture, "/api/form": api.prefill}
        if path in calls:
            content = self._content(MAX_JSON, JSON_TYPE)
            if content is not None:
                self._json(calls[path](_body(content)))
        elif path in uploads:
            content = self._content(MAX_UPLOAD, BYTES_TYPE)
            if content is not None:
                self._json(uploads[path](query.get("id", ""), query.get("name", ""), content))
        else:
            self._missing()

    def _content(self, most: int, kind: str) -> bytes | None:
        """The content of the request; None, and an answer, where it is not of `kind` or has no or too large a size."""
        given = self.headers.get("Content-Type", "").partition(";")[0].strip()
        length = self.headers.get("Content-Length", "")
        if given != kind:
            self._plain(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "不能接受", f"内容的类型应为 {kind}")
        elif not length.isdigit():
            self._plain(HTTPStatus.LENGTH_REQUIRED, "不能接受", "请求没有写明长度")
        elif int(length) > most:
            self._plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "太大", f"一次最多 {most >> 20} MB")
        else:
            content = self.rfile.read(int(length))
            return content if len(content) == int(length) else None
        return None

    # answers

    def _json(self, body: Json, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(status, TYPES[".json"], json.dumps(body, ensure_ascii=False).encode())

    def _missing(self) -> None:
        self._plain(HTTPStatus.NOT_FOUND, "没有这一页", "请回到编辑器的首页。")

    def _plain(self, status: HTTPStatus, title: str, text: str, policy: str = EDITOR_POLICY) -> None:
        """A short page; what the request brought is not read, so the connection ends with it."""
        self.close_connection = True
        page = _PLAIN.format(title=title, text=text).encode()
        self._send(status, TYPES[".html"], page, {"Content-Security-Policy": policy, "Connection": "close"})

    def _send(self, status: HTTPStatus, kind: str, content: bytes, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in ({"Content-Security-Policy": EDITOR_POLICY, **_HEADERS} | (more or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def version_string(self) -> str:
        return "caselib"

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line each, and would name what is being written."""


def _body(content: bytes) -> Json:
    try:
        body: Any = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise RefusedError("请求的写法不对")
    return body
