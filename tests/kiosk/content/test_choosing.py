"""What is chosen: cases of the loop, sections of the three screens, sentences; and sizes of the real world."""

from __future__ import annotations

from generator.kiosk.geometry import pixels_per_mm, reach, style_sheet
from generator.kiosk.playlist import playlist
from generator.kiosk.settings import Playlist, Screen, Story
from generator.kiosk.stories import cut, shortened, story_of, usual_story, without_links
from tests.conftest import SCHEME, LibraryFolder


def fill(library: LibraryFolder) -> None:
    for number, (award, place) in enumerate(
        [("乙等", "东山县"), ("甲等", "东山县"), ("甲等", "东山县"), ("甲等", "西山县"), ("乙等", "南山区")], 1
    ):
        library.record(f"2023-0000{number}", award=award, place=place)


def ids(library: LibraryFolder, **rule: object) -> list[str]:
    return [entry.id[-1] for entry in playlist(library.library(), Playlist(**rule))]  # type: ignore[arg-type]


def test_a_rule_takes_the_best_and_spreads_them_over_places(library: LibraryFolder) -> None:
    fill(library)
    assert ids(library, spread=()) == ["2", "3", "4", "1", "5"]
    assert ids(library, spread=("place",)) == ["2", "4", "5", "3", "1"]
    assert ids(library, spread=("place",), count=2) == ["2", "4"]
    assert ids(library, awards=("乙等",)) == ["1", "5"]


def test_a_rule_that_finds_nothing_still_fills_the_screen(library: LibraryFolder) -> None:
    fill(library)
    assert len(ids(library, years=(2024,))) == 5
    assert len(ids(library, pictures="only")) == 5
    assert len(ids(library, ids=("2099-00001",))) == 5


def test_named_cases_keep_their_order(library: LibraryFolder) -> None:
    fill(library)
    assert ids(library, ids=("2023-00004", "2023-00001", "2099-00001")) == ["4", "1"]


def test_sections_are_divided_in_their_order(library: LibraryFolder) -> None:
    def divided(count: int) -> list[int]:
        sections = "sections:\n" + "".join(f"  - {{key: s{n}, label: 第{n}}}\n" for n in range(count))
        library.write(
            "scheme.yml", SCHEME.replace(SCHEME[SCHEME.index("sections:") : SCHEME.index("private:")], sections)
        )
        library.record()
        story = usual_story(library.library().scheme)
        return [len(story.problem), len(story.idea), len(story.effect)]

    assert [divided(count) for count in (1, 2, 3, 4, 5)] == [[0, 1, 0], [1, 1, 0], [1, 1, 1], [1, 2, 1], [2, 1, 2]]


def test_a_case_tells_what_it_has(library: LibraryFolder) -> None:
    library.record("2023-00001")
    library.record("2023-00002", text="summary: 一句话。\n")
    library.record("2023-00003", text="summary: 一句话。\nbody: {background: '原来 [很慢](https://example.org/a)。'}\n")
    loaded = library.library()
    told = [story_of(loaded.load(f"2023-0000{n}"), loaded.scheme, Story(problem=("background",))) for n in (1, 2, 3)]
    assert [[(part.key, part.short) for part in parts] for parts in told] == [
        [],
        [("idea", "一句话。")],
        [("problem", "原来 很慢。"), ("idea", "一句话。")],
    ]
    assert told[2][0].full == [("背景", "<p>原来 很慢。</p>\n")]


def test_short_texts_are_whole_sentences_of_every_section() -> None:
    assert shortened(["一。二。三。", "甲。乙。"], 8) == "一。二。甲。乙。"
    assert shortened(["一二三四五六七八九十。甲。"], 8) == "一二三四五六七八……"
    assert shortened(["一二三四五六，七八九十一二三"], 9) == "一二三四五六……"
    assert cut("短", 9) == "短"
    assert shortened([]) == ""


def test_links_lose_their_address_and_keep_their_words() -> None:
    html = '<p><a href="https://example.org/">甲</a><abbr>乙</abbr></p>'
    assert without_links(html) == "<p>甲<abbr>乙</abbr></p>"


def test_millimetres_become_pixels_of_the_screen() -> None:
    screen = Screen()
    assert round(pixels_per_mm(screen), 3) == 1.577
    assert reach(screen) == (0.0, 620 * pixels_per_mm(screen))
    low = reach(Screen(lower_edge=100))
    assert round(low[0] / pixels_per_mm(screen)) == 280
    assert "--k-line: 50.92vh" in style_sheet(screen).decode()
    # A screen that hangs out of reach still gets its lower half.
    assert "--k-line: 46.00vh" in style_sheet(Screen(lower_edge=1300)).decode()
