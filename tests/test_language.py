"""The interface in another language: every text is in the catalogue, and records stay as they are written."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from click.testing import CliRunner
from jinja2 import nodes
from lxml import html

from generator.cli import caselib
from generator.phrases import Phrases, names_in
from generator.scheme.words import Words
from generator.site_options import SiteOptions
from generator.theming.render import environment
from generator.theming.template_phrases import is_text
from tests.browser.shots import served
from tests.messages import HAN, SCRIPTS, THEME, all_texts
from tests.test_site import fill, tree

CATALOGUES = sorted(THEME.glob("locale/*/LC_MESSAGES/*.po"))
ENGLISH = SiteOptions(url="https://example.org/", language="en")


def messages_of(path):
    with path.open("rb") as stream:
        return {message.id: message for message in read_po(stream, abort_invalid=True) if message.id}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_holds_each_text_that_is_said_and_no_other(path) -> None:
    told = messages_of(path)
    assert set(told) == set(all_texts()), "python -m tests.messages brings it up to date"
    assert [text for text, message in told.items() if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translation_names_only_values_of_its_text_and_leaves_none_out(path) -> None:
    words = set(Words.model_fields)
    for text, message in messages_of(path).items():
        asked = set(names_in(text)) - words
        assert set(names_in(message.string)) == asked, text
        assert re.findall(r"</?\w+", text).count("<b") == re.findall(r"</?\w+", message.string).count("<b"), text


def test_no_template_holds_chinese_that_is_no_text() -> None:
    env = environment([THEME], Words().phrases())
    for path in sorted(THEME.rglob("*.html")):
        tree_of = env.parse(path.read_text("utf-8"))
        said = {id(call.args[0]) for call in tree_of.find_all(nodes.Call) if is_text(call)}
        for kind, name in ((nodes.TemplateData, "data"), (nodes.Const, "value")):
            for node in tree_of.find_all(kind):
                value = getattr(node, name)
                assert id(node) in said or not HAN.search(str(value)), f"{path.name}:{node.lineno}: {value}"


def test_no_script_of_a_page_holds_chinese_that_is_no_text() -> None:
    for path in (path for folder in SCRIPTS for path in folder.glob("*.js")):
        text = re.sub(r"/\*.*?\*/|//.*|^const TEXTS = .*", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        left = re.sub(r'say\("[^"]*"', "", text) if path.name != "say.js" else ""
        assert [line for line in left.splitlines() if HAN.search(line)] == [], path.name


@pytest.fixture
def english(library):
    """A site in English, of a scheme that says what its dimensions are called in English."""
    path = library.folder / "scheme.yml"
    text = path.read_text()
    for label, other in (("种类", "kind"), ("类别", "field"), ("地方", "place"), ("奖项", "award")):
        text = text.replace(f"    label: {label}\n", f"    label: {label}\n    labels: {{en: {other}}}\n")
    path.write_text(text)
    fill(library)
    return library.build(site=ENGLISH)


def shown(page: str) -> list[str]:
    """The Chinese texts of a page's body that no element says to be Chinese."""
    found = []
    body = html.document_fromstring(page).find("body")
    for element in body.iter():
        if not isinstance(element.tag, str) or element.tag in ("script",):
            continue
        for text, owner in ((element.text, element), (element.tail, element.getparent())):
            if text and HAN.search(text):
                language = next((a.get("lang") for a in [owner, *owner.iterancestors()] if a.get("lang")), "")
                if language != "zh-CN":
                    found.append(text.strip())
    return found


def test_an_english_site_says_which_of_its_texts_are_chinese(english) -> None:
    pages = sorted(english.rglob("*.html"))
    assert len(pages) > 20
    left = {}
    for path in pages:
        text = path.read_text("utf-8")
        assert '<html lang="en"' in text
        if found := shown(text):
            left[path.relative_to(english).as_posix()] = found
    assert left == {}


def test_records_and_data_of_an_english_site_are_those_of_the_chinese_one(library) -> None:
    fill(library)
    both = []
    for language in ("en", "zh-CN"):
        site = library.build(site=SiteOptions(url="https://example.org/", language=language))
        both.append({name: data for name, data in tree(site).items() if name.startswith(("api/", "data/"))})
    assert both[0] == both[1]
    assert any(name.endswith("2023-00001.json") for name in both[0])


def test_an_english_page_reads_well_for_a_screen_reader(english, browser) -> None:
    page = browser.new_page(bypass_csp=True)
    names = (
        "index.html",
        "cases/2023-00001.html",
        "places/index.html",
        "years/2023.html",
        "changes.html",
        "search.html?q=换针",
    )
    with served(english) as address:
        for name in names:
            page.goto(address + name)
            found = Axe().run(page).response["violations"]
            assert [rule["id"] for rule in found] == [], name
        page.wait_for_selector(".case-hits li, .case-rows li")
        assert "Found" in page.inner_text("main")
        assert "共" not in page.inner_text("main")
    page.close()


def test_a_text_with_an_unknown_name_shows_it_as_it_stands() -> None:
    phrases = Phrases({"case": "案例"}, "xx", {"检索{case}": "find {cases}"})
    assert phrases("检索{case}") == "find {cases}"


def test_a_value_is_escaped_and_never_read_as_a_text() -> None:
    env = environment([THEME], Words().phrases())
    page = env.from_string('{{ _("<b>{n}</b> {measure}", n=value) }}').render(value="<i>{case}</i>")
    assert page == "<b>&lt;i&gt;{case}&lt;/i&gt;</b> 项"


CONFIG = """\
site_name: 小库
site_url: https://example.org/
use_directory_urls: false
theme: {name: material}
plugins:
  - caselib:
"""


@pytest.fixture
def configured(library, run):
    """Function from lines of the plugin's options to what the build says."""

    def build(*lines: str):
        library.record()
        (library.base / "docs").mkdir(exist_ok=True)
        (library.base / "docs/about.md").write_text("# 关于\n\n一页说明。\n", "utf-8")
        options = "".join(f"      {line}\n" for line in lines)
        (library.base / "mkdocs.yml").write_text(CONFIG + options, "utf-8")
        return run("build")

    return build


@pytest.fixture
def run(library, monkeypatch):
    monkeypatch.chdir(library.base)
    return lambda *arguments: CliRunner().invoke(caselib, arguments)


def test_the_language_is_an_option_of_the_site(configured, library) -> None:
    edition = "editions: [{language: zh-CN, label: 中文, address: https://example.org/zh/}]"
    done = configured("language: en", edition)
    assert done.exit_code == 0, done.output
    case = (library.base / "site/cases/2023-00001.html").read_text("utf-8")
    assert "Published in" in case
    address = "https://example.org/zh/cases/2023-00001.html"
    assert f'<link rel="alternate" hreflang="zh-CN" href="{address}">' in case
    assert f'<a href="{address}" hreflang="zh-CN" lang="zh-CN">中文</a>' in case
    prose = (library.base / "site/about.html").read_text("utf-8")
    assert "Skip to content" in prose
    assert 'href="https://example.org/zh/about.html"' in prose


def test_a_build_in_another_language_makes_the_pages_anew(configured, library) -> None:
    assert configured("language: en").exit_code == 0
    assert configured("language: zh-CN").exit_code == 0
    assert "公布来源" in (library.base / "site/cases/2023-00001.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("language: fr", "没有「fr」这种文字；可用值：zh-CN、en"),
        ("editions: [{language: en, label: English, address: //x}]", "editions 第 1 项：网址「//x」写法不对"),
    ],
)
def test_a_wrong_language_or_edition_is_named(configured, caplog, line: str, told: str) -> None:
    done = configured(line)
    assert done.exit_code == 1
    assert told in caplog.text
    assert "Traceback" not in done.output


def test_two_editions_of_one_library_are_built_side_by_side(configured, library, run) -> None:
    assert configured().exit_code == 0
    second = "INHERIT: mkdocs.yml\nsite_dir: site-en\nplugins:\n  - caselib: {language: en}\n"
    (library.base / "mkdocs-en.yml").write_text(second, "utf-8")
    for _ in range(2):
        done = run("build", "--config", str(library.base / "mkdocs-en.yml"))
        assert done.exit_code == 0, done.output
        assert run("build").exit_code == 0
        for folder, told in (("site", "公布来源"), ("site-en", "Published in")):
            assert told in (library.base / folder / "cases/2023-00001.html").read_text("utf-8")
            for page in (library.base / folder).rglob("*.html"):
                for address in re.findall(r'(?:src|href)="([^"]*assets/[^"]+)"', page.read_text("utf-8")):
                    if not address.startswith("/"):
                        assert (page.parent / address).exists(), (page, address)
