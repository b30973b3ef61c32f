"""PURE: what a definition is, what a case is, and what may happen to a case. No I/O, no clock, no chance."""
