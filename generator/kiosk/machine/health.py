"""How a screen fares: for programs at /health, for technicians on their page."""

from __future__ import annotations

import shutil
from datetime import datetime
from typing import Any

from generator import __version__
from generator.kiosk.machine.screen import Screen
from generator.kiosk.machine.state import LastUpdate
from generator.releases.keys import ZONE

Json = dict[str, Any]

LITTLE = 200_000_000
OK, DEGRADED, DOWN = "ok", "degraded", "down"
# A page calls every five seconds.
LATE = 30.0


def health(screen: Screen) -> Json:
    """The state of the screen. status: "ok", "degraded" (it shows something, yet needs a look) or "down"."""
    live, ready = screen.versions.live, screen.versions.ready
    content: Json = {"version": "", "ready": ready.facts.version if ready else ""}
    today = screen.time.today()
    if live is not None:
        facts = live.facts
        content |= {
            "version": facts.version,
            "date": facts.date,
            "age_days": (today - facts.day).days if today else None,
            "organiser": facts.organiser,
            "release": facts.release,
            "cases": facts.cases,
            "on_trial": screen.versions.trial is not None,
        }
    update = screen.state.read(LastUpdate)
    expired = bool(update and update.expires and datetime.fromisoformat(update.expires) < screen.time.now())
    beats = screen.heartbeats
    last, age = beats.last, beats.age()
    disk = _disk(screen)
    answer: Json = {
        "content": content,
        "refused": list(screen.versions.refused),
        "update": {
            "at": update.at if update else "",
            "source": update.source if update else "",
            "code": update.code if update else "",
            "message": update.message if update else "还没有更新过",
            "expires": update.expires if update else "",
            "expired": expired,
        },
        "uptime": round(screen.clock() - screen.started),
        "browser": {
            "seconds": None if age is None else round(age, 1),
            "phase": last.phase if last else "",
            "version": last.version if last else "",
            "slowest_frame": last.frame if last else 0,
            "errors": beats.error_count,
            "restarts": screen.restarts,
        },
        "disk": disk,
        "clock": {
            "local": screen.time.local().astimezone(ZONE).isoformat(timespec="seconds"),
            "bound": screen.time.bound.isoformat(timespec="seconds"),
            "wrong": screen.time.wrong(),
        },
        "program": __version__,
    }
    problems = _problems(answer, expired)
    status = DOWN if live is None else DEGRADED if problems else OK
    return {"status": status, "problems": problems, **answer}


def _problems(answer: Json, expired: bool) -> list[str]:
    """What needs a look, in words."""
    found: list[str] = []
    if not answer["content"]["version"]:
        found.append("还没有展示内容；请联网或插上带更新的 U 盘")
    seconds = answer["browser"]["seconds"]
    if seconds is None or seconds > LATE:
        found.append("浏览器没有动静")
    if answer["update"]["code"]:
        found.append(f"上次更新没有成功：{answer['update']['message']}")
    if expired:
        found.append(f"更新的签名信息已于 {answer['update']['expires'][:10]} 到期；照常展示，请联网或换新的 U 盘")
    if answer["refused"]:
        found.append("有一版内容试用失败，已退回")
    if answer["clock"]["wrong"]:
        found.append(answer["clock"]["wrong"])
    if answer["disk"]["free"] is not None and answer["disk"]["free"] < LITTLE:
        found.append(f"磁盘只剩 {answer['disk']['free'] // 1_000_000} MB")
    return found


def _disk(screen: Screen) -> Json:
    try:
        usage = shutil.disk_usage(screen.state.folder)
    except OSError:
        return {"free": None, "total": None}
    return {"free": usage.free, "total": usage.total}
