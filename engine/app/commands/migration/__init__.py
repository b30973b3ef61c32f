"""Commands that take running cases to another version, and that say that changed answers were looked at."""
