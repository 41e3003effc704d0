"""What the check asks of a record depends on how far its round is."""

import pytest


def codes(library):
    return [d.code for d in library.check()]


@pytest.mark.parametrize("status", ["nominated", "notice"])
def test_a_record_before_the_announcement_needs_neither_award_nor_source(library, status):
    library.record(status=status, award="", sources="")
    assert codes(library) == []


@pytest.mark.parametrize("status", ["announced", "revoked", ""])
def test_a_record_after_the_announcement_needs_both(library, status):
    library.record(status=status, award="", sources="")
    assert codes(library) == ["field-missing", "source-missing"]


def test_an_award_given_early_is_still_checked(library):
    library.record(status="nominated", award="丙等", sources="")
    assert codes(library) == ["term-unknown"]
