"""The PIN and what it opens: hashed, slow to guess, and no act without a token of this session."""

from __future__ import annotations

import pytest

from generator.kiosk.machine.gate import FREE_TRIES, SESSION, Gate
from generator.kiosk.machine.pin import hash_pin, is_pin_hash, matches, refusal_of
from tests.kiosk.server.parts import Machinery, Shown, Staff

PIN = "482916"


@pytest.fixture
def guarded(staff: Staff, tmp_path):
    staff.put("aaaa0001")
    machinery = Machinery(tmp_path / "machine", staff.root, staff.folder.path, pin=hash_pin(PIN))
    with Shown(machinery).served() as shown:
        yield shown


def open_page(shown: Shown, pin: str = PIN):
    answer = shown.ask("/-/technician/open", X_Kiosk_Pin=pin)
    return answer, (answer.headers["Set-Cookie"] or "").partition(";")[0]


def test_only_a_salted_hash_is_kept_and_only_the_right_pin_matches():
    one, two = hash_pin(PIN), hash_pin(PIN)
    assert one != two and PIN not in one and is_pin_hash(one)
    assert matches(PIN, one) and matches(PIN, two)
    assert not matches("482917", one) and not matches(PIN, "") and not matches("", one)


@pytest.mark.parametrize("pin", ["", "1234", "12345678901234", "48291a", "111111", "123456", "987654", "４８２９１６"])
def test_a_pin_that_is_easily_guessed_is_refused(pin):
    assert refusal_of(pin)
    assert not refusal_of(PIN)


def test_the_page_shows_nothing_before_the_pin(guarded):
    assert guarded.ask("/-/technician").status == 200
    answer = guarded.ask("/-/technician/state")
    assert (answer.status, answer.body) == (403, {"pin": True, "wait": 0})
    assert guarded.ask("/-/technician/state", Cookie="caselib-kiosk=").status == 403
    assert guarded.ask("/-/technician/restart-browser").status == 403


def test_the_right_pin_opens_and_each_token_acts_once(guarded):
    answer, cookie = open_page(guarded)
    assert answer.status == 200
    assert "HttpOnly" in answer.headers["Set-Cookie"] and "SameSite=Strict" in answer.headers["Set-Cookie"]
    token = guarded.ask("/-/technician/state", Cookie=cookie).body["token"]
    assert guarded.ask("/-/technician/restart-browser", Cookie=cookie).status == 403
    assert guarded.ask("/-/technician/restart-browser", X_Kiosk_Token=token).status == 403
    assert guarded.screen.restarts == 0
    assert guarded.ask("/-/technician/restart-browser", Cookie=cookie, X_Kiosk_Token=token).status == 200
    assert guarded.screen.restarts == 1
    assert guarded.ask("/-/technician/restart-browser", Cookie=cookie, X_Kiosk_Token=token).status == 403
    token = guarded.ask("/-/technician/state", Cookie=cookie).body["token"]
    guarded.ask("/-/technician/check-updates", Cookie=cookie, X_Kiosk_Token=token)
    assert guarded.screen.wanted_check


def test_an_address_alone_does_nothing(guarded):
    _, cookie = open_page(guarded)
    token = guarded.ask("/-/technician/state", Cookie=cookie).body["token"]
    for path in (f"/-/technician/restart-browser?token={token}", f"/-/technician/open?pin={PIN}"):
        assert guarded.ask(path, Cookie=cookie).status == 403
    headers = {"Cookie": cookie, "X_Kiosk_Token": token, "Sec_Fetch_Site": "cross-site"}
    assert guarded.ask("/-/technician/restart-browser", **headers).status == 403
    assert guarded.screen.restarts == 0


def test_a_session_ends_by_itself_and_by_leaving(guarded):
    _, cookie = open_page(guarded)
    guarded.clock.now += SESSION + 1
    assert guarded.ask("/-/technician/state", Cookie=cookie).status == 403
    _, cookie = open_page(guarded)
    token = guarded.ask("/-/technician/state", Cookie=cookie).body["token"]
    guarded.ask("/-/technician/leave", Cookie=cookie, X_Kiosk_Token=token)
    assert guarded.ask("/-/technician/state", Cookie=cookie).status == 403


def test_guessing_is_slowed_down_and_neither_a_start_nor_the_right_pin_helps_meanwhile(guarded):
    for _ in range(FREE_TRIES):
        assert open_page(guarded, "000001")[0].status == 403
    answer, _ = open_page(guarded)
    assert (answer.status, answer.body["wait"]) == (403, 60)
    again = Gate(hash_pin(PIN), guarded.screen.state, guarded.clock)
    assert again.wait() == 60 and again.open(PIN) is None
    guarded.clock.now += 61
    assert open_page(guarded, "000001")[0].body["wait"] == 120
    guarded.clock.now += 121
    assert open_page(guarded)[0].status == 200
    assert sum("连续输错" in line for line in guarded.lines) == 1


def test_without_a_pin_nothing_opens(shown):
    answer = shown.ask("/-/technician/open", X_Kiosk_Pin="")
    assert (answer.status, answer.body["pin"]) == (403, False)


def test_no_pin_is_told_to_the_log_or_the_disk(guarded):
    open_page(guarded)
    open_page(guarded, "739154")
    kept = b"".join(path.read_bytes() for path in guarded.screen.state.folder.rglob("*") if path.is_file())
    for pin in (PIN, "739154"):
        assert pin.encode() not in kept and pin not in "".join(guarded.lines)
