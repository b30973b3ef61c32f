"""Starts cases: one by hand, many after a draw, those the calendar opens."""
