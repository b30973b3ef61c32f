"""Papers and archive packages."""
