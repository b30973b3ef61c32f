"""`ssj user`."""
