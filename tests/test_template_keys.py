import shutil
from pathlib import Path

import pytest

from generator.scheme.words import Words
from generator.theming.render import environment
from generator.theming.template_keys import TemplateKeys

THEME = Path(__file__).parents[1] / "theme"
ARTICLES = ("case.html", "view.html", "home.html", "search.html", "404.html")


@pytest.fixture
def keys(tmp_path):
    """Function from an edit of a copy of the theme to the templates whose key it changes."""
    theme = tmp_path / "theme"
    shutil.copytree(THEME, theme)

    def of(root: str = "assets/1/") -> dict[str, bytes]:
        found = TemplateKeys(environment([theme], Words().phrases()), [theme], root, tmp_path / "memory")
        return {name: found.key(name) for name in (*ARTICLES, "frame.html")}

    before = of()

    def changed_by(name: str, root: str = "assets/1/") -> set[str]:
        if name:
            with (theme / name).open("a") as stream:
                stream.write("<!-- -->")
        now = of(root)
        return {template for template in now if now[template] != before[template]}

    return changed_by


@pytest.mark.parametrize(
    ("edited", "changed"),
    [
        ("partials/footer.html", {"frame.html"}),
        ("partials/reading.html", {"frame.html"}),
        ("frame.html", {"frame.html"}),
        ("case.html", {"case.html"}),
        ("macros/cards.html", {"case.html", "view.html", "home.html"}),
        ("macros/pictures.html", {"case.html", "view.html", "home.html"}),
        ("marks/ui-next.svg", {*ARTICLES, "frame.html"}),
    ],
)
def test_a_template_counts_where_it_is_used_directly_or_through_others(keys, edited, changed):
    assert keys(edited) == changed


def test_other_assets_count_where_their_address_stands(keys):
    assert keys("", "assets/2/") == {"search.html", "frame.html"}


def test_the_first_folder_of_a_theme_wins(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "case.html").write_text("another")
    theme = [own, THEME]
    env, memory = environment([THEME], Words().phrases()), tmp_path / "memory"
    plain, changed = (TemplateKeys(env, folders, "a/", memory) for folders in ([THEME], theme))
    assert plain.key("case.html") != changed.key("case.html")
    assert plain.key("view.html") == changed.key("view.html")
