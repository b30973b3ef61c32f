"""Jobs: heavy work done piece by piece by workers."""
