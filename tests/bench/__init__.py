"""Measures the builder beside its peers on the same generated libraries. `python -m tests.bench --help`."""
