"""Deadlines: their instants, limits, timers and what a step does to them."""
