"""`caselib media add`: a clean picture, named by its content and entered in the record, or a reason."""

import os
import pty
import subprocess
import sys

import pytest
from click.testing import CliRunner
from PIL import Image

from generator.cli import caselib
from generator.media.adding import LONGEST_SIDE, add_picture, clean_media
from generator.scheme.reading import read_scheme
from tests.test_media import GREEN, PLACE, RED, halves, near, noisy, png_head, saved

ALT = "工人用夹具固定零件"


@pytest.fixture
def run(library, monkeypatch):
    monkeypatch.chdir(library.base)
    library.record()
    return lambda *arguments: CliRunner().invoke(caselib, ["media", "add", "2023-00001", *map(str, arguments)])


def tree(library):
    paths = sorted(path for path in library.folder.rglob("*") if path.is_file())
    return {str(path.relative_to(library.folder)): path.read_bytes() for path in paths}


def only_picture(library, case_id="2023-00001"):
    [path] = (library.folder / case_id[:4] / case_id).iterdir()
    return path


def photo(path, size=(3000, 2000), **options):
    """A photograph as a telephone writes it: lying, with place, time and maker."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Zhang"
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 33.0, 0.0), 27: PLACE.encode()})
    return saved(path, halves(size), exif=exif, comment=PLACE.encode(), **options)


# what is taken


def test_a_picture_is_entered_in_the_canonical_style_and_comments_stay(library, run):
    path = library.record(text="media: # 两张\n- {alt: 甲, file: 2023-00001/a.png}\n# 文末\n")
    saved(library.folder / "2023/2023-00001/a.png", halves())
    text = path.read_text("utf-8").replace("award: 乙等", "award: 乙等 # 已核对")
    path.write_text(text, "utf-8")
    picture = saved(library.base / "b.png", halves(left=GREEN))
    done = run(picture, "--alt", ALT, "--caption", "图 1")
    assert done.exit_code == 0, done.output
    name = next(p.name for p in (library.folder / "2023/2023-00001").iterdir() if p.name != "a.png")
    made = path.read_text("utf-8")
    assert "award: 乙等  # 已核对" in made
    assert made[made.index("media:") : made.index("sources:")] == (
        "media:  # 两张\n  - file: 2023-00001/a.png\n    alt: 甲\n"
        f"  - file: 2023-00001/{name}\n    alt: {ALT}\n    caption: 图 1\n"
    )
    assert made.endswith("# 文末\n")
    assert library.check() == []
    assert CliRunner().invoke(caselib, ["fmt", "--check"]).exit_code == 0


def test_nothing_of_what_a_camera_wrote_is_left_and_the_picture_stands_upright(library, run):
    source = photo(library.base / "照片.jpg", quality=95)
    before = source.read_bytes()
    done = run(source, "--alt", ALT)
    assert "拍摄地点（定位）已清除" in done.output and "已转正" in done.output
    data = only_picture(library).read_bytes()
    assert all(word not in data for word in (PLACE.encode(), b"Zhang", b"Exif", b"\xff\xe1"))
    with Image.open(only_picture(library)) as image:
        assert not image.getexif() and image.size == (1600, LONGEST_SIDE)
        assert near(image.getpixel((800, 100)), RED)
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("form", "size", "mode", "kept"),
    [
        ("png", (300, 200), "RGB", (".png", (300, 200))),
        ("png", (300, 200), "RGBA", (".png", (300, 200))),
        ("webp", (300, 200), "RGB", (".png", (300, 200))),
        ("jpg", (300, 200), "CMYK", (".jpg", (300, 200))),
        ("jpg", (12_000, 9_000), "L", (".jpg", (2400, 1800))),
        ("png", (12_000, 9_000), "L", (".png", (2400, 1800))),
        ("jpg", (100, 4800), "RGB", (".jpg", (50, 2400))),
    ],
)
def test_every_kind_of_picture_comes_out_bounded_in_rgb(library, run, form, size, mode, kept):
    done = run(saved(library.base / f"a.{form}", halves(size, mode=mode)), "--alt", ALT)
    assert done.exit_code == 0, done.output
    path = only_picture(library)
    with Image.open(path) as image:
        assert (path.suffix, image.size) == kept
        assert image.mode == "RGB"
        assert near(image.getpixel((2, 2)), RED if mode != "L" else image.getpixel((2, 2)), 60)
    assert library.check() == []


def test_a_photograph_saved_as_png_becomes_jpeg(tmp_path):
    clean, problems = clean_media(saved(tmp_path / "a.png", noisy((1600, 1200))))
    assert (problems, clean.name[-4:], "存为 .jpg" in clean.notes) == ([], ".jpg", True)


def test_the_name_follows_from_the_content_and_no_address_shows_it(library, run):
    first = saved(library.base / "13812345678 张三.png", halves())
    run(first, "--alt", ALT)
    name = only_picture(library).name
    assert clean_media(first)[0].name == name == clean_media(saved(library.base / "b.png", halves()))[0].name
    assert clean_media(saved(library.base / "c.png", halves(left=GREEN)))[0].name != name
    assert name.startswith("picture-") and "138" not in library.folder.joinpath("2023/2023-00001.yml").read_text(
        "utf-8"
    )


def test_a_wrong_suffix_does_not_matter_to_what_is_named_by_content(library, run):
    path = saved(library.base / "a.png", halves())
    assert run(path.rename(library.base / "a.jpg"), "--alt", ALT).exit_code == 0
    assert only_picture(library).suffix == ".png"


def test_a_video_is_taken_without_what_its_camera_wrote(library, run, video):
    done = run(video, "--alt", "机器切片")
    assert done.exit_code == 0, done.output
    kept = only_picture(library)
    assert kept.name.startswith("video-") and kept.suffix == ".mp4"
    assert PLACE.encode() in video.read_bytes() and PLACE.encode() not in kept.read_bytes()
    assert library.check() == []


@pytest.fixture
def video(tmp_path):
    from tests.test_media import mp4

    path = tmp_path / "clip.mp4"
    path.write_bytes(mp4())
    return path


# what is refused


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xff\xd8\xff" + bytes(100_000_000), "有 100 MB，太大"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "内容是 SVG 图形"),
        (b"hello", "不是能用的图片或视频"),
        (b"", "是空的"),
        (b"PK\x03\x04rest", "请先把里面的图片另存出来"),
        (png_head(200_000, 200_000, 2), "像素"),
        (png_head(12_000, 9_000, 6), "12000 × 9000 像素，太大"),
        (png_head(600, 400, 2), "不完整或已经损坏"),
    ],
    ids=["100 MB", "svg", "text", "empty", "office", "bomb", "12000 x 9000 rgba", "no pixels"],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_written(library, run, content, word):
    path = library.base / "a.png"
    path.write_bytes(content)
    before = tree(library)
    done = run(path, "--alt", ALT)
    assert done.exit_code == 1
    assert done.output.startswith("「a.png」") and word in done.output
    assert tree(library) == before


def test_a_truncated_picture_is_refused(library, run):
    path = saved(library.base / "a.png", noisy())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    before = tree(library)
    assert "不完整或已经损坏" in run(path, "--alt", ALT).output
    assert tree(library) == before


def test_a_missing_file_is_told_and_the_others_are_taken(library, run):
    done = run(library.base / "none.png", saved(library.base / "b.png", halves()), "--alt", "甲图", "--alt", "乙图")
    assert done.exit_code == 1
    assert "「none.png」读不到：没有这个文件" in done.output and "1 张已加入，1 张没有加入" in done.output
    assert only_picture(library)


@pytest.mark.parametrize(
    ("alt", "word"),
    [
        ("  ", "没有替代文字"),
        ("A.PNG", "替代文字是文件名"),
        ("字" * 301, "有 301 个字；最多 300 个字"),
        ("张三 13812345678", "含有手机号码"),
        ("联系电话：见背面", "含有联系电话"),
        ("一\n二", "要写在一行里"),
    ],
)
def test_words_that_do_not_help_or_must_not_be_public_are_refused(library, run, alt, word):
    before = tree(library)
    done = run(saved(library.base / "a.png", halves()), "--alt", alt)
    assert done.exit_code == 1
    assert word in done.output and "13812345678" not in done.output
    assert tree(library) == before


def test_the_same_picture_twice_says_where_it_is(library, run):
    source = photo(library.base / "a.jpg")
    run(source, "--alt", ALT)
    before = tree(library)
    for again in (source, only_picture(library)):
        done = run(again, "--alt", "另一句")
        assert f"已经在这条记录里：media 第 1 项 2023-00001/{only_picture(library).name}" in done.output
    assert tree(library) == before
    library.record("2023-00002")
    done = CliRunner().invoke(caselib, ["media", "add", "2023-00002", str(source), "--alt", ALT])
    assert f"已经用在另一条记录里：cases/2023/2023-00001/{only_picture(library).name}" in done.output
    done = CliRunner().invoke(caselib, ["media", "add", "2023-00002", str(source), "--alt", ALT, "--reuse"])
    assert done.exit_code == 0, done.output
    assert only_picture(library, "2023-00002").read_bytes() == only_picture(library).read_bytes()


def test_a_picture_left_by_an_attempt_that_was_killed_is_taken_up(library, run):
    source = saved(library.base / "a.png", halves())
    clean, _ = clean_media(source)
    library.write(f"2023/2023-00001/{clean.name}", clean.content)
    assert run(source, "--alt", ALT).exit_code == 0
    assert library.check() == []
    assert only_picture(library).name == clean.name


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("media: 图\n", "media 不是列表"),
        ("media: [\n", "yaml-syntax"),
        ("media:\n" + "".join(f"  - {{file: 2023-00001/{n}.png, alt: 图}}\n" for n in range(60)), "最多 60 张"),
    ],
)
def test_a_record_that_cannot_take_it_is_left_alone(library, run, text, word):
    library.record(text=text)
    before = tree(library)
    done = run(saved(library.base / "a.png", halves()), "--alt", ALT)
    assert (done.exit_code, word in done.output) == (1, True)
    assert tree(library) == before


def test_a_record_with_windows_line_ends_is_edited(library, run):
    path = library.record()
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(saved(library.base / "a.png", halves()), "--alt", ALT).exit_code == 0
    assert library.check() == []


def test_a_folder_that_leads_out_of_the_library_is_not_written_into(library, run):
    (library.base / "out").mkdir()
    (library.folder / "2023/2023-00001").symlink_to(library.base / "out")
    assert "符号链接" in run(saved(library.base / "a.png", halves()), "--alt", ALT).output
    assert not list((library.base / "out").iterdir())


def test_a_record_changed_meanwhile_is_not_overwritten(library, monkeypatch):
    path = library.record()
    scheme, _ = read_scheme(library.folder / "scheme.yml", "scheme.yml")
    source = saved(library.base / "a.png", halves())

    def someone_else(clean):
        library.record(title="别人改的")
        return clean

    import generator.media.adding as module

    monkeypatch.setattr(module, "clean_media", lambda picture: someone_else(clean_media(picture)))
    done = add_picture(path, source, ALT, scheme)
    assert not done.added and "刚刚被别人改过" in done.problems[0].message
    assert "别人改的" in path.read_text("utf-8") and "media" not in path.read_text("utf-8")


# the command


def test_a_record_is_found_by_id_or_path_and_the_nearest_is_told(library, run, monkeypatch):
    picture = saved(library.base / "a.png", halves())
    runner = CliRunner()
    assert (
        runner.invoke(caselib, ["media", "add", "cases/2023/2023-00001.yml", str(picture), "--alt", ALT]).exit_code == 0
    )
    done = runner.invoke(caselib, ["media", "add", "2023-0001", str(picture), "--alt", ALT])
    assert (done.exit_code, "是否应为「2023-00001」？" in done.output) == (2, True)
    assert runner.invoke(caselib, ["media", "add", "cases/scheme.yml", str(picture), "--alt", ALT]).exit_code == 2


def test_a_script_must_give_words_for_each_picture(library, run):
    first, second = (saved(library.base / f"{name}.png", halves()) for name in "ab")
    done = run(first)
    assert (done.exit_code, "--alt" in done.output) == (2, True)
    done = run(first, second, "--alt", ALT)
    assert (done.exit_code, "--alt 写了 1 次，图片有 2 张" in done.output) == (2, True)


def test_a_terminal_is_asked_for_words_only_where_the_picture_can_be_used(library, run):
    good = saved(library.base / "a.png", halves())
    bad = library.base / "b.png"
    bad.write_bytes(b"hello")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "generator", "media", "add", "2023-00001", str(bad), str(good)]
    with subprocess.Popen(command, cwd=library.base, stdin=theirs, stdout=subprocess.PIPE, text=True) as process:
        os.write(ours, f"{ALT}\n".encode())
        output, _ = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert output.count("的画面内容（替代文字") == 1 and "「a.png」的画面内容" in output
    assert f"alt: {ALT}" in (library.folder / "2023/2023-00001.yml").read_text("utf-8")
