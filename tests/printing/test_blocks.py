"""Markdown as blocks for the typesetter."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.markup import plain_text
from generator.printing.blocks import blocks_of


def words_of(blocks: object) -> str:
    """All words of blocks, in their order."""
    if isinstance(blocks, str):
        return blocks
    if isinstance(blocks, list):
        return "".join(words_of(block) for block in blocks)
    assert isinstance(blocks, dict)
    return str(blocks.get("text", "")) + words_of(blocks.get("c", [])) + words_of(blocks.get("b", []))


def test_a_line_break_between_chinese_characters_is_nothing_and_a_space_elsewhere() -> None:
    assert blocks_of("第一行\n第二行") == [{"t": "paragraph", "c": ["第一行第二行"]}]
    assert blocks_of("one\ntwo") == [{"t": "paragraph", "c": ["one two"]}]
    assert blocks_of("行\n*强*") == [{"t": "paragraph", "c": ["行", {"t": "em", "c": ["强"]}]}]


def test_blocks_have_their_parts() -> None:
    assert blocks_of("- 甲\n- 乙") == [
        {
            "t": "list",
            "b": [
                {"t": "item", "b": [{"t": "paragraph", "c": ["甲"]}]},
                {"t": "item", "b": [{"t": "paragraph", "c": ["乙"]}]},
            ],
        }
    ]
    assert blocks_of("3. 甲")[0]["start"] == 3
    assert blocks_of("# 题")[0] == {"t": "heading", "level": 3, "c": ["题"]}
    [table] = blocks_of("| 项 | 数 |\n|:--|--:|\n| 甲 | 1 |")
    cells = [(cell["head"], cell["align"], cell["c"]) for row in table["b"] for cell in row["b"]]
    assert cells == [(True, "left", ["项"]), (True, "right", ["数"]), (False, "left", ["甲"]), (False, "right", ["1"])]
    assert blocks_of("> 引")[0]["t"] == "quote"
    assert blocks_of("[甲](https://example.org/)")[0]["c"] == [{"t": "link", "c": ["甲"], "to": "https://example.org/"}]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="甲乙 a1#*_`>-+|[]()!\\~\n.:<&$@=", max_size=60))
def test_blocks_have_all_the_words_of_a_text_and_no_other(text: str) -> None:
    def bare(words: str) -> str:
        return "".join(words.split())

    assert bare(words_of(blocks_of(text))) == bare(plain_text(text))
