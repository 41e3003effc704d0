"""No word of one organiser's scheme stands in the program or the theme: another organiser needs no line of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.scheme.model import Scheme
from generator.scheme.reading import read_scheme

ROOT = Path(__file__).parents[1]
SCHEMES = [ROOT / "cases/scheme.yml", *sorted(ROOT.glob("examples/*/scheme.yml"))]
FOLDERS = ("generator", "search", "theme")
TEXTS = (".py", ".html", ".js", ".css", ".yml", ".typ", ".po", ".svg", ".md")
# generator/starter is what a new library begins with, generator/packaged a copy of what stands elsewhere.
APART = ("starter", "packaged", "__pycache__")
# What organisers are called and where they are: no part of it either.
PLACES = ("重庆", "江西", "新疆", "科协", "总工会", "五小", "三创三小", "岗位创新")

# Words that schemes use and that are not theirs, with what they are doing in the program.
GENERIC = {
    **dict.fromkeys(("其他", "其它"), "everyday word"),
    **dict.fromkeys(
        ("身份证号码", "电子邮箱", "联系电话", "通讯地址", "联系人", "年龄", "性别"),
        "private facts that the importer drops and the check refuses for every scheme",
    ),
    **dict.fromkeys(
        ("奖项", "等级", "等次", "成果简介", "种类", "类别"),
        "headings that forms and lists of any organiser have (importers/wording.py), and words of messages",
    ),
    **dict.fromkeys(("专利状况", "批准时间", "专利号"), "the patent of the common core (model.Patent)"),
    **dict.fromkeys(("邮政", "卫生"), "parts of other words: 邮政编码, 卫生院"),
    "批次": "the role batch of a dimension, in its messages",
    "背景": "example of a section in the explanations",
}

# The same of what addresses hold.
PLAIN = {"region": "a key of SARIF (finding_formats.py) and an argument of Typst"}


def words_of(scheme: Scheme) -> Iterator[str]:
    """What only this organiser says: names, terms and their aliases, labels, titles of its tables."""
    yield from (scheme.name, scheme.programme, scheme.organiser, *scheme.forms.prefixes, *scheme.private)
    for dimension in scheme.dimensions:
        yield dimension.label
        for term in dimension.terms:
            yield from (term.name, *term.aliases)
    yield from (section.label for section in scheme.sections)
    yield from (extra.label for extra in scheme.fields)
    yield from (layout.title for layout in scheme.layouts)
    yield from (rule.label for rule in scheme.rules)


def slugs_of(scheme: Scheme) -> Iterator[str]:
    """How this organiser writes its places in addresses."""
    place = scheme.role("place")
    if place is not None:
        yield from (place.key, place.path, *(term.slug for term in place.terms))


def texts() -> Iterator[tuple[str, str]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in TEXTS and not set(APART) & set(path.relative_to(ROOT).parts):
                yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


@pytest.fixture(scope="module")
def schemes() -> list[Scheme]:
    found = [read_scheme(path, path.name)[0] for path in SCHEMES]
    assert len(found) >= 4
    return [scheme for scheme in found if scheme is not None]


def test_no_word_of_a_scheme_stands_in_the_program_or_the_theme(schemes) -> None:
    words = {word for scheme in schemes for word in words_of(scheme) if len(word) > 1} | set(PLACES)
    assert len(words) > 200
    found = [(where, word) for where, text in texts() for word in words - set(GENERIC) if word in text]
    assert found == []


def test_no_place_of_a_scheme_stands_in_the_program_or_the_theme_as_it_is_written_in_addresses(schemes) -> None:
    slugs = {"chongqing", "jiangxi", "xinjiang"} | {slug for scheme in schemes for slug in slugs_of(scheme)}
    slugs -= set(PLAIN)
    pattern = re.compile(rf"(?<![\w-])({'|'.join(sorted(map(re.escape, slugs), key=len, reverse=True))})(?![\w-])")
    found = [(where, match[0]) for where, text in texts() for match in pattern.finditer(text)]
    assert found == []


def test_each_generic_word_is_one_that_a_scheme_has_and_the_program_says(schemes) -> None:
    words = {word for scheme in schemes for word in words_of(scheme)}
    said = {word for _, text in texts() for word in GENERIC if word in text}
    assert [word for word in GENERIC if word not in words or word not in said] == []
