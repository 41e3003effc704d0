import io
import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
import segno
from PIL import Image, ImageFont

from generator import urls
from generator.pages import qr
from generator.pages.present import Presenter
from generator.scheme.brand import Brand
from generator.sharing import pictures as share_pictures
from generator.sharing.drawing import Paint, draw_cover
from generator.sharing.facts import Download, Sharing, ShownPicture, json_ld
from generator.sharing.pictures import SharePictures, Sheet, draw
from generator.sharing.text import NO_END, NO_START, Fit, FontFile, balanced, cut, find_fonts, fitted, pieces, wrap
from generator.site import BuildOptions, build_site
from generator.site_options import SiteOptions
from generator.store import StoreError
from generator.theming.covers import FIGURES, figure
from generator.views import Views

SITE = "https://case.example.org/lib/"


def sharing_of(library):
    scheme = library.library().scheme
    return Sharing(scheme, SITE, scheme.words.phrases())


PICTURE = ShownPicture("share/a.png", 1200, 630, "image/png", "一张“图”")
THEME = Path(__file__).parent.parent / "theme"

# The properties of schema.org (version 29) that a type may have here, and the ones without which it says nothing.
THING = {"@id", "@type", "name", "description", "url", "identifier", "image", "potentialAction"}
WORK = THING | {
    "abstract", "author", "award", "citation", "creativeWorkStatus", "creator", "dateModified", "datePublished",
    "inLanguage", "isAccessibleForFree", "isPartOf", "keywords", "license", "locationCreated", "publisher",
    "sourceOrganization", "temporalCoverage",
}  # fmt: skip
VOCABULARY = {
    "CreativeWork": (WORK, {"name"}),
    "CollectionPage": (WORK, {"name"}),
    "WebSite": (WORK, {"name"}),
    "Dataset": (WORK | {"distribution"}, {"name", "description"}),
    "DataDownload": (WORK | {"contentUrl", "encodingFormat"}, {"contentUrl", "encodingFormat"}),
    "Organization": (THING, {"name"}),
    "Person": (THING | {"jobTitle"}, {"name"}),
    "Place": (THING, {"name"}),
    "BreadcrumbList": (THING | {"itemListElement"}, {"itemListElement"}),
    "ListItem": (THING | {"item", "position"}, {"item", "position", "name"}),
    "SearchAction": (THING | {"target", "query-input"}, {"target", "query-input"}),
    "EntryPoint": (THING | {"urlTemplate"}, {"urlTemplate"}),
}


class Head(HTMLParser):
    """Elements of a head: (name, attributes), and the text of data blocks."""

    def __init__(self, text):
        super().__init__()
        self.found, self.blocks = [], []
        self.feed(str(text))
        self.meta = {a.get("property") or a.get("name"): a.get("content") for name, a in self.found if name == "meta"}

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.found and self.found[-1][0] == "script" and data.strip():
            self.blocks.append(json.loads(data))

    @property
    def nodes(self):
        """Top nodes of the data block by type."""
        [block] = self.blocks
        assert block["@context"] == "https://schema.org"
        for node in block["@graph"]:
            check(node)
        return {node["@type"]: node for node in block["@graph"]}


def check(node):
    """The node and those in it use the vocabulary; days are days, addresses are whole."""
    if set(node) == {"@id"}:
        return
    allowed, needed = VOCABULARY[node["@type"]]
    assert set(node) <= allowed, set(node) - allowed
    assert needed <= set(node)
    for name, value in node.items():
        assert value not in ("", [], None), name
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                check(part)
            elif name in ("datePublished", "dateModified"):
                date.fromisoformat(part)
            elif name in ("@id", "url", "item", "image", "contentUrl", "license", "urlTemplate"):
                assert re.match("https?://", part), part


def case_head(library, case_id="2023-00001", site=SITE, picture=PICTURE):
    found = library.library()
    presenter = Presenter.of(found, Views(found), found.scheme.words.phrases(), SiteOptions(url=site))
    return Head(
        Sharing(found.scheme, site, presenter.links.phrases).case(
            presenter.cases.context(found.load(case_id), None, None, []), picture
        )
    )


# facts


def test_a_case_says_what_its_page_shows(library):
    library.record(
        kind="发明",
        award="甲等",
        summary="写得更清楚",
        people="[{name: 张三, role: lead, post: 教师}, {name: 李四, role: member}]",
        text="changes:\n  - {date: 2024-03-02, what: 更正}\n  - {date: 2024-01-01, what: 更正}\n",
    )
    nodes = case_head(library).nodes
    case = nodes["CreativeWork"]
    assert case["name"] == "一种铅笔"
    assert case["url"] == f"{SITE}cases/2023-00001.html"
    assert case["award"] == "2023 试验活动 甲等"
    assert case["author"] == [
        {"@type": "Person", "name": "张三", "jobTitle": "教师"},
        {"@type": "Person", "name": "李四"},
    ]
    assert case["sourceOrganization"]["name"] == "东山县第一小学"
    assert case["locationCreated"] == {"@type": "Place", "name": "东山县"}
    assert case["keywords"] == ["发明"]
    assert (case["datePublished"], case["dateModified"]) == ("2023-09-02", "2024-03-02")
    assert case["citation"][0]["url"] == "https://example.org/2023-00001"
    assert case["image"] == [f"{SITE}share/a.png"]
    steps = nodes["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["item"]) for step in steps] == [
        (1, f"{SITE}index.html"), (2, f"{SITE}years/2023.html"), (3, f"{SITE}cases/2023-00001.html")
    ]  # fmt: skip


def test_what_was_not_published_is_not_said(library):
    library.record(unit="", people="", text="", sources="[{title: 公告}]")
    case = case_head(library).nodes["CreativeWork"]
    absent = {"author", "sourceOrganization", "datePublished", "dateModified", "abstract", "creativeWorkStatus"}
    assert not absent & set(case)


def test_of_a_revoked_case_only_the_place_of_its_page_is_said(library):
    library.record(status="revoked")
    head = case_head(library)
    assert set(head.nodes) == {"BreadcrumbList"}
    assert head.meta == {}
    assert "张三" not in json.dumps(head.blocks, ensure_ascii=False)


def test_without_a_public_address_nothing_is_absolute(library):
    library.record()
    head = case_head(library, site="")
    assert head.meta == {}
    assert set(head.nodes) == {"CreativeWork"}
    text = (
        json.dumps(head.blocks, ensure_ascii=False).replace("https://schema.org", "").replace("https://example.org", "")
    )
    assert "http" not in text and ".html" not in text


def test_no_text_of_a_record_can_end_the_data_block(library):
    title = "</script><script>alert(1)</script><!--&\u2028"
    library.record(title=json.dumps(title))
    head = case_head(library)
    assert [name for name, _ in head.found].count("script") == 1
    assert head.nodes["CreativeWork"]["name"] == title.strip()
    assert not re.search("[<>&\u2028]", re.sub("^<script[^>]*>|</script>$", "", str(json_ld([{"name": title}]))))


def test_the_picture_of_a_chat_is_whole_and_escaped(library):
    library.record()
    meta = case_head(library, picture=ShownPicture("share/a.png", 1200, 630, "image/png", '"><script>')).meta
    assert meta["og:image"] == f"{SITE}share/a.png"
    assert (meta["og:image:width"], meta["og:image:height"]) == ("1200", "630")
    assert meta["og:image:alt"] == '"><script>'
    assert meta["twitter:card"] == "summary_large_image"
    assert case_head(library, picture=None).meta == {}


def test_the_home_page_says_how_the_site_is_searched(library):
    library.record()
    head = Head(sharing_of(library).home(PICTURE))
    site = head.nodes["WebSite"]
    assert site["url"] == SITE
    name = site["potentialAction"]["query-input"].removeprefix("required name=")
    template = site["potentialAction"]["target"]["urlTemplate"]
    assert template == f"{SITE}{urls.SEARCH}?q={{{name}}}"
    assert 'name="q"' in (THEME / "search.html").read_text()


def test_the_data_are_a_dataset_with_downloads_and_licence(library):
    library.record()
    licence = "https://creativecommons.org/licenses/by/4.0/"
    sharing = sharing_of(library)
    data = Head(sharing.data("data.html", licence, [Download("全部案例", "data/cases.csv", "text/csv")])).nodes[
        "Dataset"
    ]
    assert data["license"] == licence
    assert data["temporalCoverage"] == "2023/2024"
    assert data["distribution"][0]["contentUrl"] == f"{SITE}data/cases.csv"


# text in pictures

PAINT = Paint.of(Brand())
FONTS = find_fonts()
needs_font = pytest.mark.skipif(FONTS is None, reason="no Chinese font on this machine")
TITLE_200 = (
    "一种基于多源传感与边缘计算的山区农村饮用水安全在线监测预警（含浊度、余氯、pH值）及远程自动投加消毒药剂联动控制系统"
    "在三百余座小型集中供水工程中的研制、改进与推广应用——兼论“最后一公里”管网末梢水质保障的低成本方法、操作规程和日常维护经验"
)
TITLE_200 = (TITLE_200 * 2)[:200]


def half_widths(text):
    """Width of a text as type of ten units: full for Chinese, half for Latin characters."""
    return sum(5 if character < "\u2000" else 10 for character in text)


@pytest.mark.parametrize("width", [20, 40, 70, 120, 300])
def test_lines_keep_the_rules_of_chinese_typesetting(width):
    text = "（甲）在“乙、丙”中，用6kV（或10 kV）的电源——见《说明》！丁：戊；己？"
    lines = wrap(text, half_widths, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert len(lines) > 1 or width == 300
    if width >= 70:
        for line in lines:
            assert half_widths(line) <= width
            assert line[0] not in NO_START
            assert line[-1] not in NO_END


def test_words_and_numbers_stay_whole_where_they_fit():
    assert pieces("用6kV电源(A型)") == ["用", "6kV", "电", "源", "(A", "型)"]
    assert wrap("改进的 supercalifragilistic 装置", half_widths, 110) == ["改进的", "supercalifragilistic", "装置"]


def test_a_word_longer_than_the_line_is_cut():
    lines = wrap("a" * 100, half_widths, 60)
    assert "".join(lines) == "a" * 100
    assert max(map(half_widths, lines)) <= 60


def test_no_last_line_of_one_character():
    assert wrap("一二三四五六七", half_widths, 60) == ["一二三四五六", "七"]
    assert balanced("一二三四五六七", half_widths, 60) == ["一二三四", "五六七"]


def test_one_line_ends_with_an_ellipsis_and_not_with_a_comma():
    assert cut("一二三", half_widths, 30) == "一二三"
    assert cut("一二，三四五", half_widths, 40) == "一二…"


@needs_font
@pytest.mark.parametrize(
    "text", ["笔", "一种多角度展示的英语教学用书写装置", TITLE_200[:120], TITLE_200, "W" * 200, "字" * 400]
)
def test_a_title_of_any_length_fits(text):
    fits = share_pictures._fits(300)
    fit, lines = fitted(text, FONTS.title, fits)
    assert fit.line * len(lines) <= max(fit.height, fit.line)
    assert all(FONTS.title.sized(fit.size).getlength(line) <= fit.width for line in lines)
    assert fit.size >= 34
    whole = "".join(lines) == text
    assert whole != lines[-1].endswith("…")
    # Two hundred Chinese characters are shown whole; two hundred letters W are wider.
    assert whole == (len(text) <= 200 and text[0] != "W")


@needs_font
def test_the_last_size_cuts_what_does_not_fit():
    _, lines = fitted("字" * 50, FONTS.title, [Fit(20, 26, 100, 60)])
    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_a_machine_without_chinese_fonts_has_none(tmp_path):
    (tmp_path / "Some-Latin.ttf").write_bytes(b"")
    assert find_fonts([str(tmp_path), str(tmp_path / "missing")]) is None


@needs_font
def test_one_chinese_font_serves_for_both(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "NotoSansCJK-Regular.ttc").symlink_to(FONTS.text.path)
    found = find_fonts([str(tmp_path)])
    assert found.title == found.text
    assert ImageFont.truetype(found.text.path, 10, found.text.face).getname()[0].endswith("SC")


@needs_font
def test_another_font_file_has_another_digest(tmp_path):
    other = tmp_path / "NotoSansCJK-Regular.ttc"
    data = bytearray(Path(FONTS.text.path).read_bytes()[:100_000])
    other.write_bytes(data)
    first = type(FONTS)(FontFile(str(other)), FontFile(str(other))).digest()
    data[200] ^= 1
    other.write_bytes(data)
    assert type(FONTS)(FontFile(str(other)), FontFile(str(other))).digest() != first


# drawings


@needs_font
@pytest.mark.parametrize("mark", FIGURES)
def test_every_cover_can_be_drawn(mark):
    images = [draw_cover(figure(f"2023-{number:05d}", mark), FONTS.text, PAINT) for number in range(6)]
    assert len({image.tobytes() for image in images}) == 6
    for image in images:
        colours = {colour for count, colour in image.getcolors(100_000) if count > 50}
        assert {(246, 248, 245), (210, 227, 216), (18, 32, 26)} <= colours


def test_the_colours_are_those_of_the_theme():
    tokens = (THEME / "assets/css/tokens.css").read_text()
    for name, value in (
        ("wall", "wall"), ("sheet", "sheet"), ("dado", "dado"), ("dado-2", "tone"), ("ink", "ink"), ("ink-2", "ink_2"),
        ("edge", "edge"), ("lead", "lead"), ("on-lead", "on_lead"),
    ):  # fmt: skip
        assert re.search(rf"--case-{name}: *{getattr(PAINT, value)};", tokens), name


def shown(sheet):
    return Image.open(io.BytesIO(draw(sheet, FONTS, PAINT)))


@needs_font
def test_a_picture_has_the_size_that_chats_ask_for_and_is_light():
    for title in ("笔", TITLE_200):
        sheet = Sheet(
            title, "小库", "2023", "东山县第一小学" * 20, "甲等", 0, svg=figure("2023-00001", "cat-machinery")
        )
        assert shown(sheet).size == (1200, 630)
        assert shown(sheet).format == "PNG"
        assert len(draw(sheet, FONTS, PAINT)) < 120_000
        assert draw(sheet, FONTS, PAINT) == draw(sheet, FONTS, PAINT)


@needs_font
def test_title_unit_and_award_are_in_the_picture():
    plain = Sheet("一种铅笔", "小库", "2023", "第一小学", "甲等", 0)
    for name, value in (("title", "二种铅笔"), ("unit", "第二小学"), ("award", "乙等"), ("rank", 1), ("site", "大库")):
        other = Sheet(**({f: getattr(plain, f) for f in Sheet.__dataclass_fields__} | {name: value}))
        assert draw(other, FONTS, PAINT) != draw(plain, FONTS, PAINT), name


@needs_font
def test_a_picture_is_in_the_colours_of_the_organiser():
    own = Paint.of(Brand.model_validate({"light": {"lead": "#0B5A8A", "wall": "#FFFDF5", "dado": "#D8E6EF"}}))
    sheet = Sheet("一种铅笔", "小库", "2023", "第一小学", "甲等", 0, svg=figure("2023-00001", "cat-machinery"))
    found = {}
    for paint in (PAINT, own):
        image = Image.open(io.BytesIO(draw(sheet, FONTS, paint))).convert("RGB")
        found[paint] = {f"#{r:02X}{g:02X}{b:02X}" for _, (r, g, b) in image.getcolors(1 << 20)}
    for name in ("wall", "dado", "lead"):
        assert getattr(own, name) in found[own] and getattr(PAINT, name) not in found[own], name
        assert getattr(PAINT, name) in found[PAINT], name


# which pictures there are


def share(library, limit=2000):
    found = library.library()
    return SharePictures(found, Views(found), library.cache, limit)


def records(library, count):
    for number in range(1, count + 1):
        library.record(f"2023-{number:05d}", award="甲等" if number == count else "乙等")


@needs_font
def test_up_to_the_limit_each_case_has_its_own_picture(library):
    records(library, 3)
    found = share(library, limit=3)
    own = {found.of_case(entry).url for entry in found.library.entries}
    assert len(own) == 3
    assert own <= {file.url for file in found.files()}


@needs_font
def test_above_the_limit_only_the_best_have_one_and_the_rest_the_one_of_their_place(library, monkeypatch):
    monkeypatch.setattr(share_pictures, "BEST", 1)
    records(library, 3)
    found = share(library, limit=2)
    pictures = [found.of_case(entry) for entry in found.library.entries]
    assert pictures[0] == pictures[1] == found.of_page("places/dongshan.html")
    assert pictures[2].url.startswith("share/2023-00003-")
    assert pictures[0].alt.startswith("东山县")
    assert not any("unit" in file.url for file in found.files())
    assert any("unit" in file.url for file in share(library, limit=3).files())


@needs_font
def test_a_new_case_changes_no_picture_of_another_page(library):
    records(library, 2)
    before = {file.url: file.key for file in share(library).files()}
    library.record("2023-00003")
    after = {file.url: file.key for file in share(library).files()}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1


@needs_font
def test_a_picture_with_other_words_has_another_address(library):
    library.record()
    before = share(library)
    library.record(title="一种钢笔")
    after = share(library)
    assert before.of_case(before.library.entries[0]).url != after.of_case(after.library.entries[0]).url


def test_without_a_font_there_are_no_pictures(library, monkeypatch):
    monkeypatch.setattr(share_pictures, "find_fonts", lambda: None)
    library.record()
    found = share(library)
    assert list(found.files()) == []
    assert found.of_case(found.library.entries[0]) is None
    assert found.of_page(urls.HOME) is None


@needs_font
def test_a_picture_is_drawn_once(library, monkeypatch):
    library.record()
    first = share(library)
    contents = [first.content(file) for file in first.files()]
    monkeypatch.setattr(share_pictures, "draw", None)
    again = share(library)
    assert [again.content(file) for file in again.files()] == contents


# QR codes


def modules(svg):
    """The dark modules of a code, from its path."""
    size = int(re.search(r'viewBox="-4 -4 (\d+)', svg)[1]) - 8
    rows = [[0] * size for _ in range(size)]
    x = y = 0
    for command, numbers in re.findall("([Mhm])([^Mhm]*)", re.search(r' d="([^"]+)"', svg)[1]):
        values = [float(number) for number in numbers.split()]
        if command == "h":
            for place in range(x, x + int(values[0])):
                rows[y][place] = 1
            x += int(values[0])
        elif command == "m":
            x, y = x + int(values[0]), y + int(values[1])
    return rows


@pytest.mark.parametrize(
    "address", [f"{SITE}cases/2023-00142.html", "http://a.cn/x", f"{SITE}说明.html", "https://a.cn/" + "9" * 60]
)
def test_a_code_is_the_one_that_segno_makes(address):
    svg = qr.qr_code(address)
    plain = bytes(48 if 48 <= byte <= 57 else byte for byte in address.encode())
    base = segno.make(plain, mode="byte", micro=False, error="l")
    code = segno.make(address.encode(), mode="byte", micro=False, error=base.error, boost_error=False, mask=base.mask)
    assert modules(svg) == [[module & 1 for module in row] for row in code.matrix]


def test_codes_of_different_addresses_differ():
    assert len({qr.qr_code(f"{SITE}cases/2023-{number:05d}.html") for number in range(200)}) == 200


def test_a_code_has_no_style_and_says_nothing_to_a_screen_reader():
    svg = qr.qr_code(SITE)
    assert "style" not in svg
    assert 'aria-hidden="true"' in svg
    assert len(svg) < 2500


def test_an_address_that_no_code_holds_has_none():
    assert qr.qr_code("https://a.cn/" + "a" * 4000) == ""


# the site


def built(library, site=SITE):
    options = BuildOptions(library.base / "site", [THEME], library.cache, SiteOptions(url=site))
    build_site(library.library(), options)
    return library.base / "site"


@needs_font
def test_the_site_has_pictures_sitemap_codes_and_facts(library):
    path = library.folder / "2023/2023-00001/figure.png"
    path.parent.mkdir(parents=True)
    Image.new("RGB", (600, 400), "white").save(path)
    library.record(text="media:\n  - {file: 2023-00001/figure.png, alt: 白纸}\n")
    site = built(library)
    page = (site / "cases/2023-00001.html").read_text()
    head = Head(page.partition("</head>")[0])
    assert set(head.nodes) == {"CreativeWork", "BreadcrumbList"}
    for address in [head.meta["og:image"], *head.nodes["CreativeWork"]["image"]]:
        Image.open(site / address.removeprefix(SITE)).verify()
    for srcset in re.findall('srcset="([^"]+)"', page):
        for entry in srcset.split(", "):
            assert (site / "cases" / entry.split()[0]).resolve().is_file()
    assert str(qr.qr_code(f"{SITE}cases/2023-00001.html")) in page
    assert f"<loc>{SITE}cases/2023-00001.html</loc>" in (site / "sitemap.xml").read_text()
    assert (site / "robots.txt").is_file()
    assert page.count('og:image"') == page.count('rel="canonical"') == 1


@needs_font
def test_pictures_in_other_colours_have_other_addresses(library):
    library.record()
    site = built(library)
    before = {path.name for path in (site / "share").iterdir()}
    path = library.folder / "scheme.yml"
    path.write_text(f'{path.read_text()}brand: {{dark: {{lead: "#FFA080"}}}}\n')
    assert {path.name for path in (built(library) / "share").iterdir()} == before
    path.write_text(path.read_text().replace('{dark: {lead: "#FFA080"}}', '{light: {lead: "#0B5A8A"}}'))
    after = {path.name for path in (built(library) / "share").iterdir()}
    assert len(after) == len(before) and not after & before
    page = (site / "cases/2023-00001.html").read_text()
    assert re.search(r'og:image" content="[^"]*share/([^"]+)"', page)[1] in after


def test_a_site_without_a_public_address_has_none_of_them(library):
    library.record()
    site = built(library, "")
    page = (site / "cases/2023-00001.html").read_text()
    assert "og:image" not in page and "case-qr" not in page
    assert not any((site / name).exists() for name in ("sitemap.xml", "robots.txt", "share"))


def test_a_picture_that_cannot_be_decoded_stops_the_build_and_names_it(library, monkeypatch):
    path = library.folder / "2023/2023-00001/figure.png"
    path.parent.mkdir(parents=True)
    Image.effect_noise((600, 400), 60).save(path)
    library.record()
    site = built(library, "")
    before = (site / "index.html").read_bytes()

    def damaged(image):
        raise OSError("broken data stream")

    monkeypatch.setattr("generator.media.copies._workable", damaged)
    library.record(text="media:\n  - {file: 2023-00001/figure.png, alt: 灰纸}\n")
    with pytest.raises(StoreError, match=r"figure\.png"):
        built(library, "")
    assert (site / "index.html").read_bytes() == before
