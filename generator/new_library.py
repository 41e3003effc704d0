"""Makes the folder of a new library: a starting scheme, a sample record, pages of prose, configuration, workflows."""

from __future__ import annotations

import html
import json
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import ScalarString

from generator import __version__
from generator.new_record import record_of
from generator.packaged import EXAMPLES, ROOT
from generator.records.formatting import record_text
from generator.records.library import SCHEME_FILE
from generator.scheme.batches import BATCH
from generator.scheme.fields import GROUPS, ExtraField, FieldPart
from generator.scheme.model import Scheme
from generator.scheme.reading import read_scheme

STARTER = Path(__file__).with_name("starter")
EMPTY = "empty"
# What a new library takes as it is: the server's configuration and the checks of the platforms.
TAKEN = (
    *("deploy", ".github/workflows", ".github/pull_request_template.md"),
    *(".gitlab-ci.yml", ".gitlab", ".gitee", ".workflow"),
)
# What may stand in the folder before: that of an empty repository.
TOLERATED = frozenset({".git"})
FILES = {"gitignore": ".gitignore"}
# Goes into the scheme, above its rounds.
ABOUT_ROUNDS = "rounds.txt"
PARTS = (SCHEME_FILE, ABOUT_ROUNDS)

ABOUT_SCHEME = "# 方案：主办单位决定的一切都写在这里，程序里没有。改完运行 make check。\n"
ABOUT_SAMPLE = "录入真实的记录之前，删去这一行和示例记录；在此之前每一页都写着“示例数据”"
SAMPLE_TITLE = "示例：一种可升降的物料架"
SAMPLE_SUMMARY = "示例{item}，供试用时查看；录入真实{item}之前请删去。"
SAMPLE_UNIT = "示例单位"
SAMPLE_NAME = "示例{people}"


class NewLibraryError(Exception):
    """The library was not made, and nothing was written; the message says why."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a new library is asked. start: a name of `starts()`."""

    name: str
    organiser: str
    programme: str
    start: str
    round: int


def starts() -> tuple[str, ...]:
    """Names of the schemes to start from, the empty one last."""
    return (*sorted(path.parent.name for path in EXAMPLES.glob(f"*/{SCHEME_FILE}")), EMPTY)


def start_file(start: str) -> Path:
    """The scheme that `start` names."""
    return STARTER / SCHEME_FILE if start == EMPTY else EXAMPLES / start / SCHEME_FILE


def may_hold(folder: Path) -> bool:
    """Whether a new library may be made in `folder`: it is not there, or is empty."""
    if not folder.exists():
        return True
    return folder.is_dir() and {path.name for path in folder.iterdir()} <= TOLERATED


def make_library(folder: Path, answers: Answers) -> None:
    """Writes the library; it stands there whole or not at all. Raises NewLibraryError."""
    if not may_hold(folder):
        raise NewLibraryError(f"{folder} 里已有文件，没有改动；请写一个新的或空的文件夹")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".caselib-", dir=folder.parent))
    try:
        _fill(made, answers)
        folder.mkdir(exist_ok=True)
        for path in sorted(made.iterdir()):
            path.rename(folder / path.name)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _fill(made: Path, answers: Answers) -> None:
    cases = made / "cases"
    (cases / str(answers.round)).mkdir(parents=True)
    (cases / SCHEME_FILE).write_text(scheme_text(start_file(answers.start).read_text("utf-8"), answers), "utf-8")
    scheme, found = read_scheme(cases / SCHEME_FILE, SCHEME_FILE)
    if scheme is None or found:
        raise NewLibraryError("\n".join(["这样写的方案有误，没有新建：", *(diagnostic.text() for diagnostic in found)]))
    record = sample_record(scheme, answers.round)
    (cases / str(answers.round) / f"{record['id']}.yml").write_text(record_text(record, scheme), "utf-8")
    for source in sorted(path for path in STARTER.rglob("*") if path.is_file() and path.name not in PARTS):
        name = source.relative_to(STARTER).as_posix()
        target = made / FILES.get(name, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        quote = {".md": _markdown, ".yml": _yaml}.get(source.suffix, str)
        target.write_text(_filled(source.read_text("utf-8"), answers, quote), "utf-8")
    for name in TAKEN:
        target = made / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target)
        else:
            shutil.copy(ROOT / name, target)
    # An installer need not keep the right to run it.
    for script in (made / "deploy").glob("*.sh"):
        script.chmod(0o755)


def _filled(text: str, answers: Answers, quote: Callable[[str], str]) -> str:
    """`text` with the answers in place of their marks; other marks stay. quote: what a value needs where it stands."""
    values = {
        "name": quote(answers.name),
        "organiser": quote(answers.organiser),
        "programme": quote(answers.programme),
        "round": str(answers.round),
        "version": __version__,
    }
    return re.sub(r"\{\{ (\w+) \}\}", lambda mark: values.get(mark[1], mark[0]), text)


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_\[\]#])", r"\\\1", html.escape(text, quote=False))


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def scheme_text(text: str, answers: Answers) -> str:
    """The scheme `text` as a start for another organiser: its names in place of the former, one round, samples.

    What the former organiser announced stays out, and so do the comments about it.
    """
    if answers.start != EMPTY:
        text = re.sub(r"(?m)^[ \t]*#.*\n", "", text)
    text = re.sub(r"(?m)^(name_parts|intro):.*\n", "", text)
    text = re.sub(r"(?m)^(organiser:.*\n)", rf"\1sample: true   # {ABOUT_SAMPLE}\n", text)
    about_rounds = (STARTER / ABOUT_ROUNDS).read_text("utf-8")
    text = re.sub(r"(?ms)^rounds:\n.*?(?=^\S)", f"{about_rounds}rounds:\n  - year: {answers.round}\n\n", text)
    yaml = YAML()
    yaml.width = 10_000
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    scheme = yaml.load(f"{ABOUT_SCHEME}{text}")
    for dimension in scheme["dimensions"]:
        if dimension.get("role") == BATCH:
            first = {"name": f"{answers.round}年第一批", "slug": f"{answers.round}-1", "round": answers.round}
            dimension["terms"] = [first]
    names = {scheme[key]: getattr(answers, key) for key in ("name", "organiser", "programme")}
    former = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))
    _rename(scheme, lambda value: former.sub(lambda found: names[found[0]], value))
    out = StringIO()
    yaml.dump(scheme, out)
    return out.getvalue()


def _rename(node: Any, change: Callable[[str], str]) -> None:
    """Changes every text below `node` that `change` changes."""
    for key, value in list(node.items()) if isinstance(node, dict) else list(enumerate(node)):
        if isinstance(value, dict | list):
            _rename(value, change)
        elif isinstance(value, str) and change(value) != value:
            changed = change(value)
            node[key] = type(value)(changed) if isinstance(value, ScalarString) else changed


def sample_record(scheme: Scheme, year: int) -> dict[str, Any]:
    """A made-up record with everything that a complete one has."""
    said = scheme.words.said
    answers = {"title": SAMPLE_TITLE, "unit": SAMPLE_UNIT, "lead": said(SAMPLE_NAME), "summary": said(SAMPLE_SUMMARY)}
    for dimension in scheme.dimensions:
        above = {term.parent for term in dimension.terms}
        answers[dimension.key] = next(term.name for term in dimension.terms if term.name not in above)
    answers |= {
        extra.key: _sample_value(extra, year)
        for extra in scheme.stored
        if extra.need != "optional" and extra.type != GROUPS
    }
    record = record_of(answers, scheme, year, 1, "announced")
    for extra in scheme.stored:
        if extra.type == GROUPS and extra.need != "optional":
            record[extra.key] = [{part.key: _sample_value(part, year) for part in extra.parts}]
    if scheme.sections:
        record["body"] = {section.key: f"这里写{section.label}。" for section in scheme.sections}
    return record


def _sample_value(extra: ExtraField | FieldPart, year: int) -> str:
    values = {"boolean": "true", "date": f"{year}-01-01", "number": "1"}
    return extra.values[0] if extra.values else values.get(extra.type, "示例")
