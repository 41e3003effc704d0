"""The scheme of Jiangxi's trade unions by configuration alone: form, table, quotas, pages, revocation."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document
from lxml import html
from ruamel.yaml import YAML
from test_import import fill_our_form

from generator.cli import caselib
from generator.reading import read_library
from generator.scheme.reading import read_scheme
from generator.site import BuildOptions, build_site
from tests.samples import write_library

ROOT = Path(__file__).parents[2]
SCHEME = ROOT / "examples/jiangxi/scheme.yml"
FORMS = ROOT / "tests/importers/forms"
HEADINGS = [
    *("成果背景", "技术原理及性能指标", "创造性与先进性", "成熟程度、适用范围和安全性", "应用情况及存在的问题"),
]
SECRETS = ("13900001234", "11010519491231002X", "某路9号", "女")
_yaml = YAML(typ="safe", pure=True)

RECORD = """\
id: {id}
title: {title}
year: 2023
kind: 小革新
industry: 采矿业
city: {city}
unit: 某某煤业有限公司
people:
  - {{name: 张三, role: lead, post: 通风队队长}}
  - {{name: 亚力昆江·牙生, role: member, post: 技术员}}
  - {{name: 王五, role: member}}
  - {{name: 赵六, role: member, post: 班长}}
  - {{name: 孙七, role: member, post: 班长}}
  - {{name: 周八, role: member, post: 钳工}}
body:
  background: |
    井下粉尘大，人工洒水跟不上。

    每班要停机两次。
  principle: |
    按浓度启停：（分两步）

    \\- 传感器每秒取样，\\*两处\\*

    1\\. 超过 5 mg/m³ 时喷雾
  novelty: |
    首创。
  maturity: |
    已运行两年。
  application: |
    用在三个工作面。
patent_form: 实用新型专利
patent_status: 已授权
patent_number: ZL202110123456.7
patent_date: 2022-05-01
implementation: 自行实施
benefit: 年节约成本12万元。
professional_title: 高级工程师
non_public: {non_public}
investment: 12.5
status: {status}
"""


class Library:
    """A folder with the scheme, and commands run in it."""

    def __init__(self, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.base, self.patch = base, monkeypatch
        self.cases = base / "cases"
        self.cases.mkdir(parents=True)
        shutil.copy(SCHEME, self.cases / "scheme.yml")

    def run(self, *arguments: str | Path) -> Result:
        self.patch.chdir(self.base)
        return CliRunner().invoke(caselib, [str(argument) for argument in arguments])

    def record(self, number: int, text: str = RECORD, **values: str) -> Path:
        case_id = f"2023-{number:05d}"
        given = {"title": f"一种巷道喷雾装置{number}", "city": "赣州", "non_public": "false", "status": "nominated"}
        path = self.cases / f"2023/{case_id}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.format(id=case_id, **(given | values)), "utf-8")
        return path

    def text(self, case_id: str = "2023-00001") -> str:
        return (self.cases / f"2023/{case_id}.yml").read_text("utf-8")


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    return Library(tmp_path / "one", monkeypatch)


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    return Library(tmp_path / "other", monkeypatch)


def test_a_record_written_into_the_form_and_read_back_is_the_same_record(library, other):
    library.record(1)
    assert not [line for line in library.run("check").output.splitlines() if "错误：" in line]
    done = library.run("forms", "--of", "2023-00001", "--output", "表格")
    assert done.exit_code == 0, done.output
    result = other.run("import", library.base / "表格/申报表-2023-00001.docx")
    assert result.exit_code == 0, result.output
    assert "    待确认" not in result.output
    assert other.text() == library.text()


def test_the_blank_form_filled_in_word_comes_back_whole(library, other):
    assert library.run("forms").exit_code == 0
    scheme, _ = read_scheme(library.cases / "scheme.yml", "scheme.yml")
    text = "\n".join(c.text for r in Document(str(library.base / "forms/申报表.docx")).tables[0].rows for c in r.cells)
    for label in ("所属行业", "专利形式", "专利状况", "专利号", "批准时间", "实施方式", "转化创造效益情况", "非公企业"):
        assert label in text
    for label in (
        "成果背景",
        "技术原理及性能指标",
        "创造性与先进性",
        "成熟程度、适用范围和安全性",
        "应用情况及存在的问题",
    ):
        assert f"{label}：" in text
    assert not any(label in text for label in ("性别", "电话", "身份证", "地址"))
    fill_our_form(scheme, library.base / "填好.docx")
    assert library.run("import", library.base / "填好.docx").exit_code == 0
    library.run("forms", "--of", "2023-00001")
    assert other.run("import", library.base / "forms/申报表-2023-00001.docx").exit_code == 0
    assert other.text() == library.text()


def test_the_form_of_the_notice_filled_in_by_a_unit_becomes_a_record_that_our_form_says_again(library, other):
    document = Document(str(FORMS / "jiangxi-application.docx"))
    rows = [row.cells for row in document.tables[0].rows]
    for (row, column), words in {
        (1, 1): "矿用“一通三防”联动喷雾装置",
        (1, 6): "矿业",
        (2, 2): "□发明专利 √实用新型专利 □外观设计专利 □软件著作权",
        (3, 2): "□未申请 □正在申请 ☑已授权",
        (3, 6): "ZL202110123456.7",
        (4, 6): "2022.5.1",
        (5, 2): "自行实施",
        (6, 2): "投入3万元，年节约成本12万元。",
        (8, 1): "张 三",
        (8, 3): "女",
        (8, 5): "高级工程师",
        (8, 7): SECRETS[0],
        (9, 1): SECRETS[1],
        (10, 1): "某某煤业有限公司\n通风队队长",
        (11, 1): "南昌市某路9号",
        (13, 1): "李四",
        (13, 2): "女",
        (13, 3): "技术员",
        (13, 5): "工程师",
        (13, 6): "某某煤业有限公司",
        (19, 0): "1.成果背景\n粉尘大。\n2.技术原理及性能指标\n按浓度启停。\n3.创造性与先进性\n首创。\n"
        "4.成熟程度，适用范围和安全性\n成熟。\n5.应用情况及存在的问题\n已用。",
    }.items():
        rows[row][column].text = words
    document.save(str(library.base / "申报表.docx"))
    given = ("--set", "设区市=赣州", "--set", "项目类别=小革新", "--set", "非公企业=是")
    result = library.run("import", library.base / "申报表.docx", *given)
    assert result.exit_code == 0, result.output
    record = _yaml.load(library.text())
    assert (record["kind"], record["industry"], record["city"]) == ("小革新", "采矿业", "赣州")
    assert (record["patent_form"], record["patent_status"]) == ("实用新型专利", "已授权")
    assert (record["patent_number"], str(record["patent_date"])) == ("ZL202110123456.7", "2022-05-01")
    assert (record["professional_title"], record["non_public"]) == ("高级工程师", True)
    assert [text.strip() for text in record["body"].values()] == [
        "粉尘大。",
        "按浓度启停。",
        "首创。",
        "成熟。",
        "已用。",
    ]
    assert not any(secret in library.text() + result.output for secret in SECRETS)
    library.run("forms", "--of", "2023-00001")
    with zipfile.ZipFile(library.base / "forms/申报表-2023-00001.docx") as file:
        assert not any(secret in file.read("word/document.xml").decode() for secret in SECRETS)
    assert other.run("import", library.base / "forms/申报表-2023-00001.docx").exit_code == 0
    assert other.text() == library.text()


def test_the_form_of_a_record_that_is_not_there_or_wrong_says_why(library):
    library.record(1)
    done = library.run("forms", "--of", "2023-00010")
    assert done.exit_code != 0 and "没有记录「2023-00010」；是否应为「2023-00001」？" in done.output
    library.record(1, city="赣洲")
    done = library.run("forms", "--of", "2023-00001")
    assert done.exit_code != 0 and "设区市「赣洲」不在方案中" in done.output
    assert not (library.base / "forms").exists()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library of a hundred samples, with its site."""
    base = tmp_path_factory.mktemp("jiangxi")
    folder = write_library(base, 99, scheme=SCHEME)
    library, found = read_library(folder, base, cache=base / "cache")
    assert library is not None, [d.text() for d in found]
    build_site(library, BuildOptions(base / "site", [ROOT / "theme"], base / "cache"))
    return base


def test_the_summary_table_of_the_site_imports_as_the_records_it_was_made_from(site, other):
    table = site / "site/data/summary-2023.xlsx"
    text = (other.cases / "scheme.yml").read_text("utf-8")
    (other.cases / "scheme.yml").write_text(text.replace("\nrounds:", "\nsample: true\nrounds:", 1), "utf-8")
    other.run("import", table)
    records = [_yaml.load(path.read_text("utf-8")) for path in sorted(site.glob("cases/2023/*.yml"))]
    back = [_yaml.load(path.read_text("utf-8")) for path in sorted(other.cases.glob("2023/*.yml"))]
    assert len(back) == len(records) == 99

    def told(record: dict) -> tuple:
        lead = next((p for p in record.get("people", ()) if p["role"] == "lead"), {})
        keys = ("title", "kind", "industry", "city", "summary", "non_public")
        return (*(record.get(key) for key in keys), lead.get("name"))

    known = Counter(map(told, records))
    wrong = [told(record) for record in back if not known[told(record)]]
    assert wrong == []


def test_the_pages_tell_kinds_industries_cities_and_the_two_direct_groups(site):
    records = [_yaml.load(path.read_text("utf-8")) for path in sorted(site.glob("cases/2023/*.yml"))]
    home = html.fromstring((site / "site/index.html").read_bytes())
    kinds = home.xpath('//section[@aria-labelledby="by-kind"]//li')
    assert [li.xpath("string(.//span)") for li in kinds] == ["小发明", "小创造", "小革新", "小设计", "小建议"]
    said = Counter(record.get("kind") for record in records)
    assert {li.xpath("string(.//span)"): int(li.find_class("case-num")[0].text) for li in kinds} == said
    cities = html.fromstring((site / "site/cities/index.html").read_bytes())
    assert len(cities.find_class("case-tile")) == 12
    others = cities.xpath('//ul[@class="case-map-others"]/li/a')
    assert [link.text.strip() for link in others] == ["省产业工会", "省总直属基层工会"]
    assert (site / "site/industries/mining.html").exists()
    awards = html.fromstring((site / "site/awards/index.html").read_bytes())
    levels = awards.xpath('//table[@class="case-totals"]/tbody/tr[not(@class)]/td[last()]')
    assert sum(int(level.text) for level in levels) == 99
    whole = next(r for r in records if {"patent_form", "patent_date", "non_public", "professional_title"} <= r.keys())
    case = html.fromstring((site / f"site/cases/{whole['id']}.html").read_bytes())
    facts = {
        row.find("dt").text: row.xpath("string(dd)").strip() for row in case.xpath('//dl[@class="case-facts"]/div')
    }
    assert facts["专利形式"] == whole["patent_form"]
    assert facts["批准时间"] == str(whole["patent_date"])
    assert facts["非公企业"] == ("是" if whole["non_public"] else "否")
    assert facts["第一完成人职称"] == whole["professional_title"]
    headings = [re.sub(r"^\d", "", h.xpath("string(.)")) for h in case.xpath('//div[@class="case-prose"]//h2')]
    assert headings == [
        "成果背景",
        "技术原理及性能指标",
        "创造性与先进性",
        "成熟程度、适用范围和安全性",
        "应用情况及存在的问题",
    ]


def outcomes(library: Library) -> dict[str, dict]:
    document = json.loads(library.run("round", "2023", "--json").stdout)
    return {rule["key"]: rule for rule in document["rules"]}


def test_the_quotas_are_judged_city_by_city(library):
    text = (library.cases / "scheme.yml").read_text("utf-8")
    sent = {**dict.fromkeys(("南昌", "九江", "上饶", "宜春", "吉安", "抚州"), 25), "赣州": 24, "景德镇": 20, "新余": 19}
    sent |= {"鹰潭": 20, "萍乡": 31, "赣江新区": 4}
    rows = ", ".join(f"{name}: {number}" for name, number in sent.items())
    text = text.replace("    results: [2021", f"    entries: {{city: {{{rows}}}}}\n    results: [2021", 1)
    (library.cases / "scheme.yml").write_text(text, "utf-8")
    number = 0
    # Every city sends ten, of which two are of enterprises that are not public; 九江 one, 上饶 none of five.
    for city in sent:
        share = {"九江": 1, "上饶": 0}.get(city, 2)
        for place in range(5 if city == "上饶" else 10):
            number += 1
            library.record(number, city=city, non_public="true" if place < share else "false")
    library.record(number + 1, city="省产业工会")  # has no quota
    found = outcomes(library)
    breaches = {key: [(b["where"], b["detail"]) for b in rule["breaches"]] for key, rule in found.items()}
    assert breaches == {
        "entries-25": [("赣州", "申报 24 项，至少 25 项")],
        "entries-20": [("新余", "申报 19 项，至少 20 项")],
        "entries-5": [("赣江新区", "申报 4 项，至少 5 项")],
        "non-public-share": [
            ("九江", "推荐 1 项，至少 2 项（共 10 项的 20%）"),
            ("上饶", "推荐 0 项，至少 1 项（共 5 项的 20%）"),
        ],
    }


def test_a_recognition_that_was_won_by_fraud_is_revoked_in_the_words_of_the_union(library):
    source = "award: 二等优秀成果\nsources:\n  - {{title: 公告, date: 2023-12-01}}\n"
    library.record(1, RECORD.replace("\nstatus: ", f"\n{source}status: "), status="announced")
    given = ("--reason", "弄虚作假，证书已收回", "--notice", "https://example.org/n", "--date", "2024-03-01")
    done = library.run("revoke", *given, "2023-00001")
    assert done.exit_code == 0, done.output
    assert "{date: 2024-03-01, what: 撤销认定, why: 弄虚作假，证书已收回}" in library.text()
    library_read, found = read_library(library.cases, library.base, cache=library.base / "cache")
    assert library_read is not None, found
    build_site(library_read, BuildOptions(library.base / "site", [ROOT / "theme"], library.base / "cache"))
    page = (library.base / "site/cases/2023-00001.html").read_text("utf-8")
    assert "撤销认定（弄虚作假，证书已收回）" in page and "张三" not in page and "喷雾装置" not in page
    assert "撤销认定" in (library.base / "site/changes.html").read_text("utf-8")
    assert "撤销认定" in (library.base / "site/changes.atom").read_text("utf-8")
