"""`python -m generator` is `caselib`."""

from generator.cli import main

main()
