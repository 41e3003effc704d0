"""The policy that an installed screen gives Chromium, in a Chromium that reads it: only the showcase opens."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from generator.kiosk.machine.browser import browser_command, find_browser
from generator.packaged import ROOT

POLICY = ROOT / "deploy/kiosk/chromium-policy.json"
PLACE = Path("/etc/chromium")
LEAD_ON = """\
<!doctype html><title>x</title><script>
setTimeout(() => { location.href = "http://127.0.0.1:OTHER/led-on" }, 500)
window.open("http://127.0.0.1:OTHER/opened")
</script>
"""


class Asked:
    """A server that remembers what it was asked for."""

    def __init__(self, page: str = "") -> None:
        paths: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                paths.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *args: object) -> None:
                pass

        self.paths = paths
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def elsewhere() -> Iterator[Asked]:
    made = Asked()
    yield made
    made.server.shutdown()


@pytest.fixture
def ours(elsewhere: Asked) -> Iterator[Asked]:
    """Stands for the showcase; its page tries to lead on."""
    made = Asked(LEAD_ON.replace("OTHER", str(elsewhere.port)))
    yield made
    made.server.shutdown()


def show(base: Path, port: int, address: str, policy: bool = True) -> None:
    """Opens an address for some seconds in a Chromium that finds the policy, in a mount space of its own."""
    place = base / "chromium"
    shutil.copytree(PLACE, place, dirs_exist_ok=True)
    if policy:
        target = place / "policies/managed/caselib-kiosk.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(POLICY.read_text("utf-8").replace(":8180", f":{port}"), "utf-8")
    flags = ("--headless=new", "--no-sandbox", "--disable-gpu")
    command = browser_command(str(find_browser()), address, base / "profile", flags)
    script = f'mount --bind "{place}" "{PLACE}" && exec timeout -k 1 8 "$@"'
    subprocess.run(["unshare", "--mount", "sh", "-ec", script, "sh", *command], capture_output=True, timeout=60)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="a mount space needs root")


@needs_root
def test_the_page_of_the_showcase_opens_but_leads_nowhere(tmp_path, ours, elsewhere):
    show(tmp_path, ours.port, f"http://127.0.0.1:{ours.port}/")
    assert "/" in ours.paths
    assert elsewhere.paths == []


@needs_root
def test_without_the_policy_it_would_lead_on(tmp_path, ours, elsewhere):
    show(tmp_path, ours.port, f"http://127.0.0.1:{ours.port}/", policy=False)
    assert "/led-on" in elsewhere.paths


@needs_root
def test_no_other_address_opens(tmp_path, ours, elsewhere):
    show(tmp_path, ours.port, f"http://127.0.0.1:{elsewhere.port}/")
    assert elsewhere.paths == []


def test_the_policy_names_the_port_of_the_sample_settings():
    policy = json.loads(POLICY.read_text("utf-8"))
    settings = YAML(typ="safe").load((ROOT / "deploy/kiosk/machine.yml").read_text("utf-8"))
    assert policy["URLBlocklist"] == ["*"]
    assert policy["URLAllowlist"] == [f"http://127.0.0.1:{settings['port']}"]
