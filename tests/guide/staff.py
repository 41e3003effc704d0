"""Walks docs/guide-staff.md as staff do: a year of a round, from the notice to the copy in another office."""

from __future__ import annotations

import re
from pathlib import Path

from openpyxl import Workbook, load_workbook

from tests.guide.walk import ROOT, Walk, blocks, fill_form

GUIDE = ROOT / "docs/guide-staff.md"
SHEET = "forms/推荐汇总表.xlsx"
PROJECTS = (
    ("一种离心泵快速拆装工具", "巫山机械有限公司"),
    ("井下照明灯具的防爆改进", "忠县煤矿有限公司"),
    ("水表读数放大镜", "巫山县自来水公司"),
)
ROWS = (
    (1, PROJECTS[1][0], "小技改", "电子/通讯", "忠县", "李志强", "电工", PROJECTS[1][1], "改进灯具的密封。"),
    (2, PROJECTS[2][0], "小设计", "其他", "巫山县", "周明", "抄表员", PROJECTS[2][1], "一种放大镜。"),
)
AWARDS = ("一等奖", "二等奖", "三等奖")


class StaffWalk(Walk):
    """A clone of the library; what the guide says to write into files is taken from its own blocks."""

    guide = GUIDE

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._shell(["git", "clone", "-q", f"file://{home}/origin.git", str(self.clone)], home)
        self.install()
        self.written = ["\n".join(lines) + "\n" for lines in blocks(GUIDE, "yaml")]

    def before(self, command: str) -> None:
        """What staff do with files before the command, and what the platform does with a request to merge."""
        scheme = self.clone / "cases/scheme.yml"
        if command == "git switch main":
            self._shell(["git", "push", "-q", "origin", "HEAD:main"], self.clone)
        elif command.startswith("caselib import 收到的表"):
            fill_form(self.clone / "forms/申报表.docx", self.clone / "收到的表/拆装工具.docx")
            self.fill_table()
        elif command.startswith("caselib import 名单/拟获奖名单"):
            self.list_of_winners("拟获奖名单.xlsx")
        elif command.startswith("caselib import 名单/获奖名单"):
            self.list_of_winners("获奖名单.xlsx")
        elif command == "caselib check" and "year: 2024" not in scheme.read_text("utf-8"):
            self.insert(scheme, "rounds:\n", self.written.pop(0))
        elif command == "caselib duplicates":
            self.record = self.clone / "cases/2024/2024-00001.yml"
            text = re.sub(r" *# 待确认.*\n", "", self.record.read_text("utf-8"))
            self.record.write_text(text.replace("alt: 图 1 工具的结构", "alt: 三爪联动拉拔工具的结构简图"), "utf-8")
        elif command == "caselib round 2024" and len(self.written) == 5:
            self.insert(scheme, r"    objection: .*\n", self.written.pop(0))
        elif command == "caselib round 2024" and len(self.written) == 4:
            self.insert(scheme, r"    nominations: .*\n", self.written.pop(0))
            self.insert(scheme, r"      notice: \{start: 2024.*\n", self.written.pop(0))
        elif command.startswith("caselib revoke"):
            self.edit(("unit: 巫山机械", "unit: 重庆巫山机械"))
            self.record.write_text(self.record.read_text("utf-8") + self.written.pop(0), "utf-8")
        elif command == "caselib diff 2024.1":
            assert self.written == []
        elif command.startswith("sed -i"):
            (self.clone / "cases/moved.yml").write_text(self.written.pop(0), "utf-8")
        elif command.startswith("caselib keys"):
            (self.home / "口令").write_text("一句很长的口令\n", "utf-8")

    def insert(self, path: Path, after: str, lines: str) -> None:
        """Writes lines after the first place that matches."""
        text, number = re.subn(after, lambda found: found[0] + lines, path.read_text("utf-8"), count=1)
        assert number == 1, after
        path.write_text(text, "utf-8")

    def fill_table(self) -> None:
        book = load_workbook(self.clone / SHEET)
        for number, row in enumerate(ROWS, 3):
            for column, value in enumerate(row, 1):
                book.worksheets[0].cell(number, column, value)
        book.save(self.clone / "收到的表/推荐汇总表.xlsx")

    def list_of_winners(self, name: str) -> None:
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.append(["项目名称", "工作单位", "奖项"])
        for project, award in zip(PROJECTS, AWARDS, strict=True):
            sheet.append([*project, award])
        (self.clone / "名单").mkdir(exist_ok=True)
        book.save(self.clone / "名单" / name)
