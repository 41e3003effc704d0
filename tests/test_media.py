import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image, ImageCms, ImageOps

from generator.media.copies import PictureError, copy_path, copy_sizes, make_copies, read_picture
from generator.media.library import MediaLibrary
from generator.records.media import inspect
from generator.records.video import clean_video, read_video

RED, GREEN, BLUE = (220, 20, 20), (20, 200, 20), (20, 20, 220)
PLACE = "29 deg 33 N"


def saved(path, image, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def halves(size=(600, 400), left=RED, right=BLUE, mode="RGB"):
    """A picture whose left half has one colour and its right half another."""
    image = Image.new("RGB", size, left)
    image.paste(right, (size[0] // 2, 0, *size))
    return image.convert(mode)


def noisy(size=(600, 400)):
    return Image.effect_noise(size, 60).convert("RGB")


def near(pixel, colour, most=24):
    return all(abs(a - b) <= most for a, b in zip(pixel, colour, strict=True))


def problem(path):
    [found] = inspect(path)
    return found


def copies(path, folder):
    """Every copy of the picture at `path`: (width, suffix) -> file."""
    picture = read_picture(path)
    make_copies(path, "ab" * 16, picture.orientation, folder)
    return {
        (width, suffix): copy_path(folder, "ab" * 16, width, suffix)
        for width, _ in copy_sizes(picture.width, picture.height)
        for suffix in ("avif", "webp", "jpg")
    }


def shown(path):
    with Image.open(path) as image:
        return image.convert("RGB")


# what is refused


def png_head(width, height, colour):
    """The head of a PNG file that promises a picture of this size."""
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(c)) + kind + c + struct.pack(">I", zlib.crc32(kind + c)) for kind, c in parts)
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("width", "height", "colour", "refused"),
    [
        (200_000, 200_000, 2, True),  # a bomb
        (12_001, 10_000, 2, True),
        (12_000, 9_000, 2, False),
        (12_000, 9_000, 6, True),  # with transparency it takes twice the memory
        (1, 100_000, 2, True),
    ],
)
def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header(tmp_path, width, height, colour, refused):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_head(width, height, colour))
    assert [("像素" in p.message) for p in inspect(path)] == ([True] if refused else [])


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "avif"])
def test_a_truncated_picture_is_refused(tmp_path, suffix):
    path = saved(tmp_path / f"a.{suffix}", noisy())
    assert inspect(path) == []
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    assert problem(path).message == "不完整或已经损坏"


def test_a_truncated_photo_with_a_whole_thumbnail_is_refused(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "\x00\xff\xd9 the end of a thumbnail"
    path = saved(tmp_path / "a.jpg", noisy(), exif=exif)
    assert inspect(path) == []
    path.write_bytes(path.read_bytes()[:-500])
    assert problem(path).message == "不完整或已经损坏"


def test_a_picture_under_the_wrong_suffix_gets_its_right_name(tmp_path):
    path = tmp_path / "photo.jpg"
    saved(tmp_path / "photo.png", halves()).rename(path)
    found = problem(path)
    assert "PNG" in found.message and ".jpg" in found.message
    assert found.nearest == "photo.png"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (b"<!DOCTYPE html><html></html>", "网页"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"GIF89a\x01\0\x01\0", "GIF"),
        (b"PK\x03\x04", "Office"),
        (b"nothing known", "别的文件"),
    ],
)
@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_renamed_file_is_refused_and_called_what_it_is(tmp_path, content, word, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(content)
    found = problem(path)
    assert word in found.message
    assert "另存" in found.allowed


def test_an_empty_and_a_missing_file_get_a_message(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"")
    assert problem(path).message == "是空的"
    path.unlink()
    assert problem(path).message.startswith("读不到")


@pytest.mark.parametrize("suffix", ["png", "webp", "avif"])
def test_an_animation_is_refused(tmp_path, suffix):
    path = saved(tmp_path / f"a.{suffix}", halves(), save_all=True, append_images=[halves(left=GREEN)], duration=100)
    assert problem(path).message == "是动画"


def test_a_photo_with_a_second_picture_inside_is_a_photo(tmp_path):
    path = tmp_path / "a.jpg"
    halves().save(path, format="MPO", save_all=True, append_images=[halves(left=GREEN)])
    assert inspect(path) == []
    assert near(shown(copies(path, tmp_path / "c")[600, "jpg"]).getpixel((10, 10)), RED)


def test_the_check_of_a_record_names_the_file_and_the_line(library):
    library.write("2023/2023-00001/a.png", b"<svg/>")
    library.record(text="media:\n  - file: 2023-00001/a.png\n    alt: 图\n")
    [found] = library.check()
    assert (found.line, found.code) == (12, "media-unsafe")
    assert found.message.startswith("文件「2023-00001/a.png」的内容是 SVG")


def test_a_repaired_picture_is_noticed_though_its_record_did_not_change(library, tmp_path):
    library.write("2023/2023-00001/a.png", b"")
    library.record(text="media:\n  - file: 2023-00001/a.png\n    alt: 图\n")
    assert [d.code for d in library.check()] == ["media-unsafe"]
    saved(library.folder / "2023/2023-00001/a.png", halves())
    assert library.check() == []


# copies


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((300, 200), [300]),
        ((500, 400), [500]),
        ((600, 400), [480, 600]),
        ((1000, 400), [480, 1000]),
        ((4000, 3000), [480, 960, 1600]),
        ((3000, 4000), [480, 960, 1600]),
        ((900, 12_000), [180]),
        ((12_000, 9_000), [480, 960, 1600]),
        ((30_000, 1), [480, 960, 1600]),
    ],
)
def test_copies_are_of_useful_sizes_and_never_larger_than_the_picture(size, widths):
    sizes = copy_sizes(*size)
    assert [width for width, _ in sizes] == widths
    assert all(width <= size[0] and 1 <= height <= min(size[1], 2400) for width, height in sizes)


def test_every_copy_has_its_size_and_type(tmp_path):
    made = copies(saved(tmp_path / "a.png", halves((1200, 800))), tmp_path / "c")
    assert {key: Image.open(path).size for key, path in made.items()} == {
        (width, suffix): (width, width * 2 // 3) for width in (480, 960, 1200) for suffix in ("avif", "webp", "jpg")
    }
    assert {key[1]: Image.open(path).format for key, path in made.items()} == {
        "avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"
    }  # fmt: skip


@pytest.mark.parametrize("orientation", range(1, 9))
def test_copies_stand_upright(tmp_path, orientation):
    source = halves((600, 400))
    source.paste(GREEN, (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / "a.jpg", source, exif=exif, quality=95)
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
    picture = read_picture(path)
    assert (picture.width, picture.height) == upright.size
    copy = shown(copies(path, tmp_path / "c")[upright.width, "jpg"])
    for x in (30, upright.width - 30):
        for y in (30, upright.height - 30):
            assert near(copy.getpixel((x, y)), upright.getpixel((x, y)))


def test_nothing_of_what_a_camera_wrote_is_left_in_a_copy(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Zhang"
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 33.0, 0.0), 3: "E", 4: (106.0, 33.0, 0.0), 27: PLACE.encode()})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta>" + PLACE.encode() + b"</x:xmpmeta>"
    path = tmp_path / "a.jpg"
    saved(path, halves((1200, 800)), exif=exif, icc_profile=profile, comment=PLACE.encode(), xmp=xmp)
    assert path.read_bytes().count(PLACE.encode()) == 3
    with Image.open(path) as image:
        assert image.getexif().get_ifd(0x8825)
    for made in copies(path, tmp_path / "c").values():
        data = made.read_bytes()
        with Image.open(made) as image:
            assert not image.getexif()
            assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)
        assert all(word not in data for word in (PLACE.encode(), b"Zhang", b"Exif", b"xmpmeta", b"ICC_PROFILE"))


def test_a_cmyk_photo_keeps_its_colours(tmp_path):
    path = saved(tmp_path / "a.jpg", halves(mode="CMYK"), quality=95)
    assert inspect(path) == []
    for made in copies(path, tmp_path / "c").values():
        with Image.open(made) as image:
            assert image.mode == "RGB"
        assert near(shown(made).getpixel((10, 10)), RED, 60)
        assert near(shown(made).getpixel((470, 10)), BLUE, 60)


def swapped_profile():
    """A colour space whose red is the green of sRGB and the other way round."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(data[128:132], "big")
    places = {bytes(data[p : p + 4]): p for p in range(132, 132 + 12 * count, 12)}
    red, green = (places[name] for name in (b"rXYZ", b"gXYZ"))
    data[red + 4 : red + 12], data[green + 4 : green + 12] = data[green + 4 : green + 12], data[red + 4 : red + 12]
    return bytes(data).replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))


def test_colours_of_another_space_become_srgb(tmp_path):
    path = saved(tmp_path / "a.jpg", halves(), icc_profile=swapped_profile(), quality=95)
    assert near(shown(copies(path, tmp_path / "c")[600, "jpg"]).getpixel((10, 10)), (RED[1], RED[0], RED[2]), 40)


def test_a_profile_that_does_not_fit_is_ignored(tmp_path):
    path = saved(tmp_path / "a.jpg", halves(), icc_profile=b"no profile", quality=95)
    assert near(shown(copies(path, tmp_path / "c")[600, "jpg"]).getpixel((10, 10)), RED)


def test_a_drawing_without_ground_stands_on_white(tmp_path):
    image = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    image.paste((*RED, 255), (300, 0, 600, 400))
    for name, picture in (("a", image), ("b", image.quantize(4))):
        made = copies(saved(tmp_path / f"{name}.png", picture), tmp_path / name)
        for path in made.values():
            assert near(shown(path).getpixel((10, 10)), (255, 255, 255))
            assert near(shown(path).getpixel((470, 10)), RED, 40)


def test_sixteen_bits_of_grey_become_eight(tmp_path):
    image = Image.new("I;16", (600, 400), 32_896)
    made = copies(saved(tmp_path / "a.png", image), tmp_path / "c")
    assert near(shown(made[600, "jpg"]).getpixel((10, 10)), (128, 128, 128), 3)


def test_the_same_picture_gives_the_same_bytes(tmp_path):
    path = saved(tmp_path / "a.jpg", noisy((1000, 700)))
    first, second = (copies(path, tmp_path / name) for name in ("one", "two"))
    assert [p.read_bytes() for p in first.values()] == [p.read_bytes() for p in second.values()]


def test_a_huge_photo_is_worked_on_in_bounded_memory(tmp_path):
    path = saved(tmp_path / "a.jpg", Image.new("L", (12_000, 9_000), 128))
    assert inspect(path) == []
    code = (
        "import re, sys; from pathlib import Path; from generator.media.copies import make_copies;"
        "make_copies(Path(sys.argv[1]), 'ab' * 16, 1, Path(sys.argv[2]));"
        "print(re.search('VmHWM: *([0-9]+)', Path('/proc/self/status').read_text().replace('\\t', ' '))[1])"
    )
    run = [sys.executable, "-c", code, str(path), str(tmp_path / "c")]
    peak = int(subprocess.run(run, capture_output=True, check=True, text=True).stdout)
    assert peak < 120_000  # kB; the whole photo would take 108 MB more than the program
    assert Image.open(copy_path(tmp_path / "c", "ab" * 16, 1600, "jpg")).size == (1600, 1200)


def test_damage_that_only_decoding_shows_is_an_error_with_the_name(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png_head(600, 400, 2))
    assert inspect(path) == []
    with pytest.raises(PictureError, match=r"a\.png"):
        copies(path, tmp_path / "c")


# the pictures of a library


def with_pictures(library, case_id="2023-00001", names=("figure.png",), **changes):
    lines = ["media:"]
    for name in names:
        lines += [f"  - file: {case_id}/{name}", f"    alt: 图 {name}"]
    library.record(case_id, text="\n".join(lines) + "\n", **changes)


def media(library):
    return MediaLibrary(library.library(), library.cache)


def test_a_page_knows_the_sizes_of_its_pictures_before_they_are_made(library):
    saved(library.folder / "2023/2023-00001/figure 3 of 20230902.png", halves((1200, 800)))
    with_pictures(library, names=["figure 3 of 20230902.png"])
    found = media(library)
    [item] = found["2023-00001"]
    assert (item.width, item.height, item.is_video, item.alt) == (1200, 800, False, "图 figure 3 of 20230902.png")
    assert {(size.type, size.width) for size in item.sizes} == {
        (f"image/{kind}", width) for kind in ("avif", "webp", "jpeg") for width in (480, 960, 1200)
    }
    assert item.url == next(size.url for size in item.sizes if size.type == "image/jpeg" and size.width == 1200)
    # No digits of the name: they can be a time, or the number of a person.
    assert item.url.startswith("cases/2023-00001/figure-of-") and "0902" not in item.url.removeprefix(
        "cases/2023-00001"
    )
    files = list(found.files())
    assert {file.url for file in files} == {size.url for size in item.sizes}
    found.prepare(files)
    assert all(Image.open(io.BytesIO(found.content(file))).width == file.width for file in files)


def test_another_picture_under_the_same_name_gets_another_address(library):
    path = saved(library.folder / "2023/2023-00001/figure.png", halves())
    with_pictures(library)
    before = media(library)["2023-00001"][0]
    saved(path, halves(left=GREEN))
    after = media(library)["2023-00001"][0]
    assert before.url != after.url


def test_what_did_not_change_is_not_read_again(library, monkeypatch):
    saved(library.folder / "2023/2023-00001/figure.png", halves())
    with_pictures(library)
    first = media(library)
    first.prepare(list(first.files()))
    monkeypatch.setattr("generator.media.library.read_picture", None)
    monkeypatch.setattr("generator.media.library.make_copies", None)
    again = media(library)
    again.prepare(list(again.files()))
    assert list(again["2023-00001"]) == list(first["2023-00001"])
    with_pictures(library, title="另一个")
    with pytest.raises(TypeError):
        media(library)["2023-00001"]


def test_a_picture_of_two_cases_is_worked_on_once(library, monkeypatch):
    for case_id in ("2023-00001", "2023-00002"):
        saved(library.folder / f"2023/{case_id}/figure.png", halves())
        with_pictures(library, case_id)
    made = []
    monkeypatch.setattr("generator.media.library.make_copies", lambda path, *_: made.append(path))
    found = media(library)
    files = list(found.files())
    found.prepare(files)
    assert len(files) == 12
    assert len(made) == 1


@pytest.mark.parametrize("status", ["revoked", "notice", "nominated"])
def test_pictures_of_a_case_without_a_page_of_its_own_are_not_published(library, status):
    saved(library.folder / "2023/2023-00001/figure.png", halves())
    with_pictures(library, status=status)
    assert list(media(library).files()) == []


def test_a_folder_that_no_record_names_is_not_published(library):
    saved(library.folder / "2023/2023-00001/figure.png", halves())
    saved(library.folder / "2023/2023-00001/secret.png", halves(left=GREEN))
    with_pictures(library)
    library.record("2023-00002")
    (library.folder / "2023/2023-00002").mkdir()
    found = media(library)
    assert list(found) == ["2023-00001"]
    assert all("figure" in file.url for file in found.files())


# videos


def box(kind, *content):
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def track(handler, codec=b"avc1", matrix=b""):
    turn = matrix or struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    size = struct.pack(">HHHH", 1280, 0, 720, 0)
    head = box(b"tkhd", bytes(4), b"TIMETIME", bytes(28), turn, size)
    sample = box(b"stsd", bytes(8), bytes(4), codec)
    return box(
        b"trak",
        head,
        box(b"udta", PLACE.encode()),
        box(
            b"mdia",
            box(b"mdhd", bytes(4), b"TIMETIME", bytes(8)),
            box(b"hdlr", bytes(8), handler, bytes(12)),
            box(b"minf", box(b"stbl", sample)),
        ),
    )


def mp4(*tracks, brand=b"isom"):
    movie = box(
        b"moov",
        box(b"mvhd", bytes(4), b"TIMETIME", bytes(88)),
        *(tracks or (track(b"vide"), track(b"soun"))),
        box(b"udta", box(b"\xa9xyz", PLACE.encode())),
        box(b"meta", PLACE.encode()),
    )
    return box(b"ftyp", brand, bytes(4), brand) + movie + box(b"uuid", PLACE.encode()) + box(b"mdat", b"pictures")


def video(tmp_path, content, name="a.mp4"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_video_loses_place_and_time_and_nothing_moves(tmp_path):
    path = video(tmp_path, mp4())
    assert inspect(path) == []
    before, after = path.read_bytes(), clean_video(path)
    assert len(before) == len(after)
    assert PLACE.encode() in before and b"TIME" in before
    assert PLACE.encode() not in after and b"TIME" not in after
    assert after.index(b"pictures") == before.index(b"pictures")
    cleaned = read_video(video(tmp_path, after, "b.mp4"))
    assert (cleaned.width, cleaned.height) == (1280, 720)


def test_a_video_that_was_filmed_upright_has_its_size_as_shown(tmp_path):
    turned = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    found = read_video(video(tmp_path, mp4(track(b"vide", matrix=turned))))
    assert (found.width, found.height) == (720, 1280)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (mp4()[:-20], "不完整"),
        (box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", b"pictures"), "moov"),
        (mp4(track(b"vide"), track(b"meta")), "拍摄地点"),
        (mp4(track(b"soun")), "没有画面"),
        (mp4(track(b"vide", b"mp4v")), "mp4v"),
        (mp4(brand=b"qt  "), "MOV"),
        (b"RIFF\0\0\0\0AVI LIST", "AVI"),
        (b"", "是空的"),
    ],
)
def test_a_video_that_cannot_be_shown_is_refused(tmp_path, content, word):
    assert word in problem(video(tmp_path, content)).message


def element(number, *content):
    body = b"".join(content)
    return bytes.fromhex(number) + (0x4000 | len(body)).to_bytes(2, "big") + body


def webm(doc_type=b"webm", codec=b"V_VP9", size=None):
    picture = element("e0", element("b0", b"\x02\x80"), element("ba", b"\x01\x68"))
    body = (
        element("1549a966", element("7ba9", PLACE.encode()), element("4461", b"TIMETIME"), element("4d80", b"lib"))
        + element("1654ae6b", element("ae", element("83", b"\x01"), element("86", codec), picture))
        + element("1254c367", PLACE.encode())
        + element("1f43b675", b"\xa3\x88pictures")
    )
    length = (0x4000 | len(body) if size is None else size).to_bytes(2, "big")
    return element("1a45dfa3", element("4282", doc_type)) + bytes.fromhex("18538067") + length + body


@pytest.mark.parametrize("size", [None, 0x7FFF])
def test_a_webm_video_loses_place_and_time_and_nothing_moves(tmp_path, size):
    path = video(tmp_path, webm(size=size), "a.webm")
    assert inspect(path) == []
    before, after = path.read_bytes(), clean_video(path)
    assert len(before) == len(after)
    assert PLACE.encode() not in after and b"TIME" not in after
    assert after.index(b"pictures") == before.index(b"pictures")
    cleaned = read_video(video(tmp_path, after, "b.webm"))
    assert (cleaned.width, cleaned.height) == (640, 360)


@pytest.mark.parametrize(
    ("content", "word"), [(webm(b"matroska"), "Matroska"), (webm(codec=b"V_MPEG4"), "V_MPEG4"), (webm()[:-4], "不完整")]
)
def test_another_matroska_file_is_refused(tmp_path, content, word):
    assert word in problem(video(tmp_path, content, "a.webm")).message


def test_damaged_containers_are_refused_without_a_traceback(tmp_path):
    for content, name in ((mp4(), "a.mp4"), (webm(), "a.webm")):
        for place in range(12, len(content), 3):
            for wrong in (0, 1, 0xFF):
                inspect(video(tmp_path, content[:place] + bytes((wrong,)) + content[place + 1 :], name))


def test_a_video_is_shown_in_its_size_and_published_clean(library):
    library.write("2023/2023-00001/demo.mp4", mp4())
    with_pictures(library, names=["demo.mp4"])
    found = media(library)
    [item] = found["2023-00001"]
    assert (item.is_video, item.width, item.height) == (True, 1280, 720)
    [file] = found.files()
    assert file.url == item.url
    assert PLACE.encode() not in found.content(file)
