"""Other ways to compute the same draw."""
