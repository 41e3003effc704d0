"""Generated records: realistic in shape, invented throughout, marked `sample: true`, the same bytes every time."""

from .library import write_library
from .records import sample_records

__all__ = ["sample_records", "write_library"]
