from datetime import date
from xml.etree import ElementTree

import pytest

from generator.pages.sitemap import MOST_ADDRESSES, MOST_BYTES, search_engine_files, sitemaps
from generator.views import Views

SITE = "https://case.example.org/lib/"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(content):
    """Name of the root element, and (address, day of change) of each entry."""
    root = ElementTree.fromstring(content)
    return root.tag.removeprefix(SPACE), [(e.findtext(f"{SPACE}loc"), e.findtext(f"{SPACE}lastmod")) for e in root]


def files(library, site=SITE, prose=("about.html",)):
    read_library = library.library()
    return dict(search_engine_files(read_library, Views(read_library), site, prose))


def test_every_page_is_in_the_sitemap_once_with_the_day_its_record_tells(library):
    library.record(
        "2023-00001", text="changes:\n  - {date: 2024-03-02, what: 更正单位}\n  - {date: 2024-01-01, what: 更正}\n"
    )
    library.record("2023-00002", award="甲等")
    kind, entries = read(files(library)["sitemap.xml"])
    days = {address.removeprefix(SITE): day for address, day in entries}
    assert kind == "urlset"
    assert len(days) == len(entries)
    assert days["cases/2023-00001.html"] == "2024-03-02"
    assert days["cases/2023-00002.html"] is None
    assert days["index.html"] == days["years/2023.html"] == days["awards/second.html"] == "2024-03-02"
    assert days["awards/first.html"] is None
    assert {"about.html", "places/index.html", "years/index.html", "places/xishan.html"} <= set(days)


@pytest.mark.parametrize("status", ["revoked", "notice", "nominated"])
def test_a_case_that_is_not_listed_is_not_in_the_sitemap(library, status):
    library.record("2023-00001", status=status)
    assert not any("00001" in address for address, _ in read(files(library)["sitemap.xml"])[1])


def test_further_pages_of_a_list_are_in_the_sitemap(library):
    for number in range(61):
        library.record(f"2023-{number:05d}")
    addresses = [address.removeprefix(SITE) for address, _ in read(files(library)["sitemap.xml"])[1]]
    assert "years/2023-2.html" in addresses
    assert "years/2023-3.html" not in addresses


def test_without_a_public_address_there_is_nothing(library):
    library.record()
    assert files(library, "") == {}


def test_robots_point_to_the_sitemap(library):
    library.record()
    assert files(library)["robots.txt"].decode().splitlines()[-1] == f"Sitemap: {SITE}sitemap.xml"


def test_a_library_of_samples_asks_not_to_be_read(library):
    library.write("scheme.yml", (library.folder / "scheme.yml").read_text() + "sample: true\n")
    library.record(text="sample: true\n")
    found = files(library)
    assert list(found) == ["robots.txt"]
    assert "Disallow: /" in found["robots.txt"].decode().splitlines()


def test_addresses_are_escaped():
    [(_, content)] = sitemaps(SITE, [("说明&<b>.html?a=1&b='", None)])
    [(address, _)] = read(content)[1]
    assert address == f"{SITE}%E8%AF%B4%E6%98%8E&%3Cb%3E.html?a=1&b=%27"


def test_a_large_sitemap_is_split_under_an_index():
    pages = [(f"{number}.html", date(2024, 1, number) if number < 4 else None) for number in range(1, 8)]
    found = dict(sitemaps(SITE, pages, most_addresses=3))
    assert list(found) == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    kind, parts = read(found.pop("sitemap.xml"))
    assert kind == "sitemapindex"
    assert parts == [
        (f"{SITE}sitemap-1.xml", "2024-01-03"),
        (f"{SITE}sitemap-2.xml", None),
        (f"{SITE}sitemap-3.xml", None),
    ]
    assert [address for part in found.values() for address, _ in read(part)[1]] == [f"{SITE}{url}" for url, _ in pages]


def test_no_sitemap_is_longer_than_its_bytes():
    found = dict(sitemaps(SITE, [(f"{number}.html", None) for number in range(100)], most_bytes=1000))
    assert len(found) > 2
    assert all(len(content) <= 1000 for name, content in found.items() if name != "sitemap.xml")
    assert sum(len(read(content)[1]) for name, content in found.items() if name != "sitemap.xml") == 100


def test_the_limits_are_those_of_the_protocol():
    assert MOST_ADDRESSES == 50_000
    assert MOST_BYTES <= 50 * 1024 * 1024
