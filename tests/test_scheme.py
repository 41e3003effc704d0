from pathlib import Path

import pytest

from generator.records.model import Case, record_model
from generator.scheme.model import CORE_KEYS
from generator.scheme.reading import read_scheme

EXAMPLES = Path(__file__).parents[1] / "examples"


# A layout up to the keys of its only column.
LAYOUT = "layouts: [{name: table, title: 表, columns: [{label: 地方, keys"


def check(library, old: str, new: str):
    path = library.folder / "scheme.yml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return library.read()[1]


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("slug: xishan", "slug: dongshan", "scheme-clash", "网址「dongshan」与前面的重复"),
        ("aliases: [西山自治县]", "aliases: [东山县]", "scheme-clash", "名称或别名「东山县」"),
        ("tile: [1, 0]", "tile: [0, 0]", "scheme-clash", "位置"),
        ("key: field", "key: kind", "scheme-clash", "字段名「kind」"),
        ("key: field", "key: title", "scheme-clash", "已用于所有案例库共有的字段"),
        ("path: fields", "path: kinds", "scheme-clash", "网址「kinds」"),
        ("role: place", "role: award", "scheme-clash", "作用「award」"),
        ("year: 2024", "year: 2023", "scheme-clash", "届次「2023」"),
        ("甲等: 2", "申等: 2", "scheme-reference", "是否应为「甲等」？"),
        ("announced: {award:", "announced: {awards:", "scheme-reference", "是否应为「award」？"),
        (
            "announced: {award:",
            "entries: {place: {东山: 9}}, announced: {award:",
            "scheme-reference",
            "是否应为「东山县」",
        ),
        ("announced: {award:", "nominations: {city: {}}, announced: {award:", "scheme-reference", "推荐数里的维度"),
        (
            "{year: 2024}",
            "{year: 2024, dates: {notice: {start: 2024-05-06, end: 2024-05-01}}}",
            "round-dates",
            "早于起日",
        ),
        (
            "{year: 2024}",
            "{year: 2024, dates: {announced: 2024-05-10, notice: {end: 2024-05-12}}}",
            "round-dates",
            "公布日期 2024-05-10 早于公示的 2024-05-12",
        ),
        ("{year: 2024}", "{year: 2024, dates: {notice: 2024-05-06}}", "field-type", "类型不对"),
        ("{year: 2024}", "{year: 2024, dates: {notice: {to: 2024-05-06}}}", "field-unknown", "没有字段「to」"),
        ("path: fields", "path: notice", "scheme-clash", "网址「notice」已用于"),
        ("slug: dongshan", "slug: dongshan, parent: 无", "scheme-reference", "上级「无」不存在"),
        ("role: place", "role: map", "value-unknown", "可用值：award、place"),
        ("slug: invention", "slug: In vention", "field-format", "只能用小写字母、数字和连字符"),
        ("key: kind", "key: Kind-1", "field-format", "只能用小写字母、数字和下划线"),
        ("甲等: 2", "甲等: 二", "field-format", "不是整数"),
        ("programme: 试验活动\n", "", "field-missing", "programme"),
        ("programme: 试验活动\n", "programme: 试验活动\nprograme: x\n", "field-unknown", "是否应为「programme」？"),
        ("private:", "readings: {重钢: chong}\nprivate:", "scheme-reading", "有 2 个字，读音却有 1 个"),
        ("private:", "readings: {重钢: chong gnag}\nprivate:", "scheme-reading", "是否应为「gang」？"),
        ("private:", f"{LAYOUT}: [plaec]}}]}}]\nprivate:", "scheme-reference", "「地方」的字段「plaec」不存在"),
        ("private:", f"{LAYOUT}: [titel]}}]}}]\nprivate:", "scheme-reference", "是否应为「title」？"),
        ("private:", f"{LAYOUT}: []}}], by: plaice}}]\nprivate:", "scheme-reference", "是否应为「place」？"),
        ("private:", f"{LAYOUT}: []}}], heading: '{{cuont}}'}}]\nprivate:", "scheme-reference", "是否应为「count」？"),
        ("private:", f"{LAYOUT}: []}}]}}, {{name: table, title: 乙, columns: []}}]\nprivate:", "field-missing", "1 项"),
        (
            "private:",
            f"{LAYOUT}: []}}]}}, {{name: table, title: 乙, columns: [{{label: 丙}}]}}]\nprivate:",
            "scheme-clash",
            "文件名「table」与前面的重复",
        ),
        ("private:", "print: {certificate: {text: '{tilte}'}}\nprivate:", "scheme-reference", "是否应为「title」？"),
        ("private:", "print: {list: {columns: [{label: 甲, keys: [lede]}]}}\nprivate:", "scheme-reference", "「lead」"),
        ("private:", "print: {yearbok: {}}\nprivate:", "field-unknown", "是否应为「yearbook」？"),
        ("private:", "fields: [{key: a, label: 甲, type: colour}]\nprivate:", "value-unknown", "可用值：text、enum"),
        ("private:", "fields: [{key: a, label: 甲, type: enum}]\nprivate:", "scheme-reference", "没有 values"),
    ],
)
def test_a_mistake_in_the_scheme_is_named_with_its_place(library, old, new, code, words):
    [found] = [d for d in check(library, old, new) if d.code == code]
    assert words in found.text()
    line = (library.folder / "scheme.yml").read_text().splitlines()[found.line - 1]
    if code != "field-missing":
        assert any(part in line for part in (new.splitlines()[-1][:12].strip(), new.split(":")[0])), line


def test_a_folder_without_a_scheme_says_so(library):
    (library.folder / "scheme.yml").unlink()
    read, [found] = library.read()
    assert read is None
    assert found.code == "scheme-missing"


def test_the_core_keys_are_those_of_the_model():
    assert set(Case.model_fields) | {"body", "value", "section", "page", "q", "sort", "picture", "patent"} == CORE_KEYS


@pytest.mark.parametrize("name", ["chongqing", "jiangxi", "xinjiang"])
def test_the_examples_are_schemes_without_findings_and_work_from_their_own_file_alone(name):
    path = EXAMPLES / name / "scheme.yml"
    scheme, found = read_scheme(path, path.name)
    assert [d.text() for d in found] == []
    model = record_model(scheme)
    fields = set(model.model_fields)
    assert {dimension.key for dimension in scheme.dimensions} <= fields
    assert {extra.key for extra in scheme.fields} <= fields
    assert ("category" in fields) == (name == "chongqing")


def test_there_are_three_examples_and_the_first_is_this_library_itself():
    assert sorted(path.parent.name for path in EXAMPLES.glob("*/scheme.yml")) == ["chongqing", "jiangxi", "xinjiang"]
    assert (EXAMPLES / "chongqing/scheme.yml").resolve() == Path("cases/scheme.yml").resolve()


def test_announced_numbers_of_a_round_are_its_own_data():
    scheme, _ = read_scheme(EXAMPLES / "xinjiang/scheme.yml", "xinjiang.yml")
    assert scheme.rounds[0].total == 57_282
    scheme, _ = read_scheme(Path("cases/scheme.yml"), "scheme.yml")
    assert (scheme.rounds[0].total, len(scheme.by_key["district"].terms)) == (394, 41)
