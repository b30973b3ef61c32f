"""What use cases need from outside, and the records they exchange with it."""
