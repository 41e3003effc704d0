"""Which templates a page depends on: its frame's and its article's apart, so that a new footer leaves articles be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, TemplateError, meta

from generator.kept_files import read_kept, write_kept
from generator.keys import key_of
from generator.store import digest_of

FRAME = "frame.html"
# What a template calls for the address of an asset, which has the digest of all assets in it.
_ASSET = b"asset("


class TemplateKeys:
    """Keys of the templates of the folders `theme`, the first of which wins.

    A template names the other templates that it uses in constants. What is no .html (marks) belongs to every key.
    memory: file that remembers which templates each one names, as to parse them all takes a tenth of an edit's time.
    """

    def __init__(self, env: Environment, theme: Sequence[Path], asset_root: str, memory: Path) -> None:
        self.env = env
        self.memory = memory
        self.theme = theme
        self.asset_root = asset_root
        self._keys: dict[str, bytes] = {}

    @cached_property
    def _sources(self) -> dict[str, bytes]:
        """Content of each template file by its name."""
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for folder in reversed(self.theme)
            for path in folder.rglob("*")
            if path.is_file() and "assets" not in path.relative_to(folder).parts
        }

    def key(self, template: str) -> bytes:
        """Key of everything that `template` shows beside its context."""
        found = self._keys.get(template)
        if found is None:
            names = {name for name in self._sources if not name.endswith(".html")} | set(self._closure(template))
            parts: list[str | bytes] = []
            for name in sorted(names):
                parts += (name, self._sources[name])
            if any(_ASSET in self._sources[name] for name in names):
                parts.append(self.asset_root)
            found = self._keys[template] = key_of(*parts)
        return found

    @property
    def frame(self) -> bytes:
        """Key of the frame of every page."""
        return self.key(FRAME)

    def _closure(self, template: str) -> Iterator[str]:
        """`template` and those it uses, each once. A broken one uses none: rendering it tells what is wrong."""
        seen, todo = {template}, [template]
        while todo:
            name = todo.pop()
            if name not in self._sources:
                continue
            yield name
            for other in self._uses.get(name, set()) - seen:
                seen.add(other)
                todo.append(other)

    @cached_property
    def _uses(self) -> dict[str, set[str]]:
        """The templates that each one names."""
        before = read_kept(self.memory, dict[bytes, set[str]]) or {}
        digests = {name: digest_of(source) for name, source in self._sources.items() if name.endswith(".html")}
        found = {d: before[d] if d in before else self._named_in(self._sources[name]) for name, d in digests.items()}
        if found != before:
            write_kept(self.memory, found)
        return {name: found[digest] for name, digest in digests.items()}

    def _named_in(self, source: bytes) -> set[str]:
        try:
            named = meta.find_referenced_templates(self.env.parse(source.decode()))
            return {name for name in named if name is not None}
        except (TemplateError, UnicodeDecodeError):
            return set()
