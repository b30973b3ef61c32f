"""The statements about people."""
