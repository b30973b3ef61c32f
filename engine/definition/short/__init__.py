"""What may be written shorter than by keys: words alone, and rows by a name."""
