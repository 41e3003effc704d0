"""Every field of every file of the corpus is right or reported as doubtful; nothing private is anywhere."""

import json

import pytest
from click.testing import CliRunner
from editor_folder import EditorFolder
from filled_files import FORM_HABITS, TABLE_HABITS

from generator.cli import caselib
from generator.importers.run import import_files
from generator.reading import read_library
from generator.records.formatting import format_record


def test_the_corpus_is_as_large_as_it_should_be():
    assert len(FORM_HABITS) + len(TABLE_HABITS) >= 60


@pytest.mark.parametrize("name", FORM_HABITS)
def test_each_field_of_a_form_is_right_or_doubtful(name, corpus, chongqing):
    filled = corpus.forms[name]
    [path] = corpus.folder.glob(f"{filled.number:02d} *.docx")
    [report] = import_files([path], chongqing.options())
    [plan] = report.plans
    draft = plan.draft
    for key, expected in filled.expected.items():
        if key in filled.doubtful:
            assert key in draft.doubts, f"{key} should be shown to a person"
        elif expected is not None:
            assert key not in draft.doubts, draft.doubts.get(key)
        if key not in filled.doubtful or draft.value.get(key) is not None:
            assert draft.value.get(key) == expected, key
    assert set(draft.doubts) - {"media"} == filled.doubtful
    assert len(chongqing.records()) == 1


@pytest.mark.parametrize("name", TABLE_HABITS)
def test_each_row_of_a_table_is_right(name, corpus, chongqing):
    [path] = corpus.folder.glob(f"{name}.*")
    [report] = import_files([path], chongqing.options())
    assert not report.error
    rows = [plan.draft.value for plan in report.plans]
    assert rows == [row.expected() for row in corpus.tables[name]]
    assert not any(plan.draft.doubts for plan in report.plans)


@pytest.fixture(scope="module")
def imported(corpus, tmp_path_factory):
    """The whole corpus imported by the command, as text and, tried first, as JSON; and the library that came of it."""
    editor = EditorFolder(tmp_path_factory.mktemp("library"), "chongqing")
    command = ["import", str(corpus.folder), "--library", str(editor.cases)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(editor.base)
        tried = CliRunner().invoke(caselib, [*command, "--format", "json", "--dry-run"])
        assert editor.records() == {}
        result = CliRunner().invoke(caselib, command)
    return editor, tried, result


def test_nothing_private_is_in_any_output(corpus, imported):
    editor, tried, result = imported
    assert len(json.loads(tried.stdout)) == len(FORM_HABITS) + len(TABLE_HABITS)
    written = b"".join(path.read_bytes() for path in editor.cases.rglob("*") if path.is_file())
    for output in (tried.output, result.output, written.decode("utf-8", "replace")):
        assert len(output) > 20_000
        assert [secret for secret in corpus.secrets if secret in output] == []


def test_every_record_passes_the_check_or_says_where_to_look(imported):
    editor, _, result = imported
    assert result.exit_code == 1
    errors = [d for d in read_library(editor.cases, editor.base)[1] if d.is_error]
    assert errors
    for error in errors:
        lines = (editor.base / error.file).read_text().split("\n")
        assert error.code == "field-missing"
        assert lines[error.line - 2].startswith("# 待确认"), error


def test_records_are_written_in_the_canonical_style(imported):
    editor, _, _ = imported
    for name, text in editor.records().items():
        assert format_record(text, name, editor.scheme)[0] == text
