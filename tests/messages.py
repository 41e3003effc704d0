"""Every text that templates, scripts and the program say, as the catalogues hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from jinja2 import nodes

from generator.records.model import CORE_LABELS
from generator.scheme.words import Words
from generator.theming.render import environment
from generator.theming.template_phrases import is_text

ROOT = Path(__file__).parents[1]
THEME = ROOT / "theme"
SCRIPTS = (ROOT / "search/client", ROOT / "search/portal", THEME / "assets/js", THEME / "kiosk/client")
HAN = re.compile("[\u3400-\u9fff]")
# What the program says with a text of its own (Phrases), by the name it is called with.
CALLS = dict.fromkeys(("phrases", "say", "marked"))


def texts_of_templates() -> Iterator[tuple[str, str]]:
    """Name of the template and text, of each text."""
    env = environment([THEME], Words().phrases())
    for path in sorted(THEME.rglob("*.html")):
        name = path.relative_to(THEME).as_posix()
        for call in env.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if is_text(call):
                yield name, call.args[0].as_const()


def texts_of_scripts() -> Iterator[tuple[str, str]]:
    """Name of the script and text, of each text."""
    for path in sorted(path for folder in SCRIPTS for path in folder.glob("*.js")):
        for _, text, _, _ in extract_from_file("javascript", str(path), {"say": None}):
            yield path.name, text


def texts_of_program() -> Iterator[tuple[str, str]]:
    """Name of the module and text, of each text."""
    for label in CORE_LABELS.values():
        yield "records/model.py", label
    for path in sorted((ROOT / "generator").rglob("*.py")):
        if "packaged" not in path.parts:
            for _, text, _, _ in extract_from_file("python", str(path), CALLS):
                if isinstance(text, str) and HAN.search(text):
                    yield path.relative_to(ROOT / "generator").as_posix(), text


def all_texts() -> dict[str, list[str]]:
    """Where each text is said."""
    found: dict[str, list[str]] = {}
    for texts in (texts_of_templates(), texts_of_scripts(), texts_of_program()):
        for where, text in texts:
            found.setdefault(text, []).append(where)
    return found


def write_catalogue(path: Path) -> list[str]:
    """Brings the catalogue `path` up to date: new texts come in empty, gone ones go out. Returns what is empty."""
    with path.open("rb") as stream:
        known = {message.id: message.string for message in read_po(stream)}
    # Made anew: its head then holds nothing of a day, a person or a machine.
    lines = [
        'msgid ""',
        'msgstr ""',
        f'"Language: {path.parts[-3]}\\n"',
        r'"Content-Type: text/plain; charset=utf-8\n"',
        "",
    ]
    for text, places in sorted(all_texts().items()):
        lines += [
            f"#: {' '.join(sorted(set(places)))}",
            f"msgid {quoted(text)}",
            f"msgstr {quoted(str(known.get(text, '')))}",
            "",
        ]
    path.write_text("\n".join(lines), "utf-8")
    return [text for text in all_texts() if not known.get(text)]


def quoted(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


if __name__ == "__main__":
    for catalogue in sorted(THEME.glob("locale/*/LC_MESSAGES/*.po")):
        for text in write_catalogue(catalogue):
            print(f"{catalogue.parts[-3]}: {text}")
