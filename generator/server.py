"""Serves a site from its folder on the loopback address, as a web server would: GET and HEAD, nothing outside."""

from __future__ import annotations

import mimetypes
import socket
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
# The policy that the site is written for; deploy/ gives the same one to real servers.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".bin": "application/octet-stream",
}

Answer = tuple[HTTPStatus, str, bytes]
Hook = Callable[[str], Answer | None]


def file_at(site: Path, address: str) -> Path | None:
    """The file of `site` that the path of an address names; None where there is none or it lies outside."""
    path = unquote(urlsplit(address).path)
    parts = PurePosixPath(path.lstrip("/")).parts
    if "\0" in path or "\\" in path or any(part.startswith(".") for part in parts):
        return None
    root = site.resolve()
    found = root.joinpath(*parts)
    if path.endswith("/") or found.is_dir():
        found = found / "index.html"
    try:
        resolved = found.resolve(strict=True)
    except OSError:
        return None
    return resolved if resolved.is_file() and resolved.is_relative_to(root) else None


def answer(site: Path, address: str) -> Answer:
    """Status, type and content for a request."""
    path = file_at(site, address)
    status = HTTPStatus.OK
    if path is None:
        status, path = HTTPStatus.NOT_FOUND, file_at(site, "/404.html")
    if path is None:
        return status, TYPES[".txt"], "没有这一页\n".encode()
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return status, kind, path.read_bytes()


class LoopbackServer(ThreadingHTTPServer):
    """A server that only this machine reaches. Raises OSError where the port is taken."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__((HOST, port), handler)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader who went away is no error."""


class SiteServer(LoopbackServer):
    """A server of `site`. hook: asked first for every path, None leaves the path to the site."""

    def __init__(self, port: int, site: Path, hook: Hook | None = None) -> None:
        self.site = site
        self.hook = hook
        super().__init__(port, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        self._send(with_body=False)

    def _send(self, with_body: bool) -> None:
        host = self.headers.get("Host", "").rsplit(":", 1)[0]
        if host not in (HOST, "localhost"):
            self.send_error(HTTPStatus.FORBIDDEN)
            return
        found = self.server.hook(self.path) if self.server.hook else None
        status, kind, content = found or answer(self.server.site, self.path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def version_string(self) -> str:
        return "caselib"

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line each."""


def free_port(wanted: int, tries: int = 20) -> int:
    """`wanted`, or the next port that nobody uses."""
    for port in range(wanted, wanted + tries):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {wanted} on")
