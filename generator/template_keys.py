"""Which templates a page depends on: its frame's and its article's apart, so that a new footer leaves articles be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, TemplateError, meta

from generator.build_state import key_of

FRAME = "frame.html"
# What a template calls for the address of an asset, which has the digest of all assets in it.
_ASSET = b"asset("


class TemplateKeys:
    """Keys of the templates of the folders `theme`, the first of which wins.

    A template names the other templates that it uses in constants. What is no .html (marks) belongs to every key.
    """

    def __init__(self, env: Environment, theme: Sequence[Path], asset_root: str) -> None:
        self.env = env
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
            try:
                used = set(meta.find_referenced_templates(self.env.parse(self._sources[name].decode())))
            except (TemplateError, UnicodeDecodeError):
                used = set()
            for other in used - seen - {None}:
                assert other is not None
                seen.add(other)
                todo.append(other)
