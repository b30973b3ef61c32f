"""Lists of tasks: as sheets, by days, many at once; the place of a case in a list."""
