"""A draw in a meeting room, and on the device of whoever is present."""
