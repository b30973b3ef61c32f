"""A language server on the checker: problems, ids to choose from, and what a name means, for editors."""
