"""The client as one classic script: one request, and a page opened from a disk (file://) cannot load modules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Texts = Mapping[str, Mapping[str, str]]

CLIENT = Path(__file__).parent / "client"
_IMPORT = re.compile(r'^import (?:\{[^}]*\} from )?"\./([\w-]+\.js)"\n', re.MULTILINE)
_LATER = re.compile(r'^ +const \{[^}]*\} = await import\("\./([\w-]+\.js)"\)\n', re.MULTILINE)
_TEXTS = re.compile(r"^const TEXTS = .*\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|class|const|let)", re.MULTILINE)


def files() -> list[Path]:
    """The modules of the client, sorted."""
    return sorted(CLIENT.glob("*.js"))


def module(name: str, texts: Texts) -> str:
    """The module `name` of the client, which says `texts`."""
    return with_texts((CLIENT / name).read_text(encoding="utf-8"), texts)


def with_texts(text: str, texts: Texts) -> str:
    """The script `text`, which says `texts`."""
    told = json.dumps(texts, ensure_ascii=False, sort_keys=True)
    return _TEXTS.sub(lambda _: f"const TEXTS = {told}\n", text)


def script(texts: Texts | None = None) -> str:
    """All modules in one function, each after those that it imports; top-level names differ between modules.

    texts: what the client says, by kind ("messages", "words") and name; the modules' own Chinese where it is None.
    """
    whole = joined([path.name for path in files()], [CLIENT])
    return whole if texts is None else with_texts(whole, texts)


def joined(names: Iterable[str], folders: Sequence[Path]) -> str:
    """The modules `names` in one function, each after those that it imports. The first folder that has one wins."""
    done: dict[str, str] = {}
    begun: set[str] = set()

    def add(name: str) -> None:
        if name in begun:
            return
        begun.add(name)
        path = next(folder / name for folder in folders if (folder / name).exists())
        text = path.read_text(encoding="utf-8")
        for needed in _IMPORT.findall(text) + _LATER.findall(text):
            add(needed)
        done[name] = _EXPORT.sub("", _LATER.sub("", _IMPORT.sub("", text)))

    for name in names:
        add(name)
    return '(function () {\n"use strict"\n' + "\n".join(done.values()) + "\n})()\n"


def write(folder: Path) -> Path:
    """The file `search.js` written into a folder."""
    path = folder / "search.js"
    path.write_text(script(), encoding="utf-8")
    return path
