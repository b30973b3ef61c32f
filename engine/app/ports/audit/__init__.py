"""What verification keeps: row statements, signed heads, records of who was shown personal values."""
