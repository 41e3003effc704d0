"""The file of one machine: where its content and updates are, and its PIN; nothing of it belongs to the content."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from generator.checking.diagnostics import Diagnostic
from generator.checking.fields import Line, Model, described
from generator.checking.files import check_file
from generator.kiosk.machine.pin import is_pin_hash


def _absolute(text: str) -> str:
    if not text.startswith("/"):
        raise PydanticCustomError("absolute", "路径要从 / 写起")
    return text


def _hash(text: str) -> str:
    if text and not is_pin_hash(text):
        raise PydanticCustomError("pin", "不是 PIN 的散列值；请用 caselib kiosk pin 生成，原样写上")
    return text


def _web(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/<>\"'`]+[^\s<>\"'`]*", text):
        raise PydanticCustomError("web", "不是网址；以 https:// 或 http:// 开头")
    return text


Absolute = Annotated[str, Line(300), AfterValidator(_absolute)]


class Machine(Model):
    """Settings of one screen."""

    state: Absolute = described("存放展示内容、更新和计数的文件夹", default="/var/lib/caselib-kiosk")
    root: Absolute = described("信任的起点：主办单位给的 root.json", default="/etc/caselib-kiosk/root.json")
    organiser: Annotated[str, Line(200)] | None = described("主办单位；写了就只接受它的内容", default=None)
    address: Annotated[str, AfterValidator(_web)] = described("更新文件夹的网址；空的时候不联网", default="")
    usb: tuple[Absolute, ...] = described("U 盘上的更新文件夹", default=("/run/caselib-usb/caselib-kiosk",))
    port: Annotated[int, Field(ge=1, le=65535)] = described("本机端口", default=8180)
    pin: Annotated[str, AfterValidator(_hash)] = described("维护页 PIN 的散列值", default="")
    every: Annotated[int, Field(ge=1, le=10080)] = described("隔多少分钟看一次更新", default=60)
    silent: Annotated[int, Field(ge=10, le=3600)] = described("浏览器多少秒没有动静就重新启动", default=60)
    browser: Annotated[str, Line(300)] | None = described("浏览器程序；不写时找 chromium", default=None)
    flags: tuple[Annotated[str, Line(500)], ...] = described("浏览器的其他参数", default=())
    profile: Absolute = described("浏览器的临时文件夹，每次启动都清空", default="/run/caselib-kiosk-browser/profile")

    @property
    def state_folder(self) -> Path:
        return Path(self.state)


def read_machine(path: Path) -> tuple[Machine | None, list[Diagnostic]]:
    """The settings in `path`, or None and every mistake in it."""
    machine, _, found = check_file(Machine, path, str(path))
    return machine, found
