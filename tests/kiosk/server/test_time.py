"""Wrong clocks: 1970 and 2040 keep the screen going, and do not spoil it for the day when the clock is right again."""

from __future__ import annotations

from datetime import UTC, datetime

from generator.kiosk.machine.state import Bound, State
from generator.kiosk.machine.trusted_time import TrustedTime
from tests.kiosk.server.parts import DAY, Machinery, Shown, Staff

EPOCH, NOW, FAR = (datetime(year, 11, 25, tzinfo=UTC) for year in (1970, 2026, 2040))


def test_with_a_clock_of_1970_updates_are_still_accepted(staff: Staff, machinery: Machinery):
    staff.put("aaaa0001")
    assert machinery.look(clock=EPOCH).code == ""
    time = TrustedTime(State(machinery.machine.state_folder), lambda: EPOCH)
    assert time.now().date() == DAY
    assert time.today() is None and "1970-11-25" in time.wrong() and "请校时" in time.wrong()


def test_with_a_clock_of_2040_an_update_waits_and_nothing_is_spoilt(staff: Staff, machinery: Machinery):
    staff.put("aaaa0001")
    assert machinery.look(clock=NOW).code == ""
    staff.put("bbbb0002")
    outcome = machinery.look(clock=FAR)
    assert outcome.code == "expired" and "2040-11-25" in outcome.message
    time = TrustedTime(State(machinery.machine.state_folder), lambda: FAR)
    assert "五年" in time.wrong() and time.today() is None
    assert machinery.look(clock=NOW).code == ""


def test_the_bound_rises_with_what_was_accepted_and_never_falls(machinery: Machinery):
    state = State(machinery.machine.state_folder)
    time = TrustedTime(state, lambda: EPOCH)
    time.passed(NOW)
    time.passed(EPOCH)
    assert time.bound == NOW == time.now()


def test_a_damaged_memory_of_time_is_none(machinery: Machinery):
    state = State(machinery.machine.state_folder)
    for text in ("", "{", '{"at": "gestern"}', '{"at": "2026-01-01"}', '{"at": 3}'):
        state.folder.mkdir(parents=True, exist_ok=True)
        (state.folder / "clock.json").write_text(text)
        assert TrustedTime(state, lambda: NOW).now() == NOW
    assert state.read(Bound) is None


def test_a_wrong_clock_is_told_once_and_counts_go_without_a_day(shown: Shown, monkeypatch):
    monkeypatch.setattr(shown.screen.time, "_clock", lambda: EPOCH)
    for _ in range(3):
        shown.screen.journal.change("clock", shown.screen.time.wrong())
    assert sum("本机时钟" in line for line in shown.lines) == 1
    shown.ask("/-/alive?page=1&phase=attract&opened=2023-00001")
    assert shown.screen.counts.rows() == [("", "opened", "2023-00001", 1)]
    health = shown.ask("/health").body
    assert health["content"]["age_days"] is None and health["clock"]["wrong"] in health["problems"]
