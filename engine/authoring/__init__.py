"""Tools for whoever writes processes: simulate, describe, compare, draw, schema."""
