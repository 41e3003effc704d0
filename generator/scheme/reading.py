"""Reads the scheme of `scheme.yml`, and what its parts say of each other: names that stand twice or point nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from generator.checking.diagnostics import Diagnostic, has_errors, nearest
from generator.checking.files import check
from generator.checking.raw import Raw, Step, read_record
from generator.scheme.batches import BATCH, batch_findings
from generator.scheme.brand import brand_findings
from generator.scheme.concordance import concordance_findings
from generator.scheme.dates import misplaced_dates
from generator.scheme.fields import field_findings
from generator.scheme.layouts import layout_findings
from generator.scheme.model import CORE_KEYS, METHOD, NUMBERS, TAKEN_PATHS, Dimension, Scheme, now_key
from generator.scheme.prints import print_findings
from generator.scheme.rankings import ranking_findings
from generator.scheme.rules import Vocabulary, rule_problems


def read_scheme(path: Path, file: str) -> tuple[Scheme | None, list[Diagnostic]]:
    """The scheme in `path`, shown to people as `file`; None when it has errors."""
    if not path.exists():
        message = "资料库没有方案文件"
        return None, [Diagnostic(file, 1, 1, "scheme-missing", message, "请在资料库文件夹里放一个 scheme.yml")]
    raw, found = read_record(path, file)
    if raw is None:
        return None, found
    scheme, problems = check(Scheme, raw.value, raw)
    found += problems
    if scheme is not None:
        found += _clashes(scheme, raw)
        found += _references(scheme, raw)
        found += rule_problems(scheme.rules, raw, _vocabulary(scheme))
        found += brand_findings(scheme.brand, raw, path.parent)
    return (None if has_errors(found) else scheme), found


def _clashes(scheme: Scheme, raw: Raw) -> Iterator[Diagnostic]:
    """Names, slugs, paths, keys and years that stand twice."""

    def doubles(entries: list[tuple[str, tuple[Step, ...]]], what: str) -> Iterator[Diagnostic]:
        counts = Counter(value for value, _ in entries)
        first: set[str] = set()
        for value, path in entries:
            if counts[value] > 1 and value in first:
                line_no, column = raw.at(path)
                message = f"{what}「{value}」与前面的重复"
                yield Diagnostic(raw.file, line_no, column, "scheme-clash", message, f"每个{what}只能用一次")
            first.add(value)

    dimensions = list(enumerate(scheme.dimensions))
    keys: list[tuple[str, tuple[Step, ...]]] = [(d.key, ("dimensions", i, "key")) for i, d in dimensions]
    keys += [(f.key, ("fields", i, "key")) for i, f in enumerate(scheme.fields)]
    keys += [(now_key(d), ("dimensions", i, "concordance")) for i, d in dimensions if d.concordance]
    yield from doubles(keys, "字段名")
    for key, path in keys:
        if key in CORE_KEYS:
            line_no, column = raw.at(path)
            message = f"字段名「{key}」已用于所有案例库共有的字段"
            yield Diagnostic(raw.file, line_no, column, "scheme-clash", message, "请换一个字段名")
    yield from doubles([(d.path, ("dimensions", i, "path")) for i, d in dimensions], "网址")
    for i, dimension in dimensions:
        if dimension.path in TAKEN_PATHS:
            line_no, column = raw.at(("dimensions", i, "path"))
            message = f"网址「{dimension.path}」已用于所有案例库共有的网页"
            yield Diagnostic(raw.file, line_no, column, "scheme-clash", message, "请换一个写法")
    yield from doubles(
        [(d.role, ("dimensions", i, "role")) for i, d in dimensions if d.role and d.role != METHOD], "作用"
    )
    yield from doubles([(s.key, ("sections", i, "key")) for i, s in enumerate(scheme.sections)], "部分")
    yield from doubles([(str(r.year), ("rounds", i, "year")) for i, r in enumerate(scheme.rounds)], "届次")
    for i, dimension in dimensions:
        here: tuple[Step, ...] = ("dimensions", i, "terms")
        terms = list(enumerate(dimension.terms))
        names: list[tuple[str, tuple[Step, ...]]] = [(t.name, (*here, j, "name")) for j, t in terms]
        names += [(a, (*here, j, "aliases", k)) for j, t in terms for k, a in enumerate(t.aliases)]
        yield from doubles(names, "名称或别名")
        yield from doubles([(t.slug, (*here, j, "slug")) for j, t in terms], "网址")
        placed = [(j, t) for j, t in terms if t.tile and t.name not in dimension.history.ends]
        yield from doubles([(str(t.tile), (*here, j, "tile")) for j, t in placed], "位置")


def _references(scheme: Scheme, raw: Raw) -> Iterator[Diagnostic]:
    """Names that point at a term which is not there, and enumerations without values."""

    def unknown(value: str, names: list[str], path: tuple[Step, ...], what: str) -> Iterator[Diagnostic]:
        if value not in names:
            line_no, column = raw.at(path, key=True)
            allowed = f"可用值：{'、'.join(names)}" if names else "方案里没有可用的值"
            yield Diagnostic(
                raw.file,
                line_no,
                column,
                "scheme-reference",
                f"{what}「{value}」不存在",
                allowed,
                nearest(value, names),
            )

    if not scheme.name.startswith("".join(scheme.name_parts)):
        line_no, column = raw.at(("name_parts",))
        message = f"各段连起来是「{''.join(scheme.name_parts)}」，不是名称「{scheme.name}」的开头"
        yield Diagnostic(raw.file, line_no, column, "scheme-reference", message, "请把名称照原样分段")
    for i, entry in enumerate(scheme.rounds):
        for kind, label in NUMBERS.items():
            for key, counts in getattr(entry, kind).items():
                path: tuple[Step, ...] = ("rounds", i, kind, key)
                yield from unknown(key, list(scheme.by_key), path, f"{label}里的维度")
                if key in scheme.by_key:
                    dimension = scheme.by_key[key]
                    for name in counts:
                        yield from unknown(name, dimension.names, (*path, name), f"{label}里的取值")
                        if name in dimension.names and not dimension.covers(name, entry.year):
                            line_no, column = raw.at((*path, name), key=True)
                            wrong = dimension.misuse(name, entry.year, f"{label}里的{dimension.label}")
                            yield Diagnostic(raw.file, line_no, column, "term-period", *wrong)
        for where, message, allowed in misplaced_dates(entry.dates):
            line_no, column = raw.at(("rounds", i, "dates", *where))
            yield Diagnostic(raw.file, line_no, column, "round-dates", message, allowed)
    for i, dimension in enumerate(scheme.dimensions):
        for j, term in enumerate(dimension.terms):
            if term.parent is not None:
                yield from unknown(term.parent, dimension.names, ("dimensions", i, "terms", j, "parent"), "上级")
        place = ("dimensions", i, "concordance")
        yield from concordance_findings(dimension.concordance, dimension.names, raw, place)
        batches = [(term.name, term.round, term.date) for term in dimension.terms]
        yield from batch_findings(
            batches, sorted(scheme.by_year), raw, ("dimensions", i, "terms"), are_batches=dimension.role == BATCH
        )
        yield from _circles(dimension, ("dimensions", i, "terms"), raw)
        if dimension.role and not (dimension.pages and (dimension.filter or dimension.role != METHOD)):
            key = "filter" if dimension.pages else "pages"
            line_no, column = raw.at(("dimensions", i, key))
            message = f"维度「{dimension.label}」的作用是 {dimension.role}，不能写 {key}: false"
            allowed = "奖项、地图和方法页都链接到它的网页；请删去这一行，或删去 role"
            yield Diagnostic(raw.file, line_no, column, "scheme-reference", message, allowed)
    yield from _misread(scheme, raw)
    keys, fields = list(scheme.by_key), [extra.key for extra in scheme.stored]
    yield from layout_findings(scheme.layouts, keys, fields, raw)
    types = {extra.key: extra.type for extra in scheme.fields}
    yield from ranking_findings(scheme.rankings, keys, types, raw)
    yield from print_findings(scheme.print, keys, fields, raw)
    yield from field_findings(scheme.fields, raw)


def _circles(dimension: Dimension, path: tuple[Step, ...], raw: Raw) -> Iterator[Diagnostic]:
    """Terms that stand above themselves."""
    for number, term in enumerate(dimension.terms):
        above, seen = term.parent, {term.name}
        while above is not None and above in dimension.by_name and above not in seen:
            seen.add(above)
            above = dimension.by_name[above].parent
        if above == term.name:
            line_no, column = raw.at((*path, number, "parent"))
            message = f"「{term.name}」的上级一层层找上去又是它自己"
            yield Diagnostic(raw.file, line_no, column, "scheme-reference", message, "请改正其中一个 parent")


def _vocabulary(scheme: Scheme) -> Vocabulary:
    """What the rules of the scheme may refer to."""
    terms = {dimension.key: dimension.names for dimension in scheme.dimensions}
    values: dict[str, Sequence[str] | None] = {**terms, "unit": None, "title": None}
    for extra in scheme.stored:
        values[extra.key] = {"enum": extra.values, "boolean": ("true", "false")}.get(extra.type)
    return Vocabulary(terms, values, list(scheme.by_year), ("people", "summary", "body", "media", "patents", "sources"))


def _misread(scheme: Scheme, raw: Raw) -> Iterator[Diagnostic]:
    """Readings that do not give each character a syllable that exists."""
    if not scheme.readings:
        return
    from search.pinyin import syllables  # reads a dictionary, for which most schemes have no use

    known = list(syllables())
    for phrase, reading in scheme.readings.items():
        line_no, column = raw.at(("readings", phrase))
        sounds = reading.replace("ü", "v").split()
        if len(sounds) != len(phrase):
            message = f"「{phrase}」有 {len(phrase)} 个字，读音却有 {len(sounds)} 个"
            allowed = "一个字一个音节，用空格分开，不写声调"
            yield Diagnostic(raw.file, line_no, column, "scheme-reading", message, allowed)
        for sound in sounds:
            if sound not in known:
                message = f"没有读音「{sound}」"
                close = nearest(sound, known)
                yield Diagnostic(raw.file, line_no, column, "scheme-reading", message, "拼音不写声调，ü 写成 v", close)
