"""One screen in a museum: serves the showcase to its own browser, updates it between visitors, and heals itself."""
