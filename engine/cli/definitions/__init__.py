"""`ssj workflow` and `ssj form`."""
