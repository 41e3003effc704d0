"""The page of corrections: everything that was changed after publication, the newest first."""

from generator.pages.corrections import PAGE_SIZE
from tests.test_site import links

CHANGE = "changes:\n  - {{date: 2024-0{month}-02, what: 改了{month}, why: 因为{month}}}\n"


def changed(month: int) -> str:
    return CHANGE.format(month=month)


def test_every_correction_is_there_the_newest_first_and_leads_to_its_case(library):
    library.record("2023-00001", title="铅笔一", text=changed(4) + "  - {date: 2024-06-01, what: 又改}\n")
    library.record("2023-00002", title="铅笔二", text=changed(5))
    library.record("2023-00003", title="铅笔三")
    library.record("2023-00004", title="撤下的", status="revoked", text=changed(3))
    library.record("2023-00005", title="推荐的", status="nominated", text=changed(7))
    page = library.build() / "changes.html"
    text = page.read_text("utf-8")
    places = [text.index(words) for words in ("又改", "改了5（因为5）", "改了4（因为4）", "改了3（因为3）")]
    assert places == sorted(places)
    assert "4</b>条" in text
    assert "改了7" not in text
    main = text[text.index("<main") : text.index("</main>")]
    assert "撤下的" not in main, "a revoked case is named by its number"
    assert "<strong>撤销</strong>　改了3" in main
    assert main.count("<strong>撤销</strong>") == 1
    targets = [address for tag, _, address in links(page).found if tag == "a"]
    for target in ("cases/2023-00001.html", "cases/2023-00004.html", "changes.atom", "data/changes.csv"):
        assert target in targets
        assert (page.parent / target).is_file()


def test_a_library_without_corrections_says_so(library):
    library.record()
    text = (library.build() / "changes.html").read_text("utf-8")
    assert "公布以来没有更正，也没有撤销。" in text


def test_every_page_leads_to_it_and_so_does_a_corrected_case(library):
    library.record(text=changed(4))
    site = library.build()
    assert 'href="../changes.html">本库的全部更正' in (site / "cases/2023-00001.html").read_text("utf-8")
    for page in ("index.html", "years/2023.html", "404.html"):
        assert "changes.html" in (site / page).read_text("utf-8"), page
    assert 'href="changes.html"/>' in (site / "changes.atom").read_text("utf-8")


def test_a_new_correction_changes_the_page_of_an_incremental_build(library):
    library.record(text=changed(4))
    library.record("2023-00002")
    assert "改了5" not in (library.build() / "changes.html").read_text("utf-8")
    library.record("2023-00002", text=changed(5))
    text = (library.build() / "changes.html").read_text("utf-8")
    assert "改了5" in text
    assert "改了4" in text


def test_many_corrections_go_on_on_further_pages(library):
    lines = "".join(f"  - {{date: 2024-01-01, what: 第{n}次}}\n" for n in range(PAGE_SIZE + 1))
    library.record(text=f"changes:\n{lines}")
    site = library.build()
    assert (site / "changes-2.html").is_file()
    assert not (site / "changes-3.html").exists()
    assert "changes-2.html" in (site / "changes.html").read_text("utf-8")
    assert "（第 2 页）" in (site / "changes-2.html").read_text("utf-8")
