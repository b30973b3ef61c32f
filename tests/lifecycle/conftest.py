"""Makes `walk_factories` known to the folders below."""
