"""Readers of deadlines: lengths and their marks, clocks, the office hours of the bureau."""
