"""A deployment: one directory with a bureau's YAML, settings and data, and the wiring that opens it."""
