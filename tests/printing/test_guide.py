"""The guide to printed documents says what the program does."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from generator.printing.typeset import TEMPLATES
from generator.scheme.layouts import CELL_KEYS
from generator.scheme.prints import CASE_WORDS, ROUND_WORDS
from tests.conftest import LibraryFolder

from .conftest import SITE

GUIDE = Path(__file__).parents[2] / "docs/printing.md"


def test_the_commands_of_the_guide_work_and_write_what_it_says(
    run: Callable[..., Result], library: LibraryFolder
) -> None:
    library.record()
    (library.base / "docs").mkdir()
    (library.base / "mkdocs.yml").write_text(f"site_name: x\nsite_url: {SITE}\nplugins: [caselib]\n", "utf-8")
    lines = re.findall(r"^caselib print (.+?)(?:\s*#\s*(.+))?$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert len(lines) == 6
    for command, told in lines:
        done = run(*shlex.split(command))
        assert done.exit_code == 0, done.output
        for path in re.findall(r"(?:print|cases)/[\w./-]+", told):
            assert (library.base / path).exists(), told
    assert (library.base / "print/2023-证书/2023-00001.pdf").exists()


def test_every_word_key_and_template_stands_in_the_guide() -> None:
    guide = GUIDE.read_text("utf-8")
    assert set(re.findall(r"`\{(\w+)\}`", guide)) == {*ROUND_WORDS, *CASE_WORDS}
    assert [key for key in CELL_KEYS if f"`{key}`" not in guide] == []
    assert [path.name for path in TEMPLATES.glob("*.typ") if f"`{path.name}`" not in guide] == []
