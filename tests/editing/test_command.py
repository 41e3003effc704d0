"""`caselib edit` as a process of its own, and the page that it previews."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.editing.editor import Editor
from generator.site_options import SiteOptions
from tests.conftest import LibraryFolder
from tests.editing.conftest import Client, draft, photo
from tests.editing.test_service import tree
from tests.test_shell import CONFIG, ROOT, run


@pytest.fixture
def project(library: LibraryFolder) -> LibraryFolder:
    """A folder with mkdocs.yml, a page of prose and three records."""
    for number, title in enumerate(("一种铅笔", "一种橡皮", "一种尺子"), 1):
        library.record(f"2023-0000{number}", title=title)
    (library.base / "mkdocs.yml").write_text(CONFIG.format(url="https://example.org/lib/", theme=ROOT / "theme"))
    (library.base / "docs").mkdir()
    (library.base / "docs/about.md").write_text("# 关于\n")
    return library


@pytest.fixture
def client(project: LibraryFolder) -> Iterator[Client]:
    editor = Editor(project.base / "mkdocs.yml", 0)
    editor.catalogue.refresh()
    yield Client(editor.server)
    editor.close()


def test_it_prints_an_address_answers_there_and_ends_at_the_key(project: LibraryFolder) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "generator", "edit", "2023-00002", "--no-browser", "--port", "8170"]
    process = subprocess.Popen(command, cwd=project.base, env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "只在这台电脑上能打开" in process.stdout.readline()
    found = re.search(r"http://(127\.0\.0\.1:\d+)(/\?token=\S+)#2023-00002", line)
    assert found, line
    connection = http.client.HTTPConnection(found[1], timeout=10)
    connection.request("GET", found[2])
    assert connection.getresponse().status == 303
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert "已结束" in rest
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "spoil", "word"),
    [
        (["2023-00009"], "", "文件不见了"),
        (["cases/scheme.yml"], "", "编号的写法不对"),
        ([], "scheme", "错误"),
        (["--config", "other.yml"], "", "没有配置文件 other.yml"),
    ],
)
def test_what_keeps_it_from_starting_is_said_in_a_line(
    project: LibraryFolder, arguments: list[str], spoil: str, word: str
) -> None:
    if spoil:
        project.write("scheme.yml", "name: 小库\n")
    done = run(project.base, "generator", "edit", "--no-browser", *arguments)
    assert done.returncode == 1
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def article(page: bytes) -> str:
    """The page without its frame and without what only the site as a whole decides."""
    text = page.decode()
    text = text[text.index("<main") : text.index("</main>")]
    return re.sub(r'(src|srcset|href)="[^"]*assets/[^"]*"', "", text)


def test_the_preview_is_the_page_that_the_build_makes(client: Client, project: LibraryFolder) -> None:
    opened = client.get("/api/record?id=2023-00002").json()
    request = draft(opened, title="新的名称", body={"background": "一段 **话**。", "solution": ""})
    before = tree(project.folder)
    checked = client.post("/api/check", request).json()
    preview = client.get(f"/preview/{checked['preview']}")
    assert tree(project.folder) == before
    assert client.post("/api/save", request).json()["written"]
    site = project.build(site=SiteOptions(url="https://example.org/lib/"))
    built = article((site / "cases/2023-00002.html").read_bytes())
    assert "新的名称" in built
    assert "<strong>话</strong>" in built
    assert article(preview.content).split() == built.split()


def test_the_preview_has_its_styles_and_the_sizes_of_its_pictures(client: Client, project: LibraryFolder) -> None:
    added = client.upload("/api/picture?id=2023-00001&name=a.jpg", photo((1200, 800))).json()
    opened = client.get("/api/record?id=2023-00001").json()
    media = [{"file": added["file"], "alt": "一支铅笔", "caption": ""}]
    checked = client.post("/api/check", draft(opened, media=media)).json()
    address = f"/preview/{checked['preview']}"
    page = client.get(address).content.decode()
    number = checked["preview"].split("/")[0]
    found = {re.sub(r"^(\.\./)+", "", one) for one in re.findall(r'(?:src|href)="(\.\./[^"#]+)"', page)}
    assets = {one for one in found if one.startswith("assets/")}
    pictures = set(re.findall(r"cases/2023-00001/[^\s\",]+", page))
    assert assets
    assert {Path(one).suffix for one in pictures} == {".avif", ".webp", ".jpg"}
    for one in assets | pictures:
        assert client.get(f"/preview/{number}/{one}").status == 200, one
    assert "<script" in page
    assert not re.search(r"<script[^>]* src", client.get(f"{address}?frame=1").content.decode())


def test_a_page_that_the_preview_has_not_says_so_and_nothing_else_is_served(client: Client) -> None:
    for path in (
        "/preview/1/years/2023.html",
        "/preview/../etc/passwd",
        "/preview/1/..%2f..%2fmkdocs.yml",
        "/preview/",
    ):
        answer = client.get(path)
        assert answer.status == 404
    assert "预览里没有这一页".encode() in client.get("/preview/1/years/2023.html").content


def test_the_preview_may_stand_in_a_frame_of_the_editor_and_of_no_one_else(client: Client) -> None:
    opened = client.get("/api/record?id=2023-00001").json()
    checked = client.post("/api/check", draft(opened)).json()
    policy = client.get(f"/preview/{checked['preview']}").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "frame-ancestors 'none'" in client.get("/").headers["Content-Security-Policy"]


def test_a_record_with_errors_has_no_page(client: Client) -> None:
    opened = client.get("/api/record?id=2023-00001").json()
    assert client.post("/api/check", draft(opened, title="")).json()["preview"] == ""


def test_a_library_of_which_much_is_new_is_listed_before_it_is_checked(
    project: LibraryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator.editing import catalogue

    monkeypatch.setattr(catalogue, "MANY", 2)
    seen: list[list[str]] = []
    real = catalogue.Catalogue._progress

    def watch(self: catalogue.Catalogue, done: int, todo: int) -> None:
        real(self, done, todo)
        seen.append([line.title for line in self.find("").lines])
        assert not self.ready.is_set()

    monkeypatch.setattr(catalogue.Catalogue, "_progress", watch)
    fresh = catalogue.Catalogue(project.folder, project.base, project.base / "new-cache")
    fresh.refresh()
    assert seen == [["一种尺子", "一种橡皮", "一种铅笔"]]
    assert fresh.ready.is_set()
    assert len(fresh.entries()) == 3
