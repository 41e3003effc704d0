"""Data for others than readers of pages: database, tables, JSON, feeds. `jobs` is the way in."""
