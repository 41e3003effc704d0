"""Who reviews which records: accounts of the hosting platform by place, in `reviewers.yml` beside the scheme.

CODEOWNERS goes by paths, and the path of a record says its round and number, not its place. So the owners of the
scheme and the program are written to CODEOWNERS, and the reviewers of records follow from what the records say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from generator.changed import Changed
from generator.checking.diagnostics import Diagnostic, nearest
from generator.checking.fields import Line, Model, described
from generator.checking.files import check_file
from generator.checking.raw import parse_yaml
from generator.records.library import REVIEWERS_FILE, SCHEME_FILE
from generator.scheme.model import Scheme

Account = Annotated[str, Line(100)]

HEAD = "# 由 caselib reviewers --codeowners 按 {file} 写出；要改请改那里。"


class Reviewers(Model):
    """Accounts by what they review; `places` goes by the slugs of the dimension with the role `place`."""

    places: dict[str, tuple[Account, ...]] = described("各地区的审核人", default_factory=dict)
    others: tuple[Account, ...] = described("没有写明的地区的审核人", default=())
    scheme: tuple[Account, ...] = described("方案的审核人", default=())
    program: tuple[Account, ...] = described("程序、模板和流程的审核人", default=())


def read_reviewers(path: Path, file: str, scheme: Scheme) -> tuple[Reviewers | None, list[Diagnostic]]:
    """The reviewers in `path`, shown as `file`; none are named where there is no file. None where it has errors."""
    if not path.exists():
        return Reviewers(), []
    reviewers, raw, found = check_file(Reviewers, path, file)
    if reviewers is not None and raw is not None:
        place = scheme.role("place")
        slugs = [term.slug for term in place.terms] if place else []
        for slug in reviewers.places:
            if slug not in slugs:
                line, column = raw.at(("places", slug), key=True)
                close = nearest(slug, slugs)
                allowed = f"请写 {SCHEME_FILE} 里的 slug"
                found.append(Diagnostic(file, line, column, "scheme-reference", f"没有地区「{slug}」", allowed, close))
    return (None if found else reviewers), found


def reviewers_of(changed: Changed, reviewers: Reviewers, scheme: Scheme) -> list[str]:
    """Accounts that should look at the changes, each once, in order of the records; before and after both count."""
    accounts: list[str] = []
    place = scheme.role("place")
    by_name = {term.name: term.slug for term in place.terms} if place else {}
    if place:
        by_name |= {alias: term.slug for alias, term in place.by_alias.items()}
    for path in changed.record_paths.values():
        current = changed.top / path
        after = current.read_bytes() if current.is_file() else b""
        slugs = [
            by_name.get(_place_in(content, place.key if place else "")) for content in (changed.before(path), after)
        ]
        named = [account for slug in dict.fromkeys(slugs) if slug for account in reviewers.places.get(slug, ())]
        accounts += named or reviewers.others
    accounts += reviewers.scheme if changed.scheme else ()
    return list(dict.fromkeys(accounts))


def _place_in(content: bytes | None, key: str) -> str:
    raw, _ = parse_yaml((content or b"").decode("utf-8", "replace"), "")
    found: Mapping[str, object] = raw.value if raw is not None else {}
    return str(found.get(key) or "")


def codeowners(reviewers: Reviewers, folder: str) -> str:
    """The text of CODEOWNERS: the last line that fits a path counts. folder: of the library, with a final slash."""
    return "\n".join(_owner_lines(reviewers, folder)) + "\n"


def _owner_lines(reviewers: Reviewers, folder: str) -> Iterator[str]:
    yield HEAD.format(file=f"{folder}{REVIEWERS_FILE}")
    yield f"# 记录（{folder}<届次>/）的审核人看记录里写的地区，不在这里。"
    if reviewers.program:
        yield f"* {_accounts(reviewers.program)}"
        # A line without accounts takes the records out again.
        yield f"/{folder}*/"
    if reviewers.scheme:
        yield from (f"/{folder}{file} {_accounts(reviewers.scheme)}" for file in (SCHEME_FILE, REVIEWERS_FILE))


def _accounts(accounts: tuple[str, ...]) -> str:
    return " ".join(f"@{account.removeprefix('@')}" for account in accounts)
