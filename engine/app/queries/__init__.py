"""Queries: everything that is read."""
