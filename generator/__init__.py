"""Generator of the case library: records, validation, pages, data."""

__version__ = "0.1.0"
