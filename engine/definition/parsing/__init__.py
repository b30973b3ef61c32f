"""Reading expressions as they are usually written."""
