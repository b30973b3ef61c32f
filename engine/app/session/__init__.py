"""The unit of work of a command."""
