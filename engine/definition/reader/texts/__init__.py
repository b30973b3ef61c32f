"""What a file says in another language."""
