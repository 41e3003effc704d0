from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.pages import related as module
from generator.records.model import Entry


def entry(number: int, title: str, summary: str = "", unit: str = "甲") -> Entry:
    return Entry(f"2023-{number:05}", title, 2023, {}, unit, [], summary, "announced", False, 0, 0, None, b"")


def expected(entries):
    """The definition, case by case."""

    def pairs(text):
        words = "".join(c.lower()[0] if c.isalnum() else " " for c in text)
        return {a + b for a, b in pairwise(words) if " " not in (a, b)}

    own = [dict.fromkeys(pairs(e.summary), 1) | dict.fromkeys(pairs(e.title), module.TITLE_WEIGHT) for e in entries]
    places = defaultdict(list)
    for number, weights in enumerate(own):
        for pair in weights:
            places[pair].append(number)
    found = {}
    for number, e in enumerate(entries):
        rare = sorted((len(places[p]), p) for p in own[number] if 1 < len(places[p]) <= module.COMMON)
        scores = Counter()
        for count, pair in rare[: module.PAIRS_OF_A_CASE]:
            for other in places[pair]:
                scores[other] += own[number][pair] * module.UNIT // count * own[other][pair]
        del scores[number]
        best = sorted(scores, key=lambda o: (entries[o].unit == e.unit, -scores[o], entries[o].id))
        found[e.id] = [entries[o].id for o in best[: module.MOST]]
    return found


titles = st.text(alphabet="铅笔钢刀盒aB， 《", max_size=9)


@given(st.lists(st.tuples(titles, titles, st.sampled_from("甲乙")), max_size=12), st.integers(1, 30))
def test_the_fast_way_gives_what_the_definition_gives(rows, block):
    entries = [entry(n, *row) for n, row in enumerate(rows)]
    before, module.ROWS = module.ROWS, block
    try:
        assert module.related(entries) == expected(entries)
    finally:
        module.ROWS = before


changes = st.lists(
    st.tuples(st.sampled_from(["add", "edit", "remove"]), st.integers(0, 14), titles, titles, st.sampled_from("甲乙")),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(titles, titles, st.sampled_from("甲乙")), max_size=12), changes, st.integers(1, 4))
def test_what_is_remembered_gives_the_same_as_all_anew(rows, edits, common):
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "COMMON", common)
        memory = Path(folder) / "memory"
        entries = {n: entry(n, *row) for n, row in enumerate(rows, 2)}
        module.related(list(entries.values()), memory)
        for kind, number, *row in edits:
            if kind == "remove":
                entries.pop(number, None)
            elif (kind == "edit") == (number in entries):
                entries[number] = entry(number, *row)
        current = list(entries.values())
        assert module.related(current, memory) == expected(sorted(current, key=lambda e: e.id))


def test_a_pair_that_becomes_common_is_forgotten_by_those_who_had_it(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "COMMON", 2)
    entries = [entry(1, "中药甲"), entry(2, "中药乙")]
    assert module.related(entries, tmp_path / "memory") == {"2023-00001": ["2023-00002"], "2023-00002": ["2023-00001"]}
    more = [*entries, entry(3, "中药丙")]
    assert module.related(more, tmp_path / "memory") == {e.id: [] for e in more}
    assert module.related(entries, tmp_path / "memory") == module.related(entries)


def test_a_damaged_memory_is_made_anew(tmp_path):
    entries = [entry(1, "中药饮片润制装置"), entry(2, "中药饮片切片机")]
    memory = tmp_path / "memory"
    memory.write_bytes(b"\x93not msgpack")
    assert module.related(entries, memory) == module.related(entries)
    assert module.related(entries, memory) == module.related(entries)


def test_cases_alike_are_found_and_other_units_come_first():
    entries = [
        entry(1, "中药饮片润制装置", unit="甲"),
        entry(2, "英语教学书写板", unit="乙"),
        entry(3, "中药饮片切片机", unit="甲"),
        entry(4, "一种饮片风选机", unit="丙"),
    ]
    assert module.related(entries)["2023-00001"] == ["2023-00004", "2023-00003"]
    assert module.related(entries)["2023-00002"] == []
