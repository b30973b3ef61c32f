"""Workbooks exchanged with platforms: their columns, code values and checks as YAML, read, written, checked and compared."""
