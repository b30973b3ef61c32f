"""What of a definition the public sees, and what of it must not come there."""
