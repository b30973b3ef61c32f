"""The statements that ask for several things at once."""
