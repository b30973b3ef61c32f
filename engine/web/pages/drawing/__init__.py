"""A draw in a meeting room, and on the device of whoever stands by."""
