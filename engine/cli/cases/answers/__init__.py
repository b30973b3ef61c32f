"""Answers to forms on the command line: typed, asked for one by one, and given by name."""
