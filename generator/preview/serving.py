"""Live preview: rebuilds when a record, template or page of prose is saved, and tells the open pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from watchfiles import watch

from generator.preview.saved_records import Saved, SavedRecords
from generator.server import TYPES, Answer, SiteServer, answer, free_port
from generator.shell import Shell, ShellError
from generator.store import digest_of

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
    """A server of the site that `config` describes, which follows the files. say: prints a line.

    A saved record shows at once as a page of its own, above the site; the whole site follows, built by a process of
    its own.
    """

    def __init__(self, config: Path, port: int, say: Callable[[str], object]) -> None:
        self.shell = Shell(config)
        self.port = port
        self.say = say
        self.news = News()
        self.stopping = threading.Event()
        self.server: SiteServer | None = None
        self.saved: SavedRecords | None = None
        # Pages above the site by address, with the number of the change that they came with.
        self.pages: dict[str, tuple[int, bytes]] = {}
        self.change = 0
        self.called = threading.Condition()

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
            self._refused(error.lines, str(error))
        self.server = SiteServer(free_port(self.port), self.shell.output, self._answer)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        with self.called:
            self.called.notify_all()
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()

    def watch(self) -> None:
        """Follows every change, until stopped."""
        self._read()
        builder = threading.Thread(target=self._build_on_call, daemon=True)
        builder.start()
        for changes in watch(*self.shell.sources(), debounce=100, step=50, stop_event=self.stopping, recursive=True):
            self.follow({Path(path) for _, path in changes})
        builder.join(WAIT)

    def follow(self, paths: Collection[Path]) -> None:
        """Shows the records among `paths` at once and calls for a build."""
        saved = self.saved.render(paths) if self.saved is not None else Saved()
        with self.called:
            self.change += 1
            self.pages |= {address: (self.change, page) for address, page in saved.pages.items()}
            self.called.notify_all()
        names = sorted({path.name for path in paths})
        if saved.mistakes:
            self._refused(saved.mistakes, "\n".join(saved.mistakes))
        elif saved.pages:
            self.say(f"{names[0]}{' 等' if len(names) > 1 else ''} 已更新")
            self.news.tell([])

    def _build_on_call(self) -> None:
        """Builds after each change; changes that come meanwhile call for one more build."""
        done = 0
        while not self.stopping.is_set():
            with self.called:
                while self.change == done and not self.stopping.is_set():
                    self.called.wait()
                done = self.change
            if not self.stopping.is_set():
                self._build(done)

    def _build(self, change: int) -> None:
        """Builds the site of all changes up to the number `change`."""
        # A process of its own: forks beside the threads of a server could take a held lock with them.
        command = (sys.executable, "-m", "generator", "build", "--config", str(self.shell.config), "--quiet", "--json")
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
        if done.returncode:
            lines = done.stderr.decode(errors="replace").strip().split("\n")
            self._refused(lines, "\n".join(lines))
            return
        report = json.loads(done.stdout)
        self.say(f"网站已更新，重新生成 {report['made']} 个文件")
        with self.called:
            self.pages = {address: page for address, page in self.pages.items() if page[0] > change}
        self.news.tell([])
        self._read()

    def _read(self) -> None:
        """Reads the library for the pages of saved records; a broken one is told by the build."""
        saved = SavedRecords(self.shell.prepare(), self.shell.base, self.shell.cache)
        saved.refresh()
        self.saved = saved

    def _refused(self, lines: Sequence[str], text: str) -> None:
        self.say(text)
        self.news.tell(lines)

    def _answer(self, address: str) -> Answer | None:
        """The preview's own files and news; pages of the site with the preview's script in their head."""
        parts = urlsplit(address)
        if parts.path == f"{PREFIX}news":
            after = parse_qs(parts.query).get("after", [""])[0]
            news = self.news.after(int(after) if after.isdigit() else -1)
            return HTTPStatus.OK, TYPES[".json"], json.dumps(news, ensure_ascii=False).encode()
        for path in (SCRIPT, STYLE):
            if parts.path == f"{PREFIX}{path.name}":
                return HTTPStatus.OK, TYPES[path.suffix], path.read_bytes()
        assert self.server is not None
        # Taken first: what changes from here on is news for this page.
        number = self.news.number
        page = self.pages.get(unquote(parts.path).lstrip("/"))
        status, kind, content = answer(self.server.site, address)
        if page is not None:
            status, kind, content = HTTPStatus.OK, TYPES[".html"], page[1]
        if kind == TYPES[".html"]:
            # The page reloads itself once another one stands at its address.
            content = content.replace(b"</head>", _head(digest_of(content), number).encode() + b"</head>", 1)
        return status, kind, content


def _head(digest: bytes, number: int) -> str:
    """What the preview adds to a page whose content has this digest. number: of the last news."""
    style = f'<link rel="stylesheet" href="{PREFIX}{STYLE.name}">'
    script = f'<script type="module" src="{PREFIX}{SCRIPT.name}"></script>'
    return f'{style}<meta name="caselib-page" content="{digest.hex()}" data-news="{number}">{script}'
