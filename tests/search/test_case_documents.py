"""What the search gets to know of a case."""

from __future__ import annotations

import re

from generator.markup import plain_text
from generator.search_pages import documents, search_schema, words_of
from search.answers import scan


def test_a_parent_term_finds_the_cases_of_its_parts(library):
    scheme = library.folder.joinpath("scheme.yml").read_text(encoding="utf-8")
    scheme = scheme.replace("东山县, slug: dongshan", "东山县, parent: 山区, slug: dongshan")
    line = "      - {name: 西山县"
    scheme = scheme.replace(
        line, f"      - {{name: 全市, slug: city}}\n      - {{name: 山区, parent: 全市, slug: hills}}\n{line}"
    )
    library.write("scheme.yml", scheme)
    library.record("2023-00001")
    library.record("2023-00002", place="西山县")
    read = library.library()
    found, schema = list(documents(read)), search_schema(read)
    assert {d.id: d.terms["place"] for d in found} == {
        "2023-00001": ["dongshan", "hills", "city"],
        "2023-00002": ["xishan"],
    }
    for term in ("dongshan", "hills", "city"):
        answer = scan(found, schema, "", {"place": [term]})
        assert [d.id for d in answer.documents] == ["2023-00001"]
    assert scan(found, schema, "山区").total == 1
    assert scan(found, schema, "quanshi").total == 1


def test_words_of_a_section_are_its_plain_text_but_for_white_space():
    for text in (
        "平常的话。",
        "**重点**和*强调*",
        "**重**点",
        "a**b",
        "**“引”**的",
        "- 一\n- 二",
        "1. 一\n2. 二",
        "3~5 个",
        "~~删~~",
        "A-3、±0.1、C++",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "前\n\n后",
        "    代码",
        "`码` &amp; \\*",
        "标题\n===\n",
        "# 题\n文",
        "行一  \n行二",
        "5 < 6",
        "**甲** **乙**丙",
        "**a\nb**",
        "***三***",
        "** 空 **",
        "-5℃ 以下",
        "一\n-5 号",
        "",
        "一！[图](http://a)",
        "x_y_z",
    ):
        assert re.sub(r"\s", "", words_of(text)) == re.sub(r"\s", "", plain_text(text)), text
