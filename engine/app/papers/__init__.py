"""Papers: the facts of each in their order, and the numbers of the series."""
