"""A running case goes to another version of its definition: what it keeps, what changes, why it cannot go. Pure."""
