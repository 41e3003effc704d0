"""A site that follows the records while they are written."""
