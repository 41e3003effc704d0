"""What organisers get wrong when they write a scheme, each named with file, line, column and what is right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.scheme.reading import read_scheme
from tests.conftest import SCHEME, LibraryFolder
from tests.samples.library import write_library

EXAMPLES = Path(__file__).parents[1] / "examples"


def at(text: str, mark: str) -> tuple[int, int]:
    """Line and column of `mark` in `text`."""
    before = text[: text.index(mark)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize(
    ("old", "new", "mark", "code", "told"),
    [
        pytest.param(
            *("{甲等: 2, 乙等: 3}", "{甲等: 2, 丙等: 3}", "丙等", "scheme-reference"),
            "「丙等」不存在；可用值：甲等、乙等",
            id="a level that the scheme does not have",
        ),
        pytest.param(
            *("slug: xishan,", "slug: xishan, parent: 北方,", "parent: 北方", "scheme-reference"),
            "上级「北方」不存在",
            id="a level above that is missing",
        ),
        pytest.param(
            *("slug: xishan,", "slug: dongshan,", "dongshan, tile: [1", "scheme-clash"),
            "网址「dongshan」与前面的重复",
            id="two values with one slug",
        ),
        pytest.param(
            *("aliases: [西山自治县]", "aliases: [东山县]", "东山县]", "scheme-clash"),
            "「东山县」与前面的重复",
            id="an alias that is also a value",
        ),
        pytest.param(
            *("aliases: [其它]", "aliases: [其他]", "其他]", "scheme-clash"),
            "「其他」与前面的重复",
            id="an alias that is its own value",
        ),
        pytest.param(
            "private: [",
            "rules:\n  - {key: a, kind: require, label: 甲, message: 乙, require: {colour: 红}}\nprivate: [",
            *("colour", "rule-reference"),
            "colour",
            id="a rule about an unknown field",
        ),
        pytest.param(
            "private: [",
            "fields:\n  - {key: a, label: 甲, type: picture}\nprivate: [",
            *("picture", "value-unknown"),
            "可用值：text、enum、boolean、date、number、list、groups",
            id="a field type that does not exist",
        ),
        pytest.param(
            *("{name: 东山县, slug: dongshan,", "{name: 东山县, slug: dongshan, parent: 东山县,", "parent: 东山县"),
            "scheme-reference",
            "又是它自己",
            id="a value above itself",
        ),
    ],
)
def test_a_mistake_in_a_scheme_is_named_where_it_stands(library, old, new, mark, code, told) -> None:
    assert old in SCHEME
    text = SCHEME.replace(old, new, 1)
    path = library.write("scheme.yml", text)
    scheme, found = read_scheme(path, "cases/scheme.yml")
    assert scheme is None
    assert [d.code for d in found] == [code], found
    line, column = at(text, mark)
    if mark.startswith("parent: ") and code == "scheme-reference":
        # Of a value that points somewhere the key or the value is shown.
        assert found[0].column in (column, column + len("parent: "))
    else:
        assert found[0].column in range(column, column + 9)
    assert (found[0].file, found[0].line) == ("cases/scheme.yml", line)
    assert told in found[0].text()


def test_values_above_each_other_in_a_circle_are_each_named(library) -> None:
    text = SCHEME.replace("slug: dongshan,", "slug: dongshan, parent: 西山县,").replace(
        "slug: xishan,", "slug: xishan, parent: 东山县,"
    )
    library.record()
    library.write("scheme.yml", text)
    found = library.read()[1]
    assert [d.code for d in found] == ["scheme-reference", "scheme-reference"]
    assert all("又是它自己" in d.message for d in found)


@pytest.mark.parametrize("other", ["chongqing", "jiangxi", "xinjiang"])
def test_records_of_another_scheme_are_named_one_by_one(tmp_path, other) -> None:
    write_library(tmp_path, 3, scheme=EXAMPLES / other / "scheme.yml")
    library = LibraryFolder(tmp_path)
    for scheme in ("chongqing", "jiangxi", "xinjiang"):
        if scheme == other:
            continue
        shutil.copyfile(EXAMPLES / scheme / "scheme.yml", library.folder / "scheme.yml")
        found = library.check()
        records = {f"cases/{p.relative_to(library.folder).as_posix()}" for p in library.folder.glob("2*/*.yml")}
        unknown = {
            d.file for d in found if d.code in ("field-unknown", "round-unknown", "field-missing", "term-unknown")
        }
        assert records <= unknown
        for finding in found:
            assert finding.line >= 1
            assert finding.column >= 1
            assert finding.message
            assert finding.allowed or finding.nearest, finding
