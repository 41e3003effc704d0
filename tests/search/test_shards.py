# ruff: noqa: E501
"""What is written depends on documents and schema and on nothing else; texts and pinyin are as their readers expect."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import corpus
import pytest

from search import bundle
from search.analyzer import Folder, fold_table
from search.pinyin import Reader, syllables
from search.shards import write_index

ROOT = Path(__file__).parents[2]
MANY = int(os.environ.get("CASELIB_MANY", "1"))


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
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "c"), str(ROOT), str(ROOT / "tests/search")],
        check=True,
        env=environment,
    )
    assert files(tmp_path / "a") == files(tmp_path / "b") == files(tmp_path / "c")


def edited(rng: random.Random, made: list) -> list:
    """The documents after one to three edits: of a text, terms, a title; one more, one less, another id."""
    made = list(made)
    for _ in range(rng.randrange(1, 4)):
        n = rng.randrange(len(made))
        document, other = made[n], corpus.documents(60, seed=rng.randrange(100))[rng.randrange(60)]
        way = rng.randrange(7)
        if way == 0:
            key = rng.choice(list(document.texts))
            made[n] = replace(document, texts={**document.texts, key: other.texts[key]})
        elif way == 1:
            title = rng.choice(["", "沐浴水箱整改", "後來的標題㎡𠮷", document.texts["title"][0] + "改"])
            made[n] = replace(document, texts={**document.texts, "title": [title] if title else []})
        elif way == 2:
            made[n] = replace(document, terms=other.terms, flags=other.flags, award=other.award, year=other.year)
        elif way == 3:
            made.append(replace(other, id=f"{2023 + rng.randrange(2)}-{rng.randrange(10**6):06}"))
        elif way == 4 and len(made) > 30:
            del made[n]
        elif way == 5:
            made[n] = replace(document, id=f"2023-{rng.randrange(10**6):06}")
        else:
            summary = document.texts["summary"][0]
            at = rng.randrange(len(summary))
            made[n] = replace(
                document,
                texts={
                    **document.texts,
                    "summary": [summary[:at] + rng.choice(["萬", "的装置", "qj"]) + summary[at + 1 :]],
                },
            )
    return made


@pytest.mark.parametrize("count", [40, 220])
def test_an_index_brought_up_to_date_has_the_bytes_of_a_new_one(tmp_path, count):
    rng = random.Random(count)
    made = corpus.documents(count)
    live, cache = tmp_path / "live", tmp_path / "cache"
    write_index(made, corpus.SCHEMA, live, cache=cache, jobs=1)
    kept = 0
    for step in range(7 * MANY):
        made = edited(rng, made)
        fresh = tmp_path / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        report = write_index(made, corpus.SCHEMA, fresh, cache=cache, live=live, jobs=1)
        plain = write_index(made, corpus.SCHEMA, tmp_path / f"plain{step}", jobs=1)
        assert report.build == plain.build
        assert [row[:2] for row in report.digests] == [row[:2] for row in plain.digests]
        assert set(files(fresh)) == {name for name, _, written in report.digests if written}
        kept += sum(not written for *_, written in report.digests)
        for name, _, written in report.digests:
            if written:
                (live / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(fresh / name, live / name)
        there = files(live)
        wanted = files(tmp_path / f"plain{step}")
        assert {name: there[name] for name in wanted} == wanted
    assert kept > 100 * (count // 220)


def test_a_gram_that_becomes_frequent_gets_its_places(tmp_path):
    made = corpus.documents(60)
    for n in range(16):
        made[n] = replace(made[n], texts={**made[n].texts, "summary": ["前面" * n + "獨特鏹羉"]})
    write_index(made, corpus.SCHEMA, tmp_path / "live", cache=tmp_path / "cache", jobs=1)
    for size in (17, 16, 30):
        for n in range(16, 30):
            made[n] = replace(made[n], texts={**made[n].texts, "effect": ["后面獨特鏹羉"] if n < size else ["无"]})
        write_index(made, corpus.SCHEMA, tmp_path / "live", cache=tmp_path / "cache", live=tmp_path / "live", jobs=1)
        write_index(made, corpus.SCHEMA, tmp_path / str(size), jobs=1)
        assert files(tmp_path / "live") == files(tmp_path / str(size))


def test_a_live_index_that_is_damaged_or_another_is_written_anew(tmp_path):
    made = corpus.documents(40)
    write_index(made, corpus.SCHEMA, tmp_path / "live", cache=tmp_path / "cache", jobs=1)
    other = [replace(made[0], texts={**made[0].texts, "title": ["别的名称"]}), *made[1:]]
    wanted = write_index(other, corpus.SCHEMA, tmp_path / "plain", jobs=1)
    for path in (tmp_path / "live" / "2" / "g").iterdir():
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert (
        write_index(other, corpus.SCHEMA, tmp_path / "one", cache=tmp_path / "cache", live=tmp_path / "live", jobs=1)
        == wanted
    )
    assert (
        write_index(other, corpus.SCHEMA, tmp_path / "two", cache=tmp_path / "cache", live=tmp_path / "none", jobs=1)
        == wanted
    )
    for path in (tmp_path / "cache").iterdir():
        path.write_bytes(b"\x93")
    assert (
        write_index(other, corpus.SCHEMA, tmp_path / "three", cache=tmp_path / "cache", live=tmp_path / "plain", jobs=1)
        == wanted
    )
    assert files(tmp_path / "one") == files(tmp_path / "two") == files(tmp_path / "three") == files(tmp_path / "plain")


def test_the_report_names_every_file(tmp_path):
    report = write_index(corpus.documents(20), corpus.SCHEMA, tmp_path)
    assert [name for name, *_ in report.digests] == sorted(files(tmp_path))
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


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("重庆", "chong qing"),
        ("长安", "chang an"),
        ("涪陵", "fu ling"),
        ("綦江", "qi jiang"),
        ("璧山", "bi shan"),
        ("重钢", "chong gang"),
        ("银行", "yin hang"),
        ("音乐", "yin yue"),
        ("绿", "lv"),
        ("中药饮片", "zhong yao yin pian"),
    ],
)
def test_polyphones_are_read_by_their_phrase(text, sounds):
    names = syllables()
    assert " ".join(names[n] for n in Reader({"重钢": "chong gang"}).read(text)) == sounds


def test_a_reading_that_does_not_fit_its_phrase_is_refused():
    with pytest.raises(ValueError, match="重钢"):
        Reader({"重钢": "chong"})


def test_the_modules_of_the_client_have_different_top_level_names():
    names = re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", bundle.script(), re.MULTILINE)
    assert len(names) == len(set(names))
