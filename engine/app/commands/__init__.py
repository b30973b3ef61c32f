"""Commands: everything that changes something."""
