"""python -m tests.bench: generates libraries, runs the builder and its peers on them, prints one table.

Everything is measured in this run: nothing is kept from earlier ones but the installed peers.
Rough times on two cores: 394 and 4,000 two minutes; 31,100 ten minutes and 15 GB of memory for Pagefind.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from . import table
from .interactions import interactions
from .lighthouse import lighthouse
from .measure import CommandError, Row
from .ours import STEPS, ours
from .peers import Peers
from .preview import preview
from .trials import TrialError, trials

ROOT = Path(__file__).parents[2]
SIZES = (394, 4000, 31100)
MATERIAL_MOST = 4000  # beyond, stock mkdocs-material takes minutes and gigabytes
TOOLS = ("ours", "hugo", "material")
SEARCH = "search"  # the search alone, beside Pagefind: a table of its own, only if asked for
TRIALS = "trials"  # no times: random edits, kills and other places, compared with clean builds
PREVIEW = "preview"  # a record saved under `caselib serve`, seen in Chromium
# Tables of their own, on the library of the demo only.
OF_PAGES = {"lighthouse": lighthouse, "interactions": interactions}


def main() -> None:
    """Reads the arguments, measures, prints; exit status 1 where a command failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=_numbers, default=SIZES, help="numbers of records, e.g. 394,4000 (also 311000)")
    every = (*TOOLS, SEARCH, *OF_PAGES, TRIALS, PREVIEW)
    parser.add_argument("--only", type=_words(every), default=TOOLS, help=f"some of {','.join(every)}")
    columns = tuple(step.column for step in STEPS)
    parser.add_argument("--columns", type=_words(columns), default=(), help=f"of ours, some of {','.join(columns)}")
    parser.add_argument("--scheme", type=Path, help="of ours, e.g. examples/xinjiang/scheme.yml --sizes 31100,57282")
    parser.add_argument("--seed", type=int, default=1, help="of the trials")
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench", help="where libraries and sites are written")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="also write the page here, e.g. docs/bench.md")
    args = parser.parse_args()
    folder = args.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name, measured in OF_PAGES.items():
        if name in args.only:
            print(measured(folder))
    args.only = tuple(tool for tool in args.only if tool not in OF_PAGES)
    if not args.only:
        return
    if TRIALS in args.only:
        try:
            print("\n".join(trials(folder, count, args.seed) for count in args.sizes))
        except (TrialError, CommandError) as error:
            sys.exit(str(error))
        return
    if PREVIEW in args.only:
        print("\n".join(preview(folder, count) for count in args.sizes))
        return
    peers, about = Peers(folder), table.machine()
    jobs: dict[str, Callable[[int], list[Row]]] = {
        "ours": lambda count: ours(folder, count, args.columns, args.scheme and args.scheme.resolve()),
        "hugo": peers.hugo,
        "material": lambda count: peers.material(count) if count <= MATERIAL_MOST else [],
    }
    if args.only == (SEARCH,):
        from tests.search import bench_search

        print(bench_search.table(args.sizes, str(peers.packages / "pagefind_bin_extended" / "pagefind_extended")))
        return
    rows: list[Row] = []
    failed = False
    for count in args.sizes:
        for tool in args.only:
            print(f"{count:,} {tool}", file=sys.stderr, flush=True)
            try:
                rows += jobs[tool](count)
            except CommandError as error:
                print(error, file=sys.stderr)
                failed = True
    with_peers = bool(set(args.only) - {"ours"})
    page = table.page(rows, about, peers.versions() if with_peers else {})
    print(page)
    if args.write:
        args.write.write_text(page, encoding="utf-8")
    sys.exit(1 if failed else 0)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _words(allowed: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """A reader of lists of these words."""

    def words(text: str) -> tuple[str, ...]:
        found = tuple(text.split(","))
        for word in found:
            if word not in allowed:
                raise argparse.ArgumentTypeError(f"{word!r} is none of {', '.join(allowed)}")
        return found

    return words


if __name__ == "__main__":
    main()
