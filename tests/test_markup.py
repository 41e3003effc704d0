import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import markup
from generator.simple_markup import simple_blocks

# Lines as people write them, and what makes them something else.
LINES = st.sampled_from(
    ["", "", "文字，第一行。", "- 甲", "- 乙", "+ 丙", "1. 一", "2. 二", "12) 十二", "1.5 米", "-5 号"]
)
PIECES = st.sampled_from(
    [
        "１. 全",
        "1234567890. ",
        " ",
        "**重**",
        "**",
        "* ",
        "|",
        "---",
        "# ",
        "==",
        "> ",
        "3~5",
        "~~",
        "<b>",
        "&lt;",
        '"',
        "- ",
        "1. ",
    ]
)
TEXTS = st.text(alphabet=" \n\t。，中文字a1.)#*_-+=:\"'&<>`|~\\\u3000\r", max_size=60) | st.lists(
    LINES | PIECES | st.tuples(LINES, PIECES).map("".join) | st.tuples(PIECES, LINES).map("".join), max_size=8
).map("\n".join)


def by_the_parser(function, text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markup, "simple_blocks", lambda _: None)
        return function(text)


@given(TEXTS)
@settings(max_examples=1000, deadline=None)
def test_the_short_way_for_simple_text_gives_what_the_parser_gives(text):
    assert markup.render_markup(text) == by_the_parser(markup.render_markup, text)
    assert markup.plain_text(text) == by_the_parser(markup.plain_text, text)


@pytest.mark.parametrize(
    "text", ["一段\n二行\n\n三段", "话：\n- **甲**乙\n- 丙", "3. 三\n4. 四", "A-3 型，20~30 分钟，3|5！"]
)
def test_what_most_records_write_does_not_need_the_parser(text):
    assert simple_blocks(text) is not None


def test_headings_start_below_those_of_the_page():
    assert markup.render_markup("# 甲\n\n### 乙\n") == "<h3>甲</h3>\n<h5>乙</h5>\n"


def test_tables_are_aligned_without_a_style():
    html = markup.render_markup("| 甲 | 乙 |\n|---|---:|\n| 1 | 2 |\n")
    assert '<th align="right">乙</th>' in html
    assert "style" not in html


def test_raw_html_is_text_and_unsafe_links_are_no_links():
    html = markup.render_markup("<script>alert(1)</script> [点](javascript:alert(1)) <b onclick=x>")
    assert "<script" not in html
    assert "<b" not in html
    assert "href" not in html


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("前 <b>粗</b>", "markdown-html"),
        ("<!-- x", "markdown-html"),
        ("<script src=x>", "markdown-html"),
        ("[点](javascript:alert)", "markdown-link"),
        ("[点](data:text/html,x)", "markdown-link"),
        ("[点](../x.html)", "markdown-link"),
        ("[x]: file:///etc/passwd", "markdown-link"),
        ("![图](https://example.org/a.png)", "markdown-link"),
    ],
)
def test_unsafe_markup_is_reported(text, code):
    assert code in [found for _, found, _, _ in markup.unsafe_markup(text)]


@pytest.mark.parametrize("text", ["3 < 5 且 7 > 2", "`<b>` 是代码", "[点](https://example.org/x)", "A<B、C", "**重**"])
def test_ordinary_text_is_not(text):
    assert list(markup.unsafe_markup(text)) == []


def test_plain_text_is_what_a_reader_sees():
    assert markup.plain_text("# 题\n\n- **甲**乙\n- `丙`\n\n一行\n二行") == "题\n甲乙\n丙\n一行\n二行"
