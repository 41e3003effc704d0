"""Filled forms and tables as they come back: the association's blank form, filled in many habits, saved as real files.

Each file has its own private data; what stands in it publicly is what an import must give.
"""

from __future__ import annotations

import copy
import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlwt
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from PIL import Image

FORMS = Path(__file__).parent / "forms"
CATEGORIES = ["机械/电机", "电子/通讯", "医药/化工", "资源/环境", "交通/建筑", "轻工/纺织", "新材料", "其他"]
SECTIONS = {
    "background": "项目背景：现有离心水泵二十余台，检修困难。",
    "difficulty": "研究难点：泵腔空间狭小，着力点少。",
    "solution": "解决的问题：设计三爪联动拉拔工具。",
    "economic": "经济效益：年节约检修费用约6万元。",
    "social": "社会效益：减轻劳动强度，消除隐患。",
}
BODY = {key: text.partition("：")[2] + "\n" for key, text in SECTIONS.items()}
VALID_ID = "11010519491231002X"  # the example of the standard


@dataclass
class Filled:
    """One filled form: what was written into it, what an import must give, what must go nowhere."""

    name: str
    number: int
    title: str = ""
    category: str = ""
    unit: str = ""
    district: str = "巫山县"
    people: list[tuple[str, str]] = field(default_factory=list)
    intro: str = "\n".join(SECTIONS.values())
    expected: dict[str, Any] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    secrets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.title = self.title or f"一种第{self.number}号快速拆装工具"
        self.category = self.category or CATEGORIES[self.number % len(CATEGORIES)]
        self.unit = self.unit or f"巫山第{self.number}机械有限公司"
        self.people = self.people or [("王建国", "班长"), ("李小红", "技术员"), ("欧阳海波", "钳工")]
        self.phone = f"1390{self.number:07d}"
        self.address = f"重庆市巫山县高唐街道第{self.number}号楼"
        self.sex, self.age = f"男性记{self.number}", f"四十七龄{self.number}"
        self.secrets += [self.phone, self.address, self.sex, self.age]
        self.expected = {
            "title": self.title,
            "category": self.category,
            "unit": self.unit,
            "district": "巫山县",
            "people": [
                {"name": name, "role": "lead" if n == 0 else "member", "post": post}
                for n, (name, post) in enumerate(self.people)
            ],
            "body": BODY,
        } | self.expected


Habit = Callable[[Any, Filled], None]
FORM_HABITS: dict[str, tuple[Habit, dict[str, Any]]] = {}


def habit(name: str, **changes: Any) -> Callable[[Habit], Habit]:
    """Registers a way of filling in the form. changes: fields of Filled that differ."""

    def register(function: Habit) -> Habit:
        FORM_HABITS[name] = (function, changes)
        return function

    return register


def fill(document: Any, filled: Filled) -> Any:
    """Fills the blank form in the plain way; gives its table."""
    table = document.tables[0]
    rows = [row.cells for row in table.rows]
    put(rows[0][3], filled.title)
    put(rows[1][3], boxes(filled.category))
    for row, (name, post) in zip(range(2, 5), filled.people, strict=False):
        for column, text in ((3, name), (5, filled.sex), (7, post), (9, filled.age)):
            put(rows[row][column], text)
    put(rows[5][3], filled.phone)
    put(rows[5][9], filled.unit)
    put(rows[6][9], filled.district)
    put(rows[7][9], filled.address)
    put(rows[8][9], filled.intro)
    return table


def put(cell: Any, text: str) -> None:
    """Replaces the text of a cell; lines become paragraphs."""
    for paragraph in cell.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    first, *rest = text.split("\n")
    cell.paragraphs[0].text = first
    for line in rest:
        cell.add_paragraph(line)


def boxes(chosen: str, on: str = "☑", off: str = "□") -> str:
    marks = [f"{on if name == chosen else off} {name}" for name in CATEGORIES]
    return "  ".join(marks[:4]) + "\n" + "  ".join(marks[4:])


def build_form(name: str, number: int, folder: Path) -> Filled:
    """Writes the form of one habit into `folder`."""
    function, changes = FORM_HABITS[name]
    filled = Filled(name, number, **copy.deepcopy(changes))
    document = Document(str(FORMS / "chongqing-application.docx"))
    fill(document, filled)
    function(document, filled)
    document.save(str(folder / f"{number:02d} {name}.docx"))
    return filled


def category_cell(document: Any) -> Any:
    return document.tables[0].rows[1].cells[3]


def runs(cell: Any, pieces: list[Any]) -> None:
    """Replaces the content of a cell by texts and XML elements."""
    put(cell, "")
    paragraph = cell.paragraphs[0]
    for piece in pieces:
        if isinstance(piece, str):
            paragraph.add_run(piece)
        else:
            paragraph._p.append(piece)


@habit("plain")
def _(document, filled):
    pass


# Ticks. Each draws the eight boxes in its own way.


def tick_habit(name: str, draw: Callable[[str, bool], str], **changes: Any) -> None:
    def function(document, filled):
        put(category_cell(document), "  ".join(draw(c, c == filled.category) for c in CATEGORIES))

    FORM_HABITS[name] = (function, changes)


tick_habit("tick-black-square", lambda c, on: f"{'■' if on else '□'} {c}")
tick_habit("tick-root-for-box", lambda c, on: f"{'√' if on else '□'} {c}")
tick_habit("tick-check-for-box", lambda c, on: f"{'✓' if on else '□'}{c}")
tick_habit("tick-heavy-check", lambda c, on: f"{'✔' if on else '☐'}{c}")
tick_habit("tick-root-before-box", lambda c, on: f"{'√' if on else ''}□{c}")
tick_habit("tick-root-behind-box", lambda c, on: f"□{'√' if on else ''}{c}")
tick_habit("tick-root-behind-word", lambda c, on: f"□ {c}{'√' if on else ''}")
tick_habit("tick-box-behind-word", lambda c, on: f"{c}{'☑' if on else '□'}")
tick_habit("tick-crossed-box", lambda c, on: f"{'☒' if on else '☐'} {c}")
tick_habit("tick-round", lambda c, on: f"{'●' if on else '○'} {c}")
tick_habit("tick-in-brackets", lambda c, on: f"（{'√' if on else '  '}）{c}")
tick_habit("tick-in-square-brackets", lambda c, on: f"[{'x' if on else ' '}] {c}")
tick_habit("tick-without-boxes", lambda c, on: f"{'√' if on else ''}{c}")
tick_habit("tick-behind-without-boxes", lambda c, on: f"{c}{'√' if on else ''}")
tick_habit(
    "tick-spelt-otherwise",
    lambda c, on: f"{'■' if on else '□'}{c.replace('/', '／').replace('其他', '其它')}",
    category="其他",
)
tick_habit("tick-without-slash", lambda c, on: f"{'☑' if on else '□'}{c.replace('/', '、')}", category="资源/环境")
tick_habit("tick-character-mouth", lambda c, on: f"{'☑' if on else '口'} {c}")


@habit("tick-only-one-left")
def _(document, filled):
    put(category_cell(document), filled.category)


@habit("tick-two", category="机械/电机", doubtful={"category"})
def _(document, filled):
    put(category_cell(document), "☑ 机械/电机  ☑ 电子/通讯  □ 新材料  □ 其他")


@habit("tick-none", doubtful={"category"}, expected={"category": None})
def _(document, filled):
    put(category_cell(document), "机械/电机  电子/通讯  新材料  其他")


@habit("tick-between-two-words", category="机械/电机", doubtful={"category"})
def _(document, filled):
    put(category_cell(document), "□ 机械/电机 √ □ 电子/通讯  □ 新材料")


@habit("tick-wingdings-symbol")
def _(document, filled):
    pieces: list[Any] = []
    for c in CATEGORIES:
        char = "F0FE" if c == filled.category else "F0A8"
        pieces += [parse_xml(f'<w:r {nsdecls("w")}><w:sym w:font="Wingdings" w:char="{char}"/></w:r>'), f" {c}  "]
    runs(category_cell(document), pieces)


@habit("tick-wingdings-2-letter")
def _(document, filled):
    pieces: list[Any] = []
    for c in CATEGORIES:
        letter = "R" if c == filled.category else "£"
        font = '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'
        pieces += [parse_xml(f"<w:r {nsdecls('w')}><w:rPr>{font}</w:rPr><w:t>{letter}</w:t></w:r>"), f"{c}  "]
    runs(category_cell(document), pieces)


@habit("tick-content-control")
def _(document, filled):
    pieces: list[Any] = []
    for c in CATEGORIES:
        on = int(c == filled.category)
        pieces.append(
            parse_xml(
                f'<w:sdt {nsdecls("w")} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr>'
                f'<w14:checkbox><w14:checked w14:val="{on}"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r>'
                f"<w:t>{'☒' if on else '☐'}</w:t></w:r></w:sdtContent></w:sdt>"
            )
        )
        pieces.append(f"{c} ")
    runs(category_cell(document), pieces)


@habit("tick-old-form-field")
def _(document, filled):
    pieces: list[Any] = []
    for c in CATEGORIES:
        on = '<w:checked w:val="1"/>' if c == filled.category else '<w:default w:val="0"/>'
        pieces += [
            parse_xml(
                f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>{on}</w:checkBox>'
                "</w:ffData></w:fldChar></w:r>"
            ),
            parse_xml(f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="end"/></w:r>'),
            f"{c} ",
        ]
    runs(category_cell(document), pieces)


@habit("tick-underline")
def _(document, filled):
    put(category_cell(document), "")
    for c in CATEGORIES:
        run = category_cell(document).paragraphs[0].add_run(c)
        run.underline = c == filled.category
        category_cell(document).paragraphs[0].add_run("  ")


@habit("tick-others-struck-out")
def _(document, filled):
    put(category_cell(document), "")
    for c in CATEGORIES:
        run = category_cell(document).paragraphs[0].add_run(c)
        run.font.strike = c != filled.category


# Districts.


def district_habit(name: str, written: str, term: str) -> None:
    FORM_HABITS[name] = (lambda document, filled: None, {"district": written, "expected": {"district": term}})


district_habit("district-short", "巫山", "巫山县")
district_habit("district-with-city", "重庆市巫山县", "巫山县")
district_habit("district-with-city-short", "重庆巫山", "巫山县")
district_habit("district-spaced", "巫 山 县", "巫山县")
district_habit("district-long", "石柱土家族自治县", "石柱县")
district_habit("district-long-with-city", "重庆市彭水苗族土家族自治县", "彭水县")
district_habit("district-new-area", "重庆两江新区", "两江新区")
district_habit("district-high-tech", "重庆高新区", "高新区")
district_habit("district-wansheng", "万盛经济技术开发区", "万盛经开区")
district_habit("district-broken-line", "巫山\n县", "巫山县")


@habit("district-unknown", district="巫山示范区", doubtful={"district"}, expected={"district": None})
def _(document, filled):
    pass


# People.


@habit("name-with-spaces", people=[("张三", "班长"), ("李四", "工人")])
def _(document, filled):
    rows = document.tables[0].rows
    put(rows[2].cells[3], "张 三")
    put(rows[3].cells[3], "李　　四")


@habit("name-with-dot", people=[("亚力昆江·牙生", "电工"), ("王五", "技师")])
def _(document, filled):
    pass


@habit("one-person", people=[("赵晓明", "教师")])
def _(document, filled):
    rows = document.tables[0].rows
    put(rows[3].cells[3], "无")
    put(rows[3].cells[7], "/")


@habit(
    "rows-added",
    people=[("王一", "甲岗"), ("王二", "乙岗"), ("王三", "丙岗"), ("王四", "丁岗"), ("王五", "戊岗"), ("王六", "己岗")],
)
def _(document, filled):
    table = document.tables[0]
    for _ in filled.people[3:]:
        row = copy.deepcopy(table.rows[4]._tr)
        table.rows[4]._tr.addnext(row)
    for row, (name, post) in zip(range(3, 8), filled.people[1:], strict=True):
        put(table.rows[row].cells[3], name)
        put(table.rows[row].cells[7], post)


@habit("members-in-one-cell", people=[("王一", "班长"), ("张三", ""), ("李四", ""), ("赵六", "")])
def _(document, filled):
    rows = document.tables[0].rows
    put(rows[3].cells[3], "张三、李 四\n赵六")
    for cell in (rows[3].cells[7], *(rows[4].cells[n] for n in (3, 7))):
        put(cell, "")
    filled.expected["people"] = [
        {"name": "王一", "role": "lead", "post": "班长"},
        *({"name": name, "role": "member"} for name in ("张三", "李四", "赵六")),
    ]


@habit("post-is-a-label-word", people=[("王一", "负责人"), ("王二", "项目负责人")])
def _(document, filled):
    pass


# Texts.


@habit("full-width", title="一种GPS定位终端3型")
def _(document, filled):
    put(document.tables[0].rows[0].cells[3], "一种ＧＰＳ定位终端３型")


@habit("line-break-in-title")
def _(document, filled):
    put(document.tables[0].rows[0].cells[3], "")
    paragraph = document.tables[0].rows[0].cells[3].paragraphs[0]
    run = paragraph.add_run(filled.title[:5])
    run.add_break()
    paragraph.add_run(filled.title[5:])


@habit("split-into-runs")
def _(document, filled):
    cell = document.tables[0].rows[0].cells[3]
    put(cell, "")
    for character in filled.title:
        cell.paragraphs[0].add_run(character).font.size = Pt(12)


@habit("hint-left-standing")
def _(document, filled):
    blank = Document(str(FORMS / "chongqing-application.docx"))
    hint = blank.tables[0].rows[8].cells[9].text
    put(document.tables[0].rows[8].cells[9], f"{hint}\n{filled.intro}")


def intro_habit(name: str, intro: str, **changes: Any) -> None:
    FORM_HABITS[name] = (lambda document, filled: None, {"intro": intro, **changes})


_TEXTS = [text.partition("：")[::2] for text in SECTIONS.values()]
intro_habit(
    "headings-numbered", "\n".join(f"{n}、{head}：{text}" for n, (head, text) in zip("一二三四五", _TEXTS, strict=True))
)
intro_habit(
    "headings-alone", "\n".join(f"（{n}）{head}\n{text}" for n, (head, text) in zip("一二三四五", _TEXTS, strict=True))
)
intro_habit("headings-in-brackets", "\n".join(f"【{head}】\n{text}" for head, text in _TEXTS))
intro_habit("headings-in-one-line", "".join(SECTIONS.values()))
intro_habit("headings-half-width", "\n".join(f"{n}. {head}: {text}" for n, (head, text) in enumerate(_TEXTS, 1)))
intro_habit(
    "no-headings",
    "水泵检修困难，做了一个工具，一人即可拆下。",
    expected={"body": {"background": "水泵检修困难，做了一个工具，一人即可拆下。\n"}},
    doubtful={"body"},
)
intro_habit(
    "numbers-without-headings",
    "\n".join(f"{n}. {text}" for n, (_, text) in enumerate(_TEXTS, 1)),
    doubtful={"body"},
)
intro_habit(
    "words-before-headings",
    "本项目于去年完成。\n" + "\n".join(SECTIONS.values()),
    expected={"body": {**BODY, "background": "本项目于去年完成。\n\n" + BODY["background"]}},
    doubtful={"body"},
)
intro_habit(
    "markdown-signs",
    SECTIONS["background"] + "\n# 号*螺栓*与<尖括号>",
    expected={"body": {"background": BODY["background"].strip() + "\n\n\\# 号\\*螺栓\\*与\\<尖括号>\n"}},
)


@habit("private-in-text")
def _(document, filled):
    secrets = [f"1380{filled.number:07d}", VALID_ID, f"wang{filled.number}@example.com", "023-57681234"]
    filled.secrets += secrets
    text = filled.intro.replace(
        "检修困难。",
        f"检修困难。联系王工，电话：{secrets[0]}，身份证号码：{secrets[1]}。邮箱{secrets[2]}，座机{secrets[3]}。"
        f"样机在{filled.address}。",
    )
    put(document.tables[0].rows[8].cells[9], text)
    filled.expected.pop("body")


@habit("private-full-width")
def _(document, filled):
    digits = f"１３７０{''.join(chr(0xFF10 + int(d)) for d in f'{filled.number:07d}')}"
    filled.secrets += [digits, f"1370{filled.number:07d}"]
    put(document.tables[0].rows[8].cells[9], filled.intro.replace("检修困难。", f"检修困难（手机：{digits}）。"))
    filled.expected.pop("body")


@habit("private-in-unit")
def _(document, filled):
    put(document.tables[0].rows[5].cells[9], f"{filled.unit}（{filled.phone}）")


@habit("identity-number-in-boxes")
def _(document, filled):
    filled.secrets.append(VALID_ID)
    table = document.tables[0]
    row = copy.deepcopy(table.rows[2]._tr)
    table.rows[5]._tr.addprevious(row)
    added = table.rows[5]
    cells = list(added.cells)
    put(cells[1], "身份证号码")
    for cell in cells[2:]:
        put(cell, "")
    put(cells[2], VALID_ID[:9])
    put(cells[3], VALID_ID[9:])


@habit("private-label-reworded")
def _(document, filled):
    put(document.tables[0].rows[5].cells[1], "联 系 方 式（手机）：")
    put(document.tables[0].rows[7].cells[1], "单位详细地址及邮编")


# Labels.


@habit("labels-spaced")
def _(document, filled):
    table = document.tables[0]
    put(table.rows[0].cells[1], "项 目 名 称：")
    put(table.rows[1].cells[1], "项目\n类别")
    put(table.rows[6].cells[1], "所 属 区 县 ：")
    put(table.rows[8].cells[0], "项目简介（800字以内）")


@habit("labels-reworded")
def _(document, filled):
    table = document.tables[0]
    put(table.rows[0].cells[1], "1.成果名称（全称）")
    put(table.rows[2].cells[1], "项目负责人")
    put(table.rows[3].cells[1], "其它完成人")
    put(table.rows[5].cells[6], "所在单位")
    put(table.rows[6].cells[1], "推荐区县")


@habit("label-unknown", doubtful={"title"})
def _(document, filled):
    table = document.tables[0]
    row = copy.deepcopy(table.rows[6]._tr)
    table.rows[6]._tr.addnext(row)
    put(table.rows[7].cells[1], "技术领域")
    put(table.rows[7].cells[9], "流体机械")


# What office programs make of it.


@habit("title-in-content-control")
def _(document, filled):
    cell = document.tables[0].rows[0].cells[3]
    paragraph = cell.paragraphs[0]._p
    content = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
    paragraph.getparent().replace(paragraph, content)
    content.find(qn("w:sdtContent")).append(paragraph)


@habit("tracked-changes")
def _(document, filled):
    cell = document.tables[0].rows[0].cells[3]
    put(cell, "")
    cell.paragraphs[0]._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>旧的名称</w:delText></w:r></w:del>"))
    cell.paragraphs[0]._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>{filled.title}</w:t></w:r></w:ins>"))


@habit("hidden-words")
def _(document, filled):
    filled.secrets.append("隐藏的电话标记")
    run = document.tables[0].rows[6].cells[9].paragraphs[0].add_run("隐藏的电话标记")
    run.font.hidden = True


@habit("nested-table")
def _(document, filled):
    cell = category_cell(document)
    put(cell, "")
    inner = cell.add_table(rows=2, cols=4)
    for n, c in enumerate(CATEGORIES):
        inner.cell(n // 4, n % 4).text = f"{'☑' if c == filled.category else '□'} {c}"
    cell.add_paragraph("")


@habit("text-box")
def _(document, filled):
    cell = document.tables[0].rows[0].cells[3]
    put(cell, "")
    cell.paragraphs[0]._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent>'
            f"<w:p><w:r><w:t>{filled.title}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
    )


@habit("table-cut-in-two")
def _(document, filled):
    table = document.tables[0]
    second = copy.deepcopy(table._tbl)
    for row in list(second.tr_lst)[:8]:
        second.remove(row)
    for row in list(table._tbl.tr_lst)[8:]:
        table._tbl.remove(row)
    table._tbl.addnext(second)
    table._tbl.addnext(parse_xml(f"<w:p {nsdecls('w')}/>"))


@habit("with-picture")
def _(document, filled):
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = f"GPS{filled.phone}"
    Image.new("RGB", (400, 300), (20, 90, 160)).save(stream, "JPEG", exif=exif)
    stream.seek(0)
    document.add_paragraph().add_run().add_picture(stream)
    document.add_paragraph("图1 工具使用情况")


@habit("signed-and-dated")
def _(document, filled):
    table = document.tables[0]
    filled.secrets.append("承诺人赵某签")
    put(table.rows[9].cells[9], "本人承诺…\n承诺人签字（第一完成人）：承诺人赵某签\n2023年3月15日")


# Tables.


@dataclass
class Row:
    """One project of a table."""

    title: str
    category: str
    lead: str
    unit: str
    district: str
    summary: str

    def expected(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "category": self.category,
            "people": [{"name": self.lead, "role": "lead"}],
            "unit": self.unit,
            "district": self.district,
            "summary": self.summary,
        }


HEADER = ["序号", "项目名称", "项目类别", "第一完成人", "所属单位", "所属区县", "项目简介\n（100字以内）", "备注"]


def table_rows(number: int) -> list[Row]:
    return [
        Row(
            f"表{number}输液架防倾倒底座",
            "医药/化工",
            "示例丁",
            f"巫山第{number}人民医院",
            "巫山县",
            "底座加宽并设脚踏锁止。",
        ),
        Row(
            f"表{number}喷雾降尘控制箱",
            "电子/通讯",
            "示例戊",
            f"奉节第{number}煤业有限公司",
            "奉节县",
            "按浓度自动启停，节水三成。",
        ),
        Row(f"表{number}轨道车刹车改造", "其他", "示例己", f"忠县第{number}农技站", "忠县", "加装离心限速与断链自锁。"),
    ]


def cells_of(rows: list[Row]) -> list[list[Any]]:
    return [[n, r.title, r.category, r.lead, r.unit, r.district, r.summary, ""] for n, r in enumerate(rows, 1)]


Grid = list[list[Any]]
TABLE_HABITS: dict[str, Callable[[int, Path], list[Row]]] = {}


def table_habit(function: Callable[[int, Path], list[Row]]) -> Callable[[int, Path], list[Row]]:
    TABLE_HABITS[function.__name__] = function
    return function


def book(grid: Grid, path: Path, change: Callable[[Any], None] | None = None) -> None:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "推荐汇总表"
    for row in grid:
        sheet.append(row)
    if change is not None:
        change(sheet)
    workbook.save(str(path))


@table_habit
def annex_filled(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)
    workbook = load_workbook(str(FORMS / "chongqing-recommendation.xlsx"))
    sheet = workbook.active
    for n, row in enumerate(cells_of(rows), 5):
        for column, value in enumerate(row, 1):
            sheet.cell(n, column).value = value
    sheet["A3"] = "区县（自治县）：巫山县科协（盖章）    择优推荐总数：3    辖区申报总数：9"
    sheet["A13"] = f"填报人：某某甲      联系电话：1360{number:07d}"
    workbook.save(str(folder / "annex_filled.xlsx"))
    return rows


@table_habit
def header_first(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)
    book([HEADER, *cells_of(rows)], folder / "header_first.xlsx")
    return rows


@table_habit
def blanks_totals_and_repeats(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)
    cells = cells_of(rows)
    grid = [
        ["推荐汇总表"],
        [],
        HEADER,
        cells[0],
        [],
        HEADER,
        cells[1],
        [3],
        cells[2],
        ["合计", "3项"],
        ["注：请勿改动表格"],
    ]
    book(grid, folder / "blanks_totals_and_repeats.xlsx")
    return rows


@table_habit
def other_wordings(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)
    header = ["编号", "成果名称", "类别", "负责人", "单位名称", "区县", "简介", "说明"]
    book([["某区报送表"], header, *cells_of(rows)], folder / "other_wordings.xlsx")
    return rows


@table_habit
def district_only_above(number: int, folder: Path) -> list[Row]:
    rows = [Row(**{**vars(row), "district": "云阳县"}) for row in table_rows(number)]
    grid = [["区县（自治县）：重庆市云阳县科协（盖章）"], [h for h in HEADER if h != "所属区县"]]
    grid += [[*row[:5], *row[6:]] for row in cells_of(rows)]
    book(grid, folder / "district_only_above.xlsx")
    return rows


@table_habit
def units_merged(number: int, folder: Path) -> list[Row]:
    rows = [Row(**{**vars(row), "unit": f"合并第{number}公司", "district": "巫山县"}) for row in table_rows(number)]

    def merge(sheet):
        sheet.merge_cells("E2:E4")
        sheet.merge_cells("F2:F4")

    book([HEADER, *cells_of(rows)], folder / "units_merged.xlsx", merge)
    return rows


@table_habit
def phone_column(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)
    grid = [[*HEADER[:4], "联系电话", *HEADER[4:]]]
    grid += [[*row[:4], float(f"1350{number:07d}"), *row[4:]] for row in cells_of(rows)]
    book(grid, folder / "phone_column.xlsx")
    return rows


@table_habit
def hidden_row_and_sheet(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)

    def hide(sheet):
        sheet.row_dimensions[3].hidden = True
        other = sheet.parent.create_sheet("旧表")
        other.append(HEADER)
        other.append([1, "隐藏表里的项目", "新材料", "某", "某单位", "忠县", "", ""])
        other.sheet_state = "hidden"

    book([HEADER, *cells_of(rows)], folder / "hidden_row_and_sheet.xlsx", hide)
    return [rows[0], rows[2]]


@table_habit
def full_width_and_breaks(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)
    rows[0].title, rows[0].lead, rows[0].category = f"ABC{number}号输液架", "张三", "医药/化工"
    cells = cells_of(rows)
    cells[0][1], cells[0][2], cells[0][3] = f"ＡＢＣ{number}号\n输液架", "医药／化工", "张　三"
    cells[0][5] = " 重庆市巫山 "
    book([HEADER, *cells], folder / "full_width_and_breaks.xlsx")
    return rows


@table_habit
def formatted_far_below(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)

    def paint(sheet):
        for row in range(10, 3000):
            sheet.cell(row, 1).fill = PatternFill("solid", "FFFF00")

    book([HEADER, *cells_of(rows)], folder / "formatted_far_below.xlsx", paint)
    return rows


@table_habit
def old_excel(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("推荐汇总表")
    sheet.write_merge(0, 0, 0, 7, "推荐汇总表")
    for n, row in enumerate([HEADER, *cells_of(rows)], 1):
        for column, value in enumerate(row):
            sheet.write(n, column, value)
    workbook.save(str(folder / "old_excel.xls"))
    return rows


def text_table(path: Path, grid: Grid, encoding: str, delimiter: str = ",") -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(grid)


@table_habit
def csv_utf8(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)
    text_table(folder / "csv_utf8.csv", [HEADER, *cells_of(rows)], "utf-8-sig")
    return rows


@table_habit
def csv_gb18030(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)
    text_table(folder / "csv_gb18030.csv", [["推荐汇总表"], HEADER, *cells_of(rows)], "gb18030")
    return rows


@table_habit
def csv_tabs(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)
    text_table(folder / "csv_tabs.txt", [HEADER, *cells_of(rows)], "utf-16", "\t")
    return rows


@table_habit
def open_document(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)

    def cell(value: Any) -> str:
        lines = "".join(f"<text:p>{line}</text:p>" for line in str(value).split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in [HEADER, *cells_of(rows)])
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="推荐汇总表"><table:table-row table:number-rows-repeated="1048000">'
        f'<table:table-cell table:number-columns-repeated="16384"/></table:table-row>{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(folder / "open_document.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return rows


@table_habit
def word_table(number: int, folder: Path) -> list[Row]:
    rows = table_rows(number)
    document = Document(str(FORMS / "chongqing-recommendation.docx"))
    for n, row in enumerate(cells_of(rows), 1):
        for column, value in enumerate(row):
            document.tables[0].rows[n].cells[column].text = str(value)
    document.save(str(folder / "word_table.docx"))
    return rows


@dataclass
class Corpus:
    """All files of the corpus in one folder."""

    folder: Path
    forms: dict[str, Filled]
    tables: dict[str, list[Row]]
    secrets: list[str]


def build_corpus(folder: Path) -> Corpus:
    forms = {name: build_form(name, number, folder) for number, name in enumerate(FORM_HABITS, 1)}
    tables = {name: make(number, folder) for number, (name, make) in enumerate(TABLE_HABITS.items(), 1)}
    secrets = [secret for filled in forms.values() for secret in filled.secrets]
    secrets += [f"1360{n:07d}" for n in range(1, 40)] + [f"1350{n:07d}" for n in range(1, 40)] + ["隐藏表里的项目"]
    return Corpus(folder, forms, tables, secrets)
