"""Colours, logo and footer of an organiser are data; what cannot be read or is not safe is refused."""

from __future__ import annotations

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from generator.scheme.brand import DARK, LIGHT, PAIRS, contrast
from generator.shell import Shell
from tests.browser.shots import served
from tests.conftest import THEME
from tests.test_site import fill

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="#0B5A8A"/></svg>'
BRAND = """\
brand:
  light: {lead: "#0B5A8A", deep: "#12324A", dado: "#D8E6EF"}
  logo: brand/logo.svg
  footer: [{label: 备案号, text: 试备 1 号, address: "https://example.org/icp"}]
"""


@pytest.fixture
def branded(library):
    """Function that writes a `brand` part and a logo into the library."""

    def write(text: str = BRAND, logo: str | bytes = LOGO, name: str = "brand/logo.svg"):
        path = library.folder / "scheme.yml"
        path.write_text(path.read_text() + text)
        library.write(name, logo)
        return library

    return write


def test_colours_and_logo_of_the_scheme_stand_in_every_page(branded, browser) -> None:
    library = branded()
    fill(library)
    site = library.build()
    css = next(site.glob("assets/*/css/brand.css")).read_text("utf-8")
    assert "--case-lead: #0B5A8A;" in css
    assert f"--case-lead: {DARK['lead']};" in css  # dark stays as it was
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "css/brand.css" in text
        assert "img/logo.svg" in text
        assert "试备 1 号" in text
        assert "style=" not in text
    with served(site) as address:
        for mode in ("light", "dark"):
            page = browser.new_page(bypass_csp=True, color_scheme=mode)
            page.goto(f"{address}cases/2023-00001.html")
            wanted = {"light": "#12324A", "dark": DARK["deep"]}[mode]
            shown = page.evaluate("getComputedStyle(document.querySelector('.case-foot')).backgroundColor")
            assert [int(part) for part in re.findall(r"\d+", shown)] == [int(wanted[n : n + 2], 16) for n in (1, 3, 5)]
            assert page.evaluate("document.querySelector('.case-name img').naturalWidth") > 0
            assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
            page.close()


def test_a_library_without_a_brand_has_the_colours_of_the_theme(library) -> None:
    fill(library)
    site = library.build()
    assert not list(site.glob("assets/*/css/brand.css"))
    css = (THEME / "assets/css/tokens.css").read_text("utf-8")
    light, dark = re.findall(r"\{([^{}]*--case-wall:[^{}]*)\}", css)[:2]
    for told, colours in ((light, LIGHT), (dark, DARK)):
        found = dict(re.findall(r"--case-([\w-]+): (#[0-9A-F]{6})", told))
        assert {role.replace("_", "-"): value for role, value in colours.items()} == found


def test_the_colours_of_the_theme_pass_the_check_themselves() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    for colours in (LIGHT, DARK):
        assert [(a, b) for a, b, least in PAIRS if contrast(colours[a], colours[b]) < least] == []


@pytest.mark.parametrize(
    ("brand", "code", "told", "line"),
    [
        ('  light: {ink: "#999999"}', "brand-contrast", "浅色的文字 #999999 在底色 #F6F8F5 上对比度只有 2.7", 2),
        ('  dark: {lead: "#402010"}', "brand-contrast", "深色的强调色 #402010", 2),
        ('  light:\n    deep: "#EEEEEE"', "brand-contrast", "页脚的文字", 3),
        ('  light: {ink: "black"}', "field-format", "ink", 2),
        ('  light: {link: "#000000"}', "field-unknown", "link", 2),
        ("  logo: brand/none.svg", "brand-logo", "没有这个文件", 2),
        ("  logo: ../logo.svg", "brand-logo", "不在资料库的 brand 文件夹里", 2),
        ("  logo: /etc/passwd", "brand-logo", "不在资料库的 brand 文件夹里", 2),
        ("  footer: [{label: 备案号, text: 一, address: 'javascript:x'}]", "field-format", "网址", 2),
    ],
)
def test_what_is_wrong_with_a_brand_is_named_with_its_place(
    branded, brand: str, code: str, told: str, line: int
) -> None:
    library = branded(f"brand:\n{brand}\n")
    found = library.read()[1]
    assert {d.code for d in found} == {code}, found
    assert any(told in d.text() for d in found), found
    before = (library.folder / "scheme.yml").read_text().index("brand:")
    assert found[0].line == (library.folder / "scheme.yml").read_text()[:before].count("\n") + line


def png(width: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, 4)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("logo", "told"),
    [
        (LOGO.replace("<circle", "<script>1</script><circle"), "里有 <script>"),
        (LOGO.replace("<circle", '<circle onload="x()"'), "里有脚本（onload）"),
        (LOGO.replace("<circle", "<foreignObject/><circle"), "里有 <foreignObject>"),
        (LOGO.replace("<circle", '<image href="https://example.org/a.png"/><circle'), "里有 <image>"),
        (LOGO.replace("<circle", '<use href="https://example.org/a.svg#b"/><circle'), "引用了别处的内容"),
        (LOGO.replace("#0B5A8A", "url(https://example.org/a)"), "引用了别处的内容"),
        (LOGO.replace("<circle", '<a href="javascript:x()"><circle/></a><circle'), "里有 <a>"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + LOGO, "DOCTYPE"),
        ('<?xml-stylesheet href="a.css"?>' + LOGO, "处理指令"),
        (LOGO.replace("<circle", "<?x y?><circle"), "处理指令"),
        (LOGO[:-10], "不是完整的 SVG"),
        ("<html/>", "不是 SVG"),
        (LOGO.replace("<circle", f"<!--{'x' * 200_000}--><circle"), "最多 200 kB"),
    ],
)
def test_a_drawing_that_could_run_or_fetch_is_refused(branded, logo: str, told: str) -> None:
    found = branded("brand: {logo: brand/logo.svg}\n", logo).read()[1]
    assert [(d.code, told in d.message) for d in found] == [("brand-logo", True)], found


@pytest.mark.parametrize(("logo", "told"), [(png(20), ""), (png(2400), "2400×4 像素"), (png(20)[:-36], "完整的 PNG")])
def test_a_picture_is_taken_when_it_is_whole_and_small(branded, logo: bytes, told: str) -> None:
    found = branded("brand: {logo: brand/logo.png}\n", logo, "brand/logo.png").read()[1]
    assert [told in d.message for d in found] == ([True] if told else [])


def test_another_logo_is_a_change_of_every_page(branded, library) -> None:
    branded()
    library.record()
    (library.base / "docs").mkdir()
    (library.base / "docs/about.md").write_text("# 关于\n\n说明。\n")
    (library.base / "mkdocs.yml").write_text(
        "site_name: 小库\nuse_directory_urls: false\ntheme: {name: material}\nplugins: [caselib]\n"
    )
    shell = library.base / "mkdocs.yml"
    Shell(shell).build()
    place = r"assets/[0-9a-f]{12}/img/logo.svg"
    before = re.findall(place, (library.base / "site/about.html").read_text("utf-8"))
    library.write("brand/logo.svg", LOGO.replace('r="3"', 'r="2"'))
    Shell(shell).build()
    assert before != re.findall(place, (library.base / "site/about.html").read_text("utf-8"))
    for page in (library.base / "site").rglob("*.html"):
        for address in set(re.findall(place, page.read_text("utf-8"))):
            assert (library.base / "site" / address).exists(), page
