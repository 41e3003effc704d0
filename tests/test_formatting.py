"""`caselib fmt`: one style, the same values, every comment; twice is once."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.checking.raw import parse_yaml
from generator.cli import caselib
from generator.records.formatting import format_record, key_order, record_text
from generator.scheme.reading import read_scheme

SCHEME, _ = read_scheme(Path(__file__).parents[1] / "cases/scheme.yml", "scheme.yml")
assert SCHEME is not None


def tidy(text: str) -> str:
    made, found = format_record(text, "a.yml", SCHEME)
    assert not found
    return made


UNTIDY = """\
# 文件头
status: announced # 已核对
title: '一种  装置'
people: # 三人
    - name: 张三
      role: lead # 班长
    # 第二人
    - {post: "钳工", role: member, name: 李四}
year: 2023
id: 2023-00001
body:
  social: "一行"
  # 背景来自申报表
  background: >-
    折叠的
    一段
sources: [{address: 'https://example.org/a', title: "公告: 一"}]
district: 石柱土家族自治县
# 文末
"""

TIDY = """\
# 文件头
id: 2023-00001
title: 一种  装置
year: 2023
district: 石柱县
people:  # 三人
  - name: 张三
    role: lead  # 班长
  # 第二人
  - {name: 李四, role: member, post: 钳工}
body:
  # 背景来自申报表
  background: |-
    折叠的 一段
  social: |-
    一行
sources:
  - {title: "公告: 一", address: "https://example.org/a"}
status: announced  # 已核对
# 文末
"""


def test_keys_blocks_and_comments_take_their_places():
    assert tidy(UNTIDY) == TIDY
    assert tidy(TIDY) == TIDY


def test_the_library_is_in_this_style():
    for path in sorted((Path(__file__).parents[1] / "cases").glob("20*/*.yml")):
        assert tidy(path.read_text()) == path.read_text(), path.name


def test_long_chinese_lines_are_not_wrapped():
    text = f"summary: {'很长的一句话，' * 60}\n"
    assert tidy(text) == text


# Texts that YAML could take for something else, among all others.
words = st.one_of(
    st.sampled_from(
        ["", "~", "null", "no", "1:20", "- a", "a: b", "a #b", "#a", "'", '"', "*a", "&a", "!a", "|", ">", "%", "@"]
    ),
    st.sampled_from(
        ["---", "...", "{a", "[a", "a,b", "a]", "https://a.example/b?c=1#d", "a:", "? a", "<<", "=", "`a", "\\n"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
texts = st.one_of(words, st.lists(words, max_size=4).map("\n".join), words.map(lambda w: f"  {w}\n\n"))
keys = st.one_of(
    st.sampled_from([*key_order(SCHEME), "background", "name", "role", "file", "未知"]), words.filter(bool)
)
values = st.recursive(
    st.one_of(st.none(), texts),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(keys, below, max_size=3)),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(keys, values, min_size=1, max_size=6))
def test_no_value_ever_changes_and_twice_is_once(value):
    text = record_text(value, SCHEME)
    raw, found = parse_yaml(text, "a.yml")
    assert raw is not None, found
    assert raw.value == value
    again, _ = format_record(text, "a.yml", SCHEME, mend_aliases=False)
    assert again == text


# Records as people write them: any style of scalar, comments and blank lines anywhere a line can end.
scalars = st.sampled_from(
    [
        "plain",
        "'single'",
        '"dou\\nble"',
        "|\n    literal\n\n    # no comment\n",
        ">-\n    folded\n    more\n",
        "",
        "~",
        "a#b",
    ]
)
notes = st.sampled_from(["", "  # 注", "   #注 # 二", "\t# 表"])
gaps = st.sampled_from(["", "\n", "# 整行\n", "  # 缩进\n\n", "# 一\n# 二\n"])


@st.composite
def written(draw):
    lines = [draw(gaps)]
    for key in draw(st.permutations(["id", "title", "people", "body", "zusatz", "media"])):
        if key == "people":
            form = draw(st.sampled_from(["flow", "block", "dash"]))
            note = draw(notes)
            if form == "flow":
                lines.append(f"people: [{{name: a, role: lead}}, {{role: member, name: b}}]{note}\n")
            elif form == "block":
                lines.append(
                    f"people:{note}\n{draw(gaps)}  - name: a{draw(notes)}\n{draw(gaps)}    role: lead{draw(notes)}\n"
                )
            else:
                lines.append(
                    f"people:\n-{note}\n  role: lead\n{draw(gaps)}  name: a\n- {{name: b, role: member}}{draw(notes)}\n"
                )
        elif key in ("body", "media"):
            inner = "social" if key == "body" else "alt"
            lines.append(f"{key}:{draw(notes)}\n{draw(gaps)}  {inner}: x{draw(notes)}\n{draw(gaps)}  background: 'y'\n")
        else:
            value = draw(scalars)
            note = "" if "\n" in value else draw(notes)
            lines.append(f"{key}: {value.rstrip(chr(10))}{note}\n")
        lines.append(draw(gaps))
    return "".join(lines)


def comments_in(text: str) -> list[str]:
    """The comments of what `written` makes: its values hold no other such sign."""
    return sorted(c.strip() for c in re.findall(r"(?:^|(?<=[ \t]))#(?! no comment)[^\n]*", text, re.MULTILINE))


@settings(max_examples=400, deadline=None)
@given(written())
def test_comments_and_values_stay_whatever_the_style(text):
    before, found = parse_yaml(text, "a.yml")
    if before is None or found:
        return
    made, _ = format_record(text, "a.yml", SCHEME)
    after, _ = parse_yaml(made, "a.yml")
    assert after is not None
    assert after.value == before.value
    assert comments_in(made) == comments_in(text)
    assert format_record(made, "a.yml", SCHEME)[0] == made


# The command.


@pytest.fixture
def fmt(library, monkeypatch):
    monkeypatch.chdir(library.base)
    library.record()
    CliRunner().invoke(caselib, ["fmt"])
    return lambda *arguments: CliRunner().invoke(caselib, ["fmt", *arguments])


def test_check_names_the_file_and_changes_nothing(library, fmt):
    path = library.record("2023-00002", place="西山自治县")
    before = path.read_bytes()
    result = fmt("--check")
    assert result.exit_code == 1
    assert "cases/2023/2023-00002.yml 不合规范：地方「西山自治县」改为「西山县」" in result.output
    assert path.read_bytes() == before
    assert fmt().exit_code == 0
    assert fmt("--check").exit_code == 0
    assert "place: 西山县" in path.read_text()


@pytest.mark.parametrize(
    ("encode", "words"),
    [
        (lambda text: b"\xef\xbb\xbf" + text.encode(), "去掉开头的 BOM"),
        (lambda text: text.encode("gb18030"), "由 GB 18030 转为 UTF-8"),
        (lambda text: text.encode("utf-16"), "由 UTF-16 转为 UTF-8"),
    ],
)
def test_other_encodings_are_mended(library, fmt, encode, words):
    path = library.folder / "2023/2023-00001.yml"
    text = path.read_text()
    path.write_bytes(encode(text))
    assert words in fmt().output
    assert path.read_bytes() == text.encode()


def test_lines_of_windows_become_plain_ones(library, fmt):
    path = library.folder / "2023/2023-00001.yml"
    text = path.read_text()
    path.write_bytes(text.replace("\n", "\r\n").encode())
    fmt()
    assert path.read_bytes() == text.encode()


@pytest.mark.parametrize("content", [b"title: [a\n", b"a: 1\na: 2\n", b"a: \xff\xff\n", b""])
def test_a_record_with_mistakes_is_left_alone(library, fmt, content):
    path = library.write("2023/2023-00001.yml", content)
    result = fmt()
    assert result.exit_code == 1
    assert "错误" in result.output
    assert path.read_bytes() == content
