"""The real nginx under deploy/nginx.conf, over a folder of this machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.server import HOST, free_port

CONFIG = Path(__file__).parents[1] / "deploy/nginx.conf"
MAIN = """
{user} daemon off; pid {base}/pid; error_log {base}/error.log;
events {{}}
http {{
  access_log off; client_body_temp_path {base}/b; proxy_temp_path {base}/p; fastcgi_temp_path {base}/f;
  uwsgi_temp_path {base}/u; scgi_temp_path {base}/s;
  {server}
}}
"""


@contextmanager
def nginx(site: Path, base: Path) -> Iterator[int]:
    """Serves `site`; yields the port once it answers. base: a folder for the files of nginx."""
    base.mkdir(parents=True, exist_ok=True)
    port = free_port(8600)
    server = CONFIG.read_text("utf-8").replace("listen 80;", f"listen {HOST}:{port};")
    server = re.sub(r"root [^;]+;", f"root {site};", server).replace("/srv/caselib/site/", f"{site}/")
    # Workers of a root process are nobody, who may not look into the folders of tests.
    user = "user root;" if os.geteuid() == 0 else ""
    (base / "nginx.conf").write_text(MAIN.format(base=base, server=server, user=user), "utf-8")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-c", str(base / "nginx.conf"), "-p", str(base)], stderr=subprocess.PIPE)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            time.sleep(0.05)
    raise AssertionError("nginx does not answer")
