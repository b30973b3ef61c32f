"""Registers: imports and changes."""
