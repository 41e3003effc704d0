"""Atom feeds: RFC 4287, dates from data, revocations and corrections as entries of their own."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from generator import urls

from .conftest import SITE, Exported, export

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T00:00:00\+08:00")


def feed(exported: Exported, path: str) -> ElementTree.Element:
    return ElementTree.fromstring((exported.folder / path).read_bytes())


def texts(element: ElementTree.Element, name: str) -> list[str]:
    return [found.text or "" for found in element.findall(f"{ATOM}{name}")]


def check_required(element: ElementTree.Element) -> None:
    """What RFC 4287 asks of a feed and of an entry."""
    for name in ("id", "title", "updated"):
        assert len(texts(element, name)) == 1
        assert texts(element, name)[0]
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", texts(element, "id")[0])
    assert MOMENT.fullmatch(texts(element, "updated")[0])
    assert [author.findtext(f"{ATOM}name") for author in element.findall(f"{ATOM}author")] != []


def test_every_feed_is_valid_and_its_ids_are_unique(sample: Exported, special: Exported) -> None:
    for exported in (sample, special):
        paths = [path for path in exported.written if path.endswith(".atom")]
        assert len(paths) == len(list(exported.views.all())) + 2
        ids = set()
        for path in paths:
            root = feed(exported, path)
            assert root.tag == f"{ATOM}feed"
            check_required(root)
            ids.add(texts(root, "id")[0])
            links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
            assert links["self"] == SITE + path
            entries = root.findall(f"{ATOM}entry")
            for entry in entries:
                check_required(entry)
                assert entry.findall(f"{ATOM}link[@rel='alternate']")
            inside = [texts(entry, "id")[0] for entry in entries]
            assert len(set(inside)) == len(inside) <= 50
            moments = [texts(entry, "updated")[0] for entry in entries]
            assert moments == sorted(moments, reverse=True)
            assert not moments or texts(root, "updated")[0] == moments[0]
        assert len(ids) == len(paths)


def test_a_feed_holds_the_cases_of_its_view(sample: Exported) -> None:
    for view in sample.views.all():
        entries = feed(sample, urls.feed_url(view.url())).findall(f"{ATOM}entry")
        pages = {entry.find(f"{ATOM}link").get("href") for entry in entries}  # type: ignore[union-attr]
        assert pages <= {SITE + urls.case_url(case.id) for case in view.cases}
        assert len(entries) == min(50, len(view.cases))


def test_dates_are_those_of_the_records(special: Exported) -> None:
    entries = {texts(e, "title")[0]: e for e in feed(special, "index.atom").findall(f"{ATOM}entry")}
    corrected = entries["输液架防倾倒底座"]
    assert texts(corrected, "published") == ["2023-09-02T00:00:00+08:00"]
    assert texts(corrected, "updated") == ["2023-11-05T00:00:00+08:00"]
    assert '+700水平巷道<改造> & “一体” "化"' in entries


def test_a_revoked_case_is_an_entry_of_its_own_in_its_views(special: Exported) -> None:
    for path in ("index.atom", "years/2023.atom", "places/dongshan.atom", "awards/second.atom", "changes.atom"):
        titles = [texts(entry, "title")[0] for entry in feed(special, path).findall(f"{ATOM}entry")]
        assert "撤销：被撤销的项目" in titles
        assert "被撤销的项目" not in titles
    for path in ("years/2024.atom", "places/xishan.atom", "awards/first.atom"):
        assert "被撤销的项目" not in special.text(path)
    entry = next(e for e in feed(special, "index.atom").findall(f"{ATOM}entry") if "撤销" in texts(e, "title")[0])
    assert texts(entry, "updated") == ["2024-01-08T00:00:00+08:00"]
    assert texts(entry, "summary") == ["撤销奖项（经查实不符合条件）"]


def test_corrections_have_a_feed(special: Exported) -> None:
    found = [
        (texts(e, "title")[0], texts(e, "summary")[0]) for e in feed(special, "changes.atom").findall(f"{ATOM}entry")
    ]
    assert found == [
        ("撤销：被撤销的项目", "撤销奖项（经查实不符合条件）"),
        ("更正：输液架防倾倒底座", "补充完成人"),
        ("更正：输液架防倾倒底座", "改正单位名称（原名有误）"),
    ]


def test_ids_stay_when_the_site_moves(special: Exported) -> None:
    moved = export(special.library, special.folder.parent / "moved", site="")
    before, after = (feed(exported, "index.atom") for exported in (special, moved))
    assert texts(before, "id") == texts(after, "id")
    ids = [[texts(entry, "id")[0] for entry in root.findall(f"{ATOM}entry")] for root in (before, after)]
    assert ids[0] == ids[1]
    assert 'href="../cases/2023-00002.html"' in moved.text("years/2023.atom")
