"""This project's own commands: what is run for each column, and what is done before it.

Everything runs in a copy of the project's packages, so that a template can be edited and a measurement does not see
what others change meanwhile.
"""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.samples import write_library
from tests.samples.library import to_yaml
from tests.samples.records import sample_records

from . import measure
from .measure import Row, fresh, settle

ROOT = Path(__file__).parents[2]
COPIED = ("generator", "search", "theme", "docs", "mkdocs.yml")
CACHES = (".cache", "site", ".site")
FOOTER = "theme/partials/footer.html"  # the shared chrome that the template column edits
CASELIB = (sys.executable, "-m", "generator")


@dataclass(frozen=True, slots=True)
class Step:
    """One column: what is done before (not measured), and the command."""

    column: str
    prepare: Callable[[Path], None]
    command: tuple[str, ...]


def _nothing(site: Path) -> None:
    """The state that the step before left."""


def _no_cache(site: Path) -> None:
    for name in CACHES:
        path = site / name
        if path.is_symlink():
            path.unlink()
        shutil.rmtree(path, ignore_errors=True)
    settle()


def _edit_record(site: Path) -> None:
    """Another word in the title of a record in the middle."""
    paths = sorted(site.glob("cases/*/*.yml"))
    path = paths[len(paths) // 2]
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[1] = "title: 一种改过名称的多功能记录架"
    path.write_text("\n".join(lines), encoding="utf-8")


def _edit_footer(site: Path) -> None:
    path = site / FOOTER
    path.write_text(path.read_text(encoding="utf-8") + "<p>页脚改过了。</p>\n", encoding="utf-8")


def _add_record(site: Path) -> None:
    """One more record in the last round, with the next number."""
    last = max(site.glob("cases/*/*.yml"))
    record = next(sample_records(1, seed=99, scheme=site / "cases/scheme.yml"))
    year, _, number = last.stem.partition("-")
    record |= {"id": f"{year}-{int(number) + 1:05d}", "year": int(year)}
    last.with_name(f"{record['id']}.yml").write_text(to_yaml(record), encoding="utf-8")


# In this order: each step starts from what the one before left.
STEPS = (
    Step("check cold", _no_cache, (*CASELIB, "check")),
    Step("check warm", _nothing, (*CASELIB, "check")),
    Step("clean", _no_cache, (*CASELIB, "build", "--quiet")),
    Step("no change", _nothing, (*CASELIB, "build", "--quiet")),
    Step("record edited", _edit_record, (*CASELIB, "build", "--quiet")),
    Step("footer edited", _edit_footer, (*CASELIB, "build", "--quiet")),
    Step("record added", _add_record, (*CASELIB, "build", "--quiet")),
)


def prepare(folder: Path, name: str, count: int, scheme: Path | None = None) -> Path:
    """A folder with a library of `count` records of `scheme`, the project's own by default, and all that builds it."""
    site = fresh(folder, name, count)
    write_library(site, count, scheme=scheme)
    for part in COPIED:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, site / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, site / part)
    return site


def ours(folder: Path, count: int, columns: tuple[str, ...] = (), scheme: Path | None = None) -> list[Row]:
    """Every step on a library of `count` records; with `columns` only these (and the clean build)."""
    site = prepare(folder, f"ours-{scheme.parent.name}" if scheme else "ours", count, scheme)
    costs, size, files = {}, 0, 0
    for step in STEPS:
        if columns and step.column not in (*columns, "clean"):
            continue
        step.prepare(site)
        costs[step.column] = measure.run(step.command, site, {"NO_MKDOCS_2_WARNING": "1"})
        if step.column == "clean":
            size, files = measure.size_of(site / "site")
    return [Row(count, f"caselib {scheme.parent.name}" if scheme else "caselib", costs, size, files)]
