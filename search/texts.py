"""Texts and terms of one document as bytes: what a result shows, and what is read to check a match.

File: 4 bytes of Adler-32 of what follows once inflated; a raw deflate stream, made with the dictionary of frequent
strings. Inflated: a byte, 1 for GBK (two bytes a character, a sixth smaller packed than UTF-8), 0 for UTF-8; then JSON.
"""

from __future__ import annotations

import hashlib
import heapq
import zlib
from collections import Counter
from collections.abc import Iterable

import msgspec

from search.document import Document, SearchSchema

LOOKED_AT = 100
"""Documents whose strings the dictionary is made of, chosen by the hash of their id: few edits change it."""
_SIZES = tuple(1024 << n for n in range(5))
"""Of the dictionary, bytes: larger for more documents, in steps, so that one more document seldom changes it."""
_LENGTHS = (3, 4, 6)


def looked_at(ids: Iterable[str]) -> list[str]:
    """The ids of the documents that the dictionary is made of, by their hash."""
    return heapq.nsmallest(LOOKED_AT, ids, key=mark_of)


def mark_of(key: str) -> bytes:
    """Hash of an id."""
    return hashlib.blake2b(key.encode(), digest_size=8).digest()


def words_size(documents: int) -> int:
    """Bytes of the dictionary for so many documents, at most."""
    return next((s for s in reversed(_SIZES) if s <= documents), _SIZES[0])


def word_list(chosen: Iterable[Document], schema: SearchSchema, documents: int) -> bytes:
    """Frequent strings in GBK, the most useful ones last. chosen: as `looked_at` says; documents: of how many."""
    packer = TextPacker(schema, b"")
    counts: Counter[str] = Counter()
    for document in chosen:
        text = packer.text(document)
        counts.update({text[n : n + k] for k in _LENGTHS for n in range(len(text) - k + 1)})
    out: list[bytes] = []
    room, have = words_size(documents), ""
    for string, times in sorted(counts.items(), key=lambda item: (-item[1] * (len(item[0]) - 1), item[0])):
        if times < 2 or string in have:
            continue
        data = string.encode("gbk", "ignore")
        if len(data) > room:
            break
        out.append(data)
        room -= len(data)
        have += string
    return b"".join(reversed(out))


class TextPacker:
    """Packs and unpacks documents of one schema with one dictionary."""

    def __init__(self, schema: SearchSchema, words: bytes) -> None:
        self.words = words
        self._fields = [f.key for f in schema.fields]
        self._schema = schema
        self._facets = [(f.key, [t.key for t in f.terms]) for f in schema.facets]
        self._flags = [f.key for f in schema.flags]

    def text(self, document: Document) -> str:
        """JSON: id, address, passages of each field, terms of each facet by place, flags by place, year."""
        row = [
            document.id,
            document.url,
            [[t for t in document.texts.get(key, ()) if t] for key in self._fields],
            [[place for place, _ in self._schema.terms_of(key, document)] for key, _ in self._facets],
            [n for n, key in enumerate(self._flags) if key in document.flags],
            document.year,
        ]
        return msgspec.json.encode(row).decode()

    def pack(self, document: Document) -> bytes:
        """The file of a document."""
        text = self.text(document)
        try:
            plain = b"\x01" + text.encode("gbk")
        except UnicodeEncodeError:
            plain = b"\x00" + text.encode()
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, self.words)
        return zlib.adler32(plain).to_bytes(4, "little") + deflate.compress(plain) + deflate.flush()

    def unpack(self, data: bytes) -> Document:
        """The document of a file, without its award. ValueError where the file is damaged."""
        try:
            plain = zlib.decompressobj(-15, self.words).decompress(data[4:])
            if zlib.adler32(plain) != int.from_bytes(data[:4], "little"):
                raise ValueError("checksum")
            key, url, texts, terms, flags, year = msgspec.json.decode(plain[1:].decode("gbk" if plain[0] else "utf-8"))
        except (zlib.error, msgspec.MsgspecError, IndexError) as error:
            raise ValueError(str(error)) from None
        return Document(
            key,
            url,
            dict(zip(self._fields, texts, strict=True)),
            {f: [keys[n] for n in row] for (f, keys), row in zip(self._facets, terms, strict=True)},
            frozenset(self._flags[n] for n in flags),
            year=year,
        )
