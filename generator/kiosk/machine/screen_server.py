"""The web server of a screen: on the loopback address, GET and HEAD only, under a strict policy."""

from __future__ import annotations

import mimetypes
import re
import shutil
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import BinaryIO

from generator.kiosk.machine.routes import Reply, reply
from generator.kiosk.machine.screen import Screen
from generator.server import HOST, POLICY, TYPES, LoopbackServer

KIOSK_POLICY = POLICY.replace("form-action 'self'", "form-action 'none'")
_NOTHING = "camera microphone geolocation usb serial hid bluetooth midi payment display-capture screen-wake-lock"
HEADERS = {
    "Content-Security-Policy": KIOSK_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _NOTHING.split()),
}
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


class ScreenServer(LoopbackServer):
    """Serves one screen. Raises OSError where the port is taken."""

    request_queue_size = 64

    def __init__(self, screen: Screen, port: int) -> None:
        self.screen = screen
        super().__init__(port, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: ScreenServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        hosts = {f"{name}:{self.server.server_address[1]}" for name in (HOST, "localhost")}
        if self.headers.get("Host", "") not in hosts:
            self.close_connection = True
            self._send(Reply(HTTPStatus.MISDIRECTED_REQUEST, TYPES[".txt"], "只接受本机的请求\n".encode()))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            answer = reply(self.server.screen, self.path, headers)
        except ValueError:
            # What no browser of ours writes: an address that cannot be parsed, too many fields.
            answer = Reply(HTTPStatus.BAD_REQUEST, TYPES[".txt"], "请求的写法不对\n".encode())
        self._send(answer)

    do_HEAD = do_GET  # noqa: N815

    def _send(self, answer: Reply) -> None:
        if answer.path is None:
            self._head(answer, answer.status, answer.kind, len(answer.content), {})
            if self.command != "HEAD":
                self.wfile.write(answer.content)
            return
        try:
            stream = answer.path.open("rb")
        except OSError:
            # Removed with an old version since it was found.
            self._send(Reply(HTTPStatus.NOT_FOUND, TYPES[".txt"], "没有这一页\n".encode()))
            return
        with stream:
            self._send_file(answer, stream)

    def _send_file(self, answer: Reply, stream: BinaryIO) -> None:
        assert answer.path is not None
        size = stream.seek(0, 2)
        first, last, status = 0, size - 1, answer.status
        more = {"Accept-Ranges": "bytes"}
        wanted = _RANGE.fullmatch(self.headers.get("Range", ""))
        # Videos are asked for in parts.
        if wanted and (wanted[1] or wanted[2]) and size:
            first = int(wanted[1]) if wanted[1] else max(0, size - int(wanted[2]))
            last = min(int(wanted[2]), size - 1) if wanted[1] and wanted[2] else size - 1
            if first > last:
                self._head(
                    answer, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "", 0, {"Content-Range": f"bytes */{size}"}
                )
                return
            status = HTTPStatus.PARTIAL_CONTENT
            more["Content-Range"] = f"bytes {first}-{last}/{size}"
        suffix = answer.path.suffix.lower()
        kind = TYPES.get(suffix) or mimetypes.guess_type(answer.path.name)[0] or "application/octet-stream"
        self._head(answer, status, kind, last - first + 1, more)
        if self.command == "HEAD":
            return
        stream.seek(first)
        if first == 0 and last == size - 1:
            shutil.copyfileobj(stream, self.wfile)
            return
        left = last - first + 1
        while left and (part := stream.read(min(left, 1 << 16))):
            self.wfile.write(part)
            left -= len(part)

    def _head(self, answer: Reply, status: HTTPStatus, kind: str, length: int, more: dict[str, str]) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        for name, value in {**HEADERS, **answer.headers, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def version_string(self) -> str:
        return "caselib"

    def log_message(self, format: str, *args: object) -> None:
        """Requests would tell what a visitor looked at."""
