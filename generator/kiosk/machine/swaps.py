"""When the screen changes to another version: between visitors only, on trial first, back by itself if it fails."""

from __future__ import annotations

import contextlib

from generator.kiosk.machine.heartbeats import ATTRACT
from generator.kiosk.machine.screen import Screen
from generator.kiosk.machine.versions import Version
from generator.store import BusyError, StoreError

# Seconds. QUIET: without a call nobody stands there. TRIAL: from the load of a page to its first call.
# RELOAD: in which an idle page of the old version has to load the new one.
QUIET, TRIAL, RELOAD = 90.0, 30.0, 30.0
MOST_STARTS = 3


class Swaps:
    """Changes the live version of a screen."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self._since = screen.clock()
        self._pushed = False

    def start(self) -> None:
        """Mends what a power cut may have left, before anything is served."""
        versions, tell = self.screen.versions, self.screen.journal.tell
        repaired = versions.repair()
        if repaired:
            tell(repaired)
        versions.started()
        trial = versions.trial
        if trial is not None and trial.starts > MOST_STARTS:
            self._refuse(f"连续 {MOST_STARTS} 次启动都没有显示出来")

    def tick(self) -> None:
        """Judges the version on trial, or swaps to the one that waits if nobody is there."""
        try:
            if self.screen.versions.trial is not None:
                self._judge()
            else:
                self._swap()
        except (StoreError, OSError) as error:
            # Another process holds the store, or the disk is full: the next tick tries again.
            self.screen.journal.change("swap", f"暂时不能换版：{error}；照常展示")
        else:
            self.screen.journal.change("swap", "")

    def _swap(self) -> None:
        versions, beats = self.screen.versions, self.screen.heartbeats
        ready = versions.ready
        if ready is None:
            return
        age, last = beats.age(), beats.last
        if versions.live is None or age is None or last is None:
            quiet = versions.live is None or self.screen.clock() - self.screen.started > QUIET
        else:
            quiet = age > QUIET or last.phase == ATTRACT
        if not quiet:
            return
        beats.restart_trial()
        versions.swap(ready)
        self._since, self._pushed = self.screen.clock(), False
        self.screen.journal.tell(f"换上新的展示内容 {ready.facts.version[:12]}（{ready.facts.date}），试用中")

    def _judge(self) -> None:
        versions, beats = self.screen.versions, self.screen.heartbeats
        live, now = versions.live, self.screen.clock()
        if live is None:
            self._refuse("不能读")
            return
        if beats.shown(live.facts.version):
            versions.confirm()
            with contextlib.suppress(BusyError), versions.store.locked():
                versions.tidy()
            self.screen.journal.tell(f"展示内容 {live.facts.version[:12]} 正常")
            return
        loaded = beats.first_load()
        if loaded is not None and now - loaded > TRIAL:
            self._refuse(f"打开 {TRIAL:.0f} 秒没有显示出来")
        elif loaded is None and not self._pushed and self._old_page_stays(live, now):
            self._pushed = True
            self.screen.restart_browser()

    def _old_page_stays(self, live: Version, now: float) -> bool:
        """Whether an idle page of another version goes on calling though it could have loaded the new one."""
        last = self.screen.heartbeats.last
        return (
            now - self._since > RELOAD
            and last is not None
            and last.at > self._since + RELOAD / 2
            and last.phase == ATTRACT
            and last.version != live.facts.version
        )

    def _refuse(self, why: str) -> None:
        beats = self.screen.heartbeats
        before = self.screen.versions.refuse()
        beats.restart_trial()
        if before is None:
            self.screen.journal.tell(f"新的展示内容{why}，但没有上一版可以退回，仍用这一版")
            return
        self.screen.journal.tell(f"新的展示内容{why}，已退回 {before.facts.version[:12]}")
        # A page that hangs would not load the former version by itself.
        self.screen.restart_browser()
