"""Live preview: rebuilds when a record, template or page of prose is saved, and tells the open pages."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from watchfiles import watch

from generator.server import TYPES, Answer, SiteServer, answer, free_port
from generator.shell import Shell, ShellError

PREFIX = "/-/"
WAIT = 20.0
SCRIPT = Path(__file__).with_name("preview.js")
STYLE = Path(__file__).with_name("preview.css")


class News:
    """What open pages wait for: a number that grows with every build, and the mistakes that stopped the last one."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.number = 0
        self.mistakes: list[str] = []

    def tell(self, mistakes: Sequence[str]) -> None:
        with self.changed:
            self.number += 1
            self.mistakes = list(mistakes)
            self.changed.notify_all()

    def after(self, number: int) -> dict[str, object]:
        """The news once they are newer than `number`, or after WAIT seconds as they are."""
        with self.changed:
            self.changed.wait_for(lambda: self.number != number, WAIT)
            return {"number": self.number, "mistakes": self.mistakes}


class Preview:
    """A server of the site that `config` describes, which follows the files. say: prints a line."""

    def __init__(self, config: Path, port: int, say: Callable[[str], object]) -> None:
        self.shell = Shell(config)
        self.port = port
        self.say = say
        self.news = News()
        self.stopping = threading.Event()
        self.server: SiteServer | None = None

    @property
    def address(self) -> str:
        assert self.server is not None
        return self.server.address

    def start(self) -> None:
        """Builds once and starts to serve. Raises ShellError where there is no site to show."""
        try:
            self.shell.build()
        except ShellError as error:
            if not self.shell.output.exists():
                raise
            self._refused(error)
        self.server = SiteServer(free_port(self.port), self.shell.output, self._answer)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()

    def watch(self) -> None:
        """Rebuilds after every change, until stopped."""
        for changes in watch(*self.shell.sources(), debounce=100, step=50, stop_event=self.stopping, recursive=True):
            names = sorted({Path(path).name for _, path in changes})
            self.rebuild(names)

    def rebuild(self, names: Sequence[str]) -> None:
        """Builds anew because of the files `names`."""
        try:
            report = self.shell.build()
        except ShellError as error:
            self._refused(error)
        else:
            self.say(f"{names[0]}{' 等' if len(names) > 1 else ''} 已更新，重新生成 {report.made} 个文件")
            self.news.tell([])

    def _refused(self, error: ShellError) -> None:
        self.say(str(error))
        self.news.tell(error.lines)

    def _answer(self, address: str) -> Answer | None:
        """The preview's own files and news; pages of the site with the preview's script in their head."""
        parts = urlsplit(address)
        if parts.path == f"{PREFIX}news":
            number = parse_qs(parts.query).get("after", [""])[0]
            news = self.news.after(int(number)) if number.isdigit() else self.news.after(-1)
            return HTTPStatus.OK, TYPES[".json"], json.dumps(news, ensure_ascii=False).encode()
        for path in (SCRIPT, STYLE):
            if parts.path == f"{PREFIX}{path.name}":
                return HTTPStatus.OK, TYPES[path.suffix], path.read_bytes()
        assert self.server is not None
        status, kind, content = answer(self.server.site, address)
        if kind == TYPES[".html"]:
            head = (
                f'<link rel="stylesheet" href="{PREFIX}{STYLE.name}"><script type="module" src="{PREFIX}{SCRIPT.name}">'
            )
            content = content.replace(b"</head>", f"{head}</script></head>".encode(), 1)
        return status, kind, content
