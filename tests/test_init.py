"""`caselib init`: what it asks, writes and refuses."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from generator.cli import caselib
from generator.new_library import starts
from generator.reading import read_library
from generator.shell import Shell
from tests.test_site import tree

ROOT = Path(__file__).parents[1]
GIVEN = {"name": "某省创新库", "organiser": "某省总工会", "programme": "金点子活动", "round": "2025"}
NAMES = ("name", "organiser", "programme")
_yaml = YAML(typ="safe", pure=True)


def init(folder, *arguments: str, stdin: str = "", **changes: str):
    options = [part for key, value in (GIVEN | changes).items() if value for part in (f"--{key}", value)]
    return CliRunner().invoke(caselib, ["init", str(folder), *options, *arguments], input=stdin)


def check(folder: Path):
    return read_library(folder / "cases", folder, cache=folder / ".cache", jobs=1)


@pytest.mark.parametrize("start", starts())
def test_every_start_gives_a_library_without_findings_that_builds(tmp_path, start):
    done = init(tmp_path / "库", scheme=start)
    assert done.exit_code == 0, done.output
    library, found = check(tmp_path / "库")
    assert [d.text() for d in found] == []
    assert [(entry.id, entry.sample) for entry in library.public] == [("2025-00001", True)]
    assert library.scheme.sample
    Shell(tmp_path / "库/mkdocs.yml").build()
    site = tmp_path / "库/site"
    for page in ("index.html", "cases/2025-00001.html", "about.html", "years/2025.html"):
        text = (site / page).read_text("utf-8")
        assert "示例数据" in text, page
        assert "某省创新库" in text, page


@pytest.mark.parametrize("start", [name for name in starts() if name != "empty"])
def test_nothing_of_the_former_organiser_stays_but_its_ways(tmp_path, start):
    former = _yaml.load((ROOT / "examples" / start / "scheme.yml").read_text("utf-8"))
    assert init(tmp_path / "库", scheme=start).exit_code == 0
    text = (tmp_path / "库/cases/scheme.yml").read_text("utf-8")
    for name in NAMES:
        assert former[name] not in text
    now = _yaml.load(text)
    assert {name: now[name] for name in NAMES} == {name: GIVEN[name] for name in NAMES}
    assert now["rounds"] == [{"year": 2025}]
    for key in ("sections", "fields", "private"):
        assert now[key] == former[key]
    # The batches of the former organiser are those of its rounds.
    for ours, theirs in zip(now["dimensions"], former["dimensions"], strict=True):
        terms = [{"name": "2025年第一批", "slug": "2025-1", "round": 2025}]
        assert ours == (theirs | {"terms": terms} if theirs.get("role") == "batch" else theirs)
    assert [rule["key"] for rule in now["rules"]] == [rule["key"] for rule in former["rules"]]


def test_names_that_yaml_and_markdown_take_for_signs_stay_as_they_were_said(tmp_path):
    name, organiser = 'A: "库" #1 *甲* <b>', "- 协会: & 'x'"
    done = init(tmp_path / "库", scheme="chongqing", name=name, organiser=organiser)
    assert done.exit_code == 0, done.output
    library, found = check(tmp_path / "库")
    assert (library.scheme.name, library.scheme.organiser, found) == (name, organiser, [])
    assert library.scheme.forms.summary == f"{organiser}金点子活动项目推荐汇总表"
    Shell(tmp_path / "库/mkdocs.yml").build()
    page = (tmp_path / "库/site/about.html").read_text("utf-8")
    assert "- 协会: &amp; 'x'金点子活动" in page
    assert "#1 *甲* &lt;b&gt;" in page


def test_what_was_not_given_is_asked_until_it_can_be_used(tmp_path):
    said = "\n某省创新库\n某省总工会\n金点子活动\n没有的\n2\n25\n2025\n"
    done = CliRunner().invoke(caselib, ["init", str(tmp_path / "库")], input=said)
    assert done.exit_code == 0, done.output
    assert "案例库的名称：" in done.output
    assert "  2 jiangxi　江西省总工会 “五小”活动" in done.output
    assert "没有「没有的」；可用：chongqing、jiangxi、xinjiang、empty" in done.output
    asked = tree(tmp_path / "库")
    assert init(tmp_path / "另一个", scheme="jiangxi").exit_code == 0
    assert tree(tmp_path / "另一个") == asked


def test_a_folder_with_files_is_refused_and_left_as_it_is(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    done = init(tmp_path, scheme="empty")
    assert (done.exit_code, tree(tmp_path)) == (2, {"a.txt": b"x"})
    assert "里已有文件，没有改动" in done.output


def test_an_empty_clone_takes_a_library(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    done = init(".", scheme="empty")
    assert done.exit_code == 0, done.output
    assert "打开网站：caselib serve（或 make site）" in done.output
    assert {"mkdocs.yml", "cases/scheme.yml", ".gitignore"} <= tree(tmp_path).keys()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"scheme": "jiangix"},
            "可用：chongqing、jiangxi、xinjiang、empty；是否应为「jiangxi」？",
        ),
        ({"scheme": "empty", "name": "长" * 61}, "案例库的名称有 61 个字，最多 60 个字"),
        ({"scheme": "empty", "organiser": " "}, "主办单位不能空着"),
        ({"scheme": "empty", "programme": "两\n行"}, "活动名称只能写一行文字"),
        ({"scheme": "chongqing", "organiser": "甲" * 60, "programme": "乙" * 60}, "这样写的方案有误，没有新建："),
    ],
)
def test_wrong_answers_are_named_and_nothing_is_written(tmp_path, changes, words):
    done = init(tmp_path / "库", **changes)
    assert done.exit_code in (1, 2)
    assert words in done.output
    assert tree(tmp_path) == {}


def test_what_platforms_and_servers_read_is_that_of_this_repository(tmp_path):
    assert init(tmp_path / "库", scheme="empty").exit_code == 0
    made = tree(tmp_path / "库")
    for name in (".github/workflows/records.yml", ".gitlab-ci.yml", ".workflow/pr-pipeline.yml", "deploy/review.sh"):
        assert made[name] == (ROOT / name).read_bytes()
    assert (tmp_path / "库/deploy/review.sh").stat().st_mode & 0o111


def test_samples_go_together_with_the_line_that_says_so(tmp_path):
    folder = tmp_path / "库"
    assert init(folder, scheme="empty").exit_code == 0
    scheme, record = folder / "cases/scheme.yml", folder / "cases/2025/2025-00001.yml"
    with_line = scheme.read_text("utf-8")
    scheme.write_text("".join(line for line in with_line.splitlines(True) if not line.startswith("sample:")), "utf-8")
    assert [d.code for d in check(folder)[1]] == ["sample-in-library"]
    record.unlink()
    library, found = check(folder)
    assert (found, library.scheme.sample, len(library.public)) == ([], False, 0)
    Shell(folder / "mkdocs.yml").build()
    assert "示例数据" not in (folder / "site/index.html").read_text("utf-8")
