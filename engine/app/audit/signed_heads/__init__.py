"""Signed heads: kept each day, signed by a key the database does not hold, stamped, sent and published."""
