"""What an organiser calls things stands in the scheme, and nothing says it otherwise."""

from __future__ import annotations

import html
import io
import re
import zipfile

import pytest

from generator.forms.application import application_form
from generator.forms.table import summary_table
from generator.new_record import questions
from generator.records.model import labels, record_model
from generator.scheme.words import Words
from generator.site_options import SiteOptions
from tests.test_site import fill

# Each is a sign that no other text has.
OTHER = {name: f"⟦{name}⟧" for name in Words.model_fields}
USUAL = {word.default for word in Words.model_fields.values()} - {"届", "项"}


@pytest.fixture
def renamed(library):
    """The small library with a word of its own for everything."""
    path = library.folder / "scheme.yml"
    words = "".join(f'  {name}: "{word}"\n' for name, word in OTHER.items())
    path.write_text(f"{path.read_text()}words:\n{words}")
    fill(library)
    return library


def left_in(text: str) -> set[str]:
    return {word for word in USUAL if word in text}


def test_no_file_of_a_site_says_the_usual_words_where_the_scheme_has_others(renamed) -> None:
    site = renamed.build(site=SiteOptions(url="https://example.org/"))
    found: dict[str, set[str]] = {}
    for path in sorted(site.rglob("*")):
        if path.name == "scheme.schema.json":
            continue  # that of every scheme
        if path.suffix in (".html", ".csv", ".js", ".atom", ".json", ".jsonl", ".xml") and path.is_file():
            text = path.read_text("utf-8").replace("撤销的项目", "")  # a title
            if words := left_in(text):
                found[path.relative_to(site).as_posix()] = words
    assert found == {}


def test_columns_labels_and_questions_are_called_as_the_scheme_says(renamed) -> None:
    scheme = renamed.library().scheme
    named = labels(record_model(scheme))
    assert named["title"] == "⟦item⟧名称"
    assert (named["unit"], named["people"], named["post"], named["year"]) == (
        "⟦unit⟧",
        "⟦people⟧",
        "⟦post⟧",
        "⟦rounds⟧",
    )
    asked = {question.key: question.label for question in questions(scheme, "announced", 2024)}
    assert (asked["lead"], asked["post"], asked["members"]) == ("⟦lead⟧", "⟦lead⟧的⟦post⟧", "⟦member⟧")


@pytest.mark.parametrize("make", [application_form, summary_table])
def test_blank_forms_are_in_the_words_of_the_scheme(renamed, make) -> None:
    parts = zipfile.ZipFile(io.BytesIO(make(renamed.library().scheme)))
    text = html.unescape(
        re.sub(r"<[^>]+>", "", "".join(parts.read(name).decode() for name in parts.namelist() if ".xml" in name))
    )
    assert "⟦lead⟧" in text
    assert left_in(text) == set()


def test_messages_of_the_check_use_the_words_of_the_scheme(renamed) -> None:
    renamed.record("2023-00009", people="[{name: 张三, role: boss}]", year="1999")
    told = "\n".join(d.text() for d in renamed.check())
    assert "方案中没有「1999」这一⟦round⟧" in told
    assert left_in(told) == set()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("words: {cases: 成果}", "field-unknown"),
        ("words: {item: ''}", "field-missing"),
        ("words: {item: 一二三四五六七八九十一二三}", "field-too-long"),
        ("words: 成果", "field-type"),
    ],
)
def test_a_wrong_word_is_named(library, line: str, code: str) -> None:
    path = library.folder / "scheme.yml"
    path.write_text(f"{path.read_text()}{line}\n")
    found = library.read()[1]
    assert [d.code for d in found] == [code], found
    assert found[0].line > 40
