from collections import Counter, defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from generator import related as module
from generator.model import Entry


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


def test_cases_alike_are_found_and_other_units_come_first():
    entries = [
        entry(1, "中药饮片润制装置", unit="甲"),
        entry(2, "英语教学书写板", unit="乙"),
        entry(3, "中药饮片切片机", unit="甲"),
        entry(4, "一种饮片风选机", unit="丙"),
    ]
    assert module.related(entries)["2023-00001"] == ["2023-00004", "2023-00003"]
    assert module.related(entries)["2023-00002"] == []
