"""Search over plain documents: knows fields, terms and queries, never what a document is about."""
