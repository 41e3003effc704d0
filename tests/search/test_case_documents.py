"""What the search gets to know of a case."""

from __future__ import annotations

from generator.pages.search import documents, search_schema
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
    found, schema = list(documents(read)), search_schema(read, read.scheme.words.phrases())
    assert {d.id: d.terms["place"] for d in found} == {
        "2023-00001": ["dongshan", "hills", "city"],
        "2023-00002": ["xishan"],
    }
    for term in ("dongshan", "hills", "city"):
        answer = scan(found, schema, "", {"place": [term]})
        assert [d.id for d in answer.documents] == ["2023-00001"]
    assert scan(found, schema, "山区").total == 1
    assert scan(found, schema, "quanshi").total == 1
