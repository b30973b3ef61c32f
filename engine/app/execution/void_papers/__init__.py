"""A paper that is made void after it was served: what stops, what is refused, who gets a message."""
