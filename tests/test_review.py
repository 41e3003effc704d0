"""The workflows of the hosting platforms: valid, and their steps run as written in a clone with a changed record."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.test_media import halves, saved

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github/workflows/records.yml"
COMMENT = ROOT / ".github/workflows/comment.yml"
GITLAB = ROOT / ".gitlab-ci.yml"
GITEE = ROOT / ".workflow/pr-pipeline.yml"
INSTALL = "make .venv/site.stamp"


def read(path):
    return YAML(typ="safe").load(path.read_text("utf-8"))


def github_steps(path):
    [job] = read(path)["jobs"].values()
    return job["steps"]


def git(folder, *arguments):
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True).stdout


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    """A repository with what a review needs of this one, on `main`."""
    folder = tmp_path_factory.mktemp("origin")
    for name in ("cases", "docs", "theme", "deploy"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", ".gitignore"):
        shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "-qb", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "main")
    return folder


@pytest.fixture
def clone(origin, tmp_path):
    """A full clone on the branch `change`, where the program is installed as `make .venv/site.stamp` leaves it."""
    folder = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(origin), str(folder))
    git(folder, "checkout", "-qb", "change")
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/caselib").symlink_to(Path(sys.executable).with_name("caselib"))
    return folder


def change(clone, before, after, name="2023-00001"):
    path = clone / f"cases/2023/{name}.yml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "change")


def run_github(clone):
    """The shell steps of the workflow in order, as a runner does: the result of each by its name."""
    # A runner stands on the merge of the request into the main branch.
    git(clone, "checkout", "-q", "--detach", "origin/main")
    git(clone, "merge", "-q", "--no-ff", "-m", "merge", "change")
    results = {}
    failed = False
    for step in github_steps(GITHUB):
        if "run" not in step or step["run"] == INSTALL or (failed and "if" not in step):
            continue
        env = {key: expression(value) for key, value in step.get("env", {}).items()}
        env["GITHUB_STEP_SUMMARY"] = str(clone / "step-summary.md")
        done = run_shell(clone, step["run"], env)
        results[step["name"]] = done
        failed |= done.returncode != 0
    return results


def expression(value):
    known = {
        "github.base_ref": "main",
        "github.server_url": "https://example.org",
        "github.event.pull_request.head.repo.full_name": "o/r",
        "github.event.pull_request.head.sha": "abc",
    }
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda match: known[match.group(1)], value)


def run_shell(clone, script, env):
    """A step in the shell that runners use."""
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=clone,
        env={"PATH": os.environ["PATH"], "HOME": str(clone), "LANG": "C.UTF-8"} | env,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("schema", "path"),
    [("vendor.github-workflows", GITHUB), ("vendor.github-workflows", COMMENT), ("vendor.gitlab-ci", GITLAB)],
)
def test_a_workflow_follows_the_schema_of_its_platform(schema, path):
    command = ["-m", "check_jsonschema", "--builtin-schema", schema, "--regex-variant", "python", str(path)]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_every_platform_installs_and_then_runs_the_one_script():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert f"\n{INSTALL.removeprefix('make ')}:" in makefile
    scripts = {
        "github": [step["run"] for step in github_steps(GITHUB) if "run" in step],
        "gitlab": read(GITLAB)["records"]["script"],
        "gitee": read(GITEE)["stages"][0]["steps"][0]["commands"],
    }
    for name, script in scripts.items():
        place = script.index(INSTALL)
        assert script[place + 1].startswith("deploy/review.sh "), name
    assert os.access(ROOT / "deploy/review.sh", os.X_OK)


def test_what_runs_the_code_of_a_request_may_not_write_and_what_may_write_runs_none_of_it():
    assert read(GITHUB)["permissions"] == {"contents": "read"}
    assert set(read(GITHUB)["on"]) == {"pull_request"}
    assert not any("checkout" in step.get("uses", "") for step in github_steps(COMMENT))
    assert "${{" not in "".join(step.get("run", "") for path in (GITHUB, COMMENT) for step in github_steps(path))
    assert read(COMMENT)["on"]["workflow_run"]["workflows"] == [read(GITHUB)["name"]]


def test_every_step_is_a_script_that_the_shell_understands():
    for path in (GITHUB, COMMENT):
        for script in [step["run"] for step in github_steps(path) if "run" in step]:
            done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
            assert (done.returncode, done.stderr) == (0, ""), path.name


def test_a_good_change_is_green_with_a_preview_and_a_comment(clone):
    saved(clone / "cases/2023/2023-00001/a.png", halves())
    media = "media:\n  - file: 2023-00001/a.png\n    alt: 结构图\nsources:"
    change(clone, "sources:", media)
    results = run_github(clone)
    assert {name: done.returncode for name, done in results.items()} == {"检查、预览、说明改动": 0, "汇总": 0}, results
    summary = (clone / "step-summary.md").read_text("utf-8")
    assert summary.startswith("## ✅ 可以合并\n\n### 检查结果：0 个错误，1 个警告\n")
    assert "图片新增：`cases/2023/2023-00001/a.png`，结构图" in summary
    assert "![结构图](https://example.org/o/r/raw/abc/cases/2023/2023-00001/a.png)" in summary
    pages = sorted(str(path.relative_to(clone / "review/preview")) for path in clone.rglob("review/preview/**/*.html"))
    assert pages == ["cases/2023-00001.html", "index.html"]
    assert (clone / "review/reviewers.txt").read_text("utf-8") == ""


def test_a_broken_change_is_red_on_its_line_and_in_the_summary(clone):
    change(clone, "district: 巫山县", "district: 巫山")
    results = run_github(clone)
    assert {name: done.returncode for name, done in results.items()} == {"检查、预览、说明改动": 1, "汇总": 0}
    annotation = "::error file=cases/2023/2023-00001.yml,line=4,col=11,title=term-unknown::区县「巫山」不在方案中"
    assert annotation in results["检查、预览、说明改动"].stdout
    summary = (clone / "step-summary.md").read_text("utf-8")
    assert summary.startswith("## ❌ 有错误")
    assert "| ❌ 错误 | `cases/2023/2023-00001.yml` 第 4 行 | 区县「巫山」不在方案中" in summary
    assert not (clone / "review/preview").exists()


def test_a_change_of_style_alone_is_red_and_says_what_to_run(clone):
    change(clone, "district: 巫山县", 'district: "巫山县"')
    results = run_github(clone)
    assert results["检查、预览、说明改动"].returncode == 1
    summary = (clone / "step-summary.md").read_text("utf-8")
    assert "cases/2023/2023-00001.yml 不合规范" in summary and "caselib fmt" in summary
    assert "对读者的改动：没有" in summary


def test_a_change_of_the_program_alone_is_green(clone):
    (clone / "theme/extra.txt").write_text("x")
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "x")
    results = run_github(clone)
    assert [done.returncode for done in results.values()] == [0, 0], results
    assert "0 个错误，0 个警告" in (clone / "step-summary.md").read_text("utf-8")


def test_gitlab_gets_its_report_beside_the_log(clone):
    change(clone, "district: 巫山县", "district: 巫山")
    start = git(clone, "merge-base", "origin/main", "HEAD").strip()
    env = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": start}
    [script] = [line for line in read(GITLAB)["records"]["script"] if line != INSTALL]
    done = run_shell(clone, script, env)
    assert (done.returncode, "区县「巫山」不在方案中" in done.stdout) == (1, True)
    report = clone / read(GITLAB)["records"]["artifacts"]["reports"]["codequality"]
    [row] = json.loads(report.read_text("utf-8"))
    assert row["location"] == {"path": "cases/2023/2023-00001.yml", "lines": {"begin": 4}}


def test_gitee_compares_with_the_branch_that_the_request_goes_to(clone):
    change(clone, "district: 巫山县", "district: 巫山")
    commands = [line for line in read(GITEE)["stages"][0]["steps"][0]["commands"] if line != INSTALL]
    done = run_shell(clone, "\n".join(commands), {"GITEE_BRANCH": "main"})
    assert (done.returncode, "区县「巫山」不在方案中" in done.stdout) == (1, True)
    assert (clone / "review/comment.md").exists()


def test_owners_on_the_platform_are_those_of_the_list():
    done = subprocess.run(
        [sys.executable, "-m", "generator", "reviewers", "--codeowners"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == (ROOT / ".github/CODEOWNERS").read_text("utf-8"), "run caselib reviewers --codeowners"


def test_the_template_of_a_request_is_the_same_on_every_platform_and_its_commands_exist():
    texts = {
        (ROOT / name).read_text("utf-8")
        for name in (
            ".github/pull_request_template.md",
            ".gitlab/merge_request_templates/Default.md",
            ".gitee/PULL_REQUEST_TEMPLATE.zh-CN.md",
        )
    }
    [text] = texts
    for words in re.findall(r"`caselib ([^`]+)`", text):
        done = subprocess.run(
            [sys.executable, "-m", "generator", words.split()[0], "--help"], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0
        assert all(word in done.stdout for word in words.split() if word.startswith("--"))
