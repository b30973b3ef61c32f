"""Definitions that were read, as plain values: kept, they need not be read again."""
