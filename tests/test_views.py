from generator.records.model import Entry
from generator.scheme.model import Dimension, Term
from generator.views import count_with_parents


def entry(number: int, **terms: str) -> Entry:
    return Entry(f"2023-{number:05}", "", 2023, terms, "", [], "", "announced", False, 0, 0, None, b"")


def test_a_parent_counts_every_case_below_it_once():
    terms = [("省", None), ("市", "省"), ("县", "市"), ("别处", None)]
    place = Dimension(
        key="place",
        label="地方",
        path="places",
        terms=tuple(Term(name=name, slug=f"t{n}", parent=parent) for n, (name, parent) in enumerate(terms)),
    )
    cases = [entry(1, place="县"), entry(2, place="县"), entry(3, place="市"), entry(4, place="别处"), entry(5)]
    assert count_with_parents(cases, place) == {"省": 3, "市": 3, "县": 2, "别处": 1, None: 1}
