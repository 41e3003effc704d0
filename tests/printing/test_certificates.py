"""Certificates: one page a project, with the words of the scheme and a code that leads to its page."""

from __future__ import annotations

import pypdfium2
import pytest
import zxingcpp

from generator import urls
from generator.printing.documents import Press
from generator.printing.errors import PrintError
from tests.conftest import LibraryFolder

from .conftest import HARD, SITE, pages_of, press_of, squeezed, text_of


def codes_of(content: bytes) -> list[list[str]]:
    """What a reader of codes reads on each page as it is printed at 150 dots an inch."""
    document = pypdfium2.PdfDocument(content)
    pages = [page.render(scale=150 / 72).to_pil() for page in document]
    return [[code.text for code in zxingcpp.read_barcodes(page)] for page in pages]


def test_each_case_has_a_page_with_its_people_title_award_and_number(sample: Press) -> None:
    [(name, content)] = sample.certificates()
    assert name == f"{sample.year}-证书.pdf"
    pages = pages_of(content)
    scheme, cases = sample.selection.scheme, sample.selection.cases
    assert scheme.award is not None
    assert len(pages) == len(cases)
    for page, case in zip(pages, cases, strict=True):
        assert f"编号：{case.id}" in page
        assert squeezed(case.title) in page
        assert squeezed(case.unit) in page
        assert all(squeezed(person) in page for person in case.people)
        assert squeezed(case.term(scheme.award.key) or scheme.words.said("{awarded}{item}")) in page
        assert squeezed(scheme.print.certificate.title) in page
        assert squeezed(scheme.organiser) in page


def test_the_code_of_each_certificate_leads_to_the_page_of_its_case(hard: LibraryFolder) -> None:
    press = press_of(hard.library(), 2023, hard.cache)
    [(_, content)] = press.certificates()
    assert codes_of(content) == [[SITE + urls.case_url(case.id)] for case in press.selection.cases]


def test_a_certificate_is_one_page_however_long_its_words_are(hard: LibraryFolder) -> None:
    people = "\n".join(f"  - {{name: 完成人{number:02d}, role: member}}" for number in range(100))
    hard.record("2023-00009", f"people:\n{people}\n", people="", title="很" * 200, unit="单位" * 90)
    [(_, content)] = press_of(hard.library(), 2023, hard.cache).certificates()
    pages = dict(zip([*sorted(HARD), "2023-00007", "2023-00008", "2023-00009"], pages_of(content), strict=True))
    for case_id, title in HARD.items():
        assert squeezed(title) in pages[case_id]
    assert "很" * 200 in pages["2023-00009"]
    assert "完成人99" in pages["2023-00009"]
    assert "特发此证" in pages["2023-00009"]


def test_chosen_cases_are_printed_in_files_of_their_own(hard: LibraryFolder) -> None:
    press = press_of(hard.library(), 2023, hard.cache)
    made = dict(press.certificates(["2023-00007", "2023-00005"], separate=True))
    assert list(made) == ["2023-证书/2023-00005.pdf", "2023-证书/2023-00007.pdf"]
    assert [len(pages_of(content)) for content in made.values()] == [1, 1]
    assert "有正文的装置" in text_of(made["2023-证书/2023-00007.pdf"])


def test_a_case_without_people_is_addressed_to_its_unit_and_one_with_neither_to_nobody(library: LibraryFolder) -> None:
    library.record("2023-00001", people="", unit="东山县第一小学")
    library.record("2023-00002", people="", unit="")
    [(_, content)] = press_of(library.library(), 2023, library.cache).certificates()
    first, second = pages_of(content)
    assert "东山县第一小学：在试验协会" in first
    assert "2023-00002在试验协会" in second or "编号：2023-00002在" in second
    assert "未公布" not in first + second


def test_words_of_a_certificate_come_from_the_scheme(library: LibraryFolder) -> None:
    library.record()
    path = library.folder / "scheme.yml"
    told = (
        "print:\n  certificate:\n    title: 奖状\n    number: '试协〔{year}〕{serial}号'\n"
        "    text: '{unit}{lead}的{field}项目{title}经评定为'\n    closing: 此证。\n    signed: '{programme}办公室'\n"
    )
    path.write_text(path.read_text("utf-8") + told, "utf-8")
    press = press_of(library.library(), 2023, library.cache)
    [page] = pages_of(next(iter(press.certificates()))[1])
    assert "编号：试协〔2023〕00001号" in page
    assert "东山县第一小学张三的未公布项目一种铅笔经评定为乙等此证。" in page
    assert "奖状" in page
    assert "试验活动办公室" in page


@pytest.mark.parametrize(
    ("case_id", "words"),
    [
        ("2023-00011", "2023-00011 已经撤销，不能印"),
        ("2023-00012", "还没有公布（status: notice）"),
        ("2024-00001", "属于 2024 这一届，不是 2023"),
        ("2023-99999", "没有编号 2023-99999"),
        ("2023-0007", "是否应为 2023-00007？"),
    ],
)
def test_what_cannot_have_a_certificate_is_refused_by_name(hard: LibraryFolder, case_id: str, words: str) -> None:
    hard.record("2024-00001")
    press = press_of(hard.library(), 2023, hard.cache)
    with pytest.raises(PrintError) as refused:
        list(press.certificates(["2023-00007", case_id]))
    assert words in str(refused.value)


def test_there_is_no_certificate_without_an_address_for_its_code(hard: LibraryFolder) -> None:
    with pytest.raises(PrintError) as refused:
        list(press_of(hard.library(), 2023, hard.cache, site="").certificates())
    assert "--site" in str(refused.value)
