"""Workbooks: the pass over the file before its values are read, and the values."""
