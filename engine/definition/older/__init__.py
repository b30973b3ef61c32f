"""Languages of before: their parsed files are made into those of today, so that published versions keep loading."""
