"""Queries of the page for firms."""
