"""A tiny content folder that follows the contract, an update folder with its keys, and a screen that shows it."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from generator.kiosk.machine.screen import Screen
from generator.kiosk.machine.screen_server import ScreenServer
from generator.kiosk.machine.settings import Machine
from generator.kiosk.machine.trusted_time import system_clock
from generator.kiosk.machine.update_check import Outcome, look
from generator.kiosk.updates.folder import UpdateFolder
from generator.kiosk.updates.roles import Keyring
from generator.kiosk.updates.staff import KeyPlan, bundle, make_keys

ORGANISER = "试验协会"
DAY = date(2026, 11, 20)
CLIENT = """\
const version = document.querySelector('meta[name="kiosk-version"]').content
const page = Math.random().toString(16).slice(2)
async function call() {
  const query = new URLSearchParams({ page, phase: "attract", version })
  try {
    const state = await (await fetch(`/-/alive?${query}`)).json()
    if (state.version && state.version !== version) location.reload()
  } catch {}
}
call()
setInterval(call, 500)
"""
PAGE = """\
<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="kiosk-version" content="{version}">
<title>{version}</title><script type="module" src="assets/{name}.js"></script></head><body>{version}</body></html>
"""


def content_folder(
    folder: Path, version: str, *, organiser: str = ORGANISER, files: int = 3, alive: bool = True
) -> Path:
    """A content folder. files: how many more there are. alive: whether its page calls the server."""
    stamp = f"{abs(hash(version)) % 16**8:08x}" if version[:8].strip("0123456789abcdef") else version[:8]
    client = CLIENT if alive else "// hangs"
    parts = {
        "index.html": PAGE.format(version=version, name=f"client-{stamp}"),
        f"assets/client-{stamp}.js": client,
        "kiosk.json": json.dumps(
            {
                "format": 1,
                "organiser": organiser,
                "version": version,
                "release": "2023.1",
                "date": "2026-11-01",
                "cases": 3,
                "screen": {},
                "idle": {},
                "hours": {},
            },
            ensure_ascii=False,
        ),
    }
    parts |= {f"data/{number:04}-{stamp}.json": json.dumps([version, number]) * 50 for number in range(files)}
    for name, text in parts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@dataclass
class Staff:
    """Keys and an update folder. base: a folder of the test."""

    base: Path
    organiser: str = ORGANISER
    plans: dict[str, KeyPlan] = field(
        default_factory=lambda: {
            "root": KeyPlan(3, 2),
            "targets": KeyPlan(2, 1),
            "snapshot": KeyPlan(1, 1),
            "timestamp": KeyPlan(1, 1),
        }
    )

    def __post_init__(self) -> None:
        self.keys = self.base / "keys"
        self.folder = UpdateFolder(self.base / "updates")
        make_keys(self.keys, self.folder, self.plans, DAY, None)

    @property
    def keyring(self) -> Keyring:
        return Keyring([self.keys], lambda _: b"")

    @property
    def root(self) -> Path:
        return self.folder.metadata / "1.root.json"

    def put(self, version: str, day: date = DAY, **options: Any) -> None:
        """Bundles a content of this version."""
        folder = self.base / f"content-{version}"
        content_folder(folder, version, organiser=self.organiser, **options)
        bundle(folder, self.folder, self.keyring, day)


class Clock:
    """Seconds that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)


class Machinery:
    """A machine file and the state of one screen. base: a folder of the test."""

    def __init__(self, base: Path, root: Path, updates: Path, **settings: Any) -> None:
        self.base = base
        base.mkdir(parents=True, exist_ok=True)
        self.file = base / "machine.yml"
        anchor = base / "root.json"
        anchor.write_bytes(root.read_bytes())
        self.settings = {
            "state": str(base / "state"),
            "root": str(anchor),
            "usb": [str(updates)],
            "profile": str(base / "profile"),
            **settings,
        }
        self.file.write_text(json.dumps(self.settings, ensure_ascii=False), "utf-8")

    @property
    def machine(self) -> Machine:
        return Machine(**self.settings)

    def look(self, *only: str, clock: datetime | None = None) -> Outcome:
        """What the last of the sources ended with. clock: what the machine says, the real time where not given."""
        return look(self.machine, only, system_clock if clock is None else lambda: clock)[-1]


class Shown:
    """A screen that is served, with a clock that the test moves."""

    def __init__(self, machinery: Machinery) -> None:
        self.clock = Clock()
        self.lines: list[str] = []
        self.screen = Screen(machinery.machine, self.lines.append, self.clock)

    @contextmanager
    def served(self) -> Iterator[Shown]:
        self.server = ScreenServer(self.screen, 0)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield self
        finally:
            self.server.shutdown()
            self.server.server_close()

    def ask(self, path: str, method: str = "GET", host: str = "", **headers: str) -> Answer:
        """Asks as a browser on this machine. headers: `_` stands for `-`."""
        return ask(self.server.server_address[1], path, method, host, **headers)


def ask(port: int, path: str, method: str = "GET", host: str = "", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{port}")
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    answer = Answer(response.status, response.headers, response.read())
    connection.close()
    return answer
