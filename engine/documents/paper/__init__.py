"""One paper in three formats: the blocks of a rendered template, and their writers for Word and PDF."""
