"""What differs from the main branch: its findings, its meaning to a reader, its pages, its reviewers; by a real git."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.changed import GitError, changed_since
from generator.cli import caselib
from tests.conftest import SCHEME, LibraryFolder
from tests.test_media import GREEN, halves, png_head, saved

ROOT = Path(__file__).parents[1]


class Repository(LibraryFolder):
    """A library in a git repository with a branch `main`; changes are made on a branch `change`."""

    def git(self, *arguments: str) -> str:
        settings = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.quotePath=true")
        done = subprocess.run(["git", *settings, *arguments], cwd=self.base, capture_output=True, check=True, text=True)
        return done.stdout

    def commit(self, message: str = "x") -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def start(self) -> None:
        """Commits what there is to `main` and goes on on a branch."""
        self.git("init", "-qb", "main")
        (self.base / ".gitignore").write_text("/cache/\n/.cache/\n")
        self.commit()
        self.git("checkout", "-qb", "change")


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Repository(tmp_path)
    for number in range(1, 4):
        made.record(f"2023-0000{number}", title=f"第{'一二三'[number - 1]}种工具")
    return made


def run(*arguments):
    return CliRunner().invoke(caselib, arguments)


def ids(repository, ref=None):
    return changed_since(repository.folder, ref).ids


# what differs


@pytest.mark.parametrize("committed", [True, False])
def test_records_and_pictures_that_were_added_changed_or_removed_are_changed(repository, committed):
    saved(repository.folder / "2023/2023-00003/图 1.png", halves())
    repository.start()
    assert ids(repository) == ()
    repository.record("2023-00001", title="改")
    (repository.folder / "2023/2023-00002.yml").unlink()
    saved(repository.folder / "2023/2023-00003/图 1.png", halves(left=GREEN))
    repository.record("2024-00001")
    if committed:
        repository.commit()
    assert ids(repository) == ("2023-00001", "2023-00002", "2023-00003", "2024-00001")
    assert ids(repository, "main") == ids(repository)


def test_what_others_changed_on_the_main_branch_since_is_not_ours(repository):
    repository.start()
    repository.record("2023-00001", title="改")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.record("2023-00002", title="别人改的")
    repository.commit()
    repository.git("checkout", "-q", "change")
    assert ids(repository) == ("2023-00001",)


def test_a_library_that_is_the_repository_itself_is_compared(repository, monkeypatch):
    monkeypatch.chdir(repository.folder)
    subprocess.run(["git", "init", "-qb", "main"], cwd=repository.folder, check=True)
    subprocess.run(["git", "add", "-A"], cwd=repository.folder, check=True)
    commit = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "x"]
    subprocess.run(commit, cwd=repository.folder, check=True)
    repository.record("2023-00001", title="改")
    assert ids(repository) == ("2023-00001",)


def test_what_git_cannot_say_is_told_plainly(repository, tmp_path):
    with pytest.raises(GitError, match="不是 git 仓库"):
        changed_since(repository.folder)
    repository.start()
    with pytest.raises(GitError, match="没有分支或提交「没有」"):
        changed_since(repository.folder, "没有")
    with pytest.raises(GitError, match="没有分支或提交「--output=x」"):
        changed_since(repository.folder, "--output=x")
    repository.git("branch", "-m", "main", "elsewhere")
    with pytest.raises(GitError, match="--base origin/main"):
        changed_since(repository.folder)
    repository.git("checkout", "-q", "--orphan", "alone")
    repository.commit("another root")
    with pytest.raises(GitError, match="共同的起点"):
        changed_since(repository.folder, "elsewhere")
    done = run("check", "--base", "没有")
    assert (done.exit_code, "没有分支或提交" in done.output) == (2, True)


# findings


def test_only_findings_of_changed_records_count(repository):
    repository.record("2023-00001", award="丙等")
    repository.start()
    repository.record("2023-00002", title="改")
    done = run("check", "--changed")
    assert (done.exit_code, "2023-00001" in done.output) == (0, False)
    assert "改动了 1 条记录；其他记录的 2 个问题没有列出" in done.output
    repository.record("2023-00002", award="丁等")
    done = run("check", "--changed")
    assert (done.exit_code, "奖项「丁等」不在方案中" in done.output, "丙等" in done.output) == (1, True, False)


def test_an_id_that_is_taken_counts_though_the_finding_names_the_other_file(repository):
    repository.record("2024-00001")
    repository.start()
    repository.write("2023/2024-00001.yml", (repository.folder / "2024/2024-00001.yml").read_text("utf-8"))
    output = run("check", "--changed").output
    assert "cases/2024/2024-00001.yml:1:1: 错误：编号「2024-00001」已用于 cases/2023/2024-00001.yml" in output


def test_a_changed_scheme_concerns_every_record(repository):
    repository.start()
    repository.write("scheme.yml", SCHEME.replace("东山县", "东山区"))
    assert run("check", "--changed").output.count("是否应为「东山区」？") == 3


def test_a_broken_scheme_never_passes_as_nothing_to_say(repository):
    repository.write("scheme.yml", SCHEME + "nonsense: 1\n")
    repository.start()
    repository.record("2023-00001", title="改")
    assert run("check", "--changed").exit_code == 1


def test_a_lost_picture_is_a_finding_of_its_record(repository):
    saved(repository.folder / "2023/2023-00001/a.png", halves())
    repository.record("2023-00001", text="media:\n  - {file: 2023-00001/a.png, alt: 图}\n")
    repository.start()
    (repository.folder / "2023/2023-00001/a.png").unlink()
    done = run("check", "--changed")
    assert (done.exit_code, "media-missing" in done.output) == (1, True)


def test_a_misplaced_file_is_a_finding_of_the_change(repository):
    repository.start()
    repository.write("2023/申报表.docx", b"x")
    assert "file-name" in run("check", "--changed").output
    (repository.folder / "2023/申报表.docx").unlink()
    repository.write("2023/2023-00009.yml/a.txt", "x")
    assert "cases/2023/2023-00009.yml:1:1: 错误：「2023-00009.yml」不是普通文件" in run("check", "--changed").output


def test_the_summary_lists_everything_errors_first(repository):
    repository.start()
    for number in range(4, 20):
        repository.record(f"2023-{number:05}", award="丙|等" if number == 19 else "乙等", title=f"工具{number}")
    done = run("check", "--changed", "--format", "github", "--summary", "summary.md")
    text = (repository.base / "summary.md").read_text("utf-8")
    assert done.output.count("::warning ") == 15
    rows = text.splitlines()[4:]
    assert text.startswith("### 检查结果：1 个错误，15 个警告\n")
    assert len(rows) == 16 and rows[0].startswith("| ❌ 错误 | `cases/2023/2023-00019.yml` 第 5 行 | 奖项「丙\\|等」")


def test_style_and_duplicates_of_changed_records_only(repository):
    repository.record("2023-00002", title="同一种很长的工具名称", unit="甲厂")
    repository.record("2023-00003", title="同一种很长的工具名称", unit="甲厂")
    repository.start()
    repository.record("2023-00001", title="'改'")
    done = run("fmt", "--check", "--changed")
    assert (done.exit_code, done.output.count("不合规范")) == (1, 2)
    assert "1 条记录" in done.output
    assert "0 对同一项目" in run("duplicates", "--changed").output
    repository.record("2024-00001", title="同一种很长的工具名称", unit="甲厂")
    assert "2 对同一项目" in run("duplicates", "--changed").output


# what changes for a reader


def test_fields_sections_and_pictures_are_told_before_and_after(repository):
    body = "body:\n  background: |\n    第一句。第二句。\n    第三句。\n"
    media = "media:\n  - {file: 2023-00001/a.png, alt: 甲图}\n  - {file: 2023-00001/b.png, alt: 乙图}\n"
    for name in "ab":
        saved(repository.folder / f"2023/2023-00001/{name}.png", halves())
    repository.record("2023-00001", text=body + media)
    repository.start()
    saved(repository.folder / "2023/2023-00001/a.png", halves(left=GREEN))
    saved(repository.folder / "2023/2023-00001/c.png", halves())
    body = body.replace("第二句", "改过的第二句")
    media = media.replace("b.png, alt: 乙图", "c.png, alt: 丙 | 图")
    repository.record("2023-00001", text=body + media, unit="东山县 <第二> 小学 @某人", kind="发明")
    repository.record("2024-00001", title="新的")
    (repository.folder / "2023/2023-00002.yml").unlink()
    text = run("changes", "--pictures-at", "https://example.org/raw/").output
    assert text.startswith("### 对读者的改动：新增 1 条，修改 1 条，删除 1 条\n")
    assert "| 工作单位 | 东山县第一小学 | 东山县 \\<第二\\> 小学 @\u200b某人 |" in text
    assert "| 种类 | （空） | 发明 |" in text
    assert "**背景**\n\n- 删去：第二句。\n- 增加：改过的第二句。\n" in text
    assert "第一句" not in text and "第三句" not in text
    assert "- 图片换了内容：`cases/2023/2023-00001/a.png`，甲图" in text
    assert (
        "- 图片新增：`cases/2023/2023-00001/c.png`，丙 \\| 图\n"
        "  ![丙 \\| 图](https://example.org/raw/cases/2023/2023-00001/c.png)" in text
    )
    assert "- 图片移去：`cases/2023/2023-00001/b.png`，乙图" in text
    assert "#### 新增：2024-00001 新的" in text
    assert "公布过的记录不能删除" in text
    assert "请在 changes 里写明" in text


def test_style_comments_and_order_are_no_change_to_a_reader(repository):
    repository.start()
    path = repository.folder / "2023/2023-00001.yml"
    path.write_text("# 注释\n" + path.read_text("utf-8").replace("title: 第一种工具", 'title: "第一种工具"'), "utf-8")
    assert ids(repository) == ("2023-00001",)
    assert "对读者的改动：没有" in run("changes").output


def test_a_correction_that_is_written_down_is_not_asked_for_again(repository):
    repository.start()
    repository.record("2023-00001", unit="改", text="changes:\n  - {date: 2024-01-01, what: 单位}\n")
    assert "请在 changes" not in run("changes").output


def test_private_data_that_a_change_takes_out_is_not_told(repository):
    media = "media:\n  - {file: 2023-00001/a.png, alt: 张三 13912345678}\n"
    body = "body:\n  background: 联系电话：5551234\n"
    repository.record("2023-00001", unit="甲厂 13812345678", text=body + media)
    repository.record("2023-00002", title="工具 13712345678")
    repository.start()
    (repository.folder / "2023/2023-00002.yml").unlink()
    repository.record("2023-00001", unit="甲厂", text="body:\n  background: 一句。\n")
    text = run("changes").output
    assert not any(word in text for word in ("13812", "13912", "13712", "555"))
    assert "（含不能公开的内容，不显示）" in text


def test_a_comment_keeps_within_what_a_platform_takes(repository):
    repository.start()
    for number in range(10, 200):
        repository.record(f"2024-{number:05}", title="长" * 150, summary="长" * 100)
    text = run("changes").output
    assert len(text) < 65_000 and re.search(r"……还有 \d+ 条没有列出", text)


def test_a_broken_record_is_told_as_such(repository):
    repository.start()
    repository.write("2023/2023-00001.yml", "a: [\n")
    assert "读不了：2023-00001 第一种工具\n" in run("changes").output


# pages


CONFIG = "site_name: 小库\nuse_directory_urls: false\ntheme: {name: material, custom_dir: theme, font: false}\n"


@pytest.fixture
def site(repository):
    (repository.base / "mkdocs.yml").write_text(CONFIG + "plugins: [caselib]\n", "utf-8")
    (repository.base / "docs").mkdir()
    (repository.base / "docs/about.md").write_text("# 关于\n", "utf-8")
    shutil.copytree(ROOT / "theme", repository.base / "theme")
    return repository


def links(folder):
    """Every address in the pages below `folder` that leads to a file which is not there."""
    lost = set()
    for page in folder.rglob("*.html"):
        for address in re.findall(r'(?:href|src)="([^"#?]+)', page.read_text("utf-8")):
            if not re.match("[a-z]+:", address) and not (page.parent / address).resolve().exists():
                lost.add(address)
    return lost


def test_only_the_changed_cases_are_rendered_with_what_they_need(site):
    saved(site.folder / "2023/2023-00001/a.png", halves())
    site.start()
    site.record("2023-00001", title="改", text="media:\n  - {file: 2023-00001/a.png, alt: 图}\n")
    site.record("2024-00001", title="新的", status="nominated", award="")
    done = run("preview", "--changed", "--output", "out")
    assert done.exit_code == 0, done.output
    out = site.base / "out"
    pages = sorted(str(path.relative_to(out)) for path in out.rglob("*.html"))
    assert pages == ["cases/2023-00001.html", "cases/2024-00001.html", "index.html"]
    assert "新的" in (out / "cases/2024-00001.html").read_text("utf-8")
    assert "状态：推荐" in (out / "index.html").read_text("utf-8")
    assert all(address.endswith((".html", ".atom", ".json", ".csv", ".yml")) for address in links(out))
    assert len(list((out / "cases/2023-00001").iterdir())) == 6
    assert not (site.base / "site").exists()


def test_the_page_of_a_preview_is_the_page_of_the_site(site):
    site.start()
    site.record("2023-00001", title="改")
    assert run("build", "--quiet").exit_code == 0
    assert run("preview", "2023-00001", "--output", "out").exit_code == 0
    page = "cases/2023-00001.html"
    assert (site.base / "out" / page).read_bytes() == (site.base / "site" / page).read_bytes()


def test_links_beyond_the_preview_lead_to_the_published_site(site):
    (site.base / "mkdocs.yml").write_text(CONFIG + "site_url: https://example.org/lib/\nplugins: [caselib]\n", "utf-8")
    site.start()
    assert run("preview", "2023-00001", "--output", "out").exit_code == 0
    assert links(site.base / "out") == set()
    assert 'href="https://example.org/lib/years/2023.html"' in (site.base / "out/cases/2023-00001.html").read_text()


def test_a_preview_takes_the_place_of_a_preview_and_of_nothing_else(site):
    site.start()
    (site.base / "out").mkdir()
    (site.base / "out/mine.txt").write_text("x")
    done = run("preview", "2023-00001", "--output", "out")
    assert (done.exit_code, "里有别的内容" in done.output) == (1, True)
    (site.base / "out/mine.txt").unlink()
    assert run("preview", "2023-00001", "--output", "out").exit_code == 0
    assert run("preview", "2023-00002", "--output", "out").exit_code == 0
    assert [path.name for path in (site.base / "out/cases").iterdir()] == ["2023-00002.html"]


def test_a_preview_of_what_is_not_there_or_not_right_says_so(site):
    site.start()
    done = run("preview", "2023-0001")
    assert (done.exit_code, "是否应为「2023-00001」？" in done.output) == (2, True)
    assert run("preview").exit_code == 2
    site.record("2023-00001", award="丙等")
    done = run("preview", "--changed")
    assert (done.exit_code, "奖项「丙等」不在方案中" in done.output) == (1, True)
    assert not (site.base / "preview").exists()


# reviewers


REVIEWERS = """\
places:
  dongshan: [zhang, li]
  xishan: ["@wang"]
others: [office]
scheme: [office]
program: [dev]
"""


def test_reviewers_follow_from_the_places_of_the_changed_records(repository):
    repository.write("reviewers.yml", REVIEWERS)
    repository.start()
    assert repository.check() == []
    assert run("reviewers").output == ""
    repository.record("2023-00001", title="改")
    assert run("reviewers").output.split() == ["zhang", "li"]
    repository.record("2023-00001", place="西山自治县")
    assert run("reviewers").output.split() == ["zhang", "li", "@wang"]
    repository.record("2024-00001", place="南山区")
    assert run("reviewers").output.split() == ["zhang", "li", "@wang", "office"]


def test_owners_of_scheme_and_program_are_written_for_the_platform(repository):
    repository.write("reviewers.yml", REVIEWERS)
    lines = run("reviewers", "--codeowners").output.splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        "* @dev",
        "/cases/*/",
        "/cases/scheme.yml @office",
        "/cases/reviewers.yml @office",
    ]


def test_a_wrong_place_in_the_reviewers_gets_the_nearest(repository):
    repository.write("reviewers.yml", "places: {dongshn: [zhang]}\n")
    repository.start()
    done = run("reviewers")
    assert (done.exit_code, "是否应为「dongshan」？" in done.output) == (1, True)


def test_without_a_list_nobody_is_named(repository):
    repository.start()
    repository.record("2023-00001", title="改")
    done = run("reviewers")
    assert (done.exit_code, done.output) == (0, "")


def test_a_picture_that_only_decoding_shows_to_be_damaged_stops_a_preview_with_its_name(site):
    site.write("2023/2023-00001/a.png", png_head(600, 400, 2))
    site.record("2023-00001", text="media:\n  - {file: 2023-00001/a.png, alt: 图}\n")
    site.start()
    done = run("preview", "2023-00001")
    assert (done.exit_code, "a.png" in done.output) == (1, True)
    assert not (site.base / "preview").exists()
