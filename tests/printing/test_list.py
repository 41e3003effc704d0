"""The list of awards as PDF and as a Word file."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pypdfium2
import pytest

from generator.printing.award_list import list_context
from generator.printing.award_list_docx import numeral
from generator.printing.documents import Press
from generator.views import count_by
from tests.conftest import LibraryFolder

from .conftest import HARD, pages_of, press_of, squeezed, text_of


def pdf_of(press: Press) -> bytes:
    [(name, content)] = press.award_list(["pdf"])
    assert name == press.selection.scheme.words.said("{year}-{awarded}名单.pdf", year=press.year)
    return content


def word_of(press: Press) -> bytes:
    [(name, content)] = press.award_list(["docx"])
    assert name == press.selection.scheme.words.said("{year}-{awarded}名单.docx", year=press.year)
    return content


def test_the_list_has_each_announced_case_of_the_round_once_under_its_award(sample: Press) -> None:
    text = text_of(pdf_of(sample))
    scheme, cases = sample.selection.scheme, sample.selection.cases
    assert scheme.award is not None
    counts = count_by(cases, scheme.award.key)
    place = 0
    for name in [*scheme.award.names, None]:
        if not counts.get(name):
            continue
        head = f"{name or '未分' + scheme.award.label}（{counts[name]}项）"
        assert text.count(head) == 1
        assert text.index(head) > place
        place = text.index(head)
    shown = [row[1] for group in list_context(sample.selection).groups for row in group.rows]
    assert shown == [case.title for case in cases]
    for case in cases:
        assert squeezed(case.title) in text
        assert squeezed(case.unit or "未公布") in text
        assert all(squeezed(name) in text for name in case.people)


def test_the_word_file_says_what_the_pdf_says(sample: Press) -> None:
    context = list_context(sample.selection)
    document = docx.Document(BytesIO(word_of(sample)))
    assert len(document.tables) == len(context.groups)
    for table, group in zip(document.tables, context.groups, strict=True):
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        assert rows == [[column.label for column in context.columns], *[list(row) for row in group.rows]]
    words = squeezed("".join(paragraph.text for paragraph in document.paragraphs))
    text = text_of(pdf_of(sample))
    for said in (context.title, context.signed, *context.intro):
        assert squeezed(said) in words
        assert squeezed(said) in text
    heads = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert heads == [f"{numeral(n)}、{g.label}（{g.count}项）" for n, g in enumerate(context.groups, 1)]


def test_the_word_file_has_the_layout_of_official_documents(hard: LibraryFolder) -> None:
    content = word_of(press_of(hard.library(), 2023, hard.cache))
    document = docx.Document(BytesIO(content))
    section = document.sections[0]
    assert section.page_width is not None and section.page_height is not None
    assert section.top_margin is not None and section.left_margin is not None and section.right_margin is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm), round(section.right_margin.mm)) == (37, 28, 26)
    with zipfile.ZipFile(BytesIO(content)) as parts:
        body, fonts = parts.read("word/document.xml").decode(), parts.read("word/fontTable.xml").decode()
        footers = [parts.read(name).decode() for name in parts.namelist() if "footer" in name and "rels" not in name]
    for font in ("方正小标宋简体", "仿宋_GB2312", "黑体"):
        assert f'w:eastAsia="{font}"' in body
        assert f'<w:font w:name="{font}"><w:altName' in fonts
    assert len(footers) == 2
    assert all(" PAGE " in footer for footer in footers)
    assert body.count("<w:tblHeader/>") == len(document.tables)
    assert body.count("<w:cantSplit/>") == sum(len(table.rows) for table in document.tables)


def test_hard_titles_print_as_themselves_in_both(hard: LibraryFolder) -> None:
    press = press_of(hard.library(), 2023, hard.cache)
    text = text_of(pdf_of(press))
    table = docx.Document(BytesIO(word_of(press))).tables[0]
    written = [row.cells[1].text for row in table.rows]
    for case_id, title in HARD.items():
        assert title in written, case_id
        assert squeezed(title) in text, case_id


def test_scripts_from_right_to_left_keep_the_order_of_their_words(library: LibraryFolder) -> None:
    library.record(title="مشروع جديد 与 עברית")
    page = pypdfium2.PdfDocument(pdf_of(press_of(library.library(), 2023, library.cache)))[0].get_textpage()
    places = {}
    for word in ("مشروع", "جديد", "עברית"):
        found = page.search(word).get_next() or page.search(word[::-1]).get_next()
        assert found is not None, word
        places[word] = page.get_charbox(found[0])[0]
    assert places["جديد"] < places["مشروع"] < places["עברית"]


def test_only_announced_cases_are_listed(hard: LibraryFolder) -> None:
    text = text_of(pdf_of(press_of(hard.library(), 2023, hard.cache)))
    assert "没有单位和完成人的装置未公布未公布" in text
    for state in ("撤销", "公示", "推荐"):
        assert f"{state}的装置" not in text
        assert f"{state}的单位" not in text


def test_a_list_that_is_not_whole_says_so_on_every_page(hard: LibraryFolder) -> None:
    press = press_of(hard.library(), 2023, hard.cache)
    pages = pages_of(pdf_of(press))
    assert len(pages) > 1
    assert all("未齐：公布5项，资料库收录8项" in page for page in pages)
    section = docx.Document(BytesIO(word_of(press))).sections[0]
    for header in (section.header, section.even_page_header):
        assert [p.text for p in header.paragraphs] == ["未齐：公布5项，资料库收录8项"]


def test_pages_are_numbered_at_the_outer_side(sample: Press) -> None:
    pages = pypdfium2.PdfDocument(pdf_of(sample))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        words, half = page.get_textpage(), page.get_width() / 2
        sides = (words.get_text_bounded(0, 0, half, 95), words.get_text_bounded(half, 0, 2 * half, 95))
        outer, inner = sides[number % 2], sides[1 - number % 2]
        assert (squeezed(outer), squeezed(inner)) == (f"—{number}—", "")


def test_words_and_columns_come_from_the_scheme(library: LibraryFolder) -> None:
    library.record()
    path = library.folder / "scheme.yml"
    told = (
        "print:\n  list:\n    mark: 附件\n    title: '{year}年名单（{total}项）'\n    intro: 甲段\n"
        "    columns:\n    - {label: 编号, keys: [id], width: 20}\n"
        "    - {label: 人, keys: [lead, lead_post], width: 20}\n    - {label: 备注}\n"
        "    closing: 结语\n    signed: 另一个署名\n"
    )
    path.write_text(path.read_text("utf-8") + told, "utf-8")
    press = press_of(library.library(), 2023, library.cache)
    text = text_of(pdf_of(press))
    assert "附件2023年名单（1项）" in text
    assert "编号人备注2023-00001张三教师结语另一个署名年月日" in text
    assert "附件2023年名单（1项）" in squeezed(
        "".join(p.text for p in docx.Document(BytesIO(word_of(press))).paragraphs)
    )


@pytest.mark.parametrize(("number", "word"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (31, "三十一")])
def test_headings_count_in_chinese(number: int, word: str) -> None:
    assert numeral(number) == word
