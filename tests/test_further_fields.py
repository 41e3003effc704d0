"""Fields that a scheme declares beyond the common core: each type, where it shows, what is refused."""

from __future__ import annotations

import csv
import io
import json
import sqlite3

import jsonschema
import pytest
from docx import Document
from openpyxl import load_workbook

from generator.cms import cms_widget
from generator.editing.composing import compose, read_text
from generator.editing.form_schema import form_groups, form_value, group_schema
from generator.exports.json_schema import record_schema
from generator.forms.application import application_form
from generator.importers.run import Options, read_file
from generator.importers.values import read_extra
from generator.pages.search import document_of, search_schema
from generator.record_fields import record_fields
from generator.records.formatting import format_record
from generator.records.model import Entry
from generator.site_options import SiteOptions
from tests.browser.shots import served

FIELDS = """\
fields:
  - {key: note, label: 附记, type: text, search: false}
  - {key: grade, label: 技术等级, type: enum, values: [初级, 高级], filter: true, shown: [card, facts]}
  - {key: model, label: 劳模领衔, type: boolean, filter: true}
  - {key: started, label: 启用日期, type: date}
  - {key: cost, label: 投入, type: number, shown: []}
  - {key: tools, label: 用具, type: list, values: [锤子, 钳子, 锯子], filter: true}
  - {key: words, label: 关键词, type: list}
  - key: benefits
    label: 效益
    type: groups
    parts:
      - {key: year, label: 年份, type: number, need: required}
      - {key: kind, label: 种类, type: enum, values: [节约, 增收]}
      - {key: text, label: 说明}
  - {key: rank, label: 职称, type: text, private: true}
"""
VALUES = """\
note: 独有的附记
grade: 高级
model: true
started: 2023-05-06
cost: 1.5
tools: [锤子, 钳子]
words: [换针, 省力]
benefits:
  - {year: 2022, kind: 节约, text: 少用布料}
  - {year: 2023}
"""


@pytest.fixture
def further(library):
    """The small library with a field of each type, and two records: with values for all of them, and with none."""
    path = library.folder / "scheme.yml"
    path.write_text(path.read_text() + FIELDS)
    library.record("2023-00001", text=VALUES)
    library.record("2023-00002", title="另一项", unit="西山县医院")
    return library


def extras(library) -> dict[str, object]:
    case = library.library().load("2023-00001")
    keys = [extra.key for extra in library.library().scheme.stored]
    return json.loads(case.model_dump_json(include=set(keys)))


def test_each_type_is_read_as_what_it_is(further) -> None:
    found = extras(further)
    assert found["model"] is True
    assert found["tools"] == ["锤子", "钳子"]
    assert found["benefits"][0] == {"year": 2022.0, "kind": "节约", "text": "少用布料"}
    assert found["benefits"][1] == {"year": 2023.0, "kind": None, "text": None}


def test_a_value_shows_where_the_scheme_says_and_nowhere_else(further) -> None:
    site = further.build(site=SiteOptions())
    page = (site / "cases/2023-00001.html").read_text("utf-8")
    facts = page[page.index('<dl class="case-facts">') : page.index("</dl>", page.index('<dl class="case-facts">'))]
    assert "<dt>效益</dt><dd><span>2022 节约 少用布料；2023</span>" in facts
    assert "<dt>用具</dt><dd><span>锤子、钳子</span>" in facts
    assert "<dt>劳模领衔</dt><dd><span>是</span>" in facts
    assert "投入" not in facts
    listed = (site / "years/2023.html").read_text("utf-8")
    assert "技术等级：高级" in listed
    assert "锤子" not in listed
    table = list(csv.DictReader(io.StringIO((site / "data/cases.csv").read_text("utf-8-sig"))))
    assert table[0]["用具"] == "锤子、钳子"
    assert table[0]["效益"] == "2022 节约 少用布料；2023"
    assert table[1]["用具"] == ""
    assert not {"投入", "技术等级", "职称"} & set(table[0])
    sheet = load_workbook(site / "data/cases.xlsx").active
    assert "锤子、钳子" in [cell.value for row in sheet for cell in row]


def test_data_hold_every_value_whole(further) -> None:
    site = further.build(site=SiteOptions())
    document = json.loads((site / "api/v1/cases/2023-00001.json").read_text("utf-8"))
    assert document["words"] == ["换针", "省力"]
    assert document["benefits"] == [{"year": 2022.0, "kind": "节约", "text": "少用布料"}, {"year": 2023.0}]
    assert document["cost"] == 1.5
    with sqlite3.connect(site / "data/cases.sqlite") as database:
        rows = dict(database.execute("SELECT key, value FROM case_fields WHERE case_id = '2023-00001'"))
    assert json.loads(rows["tools"]) == ["锤子", "钳子"]
    assert json.loads(rows["benefits"])[0]["text"] == "少用布料"
    assert rows["model"] == 1


def test_the_search_finds_and_filters_by_what_the_scheme_says(further) -> None:
    library = further.library()
    schema = search_schema(library, library.scheme.words.phrases())
    document = document_of(library.load("2023-00001"), library.by_id["2023-00001"], library)
    assert document.texts["extra.words"] == ["换针、省力"]
    assert document.texts["extra.benefits"] == ["2022 节约 少用布料；2023"]
    assert "extra.note" not in document.texts
    assert "extra.cost" not in document.texts
    facets = {facet.key: [term.key for term in facet.terms] for facet in schema.facets}
    assert facets["tools"] == ["锤子", "钳子", "锯子"]
    assert facets["model"] == ["true", "false"]
    assert "words" not in facets
    assert document.terms["tools"] == ["锤子", "钳子"]
    assert (document.terms["model"], document.terms["grade"]) == (["true"], ["高级"])
    empty = document_of(library.load("2023-00002"), library.by_id["2023-00002"], library)
    assert empty.terms["tools"] == empty.terms["model"] == []


def test_a_filter_works_in_a_browser(further, browser) -> None:
    site = further.build(site=SiteOptions())
    with served(site) as address:
        page = browser.new_page()
        page.goto(f"{address}search.html?tools=%E9%92%B3%E5%AD%90")
        page.wait_for_selector(".case-hits li")
        assert page.locator(".case-hits li").count() == 1
        assert page.locator(".case-filter legend", has_text="用具").count() == 1
        page.close()


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("grade: 中级", "value-unknown", "技术等级"),
        ("model: 是", "value-unknown", "可用值：true、false"),
        ("started: 去年", "field-format", "不是日期"),
        ("cost: 多", "field-format", "不是数字"),
        ("tools: [锤]", "value-unknown", "是否应为「锤子」"),
        ("tools: 锤子", "field-type", "列表"),
        ("benefits: [{kind: 节约}]", "field-missing", "年份"),
        ("benefits: [{year: 2022, sort: x}]", "field-unknown", "sort"),
        ("rank: 教授", "private-data", "「职称」不公开，不得写进记录"),
        ("职称: 教授", "private-data", "「职称」不公开，不得写进记录"),
        ("联系电话: 无", "private-data", "「联系电话」不公开，不得写进记录"),
        ("note: 职称：教授", "private-data", "职称"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(further, line: str, code: str, told: str) -> None:
    path = further.record("2023-00003", text=f"{line}\n")
    found = [d for d in further.check() if d.file.endswith("2023-00003.yml")]
    assert [d.code for d in found] == [code], found
    assert found[0].line == path.read_text().count("\n")
    assert told in found[0].text()
    assert "教授" not in found[0].text()


def test_the_published_schema_accepts_what_the_check_accepts(further) -> None:
    scheme = further.library().scheme
    schema = record_schema(scheme)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["benefits"]["title"] == "效益"
    assert "rank" not in schema["properties"]
    case = further.library().load("2023-00001")
    jsonschema.validate(json.loads(case.model_dump_json(exclude_defaults=True)), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"id": "2023-00001", "title": "x", "year": 2023, "tools": ["锤"]}, schema)


def test_a_form_shows_and_keeps_each_type(further) -> None:
    scheme = further.library().scheme
    text = (further.folder / "2023/2023-00001.yml").read_text()
    raw = read_text(text, "x")
    assert raw is not None
    groups = form_groups(scheme)
    shown = form_value(raw.value, groups, scheme)
    assert shown["words"] == ["换针", "省力"]
    schema = next(group_schema(group, shown) for group in groups if group.key == "more")
    assert schema["properties"]["tools"]["items"]["enum"] == ["", "锤子", "钳子", "锯子"]
    assert schema["properties"]["words"]["type"] == "array"
    form = dict(shown) | {"words": ["换针", " 省时 ", ""], "tools": []}
    made = read_text(compose(form, raw, groups, scheme), "x")
    assert made is not None
    assert made.value["words"] == ["换针", "省时"]
    assert "tools" not in made.value
    assert made.value["benefits"] == raw.value["benefits"]
    for field in record_fields(scheme):
        cms_widget(field)


def test_the_canonical_style_keeps_lists_and_groups(further) -> None:
    scheme = further.library().scheme
    text = (further.folder / "2023/2023-00001.yml").read_text()
    once, found = format_record(text, "x", scheme)
    assert not found
    assert format_record(once, "x", scheme)[0] == once
    again = read_text(once, "x")
    before = read_text(text, "x")
    assert again is not None
    assert before is not None
    assert again.value == before.value


def test_an_importer_reads_lists_and_drops_what_is_private(further, tmp_path) -> None:
    scheme = further.library().scheme
    by_key = {extra.key: extra for extra in scheme.fields}
    assert read_extra(by_key["words"], "换针；省力\n省时").value == "换针、省力、省时"
    assert "分项填写" in read_extra(by_key["benefits"], "2022 年节约").doubt
    form = tmp_path / "form.docx"
    form.write_bytes(application_form(scheme))
    document = Document(str(form))
    for row in document.tables[0].rows:
        label = row.cells[0].text
        for name, value in (("项目名称", "换针架"), ("职称", "高级教师"), ("关键词", "换针、省力")):
            if label == name:
                row.cells[1].text = value
    document.save(str(form))
    drafts = read_file(form, Options(further.folder, further.base, scheme, 2023)).drafts
    assert drafts[0].value["words"] == ["换针", "省力"]
    assert "rank" not in drafts[0].value
    assert "高级教师" not in json.dumps([drafts[0].value, [str(f) for f in drafts[0].findings]], ensure_ascii=False)


def test_only_what_lists_show_is_kept_of_each_case(further) -> None:
    entry: Entry = further.library().by_id["2023-00001"]
    assert entry.extras == {"grade": "高级"}


@pytest.mark.parametrize(
    ("field", "code", "told"),
    [
        ("{key: a, label: 甲, type: image}", "value-unknown", "text、enum、boolean、date、number、list、groups"),
        ("{key: a, label: 甲, type: enum}", "scheme-reference", "却没有 values"),
        ("{key: a, label: 甲, type: text, values: [一]}", "scheme-reference", "不能有 values"),
        ("{key: a, label: 甲, type: groups}", "scheme-reference", "却没有 parts"),
        ("{key: a, label: 甲, type: text, parts: [{key: b, label: 乙}]}", "scheme-reference", "不能有 parts"),
        ("{key: a, label: 甲, type: groups, parts: [{key: b, label: 乙, type: list}]}", "value-unknown", "number"),
        (
            "{key: a, label: 甲, type: groups, parts: [{key: b, label: 乙}, {key: b, label: 丙}]}",
            "scheme-clash",
            "字段名「b」",
        ),
        ("{key: a, label: 甲, type: groups, parts: [{key: b, label: 乙, type: enum}]}", "scheme-reference", "「b」"),
        ("{key: a, label: 甲, type: date, filter: true}", "scheme-reference", "不能用来筛选"),
        ("{key: a, label: 甲, type: list, filter: true}", "scheme-reference", "写了 values 的 list"),
        ("{key: a, label: 甲, type: text, private: true, need: required}", "scheme-reference", "不能要求填写"),
        ("{key: a, label: 甲, type: text, shown: [page]}", "value-unknown", "card、facts、table"),
        ("{key: sort, label: 甲, type: text}", "scheme-clash", "已用于所有案例库共有的字段"),
    ],
)
def test_a_wrong_field_of_a_scheme_is_named_with_its_place(library, field: str, code: str, told: str) -> None:
    path = library.folder / "scheme.yml"
    text = path.read_text()
    path.write_text(f"{text}fields:\n  - {field}\n")
    found = library.read()[1]
    assert [d.code for d in found] == [code], found
    assert found[0].line == text.count("\n") + 2
    assert found[0].column > 4
    assert told in found[0].text()
