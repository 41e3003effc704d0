"""What holds for every document: bytes, fonts, templates of the house, and what staff are told."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pypdf
import pytest
from click.testing import Result
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from generator.printing.documents import Press
from generator.printing.errors import PrintError
from generator.printing.fonts import NEEDED, find_fonts
from generator.printing.typeset import TEMPLATES
from generator.sharing.text import FOLDERS
from tests.conftest import LibraryFolder

from .conftest import SITE, pages_of, press_of, squeezed, text_of, write_hard

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]


def all_of(press: Press) -> dict[str, bytes]:
    return {**dict(press.award_list()), **dict(press.certificates()), **dict(press.yearbook())}


ALL = (["list"], ["certificates", "--site", SITE], ["yearbook", "--site", SITE])


def digests(folder: Path, output: Path, *commands: list[str], **env: str) -> dict[str, str]:
    """Digest of each document that another process makes of the library in `folder`; of all without `commands`."""
    common = [sys.executable, "-m", "generator", "print"]
    for words in commands or ALL:
        done = subprocess.run(
            [*common, *words, "2023", "--output", str(output)],
            cwd=folder,
            env={**{k: v for k, v in os.environ.items() if k != "XDG_DATA_HOME"}, "PYTHONPATH": str(ROOT), **env},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in output.rglob("*") if path.is_file()}


def test_another_place_time_zone_and_process_give_the_same_bytes(hard: LibraryFolder, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "deeper"
    shutil.copytree(hard.folder, other / "cases")
    first = digests(hard.base, tmp_path / "a", TZ="Asia/Shanghai", PYTHONHASHSEED="1", LC_ALL="C.UTF-8")
    second = digests(other, tmp_path / "b", TZ="America/Los_Angeles", PYTHONHASHSEED="77", LC_ALL="C")
    assert len(first) == 4
    assert first == second


def write_font(path: Path, character: str) -> None:
    """A font of one glyph, a square for `character`."""
    pen = TTGlyphPen(None)
    for place, point in enumerate(((0, 0), (0, 700), (700, 700), (700, 0))):
        (pen.lineTo if place else pen.moveTo)(point)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "square"])
    font.setupCharacterMap({ord(character): "square"})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": pen.glyph()})
    font.setupHorizontalMetrics({".notdef": (1000, 0), "square": (1000, 0)})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Stray", "styleName": "Regular", "psName": "Stray-Regular"})
    font.setupOS2()
    font.setupPost()
    path.parent.mkdir(parents=True)
    font.save(path)


def test_another_font_on_a_machine_changes_no_document(library: LibraryFolder, tmp_path: Path) -> None:
    library.record(title="装置\U000f1234")
    homes = (tmp_path / "bare", tmp_path / "furnished")
    write_font(homes[1] / ".local/share/fonts/stray.ttf", "\U000f1234")
    made = [digests(library.base, home / "out", ["list"], HOME=str(home)) for home in homes]
    assert made[0] == made[1]
    (house := library.folder / "print/fonts").mkdir(parents=True)
    shutil.copyfile(homes[1] / ".local/share/fonts/stray.ttf", house / "stray.ttf")
    ours = digests(library.base, tmp_path / "house", ["list"])
    assert ours["2023-获奖名单.docx"] == made[0]["2023-获奖名单.docx"]
    assert ours["2023-获奖名单.pdf"] != made[0]["2023-获奖名单.pdf"]


def test_no_document_tells_of_the_machine_or_the_clock(hard: LibraryFolder) -> None:
    for name, content in all_of(press_of(hard.library(), 2023, hard.cache)).items():
        assert str(hard.base).encode() not in content
        if name.endswith(".pdf"):
            metadata = pypdf.PdfReader(BytesIO(content)).metadata
            assert metadata is not None
            assert str(metadata.creation_date)[:10] == "2023-02-27"
        else:
            properties = docx.Document(BytesIO(content)).core_properties
            assert {str(properties.created)[:10], str(properties.modified)[:10]} == {"2023-02-27"}
            with zipfile.ZipFile(BytesIO(content)) as parts:
                assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_day_that_was_given_stands_on_every_document_and_no_other_does(hard: LibraryFolder) -> None:
    library = hard.library()
    for name, content in all_of(press_of(library, 2023, hard.cache, day=date(2023, 9, 5))).items():
        words = (
            "".join(p.text for p in docx.Document(BytesIO(content)).paragraphs) if "docx" in name else text_of(content)
        )
        assert "2023年9月5日" in words
    (_, content), *_ = press_of(library, 2023, hard.cache).certificates()
    assert "试验协会年月日" in text_of(content)


def fonts_of(content: bytes) -> list[pypdf.generic.DictionaryObject]:
    """Each font that a page of the PDF uses."""
    found = {}
    for page in pypdf.PdfReader(BytesIO(content)).pages:
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            found[font.idnum if hasattr(font, "idnum") else id(font)] = font.get_object()
    return list(found.values())


def test_every_font_is_embedded(hard: LibraryFolder) -> None:
    for name, content in all_of(press_of(hard.library(), 2023, hard.cache)).items():
        if not name.endswith(".pdf"):
            continue
        fonts = fonts_of(content)
        assert len(fonts) >= 3
        for font in fonts:
            if font["/Subtype"] == "/Type3":
                continue  # its glyphs stand in the file: pictures of emoji
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]
            # Part of the families that the templates name, not what a machine happens to have.
            family = str(font["/BaseFont"]).split("+")[1]
            assert family.startswith(("NotoSerifCJKsc", "NotoSansCJKsc", "LXGWWenKai", "DejaVuSans", "NotoColorEmoji"))


def test_without_fonts_the_message_says_what_to_install(hard: LibraryFolder, tmp_path: Path) -> None:
    with pytest.raises(PrintError) as refused:
        find_fonts(hard.folder / "print", [str(tmp_path)])
    for words in (
        "Noto Serif CJK SC",
        "LXGW WenKai",
        "apt-get install fonts-lxgw-wenkai fonts-noto-cjk",
        "print/fonts",
    ):
        assert words in str(refused.value)


def test_fonts_of_the_house_stand_in_for_missing_ones_and_are_used(hard: LibraryFolder, tmp_path: Path) -> None:
    house = hard.folder / "print"
    (house / "fonts").mkdir(parents=True)
    for path in find_fonts(house).paths:
        if "LXGW" in path:
            shutil.copyfile(path, house / "fonts" / Path(path).name)
    system = tmp_path / "system"
    system.mkdir()
    for folder in FOLDERS:
        for path in Path(folder).expanduser().rglob("NotoS*CJK*.ttc"):
            shutil.copyfile(path, system / path.name)
    found = find_fonts(house, [str(system)])
    assert {"LXGWWenKai-Regular.ttf", "NotoSerifCJK-Regular.ttc"} <= {Path(path).name for path in found.paths}
    assert set(NEEDED) == {"Noto Serif CJK SC", "Noto Sans CJK SC", "LXGW WenKai"}


def test_a_character_that_no_font_has_is_named(library: LibraryFolder) -> None:
    library.record(title="装置\U000f1234与\U0001f389")
    press = press_of(library.library(), 2023, library.cache)
    list(press.award_list(["pdf"]))
    [warning] = press.warnings
    assert "U+F1234" in warning
    assert "U+1F389" not in warning
    assert "cases/print/fonts" in warning


def test_a_template_of_the_house_takes_the_place_of_the_packaged_one(run: Run, library: LibraryFolder) -> None:
    library.record()
    done = run("templates", "list.typ")
    assert done.output == "已写入 cases/print/list.typ\n"
    path = library.folder / "print/list.typ"
    assert path.read_bytes() == (TEMPLATES / "list.typ").read_bytes()
    assert "已经有了，没有动" in run("templates", "list.typ").output
    assert "没有模板 lists.typ；可用：certificate.typ" in run("templates", "lists.typ").output
    text = path.read_text("utf-8")
    assert "pad(right: 2em, data.signed)" in text
    text = text.replace("pad(right: 2em, data.signed)", 'pad(right: 2em)[本会办公室#image("seal.svg")]')
    path.write_text(text, "utf-8")
    (library.folder / "print/seal.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    done = run("list", "2023")
    assert done.exit_code == 0, done.output
    assert "本会办公室" in text_of((library.base / "print/2023-获奖名单.pdf").read_bytes())


@pytest.mark.parametrize(
    ("template", "place", "words"),
    [
        ("#let pages(data) = {\n  colour(red)\n}\n", "2:3", "没有名为「colour」的变量或函数"),
        ("#let pages(data) = {\n\n  (1 + 2\n}\n", "3:3", "括号没有配对"),
        ("#let pages(data) = [\n#data.titel]\n", "2:7", "没有「titel」这一项"),
        ('#let pages(data) = {\n  image("seal.png")\n}\n', "2:9", "没有这个文件"),
        ('#let pages(data) = {\n  image("/../../x.png")\n}\n', "2:9", "只能用印刷模板文件夹里的文件"),
        ('\n #import "@preview/cetz:0.3.0": *\n', "2:3", "模板引用了网上的包"),
    ],
)
def test_an_error_in_a_template_is_named_with_its_place(
    run: Run, library: LibraryFolder, template: str, place: str, words: str
) -> None:
    library.record()
    path = library.write("print/list.typ", template)
    done = run("list", "2023", "--format", "pdf")
    assert done.exit_code == 1
    assert f"cases/print/{path.name}:{place}: 错误：" in done.output
    assert words in done.output
    assert "template-error" in done.output
    assert not (library.base / "print").exists()


def test_the_code_of_a_template_error_is_known(library: LibraryFolder) -> None:
    library.record()
    library.write("print/common.typ", "#let page-of = 1\n")
    with pytest.raises(PrintError) as refused:
        list(press_of(library.library(), 2023, library.cache).award_list(["pdf"]))
    assert refused.value.lines[0].endswith("[" + "template-error" + "]")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("list", "2020"), 1, "方案中没有 2020 这一届；可用：2023、2024"),
        (("list", "2024"), 1, "2024 这一届还没有公布的项目"),
        (("yearbook", "2024"), 1, "2024 这一届还没有公布的项目"),
        (("certificates", "2023"), 1, "--site"),
        (("certificates", "2023", "2023-00011", "2023-00012", "--site", SITE), 1, "2023-00011 已经撤销，不能印"),
        (("certificates", "2023", "--site", "example.org"), 2, "--site 要写完整网址"),
        (("list", "今年"), 2, "届次"),
        (("list", "2023", "--date", "9月2日"), 2, "--date"),
        (("list", "2023", "--library", "nowhere"), 1, "没有方案文件"),
    ],
)
def test_wrong_use_is_answered_in_words(
    run: Run, library: LibraryFolder, arguments: tuple[str, ...], code: int, words: str
) -> None:
    write_hard(library)
    done = run(*arguments)
    assert (done.exit_code, words in done.output) == (code, True), done.output
    assert not (library.base / "print").exists()


def test_the_command_says_what_it_wrote_and_what_to_mind(run: Run, hard: LibraryFolder) -> None:
    done = run("certificates", "2023", "--separate", "--site", SITE, "--output", "out")
    assert done.exit_code == 0
    assert len(list((hard.base / "out/2023-证书").iterdir())) == 8
    assert "……共 8 个文件" in done.output
    assert "注意：未齐：公布5项，资料库收录8项" in done.output


def test_the_address_of_the_site_comes_from_the_configuration(run: Run, library: LibraryFolder) -> None:
    library.record()
    (library.base / "docs").mkdir()
    (library.base / "mkdocs.yml").write_text(f"site_name: x\nsite_url: {SITE}\nplugins: [caselib]\n", "utf-8")
    done = run("certificates", "2023")
    assert done.exit_code == 0, done.output
    content = (library.base / "print/2023-证书.pdf").read_bytes()
    links = [a.get_object() for a in pypdf.PdfReader(BytesIO(content)).pages[0]["/Annots"]]  # type: ignore[attr-defined]
    assert [str(link["/A"]["/URI"]) for link in links] == [f"{SITE}cases/2023-00001.html"]


def test_a_library_with_errors_is_not_printed(run: Run, library: LibraryFolder) -> None:
    library.record(award="丙等")
    done = run("list", "2023")
    assert done.exit_code == 1
    assert "cases/2023/2023-00001.yml:5:8: 错误：奖项「丙等」不在方案中" in done.output
    assert "资料库有错误，没有印" in done.output


def test_samples_say_on_every_page_that_they_are_made_up(sample: Press) -> None:
    note = sample.selection.scheme.words.said("示例：编造的数据，不是真实的{awarded}{item}")
    for name, content in [*sample.award_list(["pdf"]), *sample.certificates()]:
        assert all(squeezed(note) in page for page in pages_of(content)), name


def test_a_file_of_the_house_that_bears_the_name_of_a_made_one_is_left_alone(run: Run, library: LibraryFolder) -> None:
    library.record()
    mine = {"main.typ": "#broken(", "data.json": "{}", "made/codes/2023-00001.svg": "<svg/>"}
    paths = {library.write(f"print/{name}", text): text for name, text in mine.items()}
    assert run("certificates", "2023", "--site", SITE).exit_code == 0
    assert {path: path.read_text("utf-8") for path in paths} == paths
