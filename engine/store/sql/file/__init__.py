"""What is about a database in one file."""
