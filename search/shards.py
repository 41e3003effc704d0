"""Writes the static files that the browser searches: a manifest, and a folder whose names stay the same.

    manifest.json         fields, facets, folding, sizes, sums of the files of sums, and the hash of all that
    2/g/<n>.bin           lists of documents for the grams of shard n          (see postings.py)
    2/p/<n>.bin           where in those documents they stand
    2/t/<n>.bin           texts and terms of document n, to check and to show (see texts.py)
    2/s/g<n>.bin t<n>.bin checksums of some shards, of some texts             (see files.py)
    2/words.bin           frequent strings, the dictionary that texts are packed with
    2/rank.bin facets.bin titles.bin     a number for each document: award and year, terms, order by pinyin
    2/fold.bin            the whole folding table, for words that the index does not have
All are zlib streams but texts and manifest. Documents are numbered in the order of their ids. 2 is the format. A file
is right only with the checksum that the manifest leads to, so an index that is half replaced is noticed.
"""

from __future__ import annotations

import gc
import math
import multiprocessing
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from search import bundle
from search.analyzer import Folder, fold_table
from search.columns import Columns, Facts, facts_of
from search.document import Document, SearchSchema, content_hash
from search.files import FORMAT, HOME, ROW, Output, digest, manifest_sums, sum_files, to_json
from search.grams import part_of, sort_titles, sorted_entries, title_rows
from search.layout import Analysis, Layout, join
from search.pinyin import Reader, syllables
from search.postings import encode
from search.state import State, read_state, state_key, write_state
from search.tables import keep_in
from search.texts import TextPacker, looked_at, word_list

PLACES_A_SHARD = 3000
PLACES_A_PART = 1 << 18
CHUNK = 400
"""Documents that are held at once in each process."""

Row = tuple[int, int, int]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents of an index, not all of them in memory.

    digests: (id, digest of all that the document depends on); in any order, ids all different.
    load: the document of an id.
    """

    digests: Sequence[tuple[str, bytes]]
    load: Callable[[str], Document]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Sources:
        """Documents that are in memory."""
        return cls([(d.id, content_hash(d).encode()) for d in documents], {d.id: d for d in documents}.__getitem__)


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


def write_index(
    sources: Sources | Sequence[Document],
    schema: SearchSchema,
    folder: Path,
    *,
    jobs: int = 2,
    cache: Path | None = None,
    live: Path | None = None,
    script_copies: bool = False,
) -> IndexReport:
    """What was written into `folder`, which is created. ValueError where two documents have the same id.

    jobs: processes. cache: a folder to keep what the next call can use; deleting it changes nothing else.
    live: a folder that an earlier call wrote (with what its report left to its own live folder): files that stand
    there with the same content are not written. script_copies: every file also as a script, and the client as one,
    for a site opened from a disk (file://); then everything is written.
    Equal documents and schema give equal bytes, whatever was there before.
    """
    found = sources if isinstance(sources, Sources) else Sources.of(sources)
    found = Sources(sorted(found.digests), found.load)
    if len({key for key, _ in found.digests}) != len(found.digests):
        raise ValueError("two documents have the same id")
    if cache is not None:
        keep_in(cache)
    key = state_key(schema)
    before = b""
    if cache is not None and live is not None and not script_copies:
        before = _read(live / "manifest.json")
        state = read_state(cache, key, before)
        if state is not None:
            from search.update import update_index  # imports this module

            report = update_index(state, found, schema, folder, live, cache, key)
            if report is not None:
                return report
    job = _Job.start(found, schema, Output(folder, script_copies))
    state = job.run(jobs)
    written = {f"{HOME}{kind}/{n}.bin" for kind, rows in state.rows.items() for n in range(len(rows))}
    written |= {HOME + name for name in state.single}
    report = finish(state, schema, job.output, written)
    if cache is not None:
        write_state(cache, key, state, before)
    return report


def finish(state: State, schema: SearchSchema, output: Output, written: set[str]) -> IndexReport:
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


def analysis_of(schema: SearchSchema) -> Analysis:
    """What reads the texts of a schema."""
    folder = Folder(fold_table(schema.equivalents))
    return Analysis(schema, folder, Reader({folder.fold(p): s for p, s in schema.readings.items()}))


def bits_for(length: int) -> int:
    """Bits that name a shard."""
    return max(0, round(math.log2(max(1, length) / PLACES_A_SHARD)))


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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@dataclass
class _Job:
    """A whole index in the making; processes that are forked share what is there."""

    sources: Sources
    output: Output
    analysis: Analysis
    packer: TextPacker
    looked_at: list[str]
    layout: Layout | None = None
    columns: Columns | None = None
    bits: int = 0
    shift: int = 0
    parts: tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]] | None = None
    titles: tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]] | None = None

    @classmethod
    def start(cls, sources: Sources, schema: SearchSchema, output: Output) -> _Job:
        output.prepare()
        chosen = looked_at(key for key, _ in sources.digests)
        words = word_list(map(sources.load, chosen), schema, len(sources.digests))
        return cls(sources, output, analysis_of(schema), TextPacker(schema, words), chosen)

    def run(self, jobs: int) -> State:
        """Writes all files but the manifest."""
        layouts: list[Layout] = []
        facts: list[Facts] = []
        texts: list[Row] = []
        for layout, some, rows in _run(_analyse, self, range(0, len(self.sources.digests), CHUNK), jobs):
            layouts.append(layout)
            facts += some
            texts += rows
        self.layout = join(layouts)
        self.columns = Columns.build(facts, self.analysis.schema)
        del facts
        length = len(self.layout.codes)
        self.bits = bits_for(length)
        places = length + len(self.layout.extra_at)
        self.shift = max(0, self.bits - max(0, (places // PLACES_A_PART).bit_length()))
        self.parts = part_of(self.layout, self.bits, self.shift)
        self.titles = title_rows(self.columns.titles, self.bits)
        lists, spots = np.zeros(1 << self.bits, ROW), np.zeros(1 << self.bits, ROW)
        for grams in _run(_write_part, self, range(1 << (self.bits - self.shift)), jobs):
            for number, one, other in grams:
                lists[number], spots[number] = one, other
        state = State(
            [d for _, d in self.sources.digests],
            b"",
            self.bits,
            length,
            self.packer.words,
            self.looked_at,
            self.layout.characters,
            self.columns,
            *self.titles,
            {"g": lists, "p": spots, "t": np.array(texts, ROW)},
            {},
        )
        self.layout = self.parts = None
        for name, data in single_files(state, self.analysis):
            state.single[name] = self.output.put(name, data)
        state.manifest = manifest_of(state, self.analysis)
        return state


_job: _Job


def _run(function: Callable[[int], R], job: _Job, tasks: Sequence[int], jobs: int) -> Iterator[R]:
    """Results of all tasks in order; in forked processes where the system can fork."""
    global _job
    _job = job
    if jobs > 1 and len(tasks) > 1 and "fork" in multiprocessing.get_all_start_methods():
        gc.freeze()  # so that the collector does not copy what the processes share
        with multiprocessing.get_context("fork").Pool(min(jobs, len(tasks))) as pool:
            yield from pool.imap(function, tasks)
        gc.unfreeze()
    else:
        yield from map(function, tasks)


def _analyse(start: int) -> tuple[Layout, list[Facts], list[Row]]:
    """Some documents laid out, and their texts written."""
    job = _job
    some = [job.sources.load(key) for key, _ in job.sources.digests[start : start + CHUNK]]
    rows = [job.output.put(f"t/{n}.bin", job.packer.pack(d)) for n, d in enumerate(some, start)]
    return job.analysis.lay_out(some), [facts_of(d, job.analysis) for d in some], rows


def _write_part(part: int) -> list[tuple[int, Row, Row]]:
    """The shards of one part, written."""
    job = _job
    assert job.layout is not None and job.parts is not None and job.titles is not None
    pairs, others = (_where(p, part) for p in job.parts)
    entries = sorted_entries(job.layout, pairs, others, job.bits)
    shards = np.arange(part << job.shift, (part + 1) << job.shift, dtype=np.uint32)
    shard, hashes = job.titles
    chosen = np.flatnonzero((shard >= shards[0]) & (shard <= shards[-1]))
    done = []
    for number, lists, places in encode(entries, sort_titles(shard, hashes, chosen), shards):
        one, other = job.output.put(f"g/{number}.bin", lists), job.output.put(f"p/{number}.bin", places)
        done.append((number, one, other))
    return done


def _where(parts: npt.NDArray[np.uint16], part: int) -> npt.NDArray[np.int64]:
    """Places of a part, found piece by piece to save memory."""
    step = 1 << 20
    found = [np.flatnonzero(parts[at : at + step] == part) + at for at in range(0, len(parts), step)]
    return np.concatenate(found) if found else np.zeros(0, np.int64)
