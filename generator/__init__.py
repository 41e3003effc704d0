"""Generator of the case library: records, validation, pages, data."""
