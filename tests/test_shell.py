import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.sharing.text import find_fonts
from generator.shell import Shell, ShellError
from search import bundle
from tests.test_site import fill, tree

ROOT = Path(__file__).parents[1]
CONFIG = """\
site_name: 小库
site_url: {url}
use_directory_urls: false
theme: {{name: material, custom_dir: {theme}, language: zh, font: false}}
plugins: [{{caselib: {{footer: [{{label: 备案, text: 某备 1 号}}]}}}}]
"""


@pytest.fixture
def project(library):
    """A folder with mkdocs.yml, a page of prose and a small library."""
    fill(library)
    (library.base / "mkdocs.yml").write_text(CONFIG.format(url="https://example.org/lib/", theme=ROOT / "theme"))
    (library.base / "docs").mkdir()
    (library.base / "docs/about.md").write_text("# 关于\n\n一段话。\n")
    return library


def run(base: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    return subprocess.run([sys.executable, "-m", *command], cwd=base, env=env, capture_output=True, text=True)


def test_both_shells_give_the_same_site(project):
    (project.base / "docs/data.md").write_text("---\ndataset: true\n---\n\n# 数据\n")
    Shell(project.base / "mkdocs.yml").build()
    ours = tree(project.base / "site")
    assert {"index.html", "about.html", "cases/2023-00001.html", "search/manifest.json"} <= ours.keys()
    assert "一段话" in ours["about.html"].decode()
    assert "application/ld+json" not in ours["about.html"].decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', ours["data.html"].decode())
    dataset = next(node for node in json.loads(block[1])["@graph"] if node["@type"] == "Dataset")
    files = [entry["contentUrl"].removeprefix("https://example.org/lib/") for entry in dataset["distribution"]]
    assert len(files) == 4
    assert ours.keys() >= set(files)
    assert "某备 1 号" in ours["cases/2023-00001.html"].decode()
    assert not any("lunr" in path or "worker" in path.split("/")[-1] for path in ours if "search/" not in path)
    done = run(project.base, "mkdocs", "build", "-q")
    assert done.returncode == 0, done.stderr
    assert tree(project.base / "site") == ours


@pytest.mark.skipif(find_fonts() is None, reason="pictures need a Chinese font")
def test_a_page_of_prose_shows_the_picture_of_the_library_in_a_chat(project):
    config = project.base / "mkdocs.yml"
    Shell(config).build()
    site = project.base / "site"
    meta = {
        name: re.findall(rf'<meta property="{name}" content="([^"]*)">', (site / "about.html").read_text())
        for name in ("og:image", "og:image:alt", "og:url")
    }
    assert meta["og:url"] == ["https://example.org/lib/about.html"]
    home = re.search(r'<meta property="og:image" content="([^"]*)">', (site / "index.html").read_text())
    assert meta["og:image"] == [home[1]]
    assert (site / home[1].removeprefix("https://example.org/lib/")).is_file()
    assert "小库" in meta["og:image:alt"][0]
    for old, new in (('site_url: "https://example.org/lib/"', ""), ("caselib: {", "caselib: {share_limit: 0, ")):
        text = config.read_text()
        config.write_text(re.sub(r"(?m)^site_url:.*$", "", text) if not new else text.replace(old, new))
        Shell(config).build()
        assert "og:image" not in (site / "about.html").read_text()
        config.write_text(text)


def test_mkdocs_starts_only_when_something_it_reads_changed(project, monkeypatch):
    Shell(project.base / "mkdocs.yml").build()
    project.record("2023-00009", title="新来的")

    def fail(self):
        raise AssertionError("MkDocs was started")

    monkeypatch.setattr(Shell, "_run_mkdocs", fail)
    Shell(project.base / "mkdocs.yml").build()
    assert "新来的" in (project.base / "site/years/2023.html").read_text()
    (project.base / "docs/about.md").write_text("# 关于\n\n改了。\n")
    with pytest.raises(AssertionError, match="MkDocs was started"):
        Shell(project.base / "mkdocs.yml").build()


def test_nothing_changed_makes_nothing_and_keeps_the_build(project):
    first = Shell(project.base / "mkdocs.yml").build()
    assert first.made == first.files
    for _ in range(2):
        report = Shell(project.base / "mkdocs.yml").build()
        assert (report.made, report.number) == (0, first.number)


def test_an_edit_makes_only_what_shows_the_case(project):
    Shell(project.base / "mkdocs.yml").build()
    before = tree(project.base / "site")
    project.record("2024-00001", title="换针架（二）<b>", unit="另一单位", people="[{name: 亚力昆江·牙生, role: lead}]")
    Shell(project.base / "mkdocs.yml").build()
    after = tree(project.base / "site")
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert "cases/2024-00001.html" in changed
    assert "years/2024.html" in changed
    assert not changed & {"years/2023.html", "cases/2023-00003.html", "places/xishan.html", "about.html", "404.html"}


def test_another_search_script_is_a_change(project, monkeypatch):
    Shell(project.base / "mkdocs.yml").build()
    assert Shell(project.base / "mkdocs.yml").build().made == 0
    script = bundle.script()
    monkeypatch.setattr(bundle, "script", lambda *_: script + "// another\n")
    assert Shell(project.base / "mkdocs.yml").build().made > 0
    assert any(
        "// another" in text.decode()
        for name, text in tree(project.base / "site").items()
        if name.endswith("search.js")
    )


@pytest.mark.parametrize("limit", [2_000, 20_000, 60_000, 150_000])
def test_a_full_disk_is_said_in_one_line_and_leaves_the_site(project, limit):
    """Files end at `limit` bytes, as they do on a disk that is full: in the cache, a page, the database, an index."""
    Shell(project.base / "mkdocs.yml").build()
    before = tree(project.base / "site")
    project.record("2023-00001", title="改过的换针架", text="body:\n  background: |\n    " + "很慢。" * 4000 + "\n")
    code = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2);"
    code += "from generator.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, str(limit), "build", "--quiet"],
        cwd=project.base,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().split("\n")) == 1
    assert tree(project.base / "site") == before
    Shell(project.base / "mkdocs.yml").build()
    assert "改过的换针架" in tree(project.base / "site")["cases/2023-00001.html"].decode()


def test_a_build_with_mistakes_says_them_all_and_leaves_the_site(project):
    Shell(project.base / "mkdocs.yml").build()
    before = tree(project.base / "site")
    project.record("2023-00001", award="丙等")
    project.record("2023-00002", place="东山")
    with pytest.raises(ShellError) as caught:
        Shell(project.base / "mkdocs.yml").build()
    assert len(caught.value.lines) == 2
    assert "已发布的网站不变" in str(caught.value)
    assert tree(project.base / "site") == before
    for command in (("mkdocs", "build"), ("generator", "build")):
        done = run(project.base, *command)
        assert done.returncode == 1
        assert "2023-00001.yml" in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        assert tree(project.base / "site") == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "没有配置文件"),
        ("site_name: x\n", "plugins 里没有 caselib"),
        ("site_name: [\n", "mkdocs.yml"),
        ("site_name: x\nplugins: [caselib]\n", "没有方案文件"),
    ],
)
def test_a_wrong_configuration_is_one_message(tmp_path, text, words):
    if text is not None:
        (tmp_path / "mkdocs.yml").write_text(text)
        (tmp_path / "docs").mkdir()
    done = run(tmp_path, "generator", "build")
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
