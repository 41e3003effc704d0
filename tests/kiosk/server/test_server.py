"""What the server of a screen answers, and what it does not."""

from __future__ import annotations

import json

import pytest

from tests.kiosk.server.parts import Machinery, Shown, Staff


def test_the_showcase_is_served_under_a_policy_that_lets_nothing_out(shown):
    page = shown.ask("/")
    assert page.status == 200 and b'content="aaaa0001"' in page.content
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "form-action 'none'" in policy and "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "no-store"
    assert shown.ask("/index.html").content == page.content
    assert shown.ask("/", "HEAD").content == b""


def test_names_that_change_with_their_content_stay_for_ever_and_others_are_asked_for(shown):
    assert "immutable" in shown.ask("/data/0000-aaaa0001.json").headers["Cache-Control"]
    assert shown.ask("/kiosk.json").headers["Cache-Control"] == "no-store"
    (shown.screen.versions.live.folder / "plain.css").write_text("a{}")
    assert shown.ask("/plain.css").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/../state.json",
        "/%2e%2e/%2e%2e/machine.yml",
        "/..%2f..%2fmachine.yml",
        "/link.txt",
        "/.content",
        "/a%00b",
        "/\\x",
        "/-/../kiosk.json",
        "/-/client/../routes.py",
        "/-/client/%2e%2e/routes.py",
        "//etc/passwd",
    ],
)
def test_nothing_outside_of_the_content_is_served(shown, path):
    (shown.screen.versions.live.folder / "link.txt").symlink_to("/etc/passwd")
    answer = shown.ask(path)
    assert answer.status == 404
    assert b"root:" not in answer.content


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"])
def test_only_get_and_head_are_answered(shown, method):
    assert shown.ask("/", method).status == 501


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:80"])
def test_only_this_machine_is_answered(shown, host):
    assert shown.ask("/", host=host).status == 421
    assert shown.server.server_address[0] == "127.0.0.1"


def test_another_page_cannot_call_the_machine(shown):
    assert shown.ask("/-/alive?page=x&phase=visit", Sec_Fetch_Site="cross-site").status == 403
    assert shown.screen.heartbeats.last is None


def test_a_video_is_sent_in_the_parts_that_are_asked_for(shown):
    (shown.screen.versions.live.folder / "a.mp4").write_bytes(bytes(range(100)))
    part = shown.ask("/a.mp4", Range="bytes=10-19")
    assert (part.status, part.content) == (206, bytes(range(10, 20)))
    assert part.headers["Content-Range"] == "bytes 10-19/100"
    assert shown.ask("/a.mp4", Range="bytes=90-").content == bytes(range(90, 100))
    assert shown.ask("/a.mp4", Range="bytes=-5").content == bytes(range(95, 100))
    assert shown.ask("/a.mp4", Range="bytes=100-").status == 416
    assert shown.ask("/a.mp4", Range="bytes=5-1").status == 416


def test_a_page_tells_that_it_lives_and_learns_what_is_live(shown):
    body = shown.ask("/-/alive?page=1&phase=attract&version=aaaa0001&frame=16").body
    assert body == {"version": "aaaa0001", "session": shown.screen.session, "ready": ""}
    assert shown.ask("/-/state").body == body
    last = shown.screen.heartbeats.last
    assert (last.phase, last.version, last.frame) == ("attract", "aaaa0001", 16)


def test_errors_of_the_page_are_cut_and_only_some_of_a_minute_are_told(shown):
    for _ in range(50):
        shown.ask(f"/-/alive?page=1&phase=visit&error={'x' * 500}%0Ay")
    told = [line for line in shown.lines if line.startswith("页面出错")]
    assert len(told) == 6
    assert all(len(line) < 220 and "\n" not in line for line in told)
    assert shown.ask("/health").body["browser"]["errors"] == 50
    shown.clock.now += 61
    shown.ask("/-/alive?page=1&phase=visit&error=later")
    assert shown.lines[-1] == "页面出错：later"


def test_an_address_that_no_browser_writes_is_refused_and_the_server_goes_on(shown):
    assert shown.ask("/-/alive?" + "&".join(f"opened={n}" for n in range(500))).status == 400
    assert shown.ask("/-/state").status == 200


def test_without_content_a_page_waits_for_it(machinery: Machinery):
    with Shown(machinery).served() as shown:
        page = shown.ask("/")
        assert page.status == 200 and "展示准备中" in page.content.decode()
        assert shown.ask("/-/client/waiting.js").status == 200
        health = shown.ask("/health")
        assert (health.status, health.body["status"]) == (503, "down")


def test_health_names_what_needs_a_look(shown, machinery: Machinery, staff: Staff):
    health = shown.ask("/health").body
    assert health["status"] == "degraded" and health["problems"] == ["浏览器没有动静"]
    shown.ask("/-/alive?page=1&phase=attract&version=aaaa0001")
    health = shown.ask("/health").body
    assert (health["status"], health["problems"]) == ("ok", [])
    assert health["content"]["organiser"] == "试验协会" and health["content"]["cases"] == 3
    assert health["update"]["message"] == "已取得并核对 aaaa0001" and health["disk"]["free"] > 0
    (staff.folder.metadata / "timestamp.json").write_text("{}")
    assert machinery.look().code == "form"
    health = shown.ask("/health").body
    assert health["status"] == "degraded" and "上次更新没有成功" in health["problems"][0]


def test_nothing_of_a_visitor_is_kept_but_counts(shown, machinery: Machinery):
    shown.ask("/-/alive?page=secret-page&phase=attract")
    shown.ask("/-/alive?page=secret-page&phase=visit&opened=2023-00001&opened=../x")
    shown.ask("/data/0000-aaaa0001.json?q=secret")
    kept = b"".join(path.read_bytes() for path in machinery.machine.state_folder.rglob("*") if path.is_file())
    assert b"secret" not in kept and "secret" not in json.dumps(shown.lines)
    today = shown.screen.time.today().isoformat()
    assert shown.screen.counts.rows() == [(today, "visit", "", 1), (today, "opened", "2023-00001", 1)]
