"""Histories: replay of a case, entries of the journals, repeated requests."""
