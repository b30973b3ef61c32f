"""The tables, one repository each."""
