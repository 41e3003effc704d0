from pathlib import Path

import pytest

from generator.checking.raw import MAX_BYTES, parse_yaml, read_record


def codes(text: str) -> list[tuple[int, int, str]]:
    return [(d.line, d.column, d.code) for d in parse_yaml(text, "a.yml")[1]]


def test_every_scalar_stays_the_text_that_was_written():
    raw, found = parse_yaml(
        "a: no\nb: on\nc: 1:20\nd: 0123\ne: 2023-09-02\nf: 1e3\ng: '~'\nh: ~\ni:\nj: null\n", "a.yml"
    )
    assert not found
    assert raw.value == {
        "a": "no", "b": "on", "c": "1:20", "d": "0123", "e": "2023-09-02", "f": "1e3", "g": "~",
        "h": None, "i": None, "j": None,
    }  # fmt: skip


def test_values_and_keys_know_their_place():
    raw, _ = parse_yaml("a: 1\n中文: [x, {b: y}]\n", "a.yml")
    assert raw.at(("中文", 1, "b")) == (2, 13)
    assert raw.at(("中文", 1, "b"), key=True) == (2, 10)
    assert raw.at(("中文", 7, "x")) == (2, 5), "a missing step gives the nearest parent"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\n", [(2, 1, "yaml-duplicate-key")]),
        ("x:\n  a: 1\n  b: 2\n  a: 3\n", [(4, 3, "yaml-duplicate-key")]),
        ("a: &x 1\nb: *x\n", [(1, 4, "yaml-not-plain"), (2, 4, "yaml-not-plain")]),
        ("a: !!python/object:os.system 1\n", [(1, 4, "yaml-not-plain")]),
        ("a: 1\n---\nb: 2\n", [(2, 1, "yaml-not-plain")]),
        ("[k]: 1\n", [(1, 1, "yaml-not-plain")]),
        ("a: b: c\n", [(1, 5, "yaml-syntax")]),
        ("a: 'open\nb: 1\n", [(1, 4, "yaml-syntax")]),
        ("a: [1, 2\n", [(2, 1, "yaml-syntax")]),
        ("\ta: 1\n", [(1, 1, "yaml-syntax")]),
        ("a: \x07\n", [(1, 1, "yaml-syntax")]),
        ("", [(1, 1, "file-empty")]),
        ("# only a comment\n", [(1, 1, "file-empty")]),
        ("- a\n- b\n", [(1, 1, "not-a-mapping")]),
        ("words\n", [(1, 1, "not-a-mapping")]),
    ],
)
def test_what_a_record_has_no_use_for_is_refused_where_it_stands(text, expected):
    assert codes(text) == expected


def test_all_refusals_of_a_file_come_at_once():
    assert [code for _, _, code in codes("a: 1\na: 2\nb: *q\nc: &q 3\n")] == [
        "yaml-duplicate-key", "yaml-not-plain", "yaml-not-plain",
    ]  # fmt: skip


def test_deep_nesting_and_endless_lists_stop_early():
    assert "yaml-too-deep" in [code for _, _, code in codes("a: " + "[" * 10_000 + "]" * 10_000)]
    assert "yaml-too-deep" in [code for _, _, code in codes("a: [" + "1," * 60_000 + "]")]


def test_an_alias_bomb_is_refused_without_expanding():
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    raw, found = parse_yaml(f"l0: &l0 [x]\n{levels}\n", "a.yml")
    assert raw is not None
    assert {d.code for d in found} == {"yaml-not-plain"}


@pytest.mark.parametrize(
    ("content", "code", "place", "words"),
    [
        (b"\xef\xbb\xbfid: 1\n", "encoding-bom", (1, 1), "BOM"),
        ("id: 1\ntitle: 中文\n".encode("gb18030"), "encoding-not-utf8", (2, 8), "GB 18030"),
        ("id: 1\n".encode("utf-16"), "encoding-not-utf8", (1, 1), "UTF-16"),
        ("id: 中".encode() + b"\xff\xff", "encoding-not-utf8", (1, 6), "UTF-8"),
        (b"a: " + b"x" * MAX_BYTES, "file-too-large", (1, 1), "字节"),
    ],
)
def test_a_file_that_is_no_utf8_text_says_so(tmp_path: Path, content, code, place, words):
    path = tmp_path / "a.yml"
    path.write_bytes(content)
    raw, [found] = read_record(path, "a.yml")
    assert raw is None
    assert (found.code, (found.line, found.column)) == (code, place)
    assert words in found.text()


def test_a_missing_file_and_a_folder_are_named_not_raised(tmp_path: Path):
    assert read_record(tmp_path / "no.yml", "no.yml")[1][0].code == "file-unreadable"
    assert read_record(tmp_path, "folder.yml")[1][0].code == "file-not-regular"


def test_a_place_inside_a_block_is_exact():
    text = "body:\n  background: |\n    一行\n    二行字\n"
    raw, _ = parse_yaml(text, "a.yml")
    value = raw.value["body"]["background"]
    assert raw.at_position(("body", "background"), value, value.index("字")) == (4, 7)
