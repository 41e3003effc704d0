"""When the content changes: between visitors, on trial, back by itself; and after a power cut at each step."""

from __future__ import annotations

import pytest

from generator.kiosk.machine.state import Trial
from generator.kiosk.machine.swaps import MOST_STARTS, QUIET, RELOAD, TRIAL, Swaps
from tests.kiosk.server.parts import DAY, Machinery, Shown, Staff

OLD, NEW = "aaaa0001", "bbbb0002"


@pytest.fixture
def swaps(shown: Shown, staff: Staff, machinery: Machinery) -> Swaps:
    """A screen that shows the old version while the new one waits."""
    staff.put(NEW)
    assert machinery.look().code == ""
    made = Swaps(shown.screen)
    made.start()
    return made


def beat(shown: Shown, phase: str, version: str) -> None:
    shown.ask(f"/-/alive?page=1&phase={phase}&version={version}")


def live(shown: Shown) -> str:
    return str(shown.ask("/-/state").body["version"])


def test_nothing_changes_while_a_visitor_is_there(shown, swaps):
    for phase in ("visit", "countdown", "technician"):
        beat(shown, phase, OLD)
        swaps.tick()
        assert live(shown) == OLD
    assert shown.ask("/-/state").body["ready"] == NEW
    beat(shown, "attract", OLD)
    swaps.tick()
    assert live(shown) == NEW


def test_without_a_call_nobody_is_there_after_a_while(shown, swaps):
    beat(shown, "visit", OLD)
    shown.clock.now += QUIET - 1
    swaps.tick()
    assert live(shown) == OLD
    shown.clock.now += 2
    swaps.tick()
    assert live(shown) == NEW


def test_a_version_that_calls_has_proved_itself(shown, swaps):
    beat(shown, "attract", OLD)
    swaps.tick()
    assert shown.ask("/health").body["content"]["on_trial"] is True
    shown.ask("/")
    beat(shown, "attract", NEW)
    swaps.tick()
    assert shown.ask("/health").body["content"]["on_trial"] is False
    shown.clock.now += 10 * TRIAL
    swaps.tick()
    assert live(shown) == NEW and shown.lines[-1] == f"展示内容 {NEW} 正常"


def test_files_of_the_version_before_are_still_there_for_its_open_page(shown, swaps):
    beat(shown, "attract", OLD)
    swaps.tick()
    assert shown.ask(f"/data/0001-{OLD}.json").status == 200
    assert NEW in shown.ask("/").content.decode()


def test_a_version_that_loads_but_never_calls_is_taken_back_and_not_tried_again(shown, swaps, machinery):
    beat(shown, "attract", OLD)
    swaps.tick()
    shown.ask("/")
    shown.clock.now += TRIAL + 1
    restarts = shown.screen.restarts
    swaps.tick()
    assert live(shown) == OLD and shown.screen.restarts == restarts + 1
    assert "已退回" in shown.lines[-1]
    assert shown.ask("/health").body["refused"] == [NEW]
    beat(shown, "attract", OLD)
    swaps.tick()
    assert live(shown) == OLD
    assert machinery.look().code == "failed-before"


def test_a_better_version_ends_the_matter(shown, swaps, machinery, staff):
    test_a_version_that_loads_but_never_calls_is_taken_back_and_not_tried_again(shown, swaps, machinery)
    staff.put("cccc0003", DAY)
    assert machinery.look().code == ""
    beat(shown, "attract", OLD)
    swaps.tick()
    beat(shown, "attract", "cccc0003")
    swaps.tick()
    assert live(shown) == "cccc0003"
    assert shown.ask("/health").body["refused"] == []
    assert len(shown.screen.versions.store.builds()) == 2


def test_people_can_give_a_refused_version_another_chance(shown, swaps, machinery):
    test_a_version_that_loads_but_never_calls_is_taken_back_and_not_tried_again(shown, swaps, machinery)
    shown.screen.check_for_updates()
    assert shown.screen.wanted_check
    assert machinery.look().code == ""
    assert shown.screen.versions.ready.facts.version == NEW


def test_an_idle_page_that_does_not_reload_is_started_anew(shown, swaps):
    beat(shown, "attract", OLD)
    swaps.tick()
    for _ in range(int(RELOAD) + 3):
        shown.clock.now += 1
        beat(shown, "attract", OLD)
        swaps.tick()
    assert shown.screen.restarts == 1 and live(shown) == NEW


def test_a_visit_that_began_at_the_swap_is_waited_for(shown, swaps):
    beat(shown, "attract", OLD)
    swaps.tick()
    for _ in range(300):
        shown.clock.now += 1
        beat(shown, "visit", OLD)
        swaps.tick()
    assert shown.screen.restarts == 0 and live(shown) == NEW


def test_power_cuts_during_a_trial_lead_back_to_the_version_before(shown, swaps):
    beat(shown, "attract", OLD)
    swaps.tick()
    for _ in range(MOST_STARTS):
        Swaps(shown.screen).start()
        assert live(shown) == NEW
    Swaps(shown.screen).start()
    assert live(shown) == OLD


def test_a_link_that_leads_nowhere_is_mended_at_the_start(shown, swaps):
    store = shown.screen.versions.store
    store.live.unlink()
    store.live.symlink_to(".content/99")
    assert shown.ask("/").status == 200  # the page that waits
    Swaps(shown.screen).start()
    assert live(shown) == NEW
    assert any("不完整" in line for line in shown.lines)


def test_content_without_its_facts_gives_way_to_the_version_before(shown, swaps):
    beat(shown, "attract", OLD)
    swaps.tick()
    beat(shown, "attract", NEW)
    swaps.tick()
    (shown.screen.versions.live.folder / "kiosk.json").write_text("{")
    Swaps(shown.screen).start()
    assert live(shown) == OLD


def test_while_another_process_holds_the_store_the_swap_waits_and_says_so_once(shown, swaps):
    beat(shown, "attract", OLD)
    with shown.screen.versions.store.locked():
        for _ in range(3):
            swaps.tick()
        assert live(shown) == OLD
    assert sum("暂时不能换版" in line for line in shown.lines) == 1
    swaps.tick()
    assert live(shown) == NEW


def test_a_full_disk_keeps_what_is_shown(shown, swaps, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    beat(shown, "attract", OLD)
    monkeypatch.setattr(type(shown.screen.state), "write", full)
    swaps.tick()
    assert live(shown) == OLD and shown.ask("/").status == 200
    monkeypatch.undo()
    swaps.tick()
    assert live(shown) == NEW


def test_the_first_version_is_kept_even_if_it_does_not_call(staff: Staff, machinery: Machinery):
    staff.put(OLD)
    machinery.look()
    with Shown(machinery).served() as shown:
        swaps = Swaps(shown.screen)
        swaps.start()
        swaps.tick()
        assert live(shown) == OLD and shown.screen.state.read(Trial) is not None
        shown.ask("/")
        shown.clock.now += TRIAL + 1
        swaps.tick()
        assert live(shown) == OLD and "没有上一版" in shown.lines[-1]
