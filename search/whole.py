"""Makes a whole index: every text laid out and written, then every shard, in several processes."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from search.columns import Columns, Facts, facts_of
from search.document import SearchSchema
from search.files import ROW, Output
from search.grams import bits_for, part_of, sort_titles, sorted_entries, title_rows
from search.layout import Analysis, Layout, join
from search.manifest import manifest_of, single_files
from search.postings import encode
from search.sources import Sources
from search.state import State
from search.texts import TextPacker, looked_at, word_list

PLACES_A_PART = 1 << 18
CHUNK = 400
"""Documents that are held at once in each process."""

Row = tuple[int, int, int]
R = TypeVar("R")


def write_whole_index(sources: Sources, schema: SearchSchema, output: Output, jobs: int) -> State:
    """The index of `sources`, in the order of their ids; all files but the manifest are written to `output`."""
    return _Job.start(sources, schema, output).run(jobs)


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
        return cls(sources, output, Analysis.of(schema), TextPacker(schema, words), chosen)

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
