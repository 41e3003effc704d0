# ruff: noqa: E501
"""What is written depends on documents and schema and on nothing else; texts and pinyin are as their readers expect."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import corpus
import pytest

from search import bundle
from search.analyzer import Folder, fold_table
from search.pinyin import Reader, syllables
from search.shards import write_index

ROOT = Path(__file__).parents[2]


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_documents_give_the_same_bytes_whatever_order_jobs_and_seed(tmp_path):
    made = corpus.documents(60)
    write_index(made, corpus.SCHEMA, tmp_path / "a", jobs=1)
    random.Random(1).shuffle(made)
    write_index(made, corpus.SCHEMA, tmp_path / "b", jobs=2)
    code = "import sys; sys.path[:0] = sys.argv[2:]; import corpus; from pathlib import Path; from search.shards import write_index;"
    code += "write_index(corpus.documents(60), corpus.SCHEMA, Path(sys.argv[1]))"
    environment = {**os.environ, "PYTHONHASHSEED": "77", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "c"), str(ROOT), str(ROOT / "tests/search")], check=True, env=environment)
    assert files(tmp_path / "a") == files(tmp_path / "b") == files(tmp_path / "c")


def test_a_cache_changes_nothing_but_the_time(tmp_path):
    made = corpus.documents(40)
    plain = write_index(made, corpus.SCHEMA, tmp_path / "plain", script_copies=True)
    first = write_index(made, corpus.SCHEMA, tmp_path / "one", cache=tmp_path / "cache", script_copies=True)
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "manifest.json").write_text("old", encoding="utf-8")
    again = write_index(made, corpus.SCHEMA, tmp_path / "two", cache=tmp_path / "cache", script_copies=True)
    assert plain == first == again
    assert files(tmp_path / "plain") == files(tmp_path / "one") == files(tmp_path / "two")
    fewer = write_index(made[1:], corpus.SCHEMA, tmp_path / "two", cache=tmp_path / "cache")
    assert fewer == write_index(made[1:], corpus.SCHEMA, tmp_path / "plain")
    assert files(tmp_path / "one")["manifest.json"] != files(tmp_path / "two")["manifest.json"]


def test_the_report_names_every_file(tmp_path):
    report = write_index(corpus.documents(20), corpus.SCHEMA, tmp_path)
    assert [name for name, _ in report.digests] == sorted(files(tmp_path))
    assert report.size == sum(map(len, files(tmp_path).values()))


def test_an_empty_library_has_an_index(tmp_path):
    assert write_index([], corpus.SCHEMA, tmp_path).documents == 0


def test_ids_are_different(tmp_path):
    made = corpus.documents(2)
    with pytest.raises(ValueError, match="same id"):
        write_index([made[0], made[0]], corpus.SCHEMA, tmp_path)


def test_folding_twice_is_folding_once():
    folder = Folder(fold_table({"它": "他"}))
    every = "".join(chr(c) for c in range(0x30000) if not 0xD800 <= c < 0xE000)
    once = folder.fold(every)
    assert folder.fold(once) == once


def test_a_mapped_fold_points_at_where_characters_came_from():
    text = "《輸液架》㎡ ＡＢ"
    folded, where = Folder(fold_table({})).fold_mapped(text)
    assert folded == "输液架m2ab"
    assert [text[n] for n in where] == list("輸液架㎡㎡ＡＢ")


@pytest.mark.parametrize(("text", "sounds"), [
    ("重庆", "chong qing"), ("长安", "chang an"), ("涪陵", "fu ling"), ("綦江", "qi jiang"), ("璧山", "bi shan"),
    ("重钢", "chong gang"), ("银行", "yin hang"), ("音乐", "yin yue"), ("绿", "lv"), ("中药饮片", "zhong yao yin pian"),
])
def test_polyphones_are_read_by_their_phrase(text, sounds):
    names = syllables()
    assert " ".join(names[n] for n in Reader({"重钢": "chong gang"}).read(text)) == sounds


def test_a_reading_that_does_not_fit_its_phrase_is_refused():
    with pytest.raises(ValueError, match="重钢"):
        Reader({"重钢": "chong"})


def test_the_modules_of_the_client_have_different_top_level_names():
    names = re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", bundle.script(), re.MULTILINE)
    assert len(names) == len(set(names))


def test_the_page_preloads_modules_that_exist():
    page = (ROOT / "theme/search.html").read_text(encoding="utf-8")
    listed = set(re.findall(r'"([\w-]+)"', page.split("{% for name in (")[1].split(")")[0]))
    known = {p.stem for p in bundle.files()}
    assert listed <= known
    assert known - listed == {"start", "csv", "nearest"}
