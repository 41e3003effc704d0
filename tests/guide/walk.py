"""Walks docs/guide-editors.md as an editor does: its commands in one shell, in a clone, with the files it speaks of."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from docx import Document
from PIL import Image, ImageDraw

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/guide-editors.md"
ADDRESS = "https://git.example.org/cases.git"
FORM = {
    (0, 1): "一种离心泵快速拆装工具",
    (4, 2): "王建国",
    (4, 4): "班长",
    (5, 2): "李小红",
    (5, 4): "技术员",
    (9, 1): "巫山机械有限公司",
}
SECTIONS = {
    "背景：": "现有离心水泵二十余台，检修困难。",
    "难点：": "泵腔空间狭小，着力点少。",
    "解决的问题：": "设计三爪联动拉拔工具，一人十分钟即可拆下叶轮。",
    "经济效益：": "年节约检修费用约 6 万元。",
    "社会效益：": "减轻劳动强度，消除隐患。",
}
DISTRICT = "巫山县"
TICKS = ("小发明", "机械/电机")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


@dataclass(frozen=True)
class Done:
    """A command of the guide, what it said, how it ended."""

    command: str
    output: str
    status: int


def blocks(guide: Path = GUIDE, language: str = "sh") -> list[list[str]]:
    """The lines of each block in `language`: the commands of the guide."""
    found = re.findall(rf"```{language}\n(.*?)```", guide.read_text("utf-8"), re.DOTALL)
    return [block.rstrip().split("\n") for block in found]


def fill_form(blank: Path, target: Path) -> None:
    """Fills in the form that `caselib forms` wrote; boxes are ticked as a click in a word processor does."""
    document = Document(str(blank))
    table = document.tables[0]
    for (row, cell), text in FORM.items():
        table.rows[row].cells[cell].paragraphs[0].add_run(text)
    for row in (1, 2):
        for box in table.rows[row].cells[1]._tc.iter(f"{_W}sdt"):
            words = "".join(text.text or "" for text in box.getnext().iter(f"{_W}t"))
            if any(tick in words for tick in TICKS):
                for mark in box.iter(f"{_W14}checked"):
                    mark.set(f"{_W14}val", "1")
                for text in box.iter(f"{_W}t"):
                    text.text = "☒"
    for choice in table.rows[3].cells[1]._tc.iter(f"{_W}sdt"):
        for placeholder in list(choice.iter(f"{_W}showingPlcHdr")):
            placeholder.getparent().remove(placeholder)
        for text in choice.iter(f"{_W}t"):
            text.text = DISTRICT
    introduction = table.rows[10].cells[1]
    for paragraph in introduction.paragraphs:
        paragraph.add_run(SECTIONS.get(paragraph.text, ""))
    introduction.add_paragraph().add_run().add_picture(drawing())
    introduction.add_paragraph("图 1 工具的结构")
    target.parent.mkdir(exist_ok=True)
    document.save(str(target))


def drawing() -> BytesIO:
    """A simple drawing of a part."""
    image = Image.new("RGB", (600, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((100, 60, 500, 240), outline="black", width=5)
    draw.ellipse((230, 80, 370, 220), outline="black", width=5)
    out = BytesIO()
    image.save(out, "PNG", dpi=(200, 200))
    out.seek(0)
    return out


class Walk:
    """A home folder with a repository to clone from; `run` gives the commands of the guide, done."""

    guide = GUIDE

    def __init__(self, home: Path) -> None:
        self.home = home
        self.clone = home / "案例库"
        self.record = self.clone / "cases/2023/2023-00007.yml"
        home.mkdir(parents=True, exist_ok=True)
        source = home / "source"
        for name in ("cases", "docs", "theme", "deploy"):
            shutil.copytree(ROOT / name, source / name)
        for name in ("mkdocs.yml", ".gitignore", "Makefile", "requirements.txt", "pyproject.toml"):
            shutil.copy(ROOT / name, source / name)
        (home / ".gitconfig").write_text(
            "[user]\n  name = 编辑\n  email = editor@example.org\n[init]\n  defaultBranch = main\n"
            f'[url "file://{home}/origin.git"]\n  insteadOf = {ADDRESS}\n'
        )
        for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "main"]):
            self._shell(["git", *arguments], source)
        self._shell(["git", "clone", "-q", "--bare", str(source), str(home / "origin.git")], home)

    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": str(ROOT),  # the program beside these tests, wherever the environment has it from
        }

    def _shell(self, command: list[str], folder: Path) -> None:
        subprocess.run(command, cwd=folder, env=self.environment(), check=True, capture_output=True)

    def run(self) -> Iterator[Done]:
        """Every command of the guide in order, in one shell, with what the editor does between them."""
        with subprocess.Popen(
            ["bash"],
            cwd=self.home,
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as shell:
            assert shell.stdin is not None and shell.stdout is not None
            for command in (line for block in blocks(self.guide) for line in block):
                self.before(command)
                shell.stdin.write(f"{command}\nprintf '\\n@@%s\\n' $?\n")
                shell.stdin.flush()
                lines: list[str] = []
                for line in shell.stdout:
                    if line.startswith("@@"):
                        break
                    lines.append(line)
                yield Done(command, "".join(lines).rstrip("\n"), int(line[2:]))

    def before(self, command: str) -> None:
        """What an editor does with files before the command."""
        if command.startswith("make "):
            self.install()
        elif command.endswith("--dry-run"):
            fill_form(self.clone / "forms/申报表.docx", self.clone / "收到的表/拆装工具.docx")
        elif command == "caselib check --changed":
            self.edit(
                ("district: 巫山县", "district: 巫山"), ("alt: 图 1 工具的结构", "alt: 三爪联动拉拔工具的结构简图")
            )
            text = self.record.read_text("utf-8")
            text = re.sub(r"# 待确认.*\n", "", text).replace("body:", "summary: 一人十分钟即可拆下叶轮的工具。\nbody:")
            self.record.write_text(text, "utf-8")
        elif command.startswith("caselib explain"):
            self.edit(("district: 巫山", "district: 巫山县"))
        elif command.startswith("caselib media add"):
            exif = Image.Exif()
            exif[0x0112] = 6
            Image.effect_noise((1200, 900), 40).convert("RGB").save(self.clone / "照片.jpg", exif=exif)
        elif command.startswith('git commit -m "照'):
            self.edit(("unit: 巫山机械有限公司", "unit: 重庆巫山机械有限公司"))
            self._shell(["git", "add", "cases"], self.clone)
        elif command.startswith("caselib import 获奖名单"):
            rows = "序号,项目名称,工作单位,奖项\n1,一种离心泵快速拆装工具,重庆巫山机械有限公司,二等奖\n"
            (self.clone / "获奖名单.csv").write_text(rows, "utf-8")

    def edit(self, *changes: tuple[str, str]) -> None:
        text = self.record.read_text("utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        self.record.write_text(text, "utf-8")

    def install(self) -> None:
        """What `make .venv/site.stamp` would download is there, so that make has nothing to do."""
        environment = self.clone / ".venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
        (environment / "bin/caselib").symlink_to(Path(sys.executable).with_name("caselib"))
        for name in ("bin/pip", "site.stamp"):
            (environment / name).touch()
