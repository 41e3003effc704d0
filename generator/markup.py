"""Markdown of a record to HTML: CommonMark with tables, never raw HTML, headings below the page's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from generator.simple_markup import html_of, simple_blocks, words_of

# A section stands under a heading of level 2, so its own headings start at 3.
FIRST_HEADING = 3

# Every tag has the first, every picture and link one of the others.
_SUSPECT = re.compile(r"[<\[]")
_HTML = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|!--)")


def _parser() -> MarkdownIt:
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": False}).enable(["table", "strikethrough"]).disable("image")
    )


_MARKDOWN = _parser()


def _shift_headings(tokens: list[Token]) -> None:
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    if not levels:
        return
    shift = FIRST_HEADING - min(levels)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"


def _align_by_attribute(tokens: list[Token]) -> None:
    """Columns of tables are aligned by an attribute: the policy of the site allows no style in the text."""
    for token in tokens:
        style = token.attrs.pop("style", None)
        if isinstance(style, str):
            token.attrs["align"] = style.removeprefix("text-align:")


def parse_markup(text: str) -> list[Token]:
    """The tokens of a section, its headings moved below the page's own."""
    tokens = _MARKDOWN.parse(text)
    _shift_headings(tokens)
    return tokens


def render_markup(text: str) -> str:
    """HTML of a section: block elements only, safe to place in a page as it is."""
    blocks = simple_blocks(text)
    if blocks is not None:
        return html_of(blocks)
    tokens = parse_markup(text)
    _align_by_attribute(tokens)
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def unsafe_markup(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Position, code, message and what is allowed, for each raw HTML tag, picture and unsafe link in `text`."""
    if not _SUSPECT.search(text):
        return
    text = _without_code(text)
    for match in _HTML.finditer(text):
        yield (
            match.start(),
            "markdown-html",
            f"正文里不能写 HTML（{match.group()[:40]}）",
            "请用 Markdown；要显示尖括号请写成 \\<",
        )
    for match in re.finditer(r"!\[[^\]]*\]\(", text):
        yield match.start(), "markdown-link", "图片不写在正文里", "请放进 media，并写替代文字"
    for match in re.finditer(r"\]\(\s*<?([^)>\s]*)|^\[[^\]]+\]:\s*<?(\S+)", text, re.MULTILINE):
        target = match.group(1) or match.group(2) or ""
        if not re.match(r"https?://[^/\s]", target):
            yield (
                match.start(),
                "markdown-link",
                f"链接地址「{target[:60]}」不能用",
                "只能用以 http:// 或 https:// 开头的地址",
            )


def _without_code(text: str) -> str:
    """`text` with its code spans and fences blanked, positions kept."""
    return re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", lambda m: " " * len(m.group()), text, flags=re.DOTALL)


def plain_text(text: str) -> str:
    """The words of a section as a reader sees them, without marks; one line for each block."""
    blocks = simple_blocks(text)
    if blocks is not None:
        return words_of(blocks)
    lines: list[str] = []
    for token in _MARKDOWN.parse(text):
        if token.type == "inline":
            lines.append("".join(_words(token.children or [])))
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.strip())
    return "\n".join(lines)


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
