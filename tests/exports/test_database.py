"""The award database: constraints, counts, search, what is in it and what is not."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product

import apsw
import pytest

from generator.exports.award_database import case_number
from generator.exports.database_schema import APPLICATION_ID, view_name
from generator.pages.present import Presenter

from .conftest import Exported


def test_the_file_is_sound_and_says_what_it_is(sample: Exported) -> None:
    database = sample.database
    assert database.pragma("integrity_check") == "ok"
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.pragma("application_id") == APPLICATION_ID
    assert database.pragma("user_version") == 1
    header = (sample.folder / "data/cases.sqlite").read_bytes()[96:100]
    major, minor, patch = map(int, apsw.sqlite_lib_version().split("."))
    assert int.from_bytes(header, "big") == major * 1_000_000 + minor * 1000 + patch


def test_every_table_is_strict(sample: Exported) -> None:
    tables = sample.database.execute(
        "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
    )
    loose = {name for name, strict in tables if not strict and not name.startswith("sqlite_")}
    assert loose == set()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO people VALUES ('no-case', 1, '张三', 'lead', NULL)",
        "INSERT INTO case_terms SELECT id, 'place', 'nowhere' FROM cases LIMIT 1",
        "UPDATE cases SET status = 'nominated'",
        "UPDATE cases SET sample = 2",
        "UPDATE cases SET number = 'x'",
        "UPDATE sources SET date = '2023-13-01'",
        "UPDATE cases SET unit = '没有的单位'",
        "UPDATE people SET role = 'chief'",
        "INSERT INTO terms VALUES ('place', 'new', 99, '东山县', NULL, NULL, 'x')",
        "DELETE FROM rounds WHERE year = 2023",
    ],
)
def test_the_schema_refuses_what_cannot_be(special: Exported, statement: str) -> None:
    copy = apsw.Connection(":memory:")
    copy.deserialize("main", (special.folder / "data/cases.sqlite").read_bytes())
    copy.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(apsw.ConstraintError):
        copy.execute(statement)


def test_counts_are_those_of_the_views(sample: Exported) -> None:
    views, scheme = sample.views, sample.library.scheme
    database = sample.database
    assert database.execute("SELECT cases FROM totals").fetchone() == (len(sample.library.public),)
    counts = {(key, slug): number for key, slug, _, number in database.execute("SELECT * FROM counts")}
    wanted = {("year", view.label): len(view.cases) for view in views.years}
    wanted |= {(d.key, t.slug): len(views.term(d, t).cases) for d in scheme.dimensions for t in d.terms}
    assert counts == wanted
    for dimension in scheme.dimensions:
        rows = database.execute(f"SELECT name, cases FROM {view_name(dimension)}").fetchall()
        assert rows == [(t.name, len(views.term(dimension, t).cases)) for t in dimension.terms]
    gaps = dict(database.execute("SELECT dimension, cases FROM unpublished").fetchall())
    assert gaps == {key: counted.get(None, 0) for key, counted in views.counts.items()}
    units = dict(database.execute("SELECT unit, cases FROM unit_counts").fetchall())
    assert units == {unit: len(cases) for unit, cases in views.by_unit.items()}


def test_every_count_on_a_page_can_be_asked_for(sample: Exported) -> None:
    presenter = Presenter.of(sample.library, sample.views, sample.library.scheme.words.phrases())
    rows = sample.database.execute("SELECT * FROM cross_counts").fetchall()
    crossed = {(key, slug, other, other_slug): number for key, slug, other, other_slug, number in rows}
    seen = 0
    for view in [*sample.views.years, *sample.views.terms.values()]:
        key = view.dimension.key if view.dimension else "year"
        slug = view.term.slug if view.term else view.label
        counts = presenter.lists.view_counts(view)
        groups = [*counts.groups, *([counts.awards] if counts.awards else [])]
        for group, term in ((g, t) for g in groups for t in g.terms if g.key != key):
            known = sample.library.scheme.by_key.get(group.key)
            if view.round and group.role == "award" and known and any(t.parent for t in known.terms):
                continue
            assert crossed.get((key, slug, group.key, term.slug), 0) == term.count, (key, slug, group.key, term)
            seen += term.count
    assert seen > 0


def test_announced_numbers_stand_beside_the_recorded_ones(sample: Exported) -> None:
    rows = sample.database.execute("SELECT year, dimension, name, announced, cases FROM compared").fetchall()
    announced = {(year, key, name): (number, cases) for year, key, name, number, cases in rows}
    for entry in sample.library.scheme.rounds:
        for key, counts in entry.announced.items():
            for name, number in counts.items():
                cases = sum(c.year == entry.year and c.term(key) == name for c in sample.library.public)
                assert announced[entry.year, key, name] == (number, cases)


def test_numbers_called_for_stand_beside_the_announced_ones(sample: Exported) -> None:
    query = "SELECT year, dimension, name, called FROM called JOIN terms USING (dimension, slug)"
    called = {(year, key, name): number for year, key, name, number in sample.database.execute(query)}
    assert called == {
        (entry.year, key, name): number
        for entry in sample.library.scheme.rounds
        for key, counts in entry.called.items()
        for name, number in counts.items()
    }
    assert bool(called) == (sample.library.scheme.organiser == "新疆维吾尔自治区总工会")


def test_every_case_is_there_with_all_its_parts(sample: Exported) -> None:
    database = sample.database
    for entry in sample.library.entries:
        case = sample.library.load(entry.id)
        row = database.execute(
            "SELECT title, year, unit, summary, status FROM cases WHERE id = ?", (case.id,)
        ).fetchone()
        assert row == (case.title, case.year, case.unit, case.summary, case.status)
        people = database.execute("SELECT name, role, post FROM people WHERE case_id = ?", (case.id,)).fetchall()
        assert Counter(people) == Counter((p.name, p.role, p.post) for p in case.people)
        sections = dict(database.execute("SELECT key, text FROM sections WHERE case_id = ?", (case.id,)).fetchall())
        wanted = {s.key: case.section(s.key) for s in sample.library.scheme.sections if case.section(s.key)}
        assert sections == wanted
        patents = database.execute("SELECT number, kind FROM patents WHERE case_id = ?", (case.id,)).fetchall()
        assert patents == [(p.number, p.kind) for p in case.patents]
        extras = dict(database.execute("SELECT key, value FROM case_fields WHERE case_id = ?", (case.id,)).fetchall())
        assert set(extras) == {f.key for f in sample.library.scheme.fields if case.value(f.key) is not None}
    names = [d.key for d in sample.library.scheme.dimensions]
    listed = database.execute(f"SELECT id, {', '.join(names)} FROM case_list ORDER BY id").fetchall()
    public = sorted(sample.library.public, key=lambda entry: entry.id)
    assert listed == [(entry.id, *map(entry.term, names)) for entry in public]


def test_any_three_characters_of_a_title_find_it(sample: Exported) -> None:
    database = sample.database
    titles = {entry.id: entry.title for entry in sample.library.public}
    grams = {title[n : n + 3] for title in titles.values() for n in range(len(title) - 2)}
    assert len(grams) > 300
    query = "SELECT id FROM public_cases WHERE number IN (SELECT rowid FROM cases_fts WHERE cases_fts MATCH ?)"
    for gram in sorted(grams):
        found = {row[0] for row in database.execute(query, ('title: "' + gram.replace('"', '""') + '"',))}
        wanted = {case_id for case_id, title in titles.items() if gram.lower() in title.lower()}
        assert wanted <= found, gram
        assert all(gram.casefold() in titles[case_id].casefold() for case_id in found), gram


def test_the_index_passes_the_check_of_fts5_itself(sample: Exported) -> None:
    copy = apsw.Connection(":memory:")
    copy.deserialize("main", (sample.folder / "data/cases.sqlite").read_bytes())
    copy.execute("INSERT INTO cases_fts(cases_fts, rank) VALUES ('integrity-check', 1)")
    copy.execute("UPDATE cases SET title = '别的' WHERE id = (SELECT min(id) FROM public_cases)")
    with pytest.raises(apsw.CorruptError):
        copy.execute("INSERT INTO cases_fts(cases_fts, rank) VALUES ('integrity-check', 1)")


def test_the_index_can_be_changed_by_those_who_take_the_file(sample: Exported) -> None:
    copy = apsw.Connection(":memory:")
    copy.deserialize("main", (sample.folder / "data/cases.sqlite").read_bytes())
    first = sample.library.public[0]
    query = "SELECT rowid FROM cases_fts WHERE cases_fts MATCH ? ORDER BY rank"
    asked = f'"{first.title[:4]}"'
    before = set(copy.execute(query, (asked,)))
    copy.execute("INSERT INTO cases_fts(cases_fts) VALUES ('optimize')")
    assert set(copy.execute(query, (asked,))) == before
    copy.execute("INSERT INTO cases_fts(cases_fts) VALUES ('rebuild')")
    assert set(copy.execute(query, (asked,))) == before


def test_the_ready_queries_find_two_characters_and_texts(special: Exported) -> None:
    metadata = json.loads(special.text("data/metadata.json"))
    queries = metadata["databases"]["cases"]["queries"]

    def ask(name: str, text: str) -> list[str]:
        return [str(row[0]) for row in special.database.execute(queries[name]["sql"], {"text": text})]

    assert ask("find", "水平") == ["2023-00001"]
    assert ask("find", "防倾") == ["2023-00002"]
    assert ask("find_fast", "防倾倒") == ["2023-00002"]
    assert ask("find_fast", '” "化') == ["2023-00001"]
    assert ask("find_in_text", "第二段") == ["2024-00010"]
    assert ask("find", "撤销") == []
    assert ask("find_fast", "被撤销") == []


def test_a_revoked_case_keeps_its_row_and_nothing_else_of_it_is_told(special: Exported) -> None:
    database = special.database
    assert database.execute("SELECT id, title, status FROM revoked_cases").fetchall() == [
        ("2023-00003", "被撤销的项目", "revoked")
    ]
    assert database.execute("SELECT cases, revoked FROM totals").fetchone() == (3, 1)
    assert database.execute("SELECT summary, people FROM revoked_cases").fetchone() == (None, None)
    for table in ("people", "sections", "patents", "media"):
        assert database.execute(f"SELECT count(*) FROM {table} WHERE case_id = '2023-00003'").fetchone() == (0,)
    changes = database.execute("SELECT date, what, why FROM changes WHERE case_id = '2023-00003'").fetchall()
    assert changes == [("2024-01-08", "撤销奖项", "经查实不符合条件")]


def test_numbers_of_ids_are_whole_and_never_shared() -> None:
    widths = {5: (0, 1, 142, 99999), 6: (0, 142, 99999, 100000, 999999), 7: (0, 142, 9999999)}
    ids = [f"{year}-{n:0{w}d}" for year, (w, ns) in product((2023, 2024), widths.items()) for n in ns]
    numbers = [case_number(case_id) for case_id in ids]
    assert len(set(numbers)) == len(ids)
    assert numbers == sorted(numbers)
