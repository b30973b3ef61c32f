"""`ssj draw`."""
