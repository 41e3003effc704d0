"""Checks one record against its scheme and its place: a Case, or every mistake in it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from generator.checking.diagnostics import Diagnostic, has_errors, listing, nearest
from generator.checking.files import check
from generator.checking.raw import Raw, Step
from generator.markup import unsafe_markup
from generator.records.formatting import comment_lines
from generator.records.media import inspect
from generator.records.model import PICTURES, UNPUBLISHED, VIDEOS, Case, missing, record_model
from generator.records.privacy import find_private, may_hold_private
from generator.scheme.concordance import PERIOD
from generator.scheme.model import DECIDED, Dimension, Scheme

# What importers write where a person has to look; a record that is announced has none left.
PENDING = "# 待确认"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record stands: shown name, round folder and id by its file name, real folder on the disk."""

    file: str
    year: str
    id: str
    folder: Path

    @property
    def path(self) -> str:
        """The file itself."""
        return f"{self.folder}/{self.id}.yml"


def validate_case(raw: Raw, scheme: Scheme, location: Location) -> tuple[Case | None, list[Diagnostic]]:
    """The case that `raw` holds and all findings; no case where one of them is an error."""
    model = record_model(scheme)
    value, found = _normalise(raw, scheme)
    case, problems = check(model, value, raw, labelled=True)
    found += [_term_unknown(d, raw, scheme) if d.code == "value-unknown" else _not_stored(d, scheme) for d in problems]
    found += _periods(value, raw, scheme)
    found += _identity(raw, scheme, location)
    found += _private(raw, scheme)
    found += _comments(raw, scheme)
    found += _markup(raw, scheme)
    found += _media(raw, location)
    found += _origin(raw, scheme)
    errors = has_errors(found)
    if case is not None and not errors:
        found += _incomplete(case, raw)
    return (None if errors else case), found


def _normalise(raw: Raw, scheme: Scheme) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The tree with each alias replaced by its name, empty optional values left out."""
    value = {key: entry for key, entry in raw.value.items() if entry is not None or key in ("id", "title", "year")}
    found: list[Diagnostic] = []
    for dimension in scheme.dimensions:
        given = value.get(dimension.key)
        term = dimension.by_alias.get(given) if isinstance(given, str) else None
        if term is not None:
            value[dimension.key] = term.name
            line, column = raw.at((dimension.key,))
            message = f"{dimension.label}「{given}」是别名，按「{term.name}」收录"
            allowed = f"规范写法：{term.name}"
            found.append(Diagnostic(raw.file, line, column, "term-alias", message, allowed, path=(dimension.key,)))
    return value, found


def _term_unknown(found: Diagnostic, raw: Raw, scheme: Scheme) -> Diagnostic:
    """The finding in the words of the dimension, where its value is the one of a dimension."""
    for dimension in scheme.dimensions:
        if dimension.key in raw.value and raw.at((dimension.key,)) == (found.line, found.column):
            year = _round_of(raw, scheme)
            names = dimension.names if year is None else dimension.names_in(year)
            return _unknown(raw.file, found, dimension, str(raw.value[dimension.key]), names)
    return found


def _not_stored(found: Diagnostic, scheme: Scheme) -> Diagnostic:
    """The finding in plain words, where it is about a field that forms have and no record may hold."""
    if found.code == "field-unknown" and len(found.path) == 1:
        key = str(found.path[0])
        hidden = next((extra for extra in scheme.fields if extra.private and key in (extra.key, extra.label)), None)
        if hidden is not None or key in scheme.private:
            label = hidden.label if hidden is not None else key
            message, allowed = f"「{label}」不公开，不得写进记录", "请删去这一项"
            return Diagnostic(found.file, found.line, found.column, "private-data", message, allowed, "", found.path)
    return found


def _periods(value: dict[str, Any], raw: Raw, scheme: Scheme) -> Iterator[Diagnostic]:
    """Terms that are not those of the round of the record."""
    year = _round_of(raw, scheme)
    if year is None:
        return
    for dimension in scheme.dimensions:
        name = value.get(dimension.key)
        if isinstance(name, str) and name in dimension.by_name and not dimension.covers(name, year):
            line, column = raw.at((dimension.key,))
            yield Diagnostic(raw.file, line, column, PERIOD, *dimension.misuse(name, year), (dimension.key,))


def _round_of(raw: Raw, scheme: Scheme) -> int | None:
    """The round of the record; None where the scheme has none of that name."""
    return next((year for year in scheme.by_year if str(year) == raw.value.get("year")), None)


def _unknown(file: str, found: Diagnostic, dimension: Dimension, given: str, names: Sequence[str]) -> Diagnostic:
    """names: the terms of the round of the record."""
    spellings = [*names, *(alias for alias, term in dimension.by_alias.items() if term.name in names)]
    close = nearest(given.strip(), spellings)
    close = dimension.by_alias[close].name if close in dimension.by_alias else close
    message = f"{dimension.label}「{given}」不在方案中"
    allowed = f"可用值：{listing(list(names))}"
    if len(names) > 12:
        allowed = f"可用的 {len(names)} 个值见 scheme.yml 的 {dimension.key}"
    return Diagnostic(file, found.line, found.column, "term-unknown", message, allowed, close, found.path)


def _identity(raw: Raw, scheme: Scheme, location: Location) -> Iterator[Diagnostic]:
    """Id, file name, round and folder agree."""

    def note(key: str, code: str, message: str, allowed: str, close: str = "") -> Diagnostic:
        line, column = raw.at((key,))
        return Diagnostic(raw.file, line, column, code, message, allowed, close, (key,))

    given, year = raw.value.get("id"), raw.value.get("year")
    if isinstance(given, str) and given != location.id:
        allowed = "编号等于不带 .yml 的文件名"
        yield note("id", "id-not-file-name", f"编号「{given}」与文件名「{location.id}」不同", allowed, location.id)
    if isinstance(year, str) and year.isdigit():
        if year != location.year:
            allowed = f"{year} 这一{scheme.words.round}的记录应放在文件夹 {year}/"
            yield note(
                "year", "year-not-folder", f"{scheme.words.rounds}「{year}」与文件夹「{location.year}」不同", allowed
            )
        if int(year) not in scheme.by_year:
            years = [str(known) for known in scheme.by_year]
            allowed = f"可用值：{listing(years)}"
            yield note(
                "year", "round-unknown", f"方案中没有「{year}」这一{scheme.words.round}", allowed, nearest(year, years)
            )
        if isinstance(given, str) and given == location.id and given.partition("-")[0] != year:
            yield note(
                "id",
                "id-not-round",
                f"编号「{given}」的前四位与{scheme.words.rounds}「{year}」不同",
                f"应以「{year}-」开头",
            )


def _texts(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Every text in the tree, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _texts(below, (*path, key))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _texts(below, (*path, number))


def _private(raw: Raw, scheme: Scheme) -> Iterator[Diagnostic]:
    texts = list(_texts(raw.value))
    if not may_hold_private("\n".join(text for _, text in texts), scheme.private_labels):
        return
    for path, text in texts:
        for position, kind in find_private(text, scheme.private_labels):
            line, column = raw.at_position(path, text, position)
            message = f"含有个人隐私信息（{kind}）"
            allowed = "电话、身份证号、住址等一律不得写入，请删去"
            yield Diagnostic(raw.file, line, column, "private-data", message, allowed, path=path)


def _comments(raw: Raw, scheme: Scheme) -> Iterator[Diagnostic]:
    """Comments that tell something private, and marks that nobody has looked at before the record was announced."""
    if "#" not in raw.text:
        return
    lines = raw.text.split("\n")
    after = "\n".join(line.partition("#")[2] for line in lines)
    announced = raw.value.get("status") not in UNPUBLISHED
    marked = announced and PENDING in raw.text
    if not marked and not may_hold_private(after, scheme.private_labels):
        return
    for line, words, _ in comment_lines(raw.text):
        column = lines[line - 1].rindex(words) + 1
        kinds = list(find_private(words, scheme.private_labels))
        for position, kind in kinds:
            message = f"注释里含有个人隐私信息（{kind}）"
            allowed = "注释也是公开的；电话、身份证号、住址等一律不得写入，请删去"
            yield Diagnostic(raw.file, line, column + position, "private-data", message, allowed)
        if marked and words.startswith(PENDING):
            doubt = words.removeprefix(PENDING).lstrip("：: ")
            message = f"还有待确认的内容：{doubt}" if doubt and not kinds else "还有待确认的内容"
            yield Diagnostic(raw.file, line, column, "pending", message, "请核对下面这一项，改好后删去这一行注释")


def _markup(raw: Raw, scheme: Scheme) -> Iterator[Diagnostic]:
    body = raw.value.get("body")
    if not isinstance(body, dict):
        return
    for section in scheme.sections:
        text = body.get(section.key)
        if not isinstance(text, str):
            continue
        for position, code, message, allowed in unsafe_markup(text):
            path = ("body", section.key)
            line, column = raw.at_position(path, text, position)
            yield Diagnostic(raw.file, line, column, code, message, allowed, path=path)


def _media(raw: Raw, location: Location) -> Iterator[Diagnostic]:
    entries = raw.value.get("media")
    if not isinstance(entries, list):
        return
    for number, entry in enumerate(entries):
        given = entry.get("file") if isinstance(entry, dict) else None
        if not isinstance(given, str):
            continue
        path = ("media", number, "file")
        line, column = raw.at(path)
        parts = PurePosixPath(given).parts
        kinds = "、".join((*PICTURES, *VIDEOS))
        if len(parts) != 2 or parts[0] != location.id or ".." in parts or "\\" in given:
            message = f"文件「{given}」不在这条记录的文件夹里"
            allowed = f"应写成 {location.id}/文件名"
            yield Diagnostic(raw.file, line, column, "media-path", message, allowed, path=path)
        elif PurePosixPath(given).suffix.lower() not in (*PICTURES, *VIDEOS):
            message = f"文件「{given}」的类型不能用"
            yield Diagnostic(raw.file, line, column, "media-path", message, f"可用：{kinds}", path=path)
        elif not (location.folder / given).is_file():
            files = _files_in(location.folder / location.id)
            allowed = f"文件夹 {location.id}/ 里有：{listing(files)}" if files else f"文件夹 {location.id}/ 里没有文件"
            close = nearest(parts[1], files)
            nearest_file = f"{location.id}/{close}" if close else ""
            message = f"找不到文件「{given}」"
            yield Diagnostic(raw.file, line, column, "media-missing", message, allowed, nearest_file, path)
        elif (location.folder / given).is_symlink() or (location.folder / location.id).is_symlink():
            message = f"「{given}」是符号链接"
            yield Diagnostic(raw.file, line, column, "media-path", message, "请放入文件本身", path=path)
        else:
            for problem in inspect(location.folder / given):
                close = f"{location.id}/{problem.nearest}" if problem.nearest else ""
                message = f"文件「{given}」{problem.message}"
                yield Diagnostic(raw.file, line, column, "media-unsafe", message, problem.allowed, close, path)


def _files_in(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _origin(raw: Raw, scheme: Scheme) -> Iterator[Diagnostic]:
    """Announced records carry their award and their source; made-up ones stand only in a library that says so."""
    announced = raw.value.get("status") not in UNPUBLISHED
    for decided in (dimension for dimension in scheme.dimensions if dimension.role in DECIDED):
        if announced and decided.need == "required" and raw.value.get(decided.key) is None:
            line, column = raw.at((decided.key,), key=True)
            message = f"缺少必填字段「{decided.label}」"
            allowed = "公布之前的记录请写 status: nominated 或 notice"
            yield Diagnostic(raw.file, line, column, "field-missing", message, allowed, path=(decided.key,))
    sample = raw.value.get("sample") == "true"
    if sample and not scheme.sample:
        line, column = raw.at(("sample",), key=True)
        message = "示例记录不能放进真实资料库"
        yield Diagnostic(raw.file, line, column, "sample-in-library", message, "编造的记录只能放在示例库或测试里")
    elif scheme.sample and not sample:
        message = "示例库里的记录要写明 sample: true"
        yield Diagnostic(
            raw.file,
            1,
            1,
            "real-in-sample",
            message,
            "真实记录请放进真实资料库；要改作真实资料库，删去 scheme.yml 里的 sample: true 和示例记录",
        )
    elif announced and not sample and not raw.value.get("sources"):
        line, column = raw.at(("sources",), key=True)
        message = "没有写明来源（sources）"
        allowed = scheme.words.said("至少一条：公布{awarded}结果的网页或文件；公布之前请写 status: nominated 或 notice")
        yield Diagnostic(raw.file, line, column, "source-missing", message, allowed, path=("sources",))


def _incomplete(case: Case, raw: Raw) -> Iterator[Diagnostic]:
    lacking = missing(case)
    if lacking:
        message = f"资料不全，未填：{'、'.join(lacking)}"
        yield Diagnostic(raw.file, 1, 1, "incomplete", message, "未公布的可以空着，有了再补")
