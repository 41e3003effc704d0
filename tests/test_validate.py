import os

import pytest


def found(library):
    return [(d.line, d.code) for d in library.check()]


def texts(library):
    return "\n".join(d.text() for d in library.check())


def test_a_valid_record_has_no_finding_but_that_it_is_incomplete(library):
    library.record()
    read, diagnostics = library.read()
    assert read is not None
    [warning] = diagnostics
    assert warning.code == "incomplete"
    assert not warning.is_error
    for label in ("种类", "类别", "项目简介"):
        assert label in warning.message
    assert "工作单位" not in warning.message


def test_every_mistake_in_a_record_is_reported_at_once(library):
    library.write("2023/2023-00001.yml", "id: 2023-00002\nplace: 东山\naward: 丙等\nsummary: 打13812345678\nfoo: 1\n")
    assert found(library) == [
        (1, "field-missing"),  # title
        (1, "field-missing"),  # year
        (1, "source-missing"),
        (1, "id-not-file-name"),
        (2, "term-unknown"),
        (3, "term-unknown"),
        (4, "private-data"),
        (5, "field-unknown"),
    ]


def test_an_unknown_term_gets_the_nearest_one_and_its_exact_place(library):
    library.record(place="东山")
    [diagnostic] = library.check()
    assert (diagnostic.line, diagnostic.column, diagnostic.code) == (4, 8, "term-unknown")
    assert diagnostic.nearest == "东山县"
    assert diagnostic.text() == (
        "cases/2023/2023-00001.yml:4:8: 错误：地方「东山」不在方案中；可用值：东山县、西山县、南山区；"
        "是否应为「东山县」？ [term-unknown]"
    )


def test_an_alias_is_taken_as_its_term_with_a_warning(library):
    library.record(place="西山自治县", field="其它")
    assert [(d.code, d.is_error) for d in library.check()] == [("term-alias", False), ("term-alias", False)]
    entry = library.library().entries[0]
    assert (entry.term("place"), entry.term("field")) == ("西山县", "其他")


def test_an_empty_optional_value_is_not_published(library):
    library.record(field="", kind="~", summary="''")
    assert "「项目简介」是空的" in texts(library)
    library.record(text="field:\nkind: ~\nsummary:\n")
    assert found(library) == []
    assert library.library().entries[0].terms == {"place": "东山县", "award": "乙等"}


@pytest.mark.parametrize(
    ("key", "value", "code", "words"),
    [
        ("title", "''", "field-missing", "「项目名称」是空的"),
        ("title", "", "field-missing", "缺少必填字段「项目名称」"),
        ("title", "~", "field-missing", "「项目名称」没有填写"),
        ("title", "x" * 201, "field-too-long", "201 个字；最多 200 个字"),
        ("title", '"a\\nb"', "field-format", "要写在一行里"),
        ("title", '"a\\u202eb"', "field-format", "U+202E"),
        ("title", "[a]", "field-type", "应当是一段文字"),
        ("summary", "字" * 101, "field-too-long", "最多 100 个字"),
        ("year", "二〇二三", "field-format", "不是整数"),
        ("status", "done", "value-unknown", "可用值：nominated、notice、announced、revoked"),
        ("sample", "yes", "value-unknown", "可用值：true、false"),
        ("sample", "true", "sample-in-library", "示例记录不能放进真实资料库"),
        ("people", "张三", "field-type", "应当是列表"),
        ("people", "[{name: 张三, role: boss}]", "value-unknown", "可用值：lead、member"),
        ("people", "[{name: 张三, role: lead, age: 33}]", "field-unknown", "没有字段「age」"),
        ("people", "[{role: lead}]", "field-missing", "「完成人.姓名」"),
        ("sources", "", "source-missing", "没有写明来源"),
        ("sources", "[]", "source-missing", "没有写明来源"),
        ("sources", "[{titel: a}]", "field-missing", "缺少必填字段「来源.标题」"),
        ("sources", "[{title: a, address: 'javascript:x'}]", "field-format", "不是网址"),
        ("sources", "[{title: a, date: 2023-9-2}]", "field-format", "不是日期"),
        ("sources", "[{title: a, date: 2023-02-30}]", "field-format", "不是日期"),
        ("body", "{background: x, other: y}", "field-unknown", "可用字段：background、solution"),
        ("body", "{background: '<b>x</b>'}", "markdown-html", "不能写 HTML"),
        ("body", "{background: '[a](javascript:x)'}", "markdown-link", "不能用"),
        ("unit", "联系电话：12345", "private-data", "联系电话"),
        ("media", "[{file: a.jpg, alt: a}]", "media-path", "应写成 2023-00001/文件名"),
        ("media", "[{file: 2023-00001/../../x.jpg, alt: a}]", "media-path", "不在这条记录的文件夹里"),
        ("media", "[{file: 2023-00001/a.svg, alt: a}]", "media-path", "类型不能用"),
        ("media", "[{file: 2023-00001/a.jpg, alt: a}]", "media-missing", "找不到文件"),
        ("media", "[{file: 2023-00001/a.jpg}]", "field-missing", "替代文字"),
    ],
)
def test_a_wrong_value_gets_its_own_clear_message(library, key, value, code, words):
    library.record(**{key: value})
    diagnostics = library.check()
    assert code in [d.code for d in diagnostics]
    assert words in "\n".join(d.text() for d in diagnostics)


def test_a_missing_picture_names_the_file_that_is_meant(library):
    library.write("2023/2023-00001/figure.png", b"x")
    library.record(media="[{file: 2023-00001/figuer.png, alt: 图}]")
    [diagnostic] = library.check()
    assert (diagnostic.code, diagnostic.nearest) == ("media-missing", "2023-00001/figure.png")


def test_id_round_and_folder_agree(library):
    path = library.record("2023-00001")
    content = path.read_text()
    path.unlink()
    library.write("2024/2023-00001.yml", content)
    assert [code for _, code in found(library)] == ["year-not-folder"]
    library.write("2024/2023-00001.yml", content.replace("year: 2023", "year: 2024"))
    assert [code for _, code in found(library)] == ["id-not-round"]
    library.write("2024/2023-00001.yml", content.replace("year: 2023", "year: 2031"))
    assert "round-unknown" in [code for _, code in found(library)]


def test_an_id_used_twice_names_both_places(library):
    library.record("2023-00001")
    library.write("2024/2023-00001.yml", (library.folder / "2023/2023-00001.yml").read_text())
    [duplicate] = [d for d in library.check() if d.code == "id-duplicate"]
    assert duplicate.file == "cases/2024/2023-00001.yml"
    assert "cases/2023/2023-00001.yml" in duplicate.message


def test_what_is_no_record_is_named(library):
    library.record()
    library.write("2023/notes.yml", "a: 1\n")
    library.write("2023/2023-1.yaml", "a: 1\n")
    library.write("2023/form.docx", b"x")
    library.write("2023/README.md", "for people")
    library.write("stray.yml", "a: 1\n")
    (library.folder / "2023/2023-00009.yml").mkdir()
    os.mkfifo(library.folder / "2023/2023-00008.yml")
    (library.folder / "2023/2023-00007.yml").symlink_to("/etc/passwd")
    (library.folder / "2022").symlink_to("/etc")
    assert [(d.file.removeprefix("cases/"), d.code) for d in library.check()] == [
        ("2022", "file-outside"),
        ("2023/2023-00007.yml", "file-outside"),
        ("2023/2023-00008.yml", "file-not-regular"),
        ("2023/2023-00009.yml", "file-not-regular"),
        ("2023/2023-1.yaml", "file-name"),
        ("2023/form.docx", "file-name"),
        ("2023/notes.yml", "file-name"),
        ("stray.yml", "file-name"),
    ]


def test_a_sample_library_holds_samples_only(library):
    library.write("scheme.yml", (library.folder / "scheme.yml").read_text() + "sample: true\n")
    library.record("2023-00001", sample="true")
    library.record("2023-00002")
    assert [(d.file[-9:-4], d.code) for d in library.check()] == [("00002", "real-in-sample")]


def test_private_data_is_found_in_every_part_and_never_repeated(library):
    library.record(
        text="body:\n  background: |\n    第一行\n    电话 138 1234 5678 请打\n"
        "changes:\n  - {date: 2024-01-01, what: a@b.example}\n"
    )
    diagnostics = library.check()
    assert [(d.line, d.column, d.code) for d in diagnostics] == [(14, 8, "private-data"), (16, 30, "private-data")]
    assert not any("138" in d.text() or "a@b" in d.text() for d in diagnostics)
