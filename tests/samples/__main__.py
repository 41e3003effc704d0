"""python -m tests.samples FOLDER: writes a sample library there."""

import argparse
from pathlib import Path

from .library import write_library


def main() -> None:
    """Reads the arguments and writes."""
    parser = argparse.ArgumentParser(prog="python -m tests.samples", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=394)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scheme", type=Path)
    parser.add_argument("--pictures", action="store_true", help="draw pictures for a part of the records")
    args = parser.parse_args()
    print(write_library(args.folder, args.count, args.seed, args.scheme, pictures=args.pictures))


if __name__ == "__main__":
    main()
