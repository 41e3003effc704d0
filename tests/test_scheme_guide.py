"""What docs/scheme-over-years.md and docs/portal.md tell to write is right, and does what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from generator.portal.config import read_portal
from tests.conftest import LibraryFolder
from tests.test_explain import merged

DOCS = Path(__file__).parents[1] / "docs"
AWARD = """\
  - {key: award, label: 奖项, path: awards, role: award, terms: [{name: 甲等, slug: first}, {name: 乙等, slug: second}]}
"""
YEARS = "rounds: [{year: 2023}, {year: 2024}, {year: 2025}, {year: 2026}]\n"


def blocks(name: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (DOCS / name).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(4))
def test_every_block_of_the_guide_is_a_scheme_without_findings(library: LibraryFolder, number: int) -> None:
    block = blocks("scheme-over-years.md")[number]
    if "dimensions:\n" in block:
        block = block.replace("dimensions:\n", f"dimensions:\n{AWARD}")
    if "rounds:" not in block:
        block = YEARS + block
    library.write("scheme.yml", merged((library.folder / "scheme.yml").read_text("utf-8"), block))
    read, found = library.read()
    assert [d.text() for d in found] == []
    assert read is not None
    said = YAML(typ="safe").load(block)
    assert all(getattr(read.scheme, key) for key in said)


def test_the_places_of_the_guide_become_what_it_says(library: LibraryFolder) -> None:
    block = YEARS + blocks("scheme-over-years.md")[0].replace("dimensions:\n", f"dimensions:\n{AWARD}")
    library.write("scheme.yml", merged((library.folder / "scheme.yml").read_text("utf-8"), block))
    place, category = (library.library().scheme.by_key[key] for key in ("place", "category"))
    assert place.names_in(2023) == ["东山县", "西山县", "南山区"]
    assert place.names_in(2025) == ["东山区", "南山区"]
    assert (place.history.now("西山县"), place.history.now("东山县")) == ("南山区", "东山区")
    assert category.names_in(2026) == ["机械", "电机", "数字化"]
    assert category.history.now("机械/电机") == "机械/电机"


def test_the_configuration_in_the_guide_of_the_portal_is_right(tmp_path: Path) -> None:
    [block] = blocks("portal.md")
    for name in ("甲库", "乙库"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mkdocs.yml").write_text("", "utf-8")
    (tmp_path / "portal.yml").write_text(block, "utf-8")
    portal, found = read_portal(tmp_path / "portal.yml")
    assert found == [] and portal is not None
    assert [library.path for library in portal.libraries] == ["jia", "yi"]
