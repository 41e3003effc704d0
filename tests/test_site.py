import os
import random
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from generator.pages.making import Pages
from generator.reading import read_library
from generator.records.library import Library
from generator.site import BuildOptions, build_site
from generator.views import Views

ROOT = Path(__file__).parents[1]
BODY = "body:\n  background: |\n    手工换针**很慢**。\n  solution: |\n    做一个架子。\n"


class Links(HTMLParser):
    """Addresses that a page asks for or leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.inline: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        for name in ("href", "src", "action", "data-index", "index"):
            if values.get(name):
                self.found.append((tag, name, values[name]))
        for part in filter(None, (values.get("srcset") or "").split(",")):
            self.found.append((tag, "srcset", part.split()[0]))
        if values.get("id"):
            self.ids.add(values["id"])
        if "style" in values or any(name.startswith("on") for name in values):
            self.inline.append(f"<{tag} {attrs}>")
        if tag == "style" or (tag == "script" and "src" not in values and "json" not in (values.get("type") or "")):
            self.inline.append(f"<{tag}>")


def links(page: Path) -> Links:
    parser = Links()
    parser.feed(page.read_text())
    return parser


def tree(folder: Path) -> dict[str, bytes]:
    root = folder.resolve()
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def fill(library) -> None:
    """A small library that has every kind of page."""
    library.record("2023-00001", title="自动换针架", award="甲等", field="机械/电机", kind="发明", text=BODY)
    library.record("2023-00002", title="《手推》换针车", unit="西山县医院", place="西山县", summary="一种换针车。")
    library.record("2023-00003", title="撤销的项目", status="revoked")
    library.record("2023-00004", title="推荐的项目", status="nominated")
    library.record("2024-00001", title="换针架（二）<b>", people="[{name: 亚力昆江·牙生, role: lead}]")


@pytest.fixture
def real(tmp_path: Path) -> tuple[Library, Path]:
    """The library of this repository, built."""
    library, found = read_library(ROOT / "cases", ROOT, cache=tmp_path / "cache")
    assert library is not None, [d.text() for d in found]
    build_site(library, BuildOptions(output=tmp_path / "site", theme=[ROOT / "theme"], cache=tmp_path / "cache"))
    return library, tmp_path / "site"


def test_every_real_record_has_a_page_and_counts_where_it_must(real):
    library, site = real
    scheme = library.scheme
    assert len(library.entries) == 6
    for entry in library.entries:
        page = (site / f"cases/{entry.id}.html").read_text()
        assert entry.title in page.replace("&#34;", '"')
        assert "未公布" in page, "kind and category were not published"
        assert library.load(entry.id).sources[0].address in page
        views = [f"years/{entry.year}.html"]
        views += [f"{d.path}/{d.by_name[n].slug}.html" for d in scheme.dimensions if (n := entry.term(d.key))]
        for view in views:
            assert f"../cases/{entry.id}.html" in [a for _, _, a in links(site / view).found], view
    wushan = (site / "districts/wushan.html").read_text()
    assert re.search(r"<b[^>]*>6</b>\s*项", wushan)
    home = (site / "index.html").read_text()
    assert "394" in home


def test_every_link_leads_somewhere_and_nothing_is_asked_of_another_origin(library):
    fill(library)
    site = library.build().resolve()
    for page in site.rglob("*.html"):
        parsed = links(page)
        assert not parsed.inline, (page, parsed.inline)
        for tag, name, address in parsed.found:
            if tag == "a" and address.startswith("https://example.org/"):
                continue
            assert "//" not in address, f"{page.name}: <{tag} {name}={address}> leaves the site"
            path, _, anchor = address.partition("#")
            if path.startswith("/"):
                assert page.name == "404.html"
                target = site / path.lstrip("/").partition("?")[0]
            else:
                target = (page.parent / path.partition("?")[0]) if path else page
            target = target / "index.html" if target.is_dir() else target
            assert target.exists(), f"{page.relative_to(site)}: {address}"
            if anchor and target.suffix == ".html":
                assert anchor in links(target).ids, f"{page.relative_to(site)}: {address}"


def test_counts_on_every_page_are_those_of_the_views(library):
    fill(library)
    views = Views(library.library())
    site = library.build()
    for view in views.all():
        text = (site / view.url()).read_text()
        assert len(re.findall(r'<li class="case-row">', text)) == len(view.cases), view.url()
    assert [len(view.cases) for view in views.years] == [1, 2]


def test_only_announced_cases_are_listed_and_a_revoked_one_keeps_its_address(library):
    fill(library)
    site = library.build()
    assert "撤销" in (site / "cases/2023-00003.html").read_text()
    assert not (site / "cases/2023-00004.html").exists()
    for page in site.resolve().rglob("*.html"):
        text = page.read_text()
        assert "推荐的项目" not in text
        if page.name != "2023-00003.html":
            assert "撤销的项目" not in text, page


def test_a_title_is_text_never_markup(library):
    fill(library)
    site = library.build()
    for page in (site / "cases/2024-00001.html", site / "years/2024.html"):
        assert "换针架（二）&lt;b&gt;" in page.read_text()
        assert "（二）<b>" not in page.read_text()


def test_long_lists_have_pages_that_hold_every_case_once(library):
    for number in range(1, 131):
        library.record(f"2023-{number:05}", title=f"项目{number}")
    site = library.build()
    pages = [site / f"years/2023{suffix}.html" for suffix in ("", "-2", "-3")]
    found = [re.findall(r'<h3><a href="\.\./cases/([\d-]+)\.html"', page.read_text()) for page in pages]
    rows = [id for page in found for id in dict.fromkeys(page)]
    assert sorted(set(rows)) == [f"2023-{number:05}" for number in range(1, 131)]
    assert not (site / "years/2023-4.html").exists()


def test_an_invalid_record_stops_the_build_and_the_last_good_site_stays(library):
    fill(library)
    before = tree(library.build())
    library.record("2023-00002", award="丙等")
    read, _ = library.read()
    assert read is None
    assert tree(library.base / "site") == before


def test_random_edits_give_the_bytes_of_a_clean_build(library, tmp_path):
    chance = random.Random(3)
    fill(library)
    titles = ["换针架", "一种铅笔刀", "铅笔盒", "切片机", "饮片切片机", "润制装置"]
    theme = tmp_path / "theme"
    shutil.copytree(ROOT / "theme", theme)
    edited = ("partials/footer.html", "frame.html", "case.html", "macros/cards.html", "assets/css/case.css")
    for step in range(20):
        case_id = f"20{chance.choice((23, 24))}-{chance.randrange(1, 9):05}"
        path = library.folder / case_id[:4] / f"{case_id}.yml"
        match chance.randrange(7):
            case 0 if path.exists():
                path.unlink()
            case 1:
                library.write("scheme.yml", (library.folder / "scheme.yml").read_text() + f"# {step}\n")
            case 2:
                library.record(case_id, award="丙等")
                assert library.read()[0] is None
                library.record(case_id, award="甲等")
            case 3:
                with (theme / chance.choice(edited)).open("a") as stream:
                    stream.write(f"/* {step} */")
            case _:
                extra = chance.choice(("", BODY))
                title = f"{chance.choice(titles)}{step}"
                place, unit = chance.choice(("东山县", "南山区")), chance.choice(("一厂", "二厂", "三厂"))
                library.record(case_id, title=title, place=place, unit=unit, text=extra)
        build_site(library.library(), BuildOptions(library.base / "site", [theme], library.cache))
        grown = tree(library.base / "site")
        clean = tmp_path / f"clean{step}"
        build_site(library.library(), BuildOptions(output=clean / "site", theme=[theme], cache=clean / "cache"))
        assert grown.keys() == tree(clean / "site").keys(), step
        assert grown == tree(clean / "site"), step
        shutil.rmtree(clean)


def test_a_new_footer_goes_around_the_articles_that_stand(library, tmp_path, monkeypatch):
    fill(library)
    theme = tmp_path / "theme"
    shutil.copytree(ROOT / "theme", theme)
    options = BuildOptions(library.base / "site", [theme], library.cache)
    build_site(library.library(), options)
    (options.output / "cases/2023-00001.html").unlink()  # what does not stand is made anew
    with (theme / "partials/footer.html").open("a") as stream:
        stream.write("<p>新的页脚</p>")
    made = []
    monkeypatch.setattr(Pages, "make", lambda pages, job, make=Pages.make: made.append(job.path) or make(pages, job))
    build_site(library.library(), options)
    assert made == ["cases/2023-00001.html"]
    grown = tree(options.output)
    assert all("新的页脚" in text.decode() for name, text in grown.items() if name.endswith(".html"))
    build_site(library.library(), BuildOptions(tmp_path / "clean", [theme], tmp_path / "clean-cache"))
    assert grown == tree(tmp_path / "clean")


BUILDER = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from generator.reading import read_library
from generator.site import BuildOptions, build_site
base = Path(sys.argv[1])
library, _ = read_library(base / "cases", base, cache=base / "cache", jobs=int(sys.argv[2]))
build_site(library, BuildOptions(base / "site", [Path({root!r}) / "theme"], base / "cache", jobs=int(sys.argv[2])))
"""


def test_the_same_library_gives_the_same_bytes_anywhere(library, tmp_path):
    fill(library)
    for number in range(10, 170):
        library.record(f"2023-{number:05}", title=f"项目{number}")
    found = []
    for number, (jobs, zone, locale, seed) in enumerate(
        [("1", "UTC", "C.UTF-8", "0"), ("2", "Asia/Urumqi", "C", "4711"), ("3", "America/New_York", "POSIX", "1")]
    ):
        base = tmp_path / f"place {number}"
        names = sorted(library.folder.rglob("*.yml"), reverse=bool(number))
        for path in names:
            target = base / "cases" / path.relative_to(library.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        env = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
        code = BUILDER.format(root=str(ROOT))
        subprocess.run([sys.executable, "-c", code, str(base), jobs], env=env, check=True, cwd=tmp_path)
        found.append(tree(base / "site"))
    assert found[0].keys() == found[1].keys() == found[2].keys()
    assert found[0] == found[1] == found[2]
