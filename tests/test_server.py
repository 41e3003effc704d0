import http.client
import threading
from pathlib import Path

import pytest

from generator.server import SiteServer


@pytest.fixture
def ask(tmp_path: Path):
    """Asks a server of a small folder; gives status, headers and content."""
    site = tmp_path / "site"
    (site / "cases").mkdir(parents=True)
    (site / "index.html").write_text("首页")
    (site / "cases/index.html").write_text("目录")
    (site / "404.html").write_text("没有")
    (site / ".hidden").write_text("x")
    (tmp_path / "secret.txt").write_text("secret")
    (site / "link.txt").symlink_to(tmp_path / "secret.txt")
    server = SiteServer(0, site)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def request(path: str, method: str = "GET", host: str = "127.0.0.1"):
        connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, response.headers, response.read()

    yield request
    server.shutdown()
    server.server_close()


def test_pages_come_with_their_type_and_the_policy(ask):
    status, headers, content = ask("/")
    assert (status, content.decode()) == (200, "首页")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert ask("/cases/")[2].decode() == "目录"
    assert ask("/", "HEAD")[2] == b""


@pytest.mark.parametrize(
    "path",
    ["/no.html", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt", "/.hidden", "/a%00b", "/\\x"],
)
def test_nothing_outside_is_served(ask, path):
    status, _, content = ask(path)
    assert status == 404
    assert b"secret" not in content


def test_other_hosts_and_other_methods_are_refused(ask):
    assert ask("/", host="evil.example")[0] == 403
    assert ask("/", "POST")[0] == 501
