"""What the server of a screen answers at each address: the content, the calls of its page, health, technicians."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from generator.kiosk.content_facts import FACTS, INDEX
from generator.kiosk.machine.gate import PIN_HEADER, TOKEN_HEADER
from generator.kiosk.machine.health import DOWN, Json, health
from generator.kiosk.machine.screen import Screen
from generator.server import TYPES, file_at

PREFIX = "/-/"
CLIENT = Path(__file__).with_name("client")
# A name that changes with its content.
_HASHED = re.compile(r"(^|[/.-])[0-9a-f]{8,64}([/.-]|$)")
FOR_EVER, NEVER, ASK = "max-age=31536000, immutable", "no-store", "no-cache"


@dataclass(frozen=True)
class Reply:
    """An answer: `content`, or the file at `path`."""

    status: HTTPStatus = HTTPStatus.OK
    kind: str = TYPES[".json"]
    content: bytes = b""
    path: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def reply(screen: Screen, address: str, headers: Mapping[str, str]) -> Reply:
    """The answer to a GET of `address`, which comes from this machine. headers: their names in lower case."""
    parts = urlsplit(address)
    query = parse_qs(parts.query, max_num_fields=200)
    if parts.path == "/health":
        state = health(screen)
        return _json(state, HTTPStatus.SERVICE_UNAVAILABLE if state["status"] == DOWN else HTTPStatus.OK)
    if not parts.path.startswith(PREFIX):
        return _content(screen, parts.path)
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return _json({}, HTTPStatus.FORBIDDEN)
    name = parts.path.removeprefix(PREFIX)
    if name == "state":
        return _json(_state(screen))
    if name == "alive":
        _alive(screen, query)
        return _json(_state(screen))
    if name.startswith("client/"):
        found = file_at(CLIENT, name.removeprefix("client"))
        return _file(found, ASK) if found else _missing()
    if name == "technician":
        return _file(CLIENT / "technician.html", NEVER)
    if name.startswith("technician/"):
        return _technician(screen, name.removeprefix("technician/"), headers)
    return _missing()


def _content(screen: Screen, path: str) -> Reply:
    """A file of the showcase; without one, a page that waits for it."""
    if path in ("/", f"/{INDEX}"):
        screen.heartbeats.loaded()
        if screen.versions.live is None:
            return _file(CLIENT / "waiting.html", NEVER)
    found = screen.versions.file(path)
    if found is None:
        return _missing()
    if found.suffix == ".html" or found.name == FACTS:
        return _file(found, NEVER)
    return _file(found, FOR_EVER if _HASHED.search(path) else ASK)


def _state(screen: Screen) -> Json:
    live, ready = screen.versions.live, screen.versions.ready
    return {
        "version": live.facts.version if live else "",
        "session": screen.session,
        "ready": ready.facts.version if ready else "",
    }


def _alive(screen: Screen, query: Mapping[str, list[str]]) -> None:
    def one(name: str) -> str:
        return query.get(name, [""])[0]

    frame = one("frame")
    begins = screen.heartbeats.beat(
        one("page"), one("phase"), one("version"), int(frame) if re.fullmatch("[0-9]{1,6}", frame) else 0
    )
    if begins:
        screen.counts.visit()
    screen.counts.opened(query.get("opened", []))
    for line in screen.heartbeats.report(query.get("error", [])):
        screen.journal.tell(f"页面出错：{line}")


def _technician(screen: Screen, name: str, headers: Mapping[str, str]) -> Reply:
    """Answers of the technicians' page. Whoever is not let in learns only whether and when to try again."""
    gate = screen.gate
    if name == "open":
        cookie = gate.open(headers.get(PIN_HEADER.lower(), ""))
        if cookie is None:
            wait = round(gate.wait())
            if wait:
                screen.journal.change("pin", "维护页的 PIN 连续输错，暂停输入")
            return _json({"pin": gate.has_pin, "wait": wait}, HTTPStatus.FORBIDDEN)
        screen.journal.change("pin", "")
        screen.journal.tell("维护页已打开")
        return _json({"pin": True, "wait": 0}, headers={"Set-Cookie": cookie})
    if not gate.is_open({"Cookie": headers.get("cookie", "")}):
        return _json({"pin": gate.has_pin, "wait": round(gate.wait())}, HTTPStatus.FORBIDDEN)
    if name == "state":
        return _json(_overview(screen))
    acts = {"restart-browser": screen.restart_browser, "check-updates": screen.check_for_updates, "leave": gate.close}
    if name not in acts:
        return _missing()
    if not gate.spend(headers.get(TOKEN_HEADER.lower(), "")):
        return _json({"done": False}, HTTPStatus.FORBIDDEN)
    if name != "leave":
        screen.journal.tell({"restart-browser": "维护人员要求重新启动浏览器"}.get(name, "维护人员要求现在看更新"))
    acts[name]()
    return _json({"done": True})


def _overview(screen: Screen) -> Json:
    """What the page shows: health, counts, the newest lines of the log, and the token of the next act."""
    rows = screen.counts.rows()
    today = screen.time.today()
    totals: Json = {"visits": 0, "opened": 0, "visits_today": 0, "opened_today": 0}
    for day, what, _, times in rows:
        kind = "visits" if what == "visit" else "opened"
        totals[kind] += times
        if today is not None and day == today.isoformat():
            totals[f"{kind}_today"] += times
    return {
        "health": health(screen),
        "counts": totals,
        "errors": list(screen.heartbeats.errors)[-5:],
        "lines": list(screen.journal.recent)[-8:],
        "token": screen.gate.new_token(),
    }


def _json(body: Json, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Reply:
    content = json.dumps(body, ensure_ascii=False).encode()
    return Reply(status, content=content, headers={"Cache-Control": NEVER, **(headers or {})})


def _file(path: Path, cache: str) -> Reply:
    return Reply(kind="", path=path, headers={"Cache-Control": cache})


def _missing() -> Reply:
    return Reply(HTTPStatus.NOT_FOUND, TYPES[".txt"], "没有这一页\n".encode(), headers={"Cache-Control": NEVER})
