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

from collections.abc import Sequence
from pathlib import Path

from search.document import Document, SearchSchema
from search.files import HOME, Output
from search.manifest import IndexReport, finish
from search.sources import Sources
from search.state import read_state, state_key, write_state
from search.tables import keep_in
from search.update import update_index
from search.whole import write_whole_index


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
            report = update_index(state, found, schema, folder, live, cache, key)
            if report is not None:
                return report
    output = Output(folder, script_copies)
    state = write_whole_index(found, schema, output, jobs)
    written = {f"{HOME}{kind}/{n}.bin" for kind, rows in state.rows.items() for n in range(len(rows))}
    written |= {HOME + name for name in state.single}
    report = finish(state, output, written)
    if cache is not None:
        write_state(cache, key, state, before)
    return report


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
