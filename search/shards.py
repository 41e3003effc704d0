"""Writes the static files that the browser searches: a manifest, and a folder named by the hash of everything in it.

    manifest.json            fields, facets, folding, sizes, and the name of the folder
    <build>/g/<n>.bin        lists of documents for the grams of shard n          (see postings.py)
    <build>/p/<n>.bin        where in those documents they stand
    <build>/t/<n>.bin        texts and terms of document n, to check and to show (see texts.py)
    <build>/words.bin        frequent strings, the dictionary that texts are packed with
    <build>/rank.bin facets.bin titles.bin     a number for each document: award and year, terms, order by pinyin
    <build>/fold.bin         the whole folding table, for words that the index does not have
All are zlib streams but texts and manifest. Documents are numbered in the order of their ids.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import multiprocessing
import shutil
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search import bundle, columns
from search.analyzer import SYLLABLE_BASE, Folder, fold_table
from search.document import Document, SearchSchema, title
from search.layout import Layout, lay_out
from search.pinyin import Reader, syllables
from search.postings import U32, Entries, Titles, encode, gram_hash, text_hash
from search.store import Store, clear
from search.texts import TextPacker, word_list

FORMAT = 1
PLACES_A_SHARD = 3000
_PART_BITS = 5


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What was written. build: name of the folder of the index. size: bytes of all files but script copies.

    digests: (path below the folder, hash of its bytes) of every such file, sorted.
    """

    build: str
    documents: int
    files: int
    size: int
    digests: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Job:
    """What the writing processes share."""

    documents: Sequence[Document]
    schema: SearchSchema
    layout: Layout
    titles: Titles
    packer: TextPacker
    part: npt.NDArray[np.uint8]
    extra_part: npt.NDArray[np.uint8]
    bits: int
    folder: Path
    script_copies: bool


_job: _Job


def write_index(
    documents: Sequence[Document], schema: SearchSchema, folder: Path, *, jobs: int = 2,
    cache: Path | None = None, script_copies: bool = False,
) -> IndexReport:
    """What was written into `folder`, which is created; an index of another build in it is removed.

    documents: in any order, ids all different (ValueError otherwise). jobs: processes that write.
    cache: a folder that this function may fill and use to be faster next time; deleting it changes nothing else.
    script_copies: every file also as a script, and the client as one, for a site opened from a disk (file://).
    Equal documents and schema give equal bytes.
    """
    ordered = sorted(documents, key=lambda d: d.id)
    if len({d.id for d in ordered}) != len(ordered):
        raise ValueError("two documents have the same id")
    folder.mkdir(parents=True, exist_ok=True)
    if cache is None:
        return _build(ordered, schema, folder, jobs, script_copies)
    store = Store(cache, ordered, schema, script_copies)
    report = store.fetch(folder, IndexReport)
    if report is None:
        report = _build(ordered, schema, folder, jobs, script_copies)
        store.keep(folder, report)
    return report


def _build(
    ordered: Sequence[Document], schema: SearchSchema, folder: Path, jobs: int, script_copies: bool,
) -> IndexReport:
    """Writes the index of documents in the order of their ids."""
    global _job
    fresh = folder / "new"
    shutil.rmtree(fresh, ignore_errors=True)
    for name in "gpt":
        (fresh / name).mkdir(parents=True)
    folder_of_text = Folder(fold_table(schema.equivalents))
    reader = Reader({folder_of_text.fold(p): s for p, s in schema.readings.items()})
    layout = lay_out(ordered, schema, folder_of_text, reader)
    bits = max(0, round(math.log2(max(1, len(layout.codes)) / PLACES_A_SHARD)))
    folded_titles = [folder_of_text.fold(title(d, schema)) for d in ordered]
    packer = TextPacker(schema, word_list(ordered, schema))
    _job = _Job(
        ordered, schema, layout, _titles(folded_titles, bits), packer, _parts(layout, bits), _extra_parts(layout, bits),
        bits, fresh, script_copies,
    )
    parts = 1 << min(bits, _PART_BITS)
    tasks = [("grams", n) for n in range(parts)] + [("texts", n) for n in range(parts)]
    written = dict(row for rows in _run(tasks, jobs) for row in rows)
    for name, data in (
        ("words.bin", zlib.compress(packer.words, 9)),
        ("rank.bin", columns.rank(ordered)),
        ("facets.bin", columns.facets(ordered, schema)),
        ("titles.bin", columns.title_order(ordered, folded_titles, reader)),
        ("fold.bin", zlib.compress(_pairs(folder_of_text.table).encode(), 9)),
    ):
        written[name] = _write(fresh, name, data, script_copies)
    manifest = _manifest(schema, len(ordered), bits, folder_of_text, reader)
    build = _digest(_json([manifest, sorted((n, h) for n, (h, _) in written.items())]))
    data = _json({"build": build, **manifest})
    clear(folder, fresh)
    fresh.rename(folder / build)
    (folder / "manifest.json").write_bytes(data)
    if script_copies:
        (folder / "manifest.js").write_bytes(b"caseManifest(" + data + b")\n")
        bundle.write(folder)
    digests = [("manifest.json", _digest(data)), *((f"{build}/{n}", h) for n, (h, _) in written.items())]
    size = sum(s for _, s in written.values()) + len(data)
    return IndexReport(build, len(ordered), len(digests), size, tuple(sorted(digests)))


def _run(tasks: Sequence[tuple[str, int]], jobs: int) -> list[list[tuple[str, tuple[str, int]]]]:
    """Results of all tasks; in forked processes where the system can fork, so that the arrays are shared."""
    if jobs > 1 and "fork" in multiprocessing.get_all_start_methods():
        with multiprocessing.get_context("fork").Pool(min(jobs, len(tasks))) as pool:
            return pool.map(_task, tasks, chunksize=1)
    return [_task(task) for task in tasks]


def _task(task: tuple[str, int]) -> list[tuple[str, tuple[str, int]]]:
    kind, number = task
    return list(_grams(number) if kind == "grams" else _texts(number))


def _shard(first: U32, second: U32, bits: int) -> U32:
    """Shard of each gram; syllables by their first one only, so that all that follow it stand together."""
    syllable = (first >= SYLLABLE_BASE) & (first < SYLLABLE_BASE + 0x1000)
    h = gram_hash(first, np.where(syllable, np.uint32(0), second))
    return np.asarray(h >> np.uint32(32 - bits), np.uint32) if bits else np.zeros(len(h), np.uint32)


def _parts(layout: Layout, bits: int) -> npt.NDArray[np.uint8]:
    """For each position the part that its pair belongs to, 255 where no pair begins."""
    codes, alphabet, step = layout.codes, layout.alphabet, 1 << 20
    part = np.full(len(codes), 255, np.uint8)
    shift = np.uint32(max(bits - _PART_BITS, 0))
    for at in range(0, len(codes) - 1, step):
        a, b = codes[at : at + step], codes[at + 1 : at + 1 + step]
        a = a[: len(b)]
        n = _shard(alphabet[a], alphabet[b], bits) >> shift
        part[at : at + len(b)] = np.where((a != 0) & (b != 0), n.astype(np.uint8), 255)
    return part


def _extra_parts(layout: Layout, bits: int) -> npt.NDArray[np.uint8]:
    """The part of each of the other grams."""
    shard = _shard(layout.alphabet[layout.extra_first], layout.alphabet[layout.extra_second], bits)
    return (shard >> np.uint32(max(bits - _PART_BITS, 0))).astype(np.uint8)


def _titles(folded: Sequence[str], bits: int) -> Titles:
    """Exact titles, each in the shard of its first gram."""
    rows = [(t, n) for n, t in enumerate(folded) if t]
    first = np.array([ord(t[0]) for t, _ in rows], np.uint32)
    second = np.array([ord(t[1]) if len(t) > 1 else 0 for t, _ in rows], np.uint32)
    hashes = np.array([text_hash(t) for t, _ in rows], np.uint32)
    numbers = np.array([n for _, n in rows], np.uint32)
    shard = _shard(first, second, bits)
    order = np.lexsort((numbers, hashes, shard))
    return Titles(shard[order], hashes[order], numbers[order])


def _grams(part: int) -> Iterable[tuple[str, tuple[str, int]]]:
    """Writes the shards of one part."""
    job, layout = _job, _job.layout
    shift = max(job.bits - _PART_BITS, 0)
    shards = range(part << shift, (part + 1) << shift)
    at = np.flatnonzero(job.part == part)
    mine = np.flatnonzero(job.extra_part == part)
    first = np.concatenate([layout.codes[at].astype(np.uint32), layout.extra_first[mine]])
    second = np.concatenate([layout.codes[at + 1].astype(np.uint32), layout.extra_second[mine]])
    at = np.concatenate([at, layout.extra_at[mine]])
    entries = sort_entries(first, second, at, layout, job.bits)
    chosen = slice(*np.searchsorted(job.titles.shard, [shards.start, shards.stop]))
    titles = Titles(job.titles.shard[chosen], job.titles.hash[chosen], job.titles.document[chosen])
    for number, lists, places in encode(entries, titles, shards):
        yield f"g/{number}.bin", _write(job.folder, f"g/{number}.bin", lists, job.script_copies)
        yield f"p/{number}.bin", _write(job.folder, f"p/{number}.bin", places, job.script_copies)


def sort_entries(
    first: U32, second: U32, at: npt.NDArray[np.int64], layout: Layout, bits: int,
) -> Entries:
    """Entries of grams (two codes and a position each) in the order of the files."""
    size = len(layout.alphabet)
    passage = np.searchsorted(layout.passage_start, at, "right") - 1
    pair = first.astype(np.uint64) * np.uint64(size) + second
    pairs, which = np.unique(pair, return_inverse=True)
    a, b = (pairs // np.uint64(size)).astype(np.int64), (pairs % np.uint64(size)).astype(np.int64)
    a_point, b_point = layout.alphabet[a], layout.alphabet[b]
    shard = _shard(a_point, b_point, bits)
    order = np.argsort(shard, kind="stable")       # pairs are ascending already
    rank = np.empty(len(pairs), np.uint64)
    rank[order] = np.arange(len(pairs), dtype=np.uint64)
    tier = layout.passage_tier[passage].astype(np.uint64)
    local = np.uint64(max(1, len(at).bit_length()))
    by_place = np.argsort(at, kind="stable") if len(at) and (np.diff(at) < 0).any() else np.arange(len(at))
    key = ((rank[which][by_place] << np.uint64(2) | tier[by_place]) << local) | np.arange(len(at), dtype=np.uint64)
    key.sort()
    row = by_place[(key & ((np.uint64(1) << local) - np.uint64(1))).astype(np.int64)]
    gram = order[(key >> (local + np.uint64(2))).astype(np.int64)]
    where = passage[row]
    return Entries(
        shard[gram], a_point[gram], b_point[gram], layout.passage_tier[where].astype(np.uint8),
        layout.passage_document[where].astype(np.uint32),
        (at[row] - layout.passage_start[where] + layout.passage_place[where]).astype(np.uint32),
    )


def _texts(part: int) -> Iterable[tuple[str, tuple[str, int]]]:
    """Writes a share of the files of texts."""
    job = _job
    parts = 1 << min(job.bits, _PART_BITS)
    rows = len(job.documents)
    for number in range(rows * part // parts, rows * (part + 1) // parts):
        name = f"t/{number}.bin"
        yield name, _write(job.folder, name, job.packer.pack(job.documents[number]), job.script_copies)


def _manifest(schema: SearchSchema, documents: int, bits: int, folder: Folder, reader: Reader) -> dict[str, object]:
    names = syllables()

    def sound(label: str) -> str:
        return " ".join(names[n] for n in reader.read(folder.fold(label)) if n >= 0)

    return {
        "format": FORMAT, "documents": documents, "bits": bits, "fold": _pairs(folder.used()),
        "fields": [[f.key, f.label, f.role, f.tier, int(f.sounded)] for f in schema.text_fields()],
        "facets": [
            {
                "key": f.key, "label": f.label, "text": f.text,
                "terms": [[t.key, t.label, t.mark, sound(t.label), *t.aliases] for t in f.terms],
            }
            for f in schema.facets
        ],
        "flags": [[f.key, f.label] for f in schema.flags], "award": schema.award, "facts": list(schema.facts),
        "syllables": " ".join(names),
    }


def _pairs(table: Mapping[str, str]) -> str:
    return "".join(a + b for a, b in sorted(table.items()))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _write(folder: Path, name: str, data: bytes, script_copy: bool) -> tuple[str, int]:
    """(hash, size) of what was written."""
    with open(folder / name, "wb") as file:
        file.write(data)
    if script_copy:
        text = base64.b64encode(data).decode()
        (folder / name).with_suffix(".js").write_text(f'caseShard("{name}","{text}")\n', encoding="ascii")
    return _digest(data), len(data)


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
