"""The wheel, installed in an environment of its own: sites of folders that hold only data and branding."""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.shell import Shell
from tests.test_shell import CONFIG
from tests.test_site import fill, tree

ROOT = Path(__file__).parents[1]
OWN_CONFIG = CONFIG.replace(", custom_dir: {theme}", "")


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel. bin: folder of its commands."""

    wheel: Path
    bin: Path

    def run(self, base: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=base, env=self.env | more, capture_output=True, text=True)

    @property
    def env(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
        return kept | {"PATH": f"{self.bin}:{os.environ['PATH']}", "NO_COLOR": "1"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel of what git knows here, in a fresh environment that sees the packages of this one."""
    base = tmp_path_factory.mktemp("wheel")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0"):
        if name and not name.startswith("tests/") and (ROOT / name).exists():
            (base / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, base / "source" / name, follow_symlinks=False)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", ".", "--no-deps", "--no-build-isolation", "-w", str(base)]
    subprocess.run(build, cwd=base / "source", check=True)
    shutil.rmtree(base / "source")
    [wheel] = base.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(base / "venv")], check=True)
    python = base / "venv/bin/python"
    [packages] = (base / "venv").glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", str(wheel)], check=True)
    return Installed(wheel, base / "venv/bin")


def test_the_program_and_the_plugin_are_those_of_the_wheel(installed, tmp_path):
    code = "import generator, generator.packaged as p; print(generator.__file__, p.THEME)"
    printed = installed.run(tmp_path, "python", "-c", code).stdout
    assert printed.count(str(installed.bin.parent)) == 2, printed
    assert str(ROOT) not in printed


@pytest.mark.parametrize("command", [("caselib", "build"), ("mkdocs", "build", "-q")])
def test_a_folder_of_data_gives_the_site_that_the_repository_gives(installed, library, command):
    fill(library)
    (library.base / "docs").mkdir()
    (library.base / "docs/about.md").write_text("# 关于\n\n一段话。\n")
    (library.base / "mkdocs.yml").write_text(CONFIG.format(url="https://example.org/lib/", theme=ROOT / "theme"))
    Shell(library.base / "mkdocs.yml").build()
    ours = tree(library.base / "site")
    for name in ("site", ".site", ".cache"):
        path = library.base / name
        path.unlink() if path.is_symlink() else shutil.rmtree(path)
    (library.base / "mkdocs.yml").write_text(OWN_CONFIG.format(url="https://example.org/lib/"))
    program = [str(installed.bin / "python"), "-m", "mkdocs"] if command[0] == "mkdocs" else ["caselib"]
    done = installed.run(library.base, *program, *command[1:])
    assert done.returncode == 0, done.stderr
    theirs = tree(library.base / "site")
    assert theirs.keys() == ours.keys()
    assert [path for path in ours if ours[path] != theirs[path]] == []


def test_the_organisers_own_files_win_and_the_others_are_the_packaged_ones(installed, library):
    fill(library)
    (library.base / "docs").mkdir()
    (library.base / "docs/about.md").write_text("# 关于\n")
    own = {
        "assets/css/tokens.css": ":root { --own: 1; }\n",
        "assets/img/icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"><title>own</title></svg>\n',
        "partials/footer.html": "<footer>本单位的页脚</footer>\n",
        "marks/award-1.svg": '<symbol id="award-1" viewBox="0 0 1 1"><title>own</title></symbol>\n',
    }
    for name, text in own.items():
        (library.base / "branding" / name).parent.mkdir(parents=True, exist_ok=True)
        (library.base / "branding" / name).write_text(text)
    (library.base / "mkdocs.yml").write_text(CONFIG.format(url="''", theme="branding"))
    done = installed.run(library.base, "caselib", "build")
    assert done.returncode == 0, done.stderr
    site = tree(library.base / "site")
    assets = {re.sub(r"^assets/[0-9a-f]{12}/", "", path): text for path, text in site.items()}
    assert assets["css/tokens.css"].decode() == own["assets/css/tokens.css"]
    assert assets["img/icon.svg"].decode() == own["assets/img/icon.svg"]
    assert assets["css/base.css"] == (ROOT / "theme/assets/css/base.css").read_bytes()
    for page in ("index.html", "about.html", "cases/2023-00001.html"):
        assert "本单位的页脚" in site[page].decode(), page
    assert "<title>own</title>" in site["cases/2023-00001.html"].decode()


def test_a_whole_theme_of_ones_own_is_all_there_is(installed, library):
    fill(library)
    (library.base / "docs").mkdir()
    shutil.copytree(ROOT / "theme", library.base / "theme")
    (library.base / "theme/assets/js/speak.js").unlink()
    (library.base / "mkdocs.yml").write_text(CONFIG.format(url="''", theme="theme"))
    done = installed.run(library.base, "caselib", "build")
    assert done.returncode == 0, done.stderr
    assert not any(path.endswith("js/speak.js") for path in tree(library.base / "site"))
    (library.base / "theme/alphabet.html").unlink()
    done = installed.run(library.base, "caselib", "build")
    assert done.returncode == 0, done.stderr
    assert any(path.endswith("js/speak.js") for path in tree(library.base / "site"))


def test_another_theme_of_mkdocs_is_refused_with_the_name_of_ours(installed, library):
    fill(library)
    (library.base / "docs").mkdir()
    (library.base / "mkdocs.yml").write_text("site_name: 小库\nplugins: [caselib]\n")
    done = installed.run(library.base, "caselib", "build")
    assert (done.returncode, "theme 请写 name: material" in done.stderr) == (1, True), done.stderr
    assert "Traceback" not in done.stderr


def test_commands_find_their_templates_scripts_and_texts(installed, library):
    fill(library)
    assert "incomplete" in installed.run(library.base, "caselib", "explain", "incomplete").stdout
    done = installed.run(library.base, "caselib", "print", "list", "2023")
    assert done.returncode == 0, done.stderr
    assert any(path.endswith(".pdf") for path in tree(library.base / "print"))


def make_library(installed: Installed, base: Path, start: str) -> Path:
    options = ("--name", "某省创新库", "--organiser", "某省总工会", "--programme", "金点子活动", "--round", "2025")
    done = installed.run(base, "caselib", "init", "库", *options, "--scheme", start)
    assert done.returncode == 0, done.stderr
    return base / "库"


def test_make_site_shows_a_new_library_at_once(installed, tmp_path):
    folder = make_library(installed, tmp_path, "jiangxi")
    process = subprocess.Popen(
        ["make", "-s", "site", "PORT=0"],
        cwd=folder,
        env=installed.env | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"http://\S+", line):
                break
        assert found, said
        with urllib.request.urlopen(found[0], timeout=30) as answer:
            page = answer.read().decode()
        assert "某省创新库" in page
        assert "示例数据" in page
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)
        process.stdout.close()
    assert not (folder / ".venv").exists()


def test_make_check_of_a_new_library_passes_and_finds_mistakes(installed, tmp_path):
    folder = make_library(installed, tmp_path, "empty")
    assert installed.run(folder, "make", "check").returncode == 0
    record = folder / "cases/2025/2025-00001.yml"
    record.write_text(record.read_text("utf-8").replace("一等奖", "一奖"), "utf-8")
    done = installed.run(folder, "make", "check")
    assert (done.returncode, "是否应为「一等奖」？" in done.stdout) == (2, True)


def test_the_wheel_in_its_folder_is_what_a_new_library_asks_for(installed, tmp_path):
    folder = make_library(installed, tmp_path, "empty")
    (folder / "wheels").mkdir()
    shutil.copy(installed.wheel, folder / "wheels")
    target = ("--target", str(tmp_path / "there"))
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    done = subprocess.run(
        [*pip, "--no-index", "--no-deps", "-r", "requirements.txt", *target], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "there/generator/packaged/theme/case.html").exists()


def test_a_merge_request_to_a_new_library_is_reviewed(installed, tmp_path):
    folder = make_library(installed, tmp_path, "xinjiang")
    env = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def git(*command: str) -> None:
        done = installed.run(folder, "git", *command, **env)
        assert done.returncode == 0, done.stderr

    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "a")
    git("switch", "-qc", "change")
    record = folder / "cases/2025/2025-00001.yml"
    record.write_text(record.read_text("utf-8").replace("物料架", "工具架"), "utf-8")
    git("commit", "-qam", "b")
    program = {"CASELIB": str(installed.bin / "caselib")}
    done = installed.run(folder, "deploy/review.sh", "main", "text", "review", **program)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "工具架" in (folder / "review/comment.md").read_text("utf-8")
    assert (folder / "review/preview").is_dir()
