import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import markup


@given(st.text(alphabet=" \n\t。，中文字a1.)#*_-\"'&<>`|~\\", max_size=60))
def test_the_short_way_for_plain_text_gives_what_the_parser_gives(text):
    whole = markup._MARKDOWN.parse(text)
    markup._shift_headings(whole)
    markup._align_by_attribute(whole)
    assert markup.render_markup(text) == markup._MARKDOWN.renderer.render(whole, markup._MARKDOWN.options, {})


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
