"""Texts of the interface in one language, with the words of one scheme in them.

The source language is Chinese: a text is its own key, names in braces stand for values and for the scheme's words
(`scheme_words.Words`). Catalogues of other languages are gettext files (locale/<language>/LC_MESSAGES/caselib.po) in
the theme; they say everything in their own words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = "zh-CN"
DOMAIN = "caselib.po"
_NAME = re.compile(r"\{([a-z_]+)\}")


def with_words(text: str, words: Mapping[str, str]) -> str:
    """`text` with what stands for the names in braces; a name that nothing stands for stays as it is."""
    return _NAME.sub(lambda match: words.get(match[1], match[0]), text) if "{" in text else text


def names_in(text: str) -> list[str]:
    """The names in braces of `text`, in their order."""
    return _NAME.findall(text)


@dataclass(frozen=True)
class Phrases:
    """Says texts. words: of the scheme. messages: translations by the Chinese text; none for Chinese."""

    words: Mapping[str, str]
    language: str = SOURCE
    messages: Mapping[str, str] = field(default_factory=dict)

    def text(self, message: str) -> str:
        """`message` in the language, the scheme's words in it, names of values still in braces."""
        return with_words(self.messages.get(message, message), self.words)

    def __call__(self, message: str, /, **values: object) -> str:
        """`message` in the language with `values` put in."""
        return with_words(self.text(message), {name: str(value) for name, value in values.items()})

    def pieces(self, message: str) -> Iterator[tuple[str, bool]]:
        """The text of `message` in pieces: (text, False) or (name of a value, True)."""
        for number, part in enumerate(_NAME.split(self.text(message))):
            if part:
                yield part, bool(number % 2)

    @property
    def key(self) -> bytes:
        """Key of everything that is said."""
        told = "\0".join(
            [self.language, *(part for pair in (*self.words.items(), *self.messages.items()) for part in pair)]
        )
        return hashlib.blake2b(told.encode(), digest_size=8).digest()

    @property
    def is_source(self) -> bool:
        """Whether the interface is in the language of the records."""
        return self.language == SOURCE

    @property
    def of_records(self) -> str:
        """Attribute for elements whose text is a record's, where the interface is in another language; or nothing."""
        return "" if self.is_source else f' lang="{SOURCE}"'

    @property
    def of_chrome(self) -> str:
        """The opposite of `of_records`: for elements of the interface in a page that is in the records' language."""
        return "" if self.is_source else f' lang="{self.language}"'

    def script(self, source: str) -> dict[str, Mapping[str, str]]:
        """What the script `source` needs in order to say its texts itself."""
        used = {message: text for message, text in self.messages.items() if f'"{message}"' in source}
        return {"messages": used, "words": {name: word for name, word in self.words.items() if f"{{{name}}}" in source}}


def marked(message: str) -> str:
    """`message` as it is; tells the catalogue of a text that is said elsewhere."""
    return message


def catalogue(language: str, theme: Sequence[Path]) -> Mapping[str, str]:
    """Translations by the Chinese text, from the first of the folders `theme` that has a catalogue of `language`.

    Raises LookupError where none has.
    """
    if language == SOURCE:
        return {}
    from babel.messages.pofile import read_po  # takes 50 ms, for which most builds have no use

    for folder in theme:
        path = folder / "locale" / language / "LC_MESSAGES" / DOMAIN
        if path.is_file():
            with path.open("rb") as stream:
                found = read_po(stream, locale=language, abort_invalid=True)
            return {str(m.id): str(m.string) for m in found if m.id and m.string and not m.fuzzy}
    raise LookupError(language)


def languages(theme: Sequence[Path]) -> list[str]:
    """The languages that a site can be built in."""
    found = {path.parts[-3] for folder in theme for path in folder.glob(f"locale/*/LC_MESSAGES/{DOMAIN}")}
    return [SOURCE, *sorted(found)]
