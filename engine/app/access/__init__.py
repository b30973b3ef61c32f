"""Who may do and read what: the access table, and the two decorators that ask it before a command or a query runs."""
