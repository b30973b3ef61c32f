"""Daemons that run, and the guard against jumps of the clock."""
