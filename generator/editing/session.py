"""Who may speak to the editor: the browser that was given the token, from the editor's own pages, and no one else."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie

from generator.server import HOST, POLICY

# What the editor's own pages may do: no inline script or style, no other origin, the preview as a frame.
EDITOR_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
# The preview is a page of the site that only the editor may put into a frame.
PREVIEW_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
READING, WRITING = ("GET", "HEAD"), ("POST",)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered."""

    status: HTTPStatus
    message: str


@dataclass(frozen=True)
class Session:
    """The one session of an editor on `port`. token: in the address that is printed. secret: in the cookie."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def host(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def address(self) -> str:
        """What a person opens: the only place where the token stands."""
        return f"{self.origin}/?token={self.token}"

    @property
    def cookie_name(self) -> str:
        # Cookies of one host are shared by its ports.
        return f"caselib-edit-{self.port}"

    @property
    def cookie(self) -> str:
        return f"{self.cookie_name}={self.secret}; Path=/; HttpOnly; SameSite=Strict"

    def is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())

    def refusal(self, method: str, headers: Mapping[str, str]) -> Refusal | None:
        """Why a request is refused whatever it asks for; None where it may go on to the check of its cookie."""
        if headers.get("Host", "") != self.host:
            return Refusal(HTTPStatus.MISDIRECTED_REQUEST, "只接受本机的请求")
        if method not in (*READING, *WRITING):
            return Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "没有这种请求")
        origin = headers.get("Origin")
        if origin != self.origin and (origin is not None or method in WRITING):
            return Refusal(HTTPStatus.FORBIDDEN, "请求来自别的网页")
        if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return Refusal(HTTPStatus.FORBIDDEN, "请求来自别的网页")
        return None

    def is_known(self, headers: Mapping[str, str]) -> bool:
        """Whether the request comes from a browser that was given the token."""
        try:
            cookies = SimpleCookie(headers.get("Cookie", ""))
        except CookieError:
            return False
        given = cookies.get(self.cookie_name)
        return given is not None and hmac.compare_digest(given.value.encode(), self.secret.encode())
