"""The yearbook: contents, bookmarks, page numbers; each case as its record has it."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pytest

from generator.markup import plain_text
from generator.printing.documents import Press
from generator.views import count_by
from tests.conftest import LibraryFolder

from .conftest import HARD, pages_of, press_of, squeezed, text_of

# Heads and feet of the pages stand within this of the edge, in points.
FEET = 60


def yearbook_of(press: Press) -> bytes:
    [(name, content)] = press.yearbook()
    assert name == f"{press.year}-年鉴.pdf"
    return content


def bookmarks(reader: pypdf.PdfReader) -> list[tuple[int, str, int]]:
    """Depth, title and page (from 0) of each bookmark, in their order."""
    found: list[tuple[int, str, int]] = []

    def walk(entries: list[object], depth: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, depth + 1)
            else:
                assert isinstance(entry, pypdf.generic.Destination)
                page = reader.get_destination_page_number(entry)
                assert page is not None
                found.append((depth, str(entry.title), page))

    walk(reader.outline, 0)
    return found


@pytest.fixture(scope="module")
def made(sample: Press) -> bytes:
    """The yearbook of the sample."""
    return yearbook_of(sample)


def test_every_case_is_there_with_its_facts_texts_and_sources(sample: Press, made: bytes) -> None:
    text = text_of(made, FEET)
    scheme = sample.selection.scheme
    for entry in sample.selection.cases:
        case = sample.library.load(entry.id)
        told = [entry.id, entry.title, entry.unit or "未公布", entry.summary]
        told += [person.name for person in case.people] + [person.post or "" for person in case.people]
        told += [entry.term(dimension.key) or "" for dimension in scheme.dimensions]
        told += [source.title for source in case.sources] + [source.address or "" for source in case.sources]
        told += [patent.number or "" for patent in case.patents]
        told += [item.caption or item.alt for item in case.media if not item.is_video]
        for section in scheme.sections:
            told += plain_text(case.section(section.key) or "").split("\n")
        assert [words for words in told if squeezed(words) not in text] == [], entry.id


def test_bookmarks_lead_to_the_pages_of_the_cases_in_the_order_of_the_round(sample: Press, made: bytes) -> None:
    reader = pypdf.PdfReader(BytesIO(made))
    marks = bookmarks(reader)
    assert [title for depth, title, _ in marks if depth == 1] == [case.title for case in sample.selection.cases]
    texts = pages_of(made)
    for depth, title, page in marks:
        assert squeezed(title) in texts[page]
        if depth == 1:
            assert "未公布" in texts[page] or "20" in texts[page]
    scheme = sample.selection.scheme
    assert scheme.award is not None
    counts = count_by(sample.selection.cases, scheme.award.key)
    parts = [name for name in scheme.award.names if counts.get(name)] + (
        ["未分" + scheme.award.label] if None in counts else []
    )
    chapters = [title for depth, title, _ in marks if depth == 0]
    assert [title for title in chapters if title in parts] == parts
    assert chapters[-1] == "单位索引"


def test_contents_and_index_give_the_page_numbers_that_the_pages_bear(sample: Press, made: bytes) -> None:
    reader = pypdf.PdfReader(BytesIO(made))
    marks = bookmarks(reader)
    texts = pages_of(made)
    start = next(page for _, title, page in marks if title == "概览")
    labels = reader.page_labels
    assert labels[start : start + 3] == ["1", "2", "3"]
    assert all(label.strip("ivxl") == "" for label in labels[:start])
    contents = "".join(texts[:start])
    for depth, title, page in marks:
        if depth == 1:
            told = contents.split(squeezed(title), 1)[1].lstrip(".")
            assert told.startswith(labels[page]), title
            assert texts[page].endswith(labels[page]) or labels[page] in texts[page]
    index = next(page for _, title, page in marks if title == "单位索引")
    listed = "".join(texts[index:])
    for unit in {case.unit for case in sample.selection.cases if case.unit}:
        assert squeezed(unit) in listed


def test_counts_of_the_overview_are_those_of_the_round(sample: Press, made: bytes) -> None:
    reader = pypdf.PdfReader(BytesIO(made))
    pages = {title: page for _, title, page in bookmarks(reader)}
    overview = pages_of(made)[pages["概览"]]
    cases, scheme = sample.selection.cases, sample.selection.scheme
    assert f"共{len(cases)}项" in overview
    assert scheme.award is not None
    for name, count in count_by(cases, scheme.award.key).items():
        if name is not None:
            assert f"{squeezed(name)}{count}" in overview
    # What editors add to a record is not counted as what an organiser announced.
    shown = [dimension.label for dimension in scheme.dimensions if dimension.label in overview]
    assert not set(shown) & {dimension.label for dimension in scheme.method_dimensions}


def test_pictures_are_small_copies_and_each_has_its_words(sample: Press, made: bytes) -> None:
    shown = sum(case.pictures for case in sample.selection.cases)
    assert shown > 3
    reader = pypdf.PdfReader(BytesIO(made))
    names = [
        image for page in reader.pages for image in page.images if image.image is not None and image.image.width > 200
    ]
    assert 0 < len(names) <= shown
    assert max(image.image.width for image in names if image.image is not None) < 1200


def test_what_was_not_published_says_so_and_revoked_cases_are_absent(hard: LibraryFolder) -> None:
    text = text_of(yearbook_of(press_of(hard.library(), 2023, hard.cache)))
    assert "项目简介：未公布" in text
    assert "工作单位未公布" in text
    assert "办法：未公布" in text
    assert "2023年10月1日：改正单位名称" in text
    for state in ("撤销", "公示", "推荐"):
        assert f"{state}的装置" not in text
        assert f"{state}的单位" not in text
    for title in HARD.values():
        assert squeezed(title) in text


def test_signs_in_a_text_print_as_themselves_and_its_marks_act(hard: LibraryFolder) -> None:
    content = yearbook_of(press_of(hard.library(), 2023, hard.cache))
    text = text_of(content)
    for words in (
        "第一段有粗体、强调、#letx=1、删去和链接。同一段的第二行#sym.arrow$y$。",
        "1.内一2.内二",
        "if(a<b){#x}",
        "项数温度40",
    ):
        assert words in text
    reader = pypdf.PdfReader(BytesIO(content))
    links = [a.get_object() for page in reader.pages for a in page.get("/Annots", [])]
    assert "https://example.org/a_b" in {str(link["/A"]["/URI"]) for link in links if "/URI" in link.get("/A", {})}


def test_a_preface_and_a_title_of_the_scheme_are_printed(library: LibraryFolder) -> None:
    library.record()
    path = library.folder / "scheme.yml"
    told = "print:\n  yearbook:\n    title: '{year}选编'\n    preface: |\n      收录**{total}项**。\n"
    path.write_text(path.read_text("utf-8") + told, "utf-8")
    content = yearbook_of(press_of(library.library(), 2023, library.cache))
    assert "前言收录1项。" in text_of(content)
    metadata = pypdf.PdfReader(BytesIO(content)).metadata
    assert metadata is not None
    assert metadata.title == "2023 2023选编"
