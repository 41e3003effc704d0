"""The Whoosh index answers as the definition does, and an update touches what changed."""

from __future__ import annotations

import random
from dataclasses import replace

import corpus
import pytest
import queries

from search.answers import fold_all, scan
from search.index import Update, query, update
from search.pinyin import Reader


@pytest.fixture(scope="module")
def folder(tmp_path_factory, documents):
    made = tmp_path_factory.mktemp("whoosh")
    update(documents, corpus.SCHEMA, made)
    return made


def test_answers_are_those_of_the_definition_in_order_and_number(folder, documents):
    rng = random.Random(23)
    reader = Reader({"重钢": "chong gang"})
    texts = [queries.mixed(rng, documents, corpus.SCHEMA, reader) for _ in range(70)]
    folded = fold_all(documents, corpus.SCHEMA)
    for text in [*texts, "", "綦江 -小革新", "qj", "zyyp", "中药yinpian", "輸液架", "😀", "药"]:
        assert query(folder, text, limit=400) == scan(documents, corpus.SCHEMA, text, limit=400, folded=folded), text


def test_filters_sorts_and_pages_are_those_of_the_definition(folder, documents):
    for sort in ("relevance", "newest", "award", "title"):
        filters = {"award": ["award-0", "award-1"], "picture": ["1"], "kind": ["no such"]}
        wanted = scan(documents, corpus.SCHEMA, "装置", filters, sort, 7, 3)
        assert query(folder, "装置", filters, sort, 7, 3) == wanted
        assert wanted.total > 10


def test_an_update_writes_what_changed_and_removes_what_is_gone(tmp_path, documents):
    few = documents[:6]
    assert update(few, corpus.SCHEMA, tmp_path / "i") == Update(6, 0)
    assert update(few, corpus.SCHEMA, tmp_path / "i") == Update(0, 0)
    changed = [replace(few[0], texts={**few[0].texts, "title": ["全新的题目"]}), *few[1:5]]
    assert update(changed, corpus.SCHEMA, tmp_path / "i") == Update(1, 1)
    assert [d.id for d in query(tmp_path / "i", "全新的题目").documents] == [few[0].id]
    assert query(tmp_path / "i", "").total == 5
    assert (
        query(tmp_path / "i", f'"{few[0].texts["title"][0]}"').documents
        == scan(changed, corpus.SCHEMA, few[0].texts["title"][0]).documents
    )


def test_a_folder_without_a_whole_index_is_no_index(tmp_path, documents):
    with pytest.raises(FileNotFoundError):
        query(tmp_path / "none", "x")
    update(documents[:2], corpus.SCHEMA, tmp_path / "i")
    (tmp_path / "i" / "caselib.json").write_text("{", encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        query(tmp_path / "i", "x")
    assert update(documents[:2], corpus.SCHEMA, tmp_path / "i") == Update(2, 0)
