"""The pages of a few cases as the site will show them, with all that they need, in a folder of their own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
from markupsafe import Markup

from generator import urls
from generator.pages.jobs import Job
from generator.records.library import Library
from generator.records.model import STATUSES, Case
from generator.site import Build, BuildOptions
from generator.store import Store
from generator.theming.contexts import PageContext
from generator.theming.list_contexts import PreviewContext

# A folder with this file was made by a preview and is made anew.
MARK = ".caselib-preview"
_LINK = re.compile(rb'href="([^"#?]+)')


class OutputTakenError(Exception):
    """The folder holds something that no preview made."""


def write_preview(library: Library, options: BuildOptions, ids: Sequence[str], output: Path) -> list[str]:
    """Writes the pages of the cases `ids` and a list of them (index.html) to `output`; their addresses.

    Cases that are not announced yet are shown as they will look then. Raises OutputTakenError, and StoreError for
    a picture that cannot be decoded.
    """
    if output.exists() and any(output.iterdir()) and not (output / MARK).exists():
        raise OutputTakenError(f"文件夹 {output} 里有别的内容；请换一个，或先清空")
    states = {case_id: library.by_id[case_id].status for case_id in ids}
    # Written in full first: a preview never mixes two states.
    part = output.with_name(f".{output.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    build = Build(_as_announced(library, ids), replace(options, output=part), Store(part))
    jobs = [job for job in build.jobs() if _belongs(job, ids, build.assets.root)]
    build.prepare_pictures(jobs, None)
    written = {job.path: build.make(job)[0] for job in jobs}
    written["index.html"] = _list(build, states)
    kept = set(written)
    for path, content in written.items():
        place = part / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(_linked(content, path, kept, options.site.url) if path.endswith(".html") else content)
    (part / MARK).write_bytes(b"")
    shutil.rmtree(output, ignore_errors=True)
    part.rename(output)
    return [urls.case_url(case_id) for case_id in ids]


def _as_announced(library: Library, ids: Collection[str]) -> Library:
    """The library with `ids` as if they were announced; revoked ones stay so."""
    shown = {case_id for case_id in ids if library.by_id[case_id].status != "revoked"}

    def load(case_id: str) -> Case:
        case = library.load(case_id)
        return case.model_copy(update={"status": "announced"}) if case_id in shown else case

    entries = (
        msgspec.structs.replace(entry, status="announced") if entry.id in shown else entry for entry in library.entries
    )
    return Library(library.scheme, library.folder, tuple(entries), load)


def _belongs(job: Job, ids: Collection[str], assets: str) -> bool:
    if job.kind == "case":
        return job.argument[0] in ids
    if job.kind == "media":
        return job.path.split("/")[1] in ids
    return job.path.startswith(assets)


def _list(build: Build, states: Mapping[str, str]) -> bytes:
    """The page that leads to the cases, by the state that each is in."""
    groups = []
    for status, label in STATUSES.items():
        cards = [
            build.presenter.cards.card(build.library.by_id[case_id]) for case_id in states if states[case_id] == status
        ]
        groups += [(label, cards)] if cards else []
    context = PreviewContext(len(states), groups)
    page = PageContext(
        "index.html", build.phrases("预览"), "", "", head=Markup('<meta name="robots" content="noindex">')
    )
    return build.pages.renderer.render("preview.html", context, page)[0]


def _linked(content: bytes, path: str, kept: Collection[str], site: str) -> bytes:
    """The page with links to pages that the preview lacks leading to the published site, where there is one."""
    if not site:
        return content

    def link(match: re.Match[bytes]) -> bytes:
        target = match.group(1).decode()
        if re.match(r"[a-z]+:|//", target):
            return match.group()
        parts = [*path.split("/")[:-1]]
        for step in target.split("/"):
            if step == "..":
                parts = parts[:-1]
            elif step != ".":
                parts.append(step)
        name = "/".join(parts)
        return match.group() if name in kept else f'href="{site.rstrip("/")}/{name}'.encode()

    return _LINK.sub(link, content)
