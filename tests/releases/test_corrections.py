"""What the check asks of a record that was published: it stays, and says what was changed and why."""

import shutil

import pytest

from generator.released.ledger import ledger_path
from generator.released.names import ReleaseName
from generator.releases.registering import register
from generator.views import Views
from tests.conftest import LibraryFolder
from tests.samples.pictures import picture

CHANGE = "changes:\n  - {date: 2024-04-02, what: 更正单位, why: 单位来函}\n"


def publish(library) -> None:
    """Registers the library as it is as the release 2023.1."""
    found = library.library()
    name = ReleaseName(2023, 1)
    path = ledger_path(library.folder, name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(register(found, Views(found), name, "2024-03-01", "").content)


@pytest.fixture
def published(library):
    library.write("2023/2023-00001/a.png", picture("shaft-1"))
    media = "media:\n  - {file: 2023-00001/a.png, alt: 图}\nbody:\n  background: |\n    很慢。\n"
    library.record("2023-00001", text=media)
    library.record("2023-00002", title="铅笔二", text=CHANGE)
    library.record("2023-00003", title="铅笔三")
    library.record("2023-00004", title="推荐的", status="nominated")
    publish(library)
    assert library.check() == []
    return library


def codes(library) -> list[str]:
    return [d.code for d in library.check()]


def test_a_published_record_that_changes_needs_a_correction(published):
    path = published.record("2023-00003", title="铅笔三", unit="西山县第一小学")
    [found] = published.check()
    assert (found.file, found.line, found.code) == ("cases/2023/2023-00003.yml", 6, "released-change-missing")
    assert "2023.1 公布之后改了「工作单位」" in found.message
    path.write_text(path.read_text("utf-8") + CHANGE, "utf-8")
    assert published.check() == []


def test_every_kind_of_content_counts_as_changed(published):
    record = published.folder / "2023/2023-00001.yml"
    text = record.read_text("utf-8")
    for before, after, label in (
        ("很慢。", "太慢。", "「背景」"),
        ("alt: 图", "alt: 图样", "「图片与视频」"),
        ("张三", "张山", "「完成人」"),
        ("award: 乙等", "award: 甲等", "「奖项」"),
        ("2023-09-02", "2023-09-03", "「来源」"),
    ):
        record.write_text(text.replace(before, after), "utf-8")
        [found] = published.check()
        assert found.code == "released-change-missing"
        assert label in found.message
    record.write_text(text, "utf-8")
    published.write("2023/2023-00001/a.png", picture("shaft-2"))
    [found] = published.check()
    assert "「图片与视频」" in found.message


def test_what_is_written_differently_but_says_the_same_is_no_change(published):
    path = published.record("2023-00003", title='"铅笔三"  # 同名', text="status: announced\n")
    assert "# 同名" in path.read_text("utf-8")
    assert published.check() == []


def test_a_term_can_be_renamed_but_keeps_its_address(published):
    scheme = (published.folder / "scheme.yml").read_text("utf-8")
    published.write("scheme.yml", scheme.replace("{name: 东山县, slug", "{name: 东山区, aliases: [东山县], slug"))
    assert set(codes(published)) == {"term-alias"}
    published.write("scheme.yml", scheme.replace("slug: xishan", "slug: xi"))
    [found] = published.check()
    assert (found.code, found.file) == ("released-address", "cases/releases/2023.1.jsonl")
    assert "places/xishan.html" in found.message


def test_a_correction_says_why(published):
    published.record("2023-00003", title="铅笔", text="changes:\n  - {date: 2024-04-02, what: 改名}\n")
    assert codes(published) == ["released-change-why"]


def test_a_published_correction_stays(published):
    published.record("2023-00002", title="铅笔二")
    assert codes(published) == ["released-change-gone"]
    published.record("2023-00002", title="铅笔二", text=CHANGE.replace("更正单位", "改单位"))
    assert codes(published) == ["released-change-gone"]


def test_a_second_change_needs_a_correction_of_its_own(published):
    published.record("2023-00002", title="铅笔二改", text=CHANGE)
    assert codes(published) == ["released-change-missing"]
    published.record(
        "2023-00002", title="铅笔二改", text=CHANGE + "  - {date: 2024-05-02, what: 更正名称, why: 笔误}\n"
    )
    assert codes(published) == []


def test_a_published_record_never_vanishes(published):
    (published.folder / "2023/2023-00003.yml").unlink()
    [found] = published.check()
    assert (found.file, found.line, found.code) == ("cases/releases/2023.1.jsonl", 4, "released-missing")
    assert "2023-00003" in found.message
    assert published.read()[0] is None, "a build stops"


def test_a_record_that_was_only_nominated_may_go(published):
    (published.folder / "2023/2023-00004.yml").unlink()
    assert published.check() == []


def test_a_published_record_does_not_become_a_nomination_again(published):
    published.record("2023-00003", title="铅笔三", status="nominated")
    assert codes(published) == ["released-withdrawn"]


def test_a_revocation_is_a_change_that_says_why(published):
    published.record("2023-00003", title="铅笔三", status="revoked")
    [found] = published.check()
    assert (found.code, "「状态」" in found.message) == ("released-change-missing", True)
    published.record("2023-00003", title="铅笔三", status="revoked", text=CHANGE)
    assert published.check() == []


def test_only_the_last_release_counts(published):
    published.record("2023-00003", title="铅笔三改", text=CHANGE)
    found = published.library()
    name = ReleaseName(2023, 10)
    ledger_path(published.folder, name).write_bytes(register(found, Views(found), name, "2024-05-01", "").content)
    assert published.check() == []
    published.record("2023-00003", title="铅笔三又改", text=CHANGE)
    [found] = published.check()
    assert "2023.10 公布之后" in found.message


@pytest.mark.parametrize("place", [0.02, 0.3, 0.7, 0.999])
def test_a_damaged_ledger_is_said_and_stops_a_build(published, place):
    path = ledger_path(published.folder, ReleaseName(2023, 1))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * place)])
    assert codes(published) == ["release-ledger"]
    assert published.read()[0] is None


def test_a_release_that_comes_with_a_pull_is_held_against_records_that_were_checked_before(library, tmp_path):
    library.record("2023-00001", title="铅笔一")
    assert library.check() == []
    other = LibraryFolder(tmp_path / "other")
    other.record("2023-00001", title="铅笔")
    publish(other)
    shutil.copytree(other.folder / "releases", library.folder / "releases")
    assert codes(library) == ["released-change-missing"]


def test_a_record_is_found_in_the_ledger_without_reading_the_others(library):
    for number in range(1, 40, 2):
        library.record(f"2023-{number:05}", title=f"铅笔{number}")
    publish(library)
    from generator.released.ledger import read_ledger

    ledger = read_ledger(library.folder, ReleaseName(2023, 1))
    for number in range(45):
        row = ledger.row(f"2023-{number:05}")
        assert (row is not None) == (number % 2 == 1 and number < 40), number
        assert row is None or row == ledger.rows[f"2023-{number:05}"]
