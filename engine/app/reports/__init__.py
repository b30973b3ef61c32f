"""Measures and reports over all cases."""
