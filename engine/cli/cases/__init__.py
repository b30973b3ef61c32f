"""`ssj case`, `ssj task` and what belongs to a person's work."""
