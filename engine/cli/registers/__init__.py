"""`ssj register`."""
