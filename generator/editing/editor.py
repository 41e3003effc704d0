"""The editor of one library: its desk, its list and its preview behind one address."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from generator.editing.api import Api
from generator.editing.catalogue import Catalogue
from generator.editing.desk import Desk, RefusedError
from generator.editing.service import EditorServer
from generator.preview.page import PagePreview
from generator.server import free_port
from generator.shell import Shell, ShellError


class EditorError(Exception):
    """The editor cannot start; the message says why."""


class Editor:
    """Serves the editor of the library that the configuration `config` names. record: id that is opened first.

    Raises EditorError where the configuration or the scheme has errors, or no such record can be.
    """

    def __init__(self, config: Path, port: int, record: str = "") -> None:
        record = re.sub(r"\.ya?ml$", "", record.replace("\\", "/").rpartition("/")[2])
        shell = Shell(config)
        try:
            state = shell.prepare()
            desk = Desk(Path(state.library), shell.base)
            scheme = desk.scheme
            if record:
                desk.open(record)
        except (ShellError, RefusedError) as error:
            raise EditorError(str(error)) from None
        self.record = record
        self.catalogue = Catalogue(desk.folder, shell.base.resolve(), shell.cache)
        preview = PagePreview(state, scheme, shell.cache)
        theme = Path(state.theme[0]) if state.theme else None
        number = free_port(port) if port else 0
        self.server = EditorServer(number, Api(desk, self.catalogue, preview), theme)
        self.stopped = threading.Event()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """What a person opens."""
        return self.server.session.address + (f"#{self.record}" if self.record else "")

    def run(self) -> None:
        """Reads the list and waits for `close`."""
        # Beside the main thread, where Ctrl+C could come in the middle of work that swallows it.
        threading.Thread(target=self.catalogue.refresh, daemon=True).start()
        self.stopped.wait()

    def close(self) -> None:
        self.stopped.set()
        self.server.close()
