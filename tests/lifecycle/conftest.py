"""Makes `walk_material` known to the folders below."""
