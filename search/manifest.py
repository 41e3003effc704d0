"""What an index consists of: its manifest, the files that are written whole every time, and the report of them all."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from search import bundle
from search.files import FORMAT, HOME, Output, digest, manifest_sums, sum_files, to_json
from search.layout import Analysis
from search.pinyin import syllables
from search.state import State


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an index consists of, and what of it was written.

    build: hash of all of it. size: bytes of all files but script copies. digests: (path below the folder, digest of
    its bytes, whether it was written) of every such file, sorted; what was not written stands in the live folder.
    """

    build: str
    documents: int
    size: int
    digests: tuple[tuple[str, bytes, bool], ...] = ()

    @property
    def files(self) -> int:
        return len(self.digests)


def finish(state: State, output: Output, written: set[str]) -> IndexReport:
    """Writes the manifest of a state whose other files are there, and reports. written: paths of those that are new."""
    (output.folder / "manifest.json").write_bytes(state.manifest)
    if output.script_copies:
        (output.folder / "manifest.js").write_bytes(b"caseManifest(" + state.manifest + b")\n")
        bundle.write(output.folder)
    digests = [("manifest.json", digest(state.manifest), True)]
    for kind, rows in state.rows.items():
        whole = rows["digest"].tobytes()
        for n in range(len(rows)):
            name = f"{HOME}{kind}/{n}.bin"
            digests.append((name, whole[n * 8 : n * 8 + 8], name in written))
    for name, (value, _, _) in state.single.items():
        digests.append((HOME + name, value.to_bytes(8, "little"), HOME + name in written))
    size = len(state.manifest) + sum(int(r["size"].sum()) for r in state.rows.values())
    size += sum(row[2] for row in state.single.values())
    digests.sort()
    return IndexReport(_build_of(state), len(state.digests), size, tuple(digests))


def single_files(state: State, analysis: Analysis) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of the files that are written whole every time."""
    yield "words.bin", zlib.compress(state.words, 9)
    yield "rank.bin", state.columns.rank()
    yield "facets.bin", state.columns.facets()
    yield "titles.bin", state.columns.title_order()
    yield "fold.bin", zlib.compress(_pairs(analysis.folder.table).encode(), 9)
    yield from sum_files(state.rows)


def manifest_of(state: State, analysis: Analysis) -> bytes:
    """The manifest of a state of which all else is known."""
    schema, folder, names = analysis.schema, analysis.folder, syllables()

    def sound(label: str) -> str:
        return " ".join(names[n] for n in analysis.reader.read(folder.fold(label)) if n >= 0)

    labels = {c for f in schema.facets for t in f.terms for label in (t.label, *t.aliases) for c in label}
    parts = {
        "format": FORMAT,
        "documents": len(state.digests),
        "bits": state.bits,
        "fold": _pairs(folder.used(state.characters.keys() | labels)),
        "fields": [[f.key, f.label, f.role, f.tier, int(f.sounded)] for f in schema.text_fields()],
        "facets": [
            {
                "key": f.key,
                "label": f.label,
                "text": f.text,
                "terms": [[t.key, t.label, t.mark, sound(t.label), *t.aliases] for t in f.terms],
                **({"notes": notes} if (notes := {t.key: t.note for t in f.terms if t.note}) else {}),
            }
            for f in schema.facets
        ],
        "flags": [[f.key, f.label] for f in schema.flags],
        "award": schema.award,
        "facts": list(schema.facts),
        "syllables": " ".join(names),
        "sums": manifest_sums(state.single),
    }
    rows = b"".join(rows["digest"].tobytes() for rows in state.rows.values())
    build = digest(to_json(parts) + rows + repr(sorted(state.single.items())).encode()).hex()
    return to_json({"build": build, **parts})


def _build_of(state: State) -> str:
    return state.manifest[10:26].decode()


def _pairs(table: Mapping[str, str]) -> str:
    return "".join(a + b for a, b in sorted(table.items()))
